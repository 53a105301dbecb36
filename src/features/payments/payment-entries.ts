import type { Payment } from "#features/payments/payment.ts";
import type { Share } from "#features/payments/shares.ts";
import type { Money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { AccountRef } from "#ledger/chart.ts";
import { journalsOf } from "#ledger/journals.ts";
import type { Cx } from "#platform/tx.ts";

/** One line of the books behind a payment: `amount` went from one account to another, each named for people. */
export type BookLine = {
  readonly at: Instant;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly amount: Money;
};

/**
 * The entries behind a payment ("Why this amount?"): what was booked for it, the money that was allocated to it and its
 * refunds. `about` are the ids of those. Staff only.
 */
export async function bookLinesOf(
  cx: Cx,
  payment: Payment,
  shares: readonly Share[],
  about: readonly string[],
): Promise<BookLine[]> {
  const partners = new Map<string, string>(shares.map((one) => [one.partnershipId, one.partnershipName]));
  return await bookLinesAbout(cx, [...about, payment.id], partners);
}

/** All that was booked about a thing, by its id; or only the one journal with this key. */
export type BookedAbout = string | { readonly reference: string; readonly key: string };

/** What was booked about these things, oldest first; `names`: of partners and wallets by their id. Staff only. */
export async function bookLinesAbout(
  cx: Cx,
  about: readonly BookedAbout[],
  names: ReadonlyMap<string, string>,
): Promise<BookLine[]> {
  const lines: BookLine[] = [];
  for (const one of new Set(about)) {
    const { reference, key } = typeof one === "string" ? { reference: one, key: undefined } : one;
    for (const journal of await journalsOf(cx, reference)) {
      if (key !== undefined && journal.key !== key) continue;
      for (const { debit, credit, amount } of journal.entries) {
        const [from, to] = [nameOf(debit, names), nameOf(credit, names)];
        lines.push({ at: journal.at, kind: journal.kind, from, to, amount });
      }
    }
  }
  return lines.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
}

/** An account in words. */
function nameOf({ kind, owner }: AccountRef, names: ReadonlyMap<string, string>): string {
  switch (kind) {
    case "provider":
      return `Held at ${owner}`;
    case "bank":
      return "Bank account";
    case "unmatched":
      return "Unmatched money";
    case "customer":
      return "Customer's account";
    case "partner":
      return names.get(owner) ?? "Partner";
    case "wallet":
      return names.get(owner) ?? "Wallet";
    case "payouts_in_transit":
      return "Payouts in transit";
    case "income":
      return "Your income";
    case "income_fees":
      return "Your income from fees";
    case "discounts_given":
      return "Discounts given";
    case "adjustments":
      return "Adjustments of wallets";
    case "tax_payable":
      return "Tax payable";
  }
}
