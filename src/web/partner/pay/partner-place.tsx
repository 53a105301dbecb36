import type { Partner } from "#access/principal.ts";
import type { Ui } from "#http/request.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import type { PayPlace } from "#web/pay/pay-place.ts";

/** Paying in the partner portal. */
export function partnerPlace(ui: Ui, partner: Partner): PayPlace {
  const t = translator(ui.locale);
  return {
    ui,
    base: "/partner/pay",
    Frame: (props) => (
      <PartnerPage
        ui={ui}
        partner={partner}
        current="/partner/invoices"
        crumbs={[{ href: "/partner/invoices", label: t("invoice.title") }]}
        {...props}
      >
        {props.children}
      </PartnerPage>
    ),
    home: "/partner/invoices",
    hrefOf: (line) => `/partner/invoices/${line.ref}`,
    chooseAgain: (lines) => `/partner/pay?invoice=${lines.map((line) => line.ref).join(",")}`,
    says: {
      wait: "invoice.pay.wait",
      matched: "invoice.pay.matched",
      left: "invoice.pay.left",
      other: "invoice.pay.other",
      home: "invoice.choose.back",
    },
  };
}
