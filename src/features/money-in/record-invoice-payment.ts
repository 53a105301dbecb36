import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { type InvoiceId, owedOf } from "#features/invoices/invoice.ts";
import { invoiceOwner } from "#features/invoices/invoice-views.ts";
import { lockChosenInvoices } from "#features/invoices/pay-invoices.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { receiveFromPartner } from "#features/money-in/receive-from-partner.ts";
import { present } from "#kernel/assert.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

export type InvoiceMoneyByHand = {
  readonly invoice: InvoiceId;
  readonly amount: Money;
  readonly receivedOn: PlainDate;
  /** How it was paid: "Bank transfer", "Cheque 1042". */
  readonly methodLabel: string;
  readonly note: string;
  /** What the form was drawn from: sent twice, the second finds that less is owed. */
  readonly owedBefore: bigint;
  /** Nobody is told (demo data). */
  readonly quiet?: boolean;
};

/**
 * Records money that a partner paid and that staff saw at the bank. At most what is owed: the rest would have to be
 * paid back at once. Throws `conflict` when what is owed changed since the form was drawn, `form.invalid`, `not-found`.
 */
export async function recordInvoicePayment(
  cx: Cx,
  may: Permit<"invoices.write">,
  input: InvoiceMoneyByHand,
): Promise<void> {
  const partnership = await invoiceOwner(cx, input.invoice);
  await holdMoneyOf(cx, partnership);
  const invoice = present((await lockChosenInvoices(cx, [input.invoice]))[0], "an invoice that was just read");
  const owed = owedOf(invoice);
  if (owed.minor !== input.owedBefore) {
    throw new Problem("conflict", "What is owed has changed meanwhile. Look at the invoice, then record what is left.");
  }
  const { amount } = input;
  if (amount.currency !== invoice.currency || amount.minor < 1n) {
    throw invalid("amount", "Write an amount above zero, in the currency of the invoice.");
  }
  if (amount.minor > owed.minor) throw invalid("amount", "This is more than is owed. Write at most what is owed.");
  if (Temporal.PlainDate.compare(input.receivedOn, todayOf(cx.institution, cx.now)) > 0) {
    throw invalid("received_on", "Choose the day on which the money arrived: today or earlier.");
  }
  await receiveFromPartner(
    cx,
    {
      provider: "by_hand",
      providerRef: undefined,
      kind: "by_hand",
      amount,
      surcharge: money(0n, invoice.currency),
      attempt: undefined,
      payer: partnership,
      reference: input.note,
      payerName: "",
      methodLabel: input.methodLabel,
      receivedOn: input.receivedOn,
      recordedBy: actorOf(may.by).id,
    },
    { partnership, invoices: [invoice], quiet: input.quiet ?? false },
  );
}

function invalid(field: string, words: string): Problem {
  return new Problem("form.invalid", words, { fields: { [field]: words } });
}
