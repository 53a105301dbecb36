import type { Child, PropsWithChildren } from "hono/jsx";
import { allows, type Permission } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import type { Ui } from "#http/request.ts";
import { type MessageKey, type T, translator } from "#platform/i18n/messages.ts";
import { brandOf } from "#web/brand.ts";
import { FormsFor, type Problems } from "#web/ui/form.tsx";
import type { IconName } from "#web/ui/icon.tsx";
import { AppLayout, type Crumb, type NavGroup } from "#web/ui/layout-app.tsx";
import { Notice } from "#web/ui/notice.tsx";

/** A place of the portal; whom it is closed to does not see it. A page adds itself here when it exists. */
type Place = {
  readonly href: string;
  readonly words: Extract<MessageKey, `partner.nav.${string}`>;
  readonly icon: IconName;
  readonly may: Permission;
};
type Places = { readonly words?: Place["words"]; readonly places: readonly Place[] };

export const places: readonly Places[] = [
  { places: [{ href: "/partner", words: "partner.nav.overview", icon: "home", may: "partner.account" }] },
  {
    words: "partner.nav.money",
    places: [
      { href: "/partner/payouts", words: "partner.nav.payouts", icon: "arrow-up-right", may: "partner.view" },
      { href: "/partner/invoices", words: "partner.nav.invoices", icon: "receipt", may: "partner.view" },
      { href: "/partner/statement", words: "partner.nav.statement", icon: "file-text", may: "partner.view" },
      { href: "/partner/wallets", words: "partner.nav.wallets", icon: "wallet", may: "partner.wallets" },
      { href: "/partner/transfers", words: "partner.nav.transfers", icon: "send", may: "partner.wallets" },
    ],
  },
  {
    words: "partner.nav.business",
    places: [{ href: "/partner/customers", words: "partner.nav.customers", icon: "users", may: "partner.view" }],
  },
  {
    words: "partner.nav.workspace",
    places: [
      { href: "/partner/bank-details", words: "partner.nav.bankDetails", icon: "building-bank", may: "partner.view" },
      { href: "/partner/self-billing", words: "partner.nav.selfBilling", icon: "file-invoice", may: "partner.view" },
      { href: "/partner/security", words: "partner.nav.security", icon: "shield", may: "partner.account" },
    ],
  },
];

/** How many wait at a place, by its address; `bad` where something went wrong. Only what the partner's views show. */
type Counts = Readonly<Record<string, { readonly count: number; readonly bad?: boolean }>>;

function navOf(t: T, partner: Partner, counts: Counts): readonly NavGroup[] {
  const groups = places.map(({ words, places: inGroup }) => ({
    ...(words !== undefined && { label: t(words) }),
    items: inGroup
      .filter(({ may }) => allows(may, "partner", partner.role, partner.rights))
      .map(({ href, words: name, icon }) => ({ href, icon, label: t(name), ...counts[href] })),
  }));
  return groups.filter(({ items }) => items.length > 0);
}

type PartnerPageProps = PropsWithChildren<{
  ui: Ui;
  partner: Partner;
  title: string;
  /** Whose words of success to show after a redirect with `?done=key`. */
  done?: Readonly<Record<string, MessageKey>>;
  problems?: Problems | undefined;
  crumbs?: readonly Crumb[];
  lead?: Child;
  beside?: Child;
  end?: Child;
  counts?: Counts;
  /** The address of the place that lights in the navigation; the page's own where it stands below one. */
  current?: string;
  /** What was searched for, on the page that the search box leads to. */
  search?: string;
}>;

/** Every page of the partner portal. The navigation lights itself by the path. */
export function PartnerPage(props: PartnerPageProps) {
  const { ui, partner, done = {}, problems, children, crumbs, lead, beside, end, counts = {}, search } = props;
  const t = translator(ui.locale);
  const key = ui.done === undefined ? undefined : done[ui.done];
  const language = `/language?return_to=${encodeURIComponent(ui.path)}`;
  return (
    <AppLayout
      t={t}
      title={props.title}
      brand={brandOf(ui)}
      nonce={ui.nonce}
      surface="partner"
      workspace={{
        name: partner.partnershipName,
        sub: t("partner.of", { institution: ui.institution.name }),
        href: "/partner",
      }}
      nav={navOf(t, partner, counts)}
      current={props.current ?? ui.path}
      person={{ name: partner.name, sub: partner.partnershipName }}
      personLinks={[
        ...(partner.several
          ? ([{ href: "/partner/choose", label: t("partner.nav.switch"), icon: "arrows-exchange" }] as const)
          : []),
        { href: "/partner/security", label: t("partner.nav.security"), icon: "shield" },
        { href: language, label: t("nav.language"), icon: "language" },
      ]}
      signOut={{ action: "/partner/sign-out" }}
      search={
        allows("partner.view", "partner", partner.role, partner.rights)
          ? {
              action: "/partner/customers",
              label: t("partner.searchCustomers"),
              ...(search === undefined ? {} : { value: search }),
            }
          : undefined
      }
      problems={problems}
      {...(crumbs && { crumbs })}
      {...(lead !== undefined && { lead })}
      {...(beside !== undefined && { beside })}
      {...(end !== undefined && { end })}
      {...(key && {
        flash: (
          <Notice tone="ok" live>
            {t(key)}
          </Notice>
        ),
      })}
    >
      <FormsFor partnership={partner.partnership}>{children}</FormsFor>
    </AppLayout>
  );
}
