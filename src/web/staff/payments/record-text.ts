import type { MoneyByHand } from "#features/money-in/record-by-hand.ts";
import { owedOf, type Payment } from "#features/payments/payment.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { type Currency, largestMinor } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";

/** How money is taken by hand, as receipts say it. */
export const handMethods = ["Cash", "Cheque", "Bank transfer", "Card terminal", "Other"] as const;

export type RecordTyped = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Payments that money can be recorded for: they owe something in this currency. */
export function recordable(payments: readonly Payment[], currency: Currency): Payment[] {
  return payments.filter((one) => one.list.currency === currency && owedOf(one).minor > 0n);
}

/**
 * What was typed: an amount for each payment that money is for. Throws `form.invalid` with the words for each field.
 */
export function readRecord(typed: RecordTyped, payments: readonly Payment[], today: PlainDate): MoneyByHand {
  const text = (name: string) => String(typed[name] ?? "");
  const row = Object.fromEntries(Object.keys(typed).map((name) => [name, text(name)]));
  const cells = new Cells<string>({ received_on: "", method: "", note: "", ...row });
  const chosen = payments.filter((one) => cells.raw(`amount_${one.id}`) !== "");
  const amounts = chosen.flatMap((one) => {
    const amount = cells.amount(`amount_${one.id}`, one.list.currency, 1n);
    return amount ? [{ id: one.id, amount }] : [];
  });
  // One row of money that arrived, so it has the bound of one amount.
  if (amounts.reduce((sum, one) => sum + one.amount.minor, 0n) > largestMinor) {
    cells.refuse("", "Together this is too large for one record: record it in parts.");
  }
  if (chosen.length === 0) cells.refuse("", "Write how much was paid, for at least one payment.");
  const receivedOn = cells.date("received_on");
  if (receivedOn && Temporal.PlainDate.compare(receivedOn, today) > 0) {
    cells.refuse("received_on", "Choose the day on which the money arrived: today or earlier.");
  }
  const methodLabel = cells.oneOf("method", handMethods);
  const note = cells.line("note", 100);
  assertNoProblems(cells.problems);
  return {
    payments: amounts,
    receivedOn: receivedOn ?? today,
    methodLabel: methodLabel ?? "Other",
    note: note ?? "",
  };
}
