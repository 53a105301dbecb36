import { record } from "#features/audit/record.ts";
import { type Invoice, type InvoiceId, mayBecome, owedOf, stateAfter } from "#features/invoices/invoice.ts";
import {
  insertInvoiceAllocations,
  invoiceMoneyOfAttempt,
  withOpenAttempt,
} from "#features/invoices/invoice-money-store.ts";
import { moveTransfers, taxOn } from "#features/invoices/invoice-postings.ts";
import { lockInvoices, lockOpenInvoices, saveSums } from "#features/invoices/invoice-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { assert } from "#kernel/assert.ts";
import { type Id, newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Journal } from "#ledger/journal.ts";
import type { Cx } from "#platform/tx.ts";

/** Where the money for invoices comes from: what a partner paid, or a payout that they are netted against. */
export type InvoiceMoney = {
  readonly partnership: PartnershipId;
  /** Locked (`lockInvoicesOf`, `lockInvoicesToNet`, `lockChosenInvoices`), of one currency. */
  readonly invoices: readonly Invoice[];
  /** What there is, in minor units. */
  readonly minor: bigint;
  /** The most that each may take; what it owes where there is no entry. */
  readonly most?: ReadonlyMap<InvoiceId, bigint>;
  readonly source: { readonly received: Id<"rcv"> } | { readonly payout: Id<"pyo"> };
  /** Nobody is told (demo data). */
  readonly quiet?: boolean;
};

export type InvoicesPaid = {
  /** Post them in the one call of the transaction. The money must stand on the partner's account by then. */
  readonly journals: readonly Journal[];
  readonly parts: readonly { readonly invoice: Invoice; readonly minor: bigint }[];
  /** What no invoice took. */
  readonly left: bigint;
};

/** What a partner owes in a currency, locked, the oldest due first. */
export async function lockInvoicesOf(cx: Cx, partnership: PartnershipId, currency: Currency): Promise<Invoice[]> {
  return oldestDueFirst(await lockOpenInvoices(cx, partnership, currency));
}

/** The same without what the partner is about to pay itself: netted as well, it would be paid twice. */
export async function lockInvoicesToNet(cx: Cx, partnership: PartnershipId, currency: Currency): Promise<Invoice[]> {
  const invoices = await lockInvoicesOf(cx, partnership, currency);
  const underWay = await withOpenAttempt(
    cx,
    invoices.map((invoice) => invoice.id),
  );
  return invoices.filter((invoice) => !underWay.has(invoice.id));
}

/** Certain invoices, locked, the oldest due first. */
export async function lockChosenInvoices(cx: Cx, ids: readonly InvoiceId[]): Promise<Invoice[]> {
  return oldestDueFirst(await lockInvoices(cx, ids));
}

/** What of an attempt's money has gone to each invoice so far, in minor units. */
export async function paidByAttempt(cx: Cx, attempt: Id<"att">): Promise<ReadonlyMap<InvoiceId, bigint>> {
  return await invoiceMoneyOfAttempt(cx, attempt);
}

/** By due date, then by number: how money is put on invoices. */
export function oldestDueFirst<I extends Pick<Invoice, "dueDate" | "number" | "id">>(invoices: readonly I[]): I[] {
  const key = (one: I) => `${one.dueDate ?? "9999-12-31"} ${String(one.number ?? 0n).padStart(20, "0")} ${one.id}`;
  return [...invoices].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/**
 * Puts money on invoices, oldest due first, and answers the journals that book it: from the partner's account to income
 * and, in proportion, to tax, so that all parts of an invoice add up exactly. Writes allocations and states. The money
 * itself must come to the partner's account in the same call of `post`. An invoice that wants none (void, paid
 * meanwhile) takes none.
 */
export async function payInvoices(cx: Cx, input: InvoiceMoney): Promise<InvoicesPaid> {
  const parts: { invoice: Invoice; minor: bigint }[] = [];
  let left = input.minor;
  for (const invoice of oldestDueFirst(input.invoices)) {
    const owed = owedOf(invoice).minor;
    const most = input.most?.get(invoice.id) ?? owed;
    const wanted = most < owed ? most : owed;
    const minor = wanted < left ? wanted : left;
    if (minor <= 0n) continue;
    parts.push({ invoice, minor });
    left -= minor;
  }
  const rows = parts.map(({ invoice, minor }) => {
    return { id: newId("ial", cx.now, cx.random), invoice: invoice.id, minor };
  });
  await insertInvoiceAllocations(cx, input.partnership, input.source, rows);
  const journals: Journal[] = [];
  for (const [index, part] of parts.entries()) {
    const after = withPaid(part.invoice, part.minor);
    await saveSums(cx, after);
    const tax = taxOn(after) - taxOn(part.invoice);
    journals.push({
      key: `invoice-paid:${rows[index]?.id}`,
      kind: "invoice.paid",
      reference: after.id,
      transfers: moveTransfers(after, { partner: -part.minor, income: part.minor - tax, tax }),
    });
    await tellPaid(cx, input, after, part.minor);
  }
  return { journals, parts, left };
}

function withPaid(invoice: Invoice, minor: bigint): Invoice {
  const after = { ...invoice, paid: money(invoice.paid.minor + minor, invoice.currency) };
  const state = stateAfter(after);
  assert(mayBecome(invoice.state, state), `an invoice that is ${invoice.state} is not paid`);
  return { ...after, state };
}

async function tellPaid(cx: Cx, input: InvoiceMoney, invoice: Invoice, minor: bigint): Promise<void> {
  record(cx, {
    event: invoice.state === "paid" ? "invoice.paid" : "invoice.partly-paid",
    subject: invoice.id,
    data: { partnership: input.partnership, amount: minor, currency: invoice.currency, ...input.source },
    outbox: input.quiet !== true,
  });
}
