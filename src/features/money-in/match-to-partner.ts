import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import { type InvoicesPaid, lockInvoicesOf } from "#features/invoices/pay-invoices.ts";
import type { ReceivedId } from "#features/money-in/arrival.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { putOnInvoices, tellCredit } from "#features/money-in/receive-from-partner.ts";
import { lockReceived, saveMatched } from "#features/money-in/received-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { money } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { account } from "#ledger/chart.ts";
import type { Cx } from "#platform/tx.ts";

export type PartnerMatch = {
  readonly received: ReceivedId;
  readonly partnership: PartnershipId;
  /** Where it goes, oldest due first. What none of them takes is the partner's, and is paid out. */
  readonly invoices: readonly InvoiceId[];
};

/**
 * Says that money which arrived without a reference is a partner's: it goes to the chosen invoices. Throws `conflict`
 * when somebody matched it before or a chosen invoice is owed no more, `not-found` for a foreign partner.
 */
export async function matchToPartner(
  cx: Cx,
  may: Permit<"receipts.match">,
  input: PartnerMatch,
): Promise<InvoicesPaid> {
  const partner = await readPartnership(cx, input.partnership);
  await holdMoneyOf(cx, partner.id);
  const row = await lockReceived(cx, input.received);
  if (!row) throw notFound();
  if (row.state !== "unmatched") {
    throw new Problem("conflict", "Somebody has matched this money already. Nothing was changed.");
  }
  const open = await lockInvoicesOf(cx, partner.id, row.currency);
  if (input.invoices.some((id) => !open.some((invoice) => invoice.id === id))) {
    const words = "An invoice that you chose is not owed any more. Choose again where the money goes.";
    throw new Problem("conflict", `${words} Nothing was changed.`);
  }
  await saveMatched(cx, row.id, partner.id);
  const amount = money(row.minor, row.currency);
  const paid = await putOnInvoices(cx, {
    id: row.id,
    minor: row.minor,
    journal: {
      key: `matched:${row.id}`,
      kind: "money.matched",
      reference: row.id,
      transfers: [{ debit: account.unmatched, credit: account.partner(partner.id), amount }],
    },
    purpose: { partnership: partner.id, invoices: open.filter((invoice) => input.invoices.includes(invoice.id)) },
  });
  record(cx, {
    event: "money.matched",
    subject: row.id,
    data: { partnership: partner.id, by: may.by.kind, amount: row.minor, currency: row.currency, credit: paid.left },
    outbox: true,
  });
  await tellCredit(cx, row.id, { partnership: partner.id, currency: row.currency, minor: paid.left });
  return paid;
}
