import type { Invoice } from "#features/invoices/invoice.ts";
import { taxWithin } from "#features/invoices/invoice-amounts.ts";
import { assert } from "#kernel/assert.ts";
import { money } from "#kernel/money.ts";
import { account } from "#ledger/chart.ts";
import type { Transfer } from "#ledger/journal.ts";

/** How much of the money kept on an invoice stands on tax payable, in minor units. */
export function taxOn(
  invoice: Pick<Invoice, "total" | "tax" | "credited" | "creditedTax" | "paid" | "returned">,
): bigint {
  return taxWithin({
    total: invoice.total.minor,
    tax: invoice.tax.minor,
    credited: invoice.credited.minor,
    creditedTax: invoice.creditedTax.minor,
    kept: invoice.paid.minor - invoice.returned.minor,
  });
}

/** By how much each account changes, credit-normal, in minor units. They add up to nothing. */
export type Moves = { readonly partner: bigint; readonly income: bigint; readonly tax: bigint };

/** The lines that make these changes: from the accounts that lose to those that gain. */
export function moveTransfers(invoice: Pick<Invoice, "partnership" | "currency">, moves: Moves): Transfer[] {
  assert(moves.partner + moves.income + moves.tax === 0n, "what one account gains others lose");
  const sides = [
    { account: account.partner(invoice.partnership), minor: moves.partner },
    { account: account.income, minor: moves.income },
    { account: account.taxPayable, minor: moves.tax },
  ];
  const gains = sides.filter(({ minor }) => minor > 0n);
  const lines: Transfer[] = [];
  for (const loss of sides.filter(({ minor }) => minor < 0n)) {
    let wanted = -loss.minor;
    for (const gain of gains) {
      const minor = gain.minor < wanted ? gain.minor : wanted;
      if (minor === 0n) continue;
      lines.push({ debit: loss.account, credit: gain.account, amount: money(minor, invoice.currency) });
      gain.minor -= minor;
      wanted -= minor;
    }
  }
  return lines;
}
