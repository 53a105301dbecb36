import type { Customer } from "#access/principal.ts";
import type { AttemptNote } from "#features/checkouts/attempt-views.ts";
import type { Standing } from "#features/payments/customer-overview.ts";
import type { PaidBy } from "#features/payments/paid-by.ts";
import type { PlanId } from "#features/payments/payment.ts";
import type { Ui } from "#http/request.ts";
import type { PlainDate } from "#kernel/time.ts";
import { translator } from "#platform/i18n/messages.ts";
import { CustomerPage } from "#web/customer/customer-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Tabs } from "#web/ui/filters.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Rows } from "#web/ui/rows.tsx";
import { dueRow, paidRow } from "./payment-rows.tsx";

type Facts = {
  readonly customer: Customer;
  readonly today: PlainDate;
  readonly standings: readonly Standing[];
  readonly notes: ReadonlyMap<string, AttemptNote>;
  readonly paidBy: ReadonlyMap<string, PaidBy>;
  readonly plans: ReadonlyMap<PlanId, string>;
};

/** Everything the customer was asked to pay: what is open first by date, then what is settled, newest first. */
export function PaymentsPage({ ui, facts, show }: { ui: Ui; facts: Facts; show: "open" | "paid" | "all" }) {
  const t = translator(ui.locale);
  const open = facts.standings.filter((one) => one.owed.minor > 0n);
  const settled = facts.standings.filter((one) => one.owed.minor === 0n).reverse();
  const tabs = [
    { href: "/payments", label: t("payments.all"), count: facts.standings.length, current: show === "all" },
    { href: "/payments?show=open", label: t("payments.open"), count: open.length, current: show === "open" },
    { href: "/payments?show=paid", label: t("payments.done"), count: settled.length, current: show === "paid" },
  ];
  const rows = [
    ...(show === "paid" ? [] : open.map((one) => dueRow(t, one, facts))),
    ...(show === "open" ? [] : settled.map((one) => paidRow(t, one, facts.paidBy.get(one.payment.id)))),
  ];
  return (
    <CustomerPage
      ui={ui}
      customer={facts.customer}
      title={t("payments.title")}
      current="payments"
      lead={t("payments.lead")}
      counts={{ payments: { count: open.filter((one) => one.status === "overdue").length, bad: true } }}
      {...(open.length > 0 && {
        end: (
          <LinkButton kind="primary" href="/pay">
            {t("overview.choose")}
          </LinkButton>
        ),
      })}
    >
      <Card label={t("payments.title")}>
        <Tabs label={t("payments.title")} tabs={tabs} />
        {rows.length > 0 ? (
          <Rows rows={rows} />
        ) : (
          <Empty icon="circle-check" title={show === "open" ? t("payments.noneOpen") : t("payments.none")}>
            {show === "open" ? t("payments.noneOpenText") : t("payments.noneText")}
          </Empty>
        )}
      </Card>
    </CustomerPage>
  );
}
