import { record } from "#features/audit/record.ts";
import type { Invoice, InvoiceId } from "#features/invoices/invoice.ts";
import { type InvoicesPaid, payInvoices } from "#features/invoices/pay-invoices.ts";
import type { Arrival, ReceivedId } from "#features/money-in/arrival.ts";
import { arrivalJournal } from "#features/money-in/receive-money.ts";
import { insertReceived } from "#features/money-in/received-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Journal } from "#ledger/journal.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";

/** For which invoices a partner's money arrived, and how far each may be filled. */
export type InvoicePurpose = {
  readonly partnership: PartnershipId;
  /** Locked. */
  readonly invoices: readonly Invoice[];
  readonly most?: ReadonlyMap<InvoiceId, bigint>;
  /** Nobody is told (demo data). */
  readonly quiet?: boolean;
};

/**
 * Takes money in that is some partner's: written once per provider reference, posted to the partner's account, put on
 * its invoices oldest due first. What is too much stays on the account, and is paid out with the next payout. Answers
 * undefined when this very money is known already: then nothing happens. The caller holds the partner's money and the
 * invoices.
 */
export async function receiveFromPartner(
  cx: Cx,
  arrival: Arrival,
  purpose: InvoicePurpose,
): Promise<{ readonly id: ReceivedId; readonly paid: InvoicesPaid } | undefined> {
  const { partnership, quiet = false } = purpose;
  const id = await insertReceived(cx, { ...arrival, payer: partnership });
  if (!id) return undefined;
  const { currency, minor } = arrival.amount;
  const paid = await putOnInvoices(cx, { id, minor, journal: arrivalJournal(id, arrival, partnership), purpose });
  const data = {
    partnership,
    amount: minor,
    surcharge: arrival.surcharge.minor,
    currency,
    provider: arrival.provider,
    credit: paid.left,
  };
  record(cx, { event: "money.received", subject: id, data, outbox: !quiet });
  await tellCredit(cx, id, { partnership, currency, minor: paid.left });
  return { id, paid };
}

/** Posts the journal that brings money to the partner's account together with those that take it to its invoices. */
export async function putOnInvoices(
  cx: Cx,
  money: {
    readonly id: ReceivedId;
    readonly minor: bigint;
    readonly journal: Journal;
    readonly purpose: InvoicePurpose;
  },
): Promise<InvoicesPaid> {
  const { id, minor, journal, purpose } = money;
  const paid = await payInvoices(cx, { ...purpose, minor, source: { received: id } });
  await post(cx, [journal, ...paid.journals]);
  return paid;
}

/** What no invoice needed is the partner's: whoever makes payouts hears of it. */
export async function tellCredit(
  cx: Cx,
  id: ReceivedId,
  credit: { readonly partnership: PartnershipId; readonly currency: string; readonly minor: bigint },
): Promise<void> {
  if (credit.minor === 0n) return;
  const { partnership, currency, minor } = credit;
  const data = { partnership, amount: minor, currency, why: "overpaid" };
  record(cx, { event: "partner.credited", subject: id, data, outbox: true });
}
