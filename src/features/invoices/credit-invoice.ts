import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import {
  type Invoice,
  type InvoiceId,
  type InvoiceLine,
  mayBecome,
  owedOf,
  stateAfter,
} from "#features/invoices/invoice.ts";
import { moveTransfers, taxOn } from "#features/invoices/invoice-postings.ts";
import { creditedLines, lockInvoices, saveSums, selectInvoice, selectLines } from "#features/invoices/invoice-store.ts";
import { type IssuedDocument, issueDocument } from "#features/invoices/issue-document.ts";
import { assert } from "#kernel/assert.ts";
import { type Money, money } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { divideRounded } from "#kernel/rate.ts";
import { cleanText } from "#kernel/text.ts";
import { post } from "#ledger/post.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** What a credit note is to take off: all that is left of the invoice, or so much of each line, without its tax. */
export type CreditWish = "all" | ReadonlyMap<number, bigint>;

/** A line of an invoice with what credit notes took off it so far. */
export type CreditableLine = { readonly line: InvoiceLine; readonly left: Money; readonly leftTax: Money };

/** What a credit note comes to, and what becomes of its total. */
export type CreditQuote = {
  readonly lines: readonly InvoiceLine[];
  readonly total: Money;
  readonly tax: Money;
  /** What of it is owed no more. */
  readonly offOwed: Money;
  /** What of it was paid: the partner gets it with its next payout. */
  readonly givenBack: Money;
};

/** The lines of an invoice that something can still be taken off. */
export async function creditableLines(cx: Cx, invoice: Invoice): Promise<CreditableLine[]> {
  const done = await creditedLines(cx, invoice.id);
  return (await selectLines(cx, invoice)).map((line) => {
    const { net, tax } = done.get(line.position) ?? { net: 0n, tax: 0n };
    return {
      line,
      left: money(line.net.minor - net, invoice.currency),
      leftTax: money(line.tax.minor - tax, invoice.currency),
    };
  });
}

/**
 * What a credit note would come to. The tax of a line follows what is taken off it, so that taking off the rest takes
 * the rest of its tax. Throws `form.invalid` for nothing, or for more than is left of a line.
 */
export function quoteCredit(invoice: Invoice, creditable: readonly CreditableLine[], wish: CreditWish): CreditQuote {
  const lines = creditable.flatMap((one) => lineOf(one, wish));
  const net = lines.reduce((sum, line) => sum + line.net.minor, 0n);
  const tax = lines.reduce((sum, line) => sum + line.tax.minor, 0n);
  const total = net + tax;
  if (total === 0n) throw invalid("", "Write how much to take off at least one line.");
  const owed = owedOf(invoice).minor;
  const offOwed = total < owed ? total : owed;
  const amount = (minor: bigint) => money(minor, invoice.currency);
  return {
    lines,
    total: amount(total),
    tax: amount(tax),
    offOwed: amount(offOwed),
    givenBack: amount(total - offOwed),
  };
}

function lineOf({ line, left, leftTax }: CreditableLine, wish: CreditWish): InvoiceLine[] {
  const net = wish === "all" ? left.minor : (wish.get(line.position) ?? 0n);
  if (net < 0n || net > left.minor) {
    throw invalid(`line_${line.position}`, "This is more than is left of this line. Write at most what is left.");
  }
  if (net === 0n) return [];
  const tax = net === left.minor ? leftTax.minor : divideRounded(leftTax.minor * net, left.minor);
  const { currency } = left;
  const amounts = { unit: money(net, currency), net: money(net, currency), tax: money(tax, currency) };
  return [{ ...line, quantity: 1, ...amounts }];
}

/** Why an invoice can't be credited; undefined when it can. */
export function whyNotCredit(invoice: Pick<Invoice, "kind" | "state" | "total" | "credited">): string | undefined {
  if (invoice.kind !== "invoice") return "Only invoices are credited here.";
  if (invoice.state === "draft") return "A draft can be changed: it needs no credit note.";
  if (invoice.state === "void") return "This invoice is void: nothing is owed on it.";
  if (invoice.credited.minor === invoice.total.minor) return "All of this invoice is credited already.";
  return undefined;
}

export type CreditInput = {
  /** Made with the form: sent twice, there is one credit note. */
  readonly key: InvoiceId;
  readonly invoice: InvoiceId;
  readonly wish: CreditWish;
  /** For the partner to read, on the credit note. */
  readonly reason: string;
  readonly quiet?: boolean;
};

/**
 * Issues a credit note on an invoice: it takes off what is owed first; what it takes beyond that was paid, and is owed
 * to the partner from now on (its account, then its next payout). Income and tax follow. Sent again under its key, the
 * first one stands. Throws `conflict`, `form.invalid`, `not-found`.
 */
export async function creditInvoice(
  cx: Cx,
  may: Permit<"invoices.write">,
  input: CreditInput,
): Promise<IssuedDocument | undefined> {
  const [before] = await lockInvoices(cx, [input.invoice]);
  if (!before) throw notFound();
  if (await selectInvoice(cx, input.key)) return undefined;
  const why = whyNotCredit(before);
  if (why) throw new Problem("conflict", why);
  const reason = cleanText(input.reason);
  if (reason === "") throw invalid("reason", "Write why, for the partner to read.");
  if (reason.length > 1_000) throw invalid("reason", "Write at most 1000 characters.");
  const quote = quoteCredit(before, await creditableLines(cx, before), input.wish);
  const after = withCredit(before, quote);
  await saveSums(cx, after);
  const tax = taxOn(after) - taxOn(before);
  const back = quote.givenBack.minor;
  const transfers = moveTransfers(after, { partner: back, income: -back - tax, tax });
  if (transfers.length > 0) {
    await post(cx, { key: `credited:${input.key}`, kind: "invoice.credited", reference: after.id, transfers });
  }
  const issued = await issueDocument(cx, {
    id: input.key,
    partnership: before.partnership,
    kind: "credit_note",
    corrects: before.id,
    currency: before.currency,
    issueDate: todayOf(cx.institution, cx.now),
    notes: reason,
    lines: quote.lines,
    createdBy: actorOf(may.by).id,
    quiet: input.quiet ?? false,
  });
  record(cx, {
    event: "invoice.credited",
    subject: before.id,
    data: { note: issued.display, total: quote.total.minor, back, currency: before.currency },
  });
  if (back > 0n) {
    const data = { partnership: before.partnership, amount: back, currency: before.currency, why: "credit-note" };
    record(cx, { event: "partner.credited", subject: input.key, data, outbox: true });
  }
  return issued;
}

function withCredit(invoice: Invoice, { total, tax, givenBack }: CreditQuote): Invoice {
  const after = {
    ...invoice,
    credited: money(invoice.credited.minor + total.minor, invoice.currency),
    creditedTax: money(invoice.creditedTax.minor + tax.minor, invoice.currency),
    returned: money(invoice.returned.minor + givenBack.minor, invoice.currency),
  };
  const state = stateAfter(after);
  assert(mayBecome(invoice.state, state), `an invoice that is ${invoice.state} is not credited`);
  return { ...after, state };
}

function invalid(field: string, words: string): Problem {
  return new Problem("form.invalid", words, { fields: { [field]: words } });
}
