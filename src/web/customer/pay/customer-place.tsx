import type { Customer } from "#access/principal.ts";
import type { Ui } from "#http/request.ts";
import { CustomerPage } from "#web/customer/customer-page.tsx";
import type { PayPlace } from "#web/pay/pay-place.ts";

/** Paying in the customer portal. */
export function customerPlace(ui: Ui, customer: Customer): PayPlace {
  return {
    ui,
    base: "/pay",
    Frame: (props) => (
      <CustomerPage ui={ui} customer={customer} current="payments" {...props}>
        {props.children}
      </CustomerPage>
    ),
    home: "/overview",
    hrefOf: (line) => `/payments/${line.ref}`,
    chooseAgain: (lines) => `/pay?payment=${lines.map((line) => line.ref).join(",")}`,
    says: {
      wait: "pay.wait.text",
      matched: "pay.transfer.after3",
      left: "pay.done.leftCredit",
      other: "pay.failed.other",
      home: "pay.done.overview",
    },
  };
}
