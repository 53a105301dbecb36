import type { AttemptNote } from "#features/checkouts/attempt-views.ts";
import { reasonWords } from "#features/checkouts/reason-words.ts";
import type { Standing } from "#features/payments/customer-overview.ts";
import type { PaidBy } from "#features/payments/paid-by.ts";
import type { PlanId } from "#features/payments/payment.ts";
import { priceOf } from "#features/payments/payment.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import { LinkButton } from "#web/ui/button.tsx";
import { dueWords } from "#web/ui/due.ts";
import { Money } from "#web/ui/money.tsx";
import type { Row } from "#web/ui/rows.tsx";
import { Status } from "#web/ui/status.tsx";

type Around = {
  readonly today: PlainDate;
  readonly notes: ReadonlyMap<string, AttemptNote>;
  readonly plans: ReadonlyMap<PlanId, string>;
};

/** A payment that still owes: when, how urgent, how much, and a way to pay it. */
export function dueRow(t: T, one: Standing, { today, notes, plans }: Around): Row {
  const { payment, status } = one;
  const note = notes.get(payment.id);
  const plan = payment.planId && plans.get(payment.planId);
  const dated = status === "due" || status === "overdue";
  return {
    title: payment.item,
    href: `/payments/${payment.id}`,
    sub: (
      <>
        <span class="vh">{t("payments.due", { date: "" })}</span>
        <time datetime={payment.dueDate.toString()}>{t.date(payment.dueDate)}</time>
        {note?.state === "failed" && (
          <span class="txt-bad"> · {t("payments.failed", { reason: reasonWords(t, note.reason) })}</span>
        )}
      </>
    ),
    ...(plan && { more: plan }),
    status: <Status of="payment" state={status} t={t} {...(dated && { words: dueWords(t, today, payment.dueDate) })} />,
    amount: <Money value={one.owed} locale={t.locale} />,
    action:
      status === "processing" || status === "scheduled" ? (
        ""
      ) : (
        <LinkButton href={`/pay?payment=${payment.id}`} small about={payment.item}>
          {t("payments.pay")}
        </LinkButton>
      ),
  };
}

/** A payment that is settled: when and how it was paid, and its receipt. */
export function paidRow(t: T, one: Standing, paidBy: PaidBy | undefined): Row {
  const { payment, status } = one;
  return {
    title: payment.item,
    href: `/payments/${payment.id}`,
    sub: (
      <>
        <time datetime={(paidBy?.receivedOn ?? payment.dueDate).toString()}>
          {t.date(paidBy?.receivedOn ?? payment.dueDate)}
        </time>
        {paidBy?.methodLabel && <span> · {paidBy.methodLabel}</span>}
      </>
    ),
    status: <Status of="payment" state={status} t={t} />,
    amount: <Money value={priceOf(payment)} locale={t.locale} />,
    action: paidBy?.receipt ? (
      <a href={`/receipts/${paidBy.receipt}`} download>
        {t("payments.receipt")}
        <span class="vh"> {t("payments.receiptFor", { item: payment.item })}</span>
      </a>
    ) : (
      ""
    ),
    keepAction: true,
  };
}
