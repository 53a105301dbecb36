import type { AttemptView } from "#features/checkouts/attempt-views.ts";
import { reasonWords } from "#features/checkouts/reason-words.ts";
import type { AllocationView } from "#features/money-in/allocation-views.ts";
import type { RefundView } from "#features/refunds/refund-views.ts";
import type { Instant } from "#kernel/time.ts";
import { t } from "#web/staff/shared.tsx";
import { Card } from "#web/ui/card.tsx";
import { statusWord } from "#web/ui/status.tsx";
import { type Happening, Timeline } from "#web/ui/timeline.tsx";
import type { ShownPayment } from "./detail-page.tsx";

type Dated = Happening & { readonly at: Instant };

/** Tries to pay, money that went to the payment with its receipt, and refunds; newest first. */
export function MoneyHistory({ shown, zone }: { shown: ShownPayment; zone: string }) {
  const all: Dated[] = [
    ...shown.attempts.map((one) => attempt(one, zone)),
    ...shown.allocations.map((one) => allocation(one, zone)),
    ...shown.refunds.map((one) => refund(one, zone)),
  ];
  if (all.length === 0) return null;
  return (
    <Card title="Money" pad>
      <Timeline happenings={all.toSorted((a, b) => Temporal.Instant.compare(b.at, a.at))} />
    </Card>
  );
}

const methodWords = { card: "card", bank_transfer: "bank transfer", by_hand: "hand" } as const;

function attempt(one: AttemptView, zone: string): Dated {
  const failed = one.state === "failed" || one.state === "returned";
  const why = reasonWords(t, one.reason);
  const method = one.methodLabel || methodWords[one.kind];
  return {
    at: one.createdAt,
    what: `Try to pay ${t.money(one.amount, "code")} by ${method}: ${statusWord(t, "attempt", one.state)}`,
    when: t.instant(one.createdAt, zone),
    icon: failed ? "x" : one.state === "succeeded" ? "check" : "clock",
    tone: failed ? "bad" : one.state === "succeeded" ? "ok" : "info",
    more: (
      <span class="sm dim">
        {why !== "" && `${why} `}
        <bdi dir="ltr">{one.reference}</bdi>
      </span>
    ),
  };
}

function allocation(one: AllocationView, zone: string): Dated {
  const from = one.fromCredit ? "from credit" : `by ${one.methodLabel || methodWords[one.kind ?? "by_hand"]}`;
  const day = one.receivedOn ? `, received ${t.date(one.receivedOn)}` : "";
  return {
    at: one.at,
    what: `${t.money(one.amount, "code")} paid ${from}`,
    when: `${t.instant(one.at, zone)}${day}`,
    icon: "coin",
    tone: "ok",
    ...(one.receipt && { more: <a href={`/staff/receipts/${one.receipt.id}`}>Receipt {one.receipt.number}</a> }),
  };
}

function refund(one: RefundView, zone: string): Dated {
  const how = one.how === "by_hand" ? "by hand" : "to the card";
  const words = { pending: "Refund on its way", succeeded: "Refunded", failed: "Refund failed" }[one.state];
  const reasons = [one.reason, one.failureReason].filter((reason) => reason !== "");
  return {
    at: one.createdAt,
    what: `${words}: ${t.money(one.cash, "code")} ${how}`,
    when: t.instant(one.settledAt ?? one.createdAt, zone),
    icon: "arrow-back-up",
    tone: one.state === "failed" ? "bad" : one.state === "pending" ? "info" : "mute",
    ...(reasons.length > 0 && { more: <bdi class="sm dim">{reasons.join(", ")}</bdi> }),
  };
}
