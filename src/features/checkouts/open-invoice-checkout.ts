import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Checkout, CheckoutId } from "#features/checkouts/checkout.ts";
import { insertCheckout } from "#features/checkouts/checkout-store.ts";
import { type InvoiceId, owedOf } from "#features/invoices/invoice.ts";
import type { PartnerInvoice } from "#features/invoices/invoice-partner-view.ts";
import { newId } from "#kernel/ids.ts";
import { largestMinor, type Money, money } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";

/** An invoice that was chosen, read just now, and an amount where only a part is to be paid. */
export type InvoiceChoice = { readonly invoice: PartnerInvoice; readonly part?: Money };

/** What keeps a choice from becoming a checkout; `number` says of which invoice. Pages have the words. */
export type InvoiceRefusal = {
  readonly why: "nothing" | "not-payable" | "two-currencies" | "too-little" | "too-much" | "too-large";
  readonly number?: bigint;
};

/** Opens a checkout for the invoices that a partner chose, or says what is wrong with the choice. */
export async function openInvoiceCheckout(
  cx: Cx<Partner>,
  may: Permit<"partner.pay">,
  choices: readonly InvoiceChoice[],
): Promise<{ readonly id: CheckoutId } | InvoiceRefusal> {
  const [first] = choices;
  if (!first) return { why: "nothing" };
  const { currency } = first.invoice;
  const invoices: { invoice: InvoiceId; amount: Money }[] = [];
  for (const { invoice, part } of choices) {
    const owed = owedOf(invoice);
    const { number } = invoice;
    if (owed.minor === 0n) return { why: "not-payable", number };
    if (owed.currency !== currency) return { why: "two-currencies" };
    const amount = part ?? owed;
    if (amount.currency !== currency || amount.minor < 1n) return { why: "too-little", number };
    if (amount.minor > owed.minor) return { why: "too-much", number };
    invoices.push({ invoice: invoice.id, amount });
  }
  const total = invoices.reduce((sum, item) => sum + item.amount.minor, 0n);
  if (total > largestMinor) return { why: "too-large" };
  const checkout: Checkout = {
    id: newId("chk", cx.now, cx.random),
    payer: cx.principal.partnership,
    currency,
    total: money(total, currency),
    state: "open",
    items: [],
    invoices,
  };
  await insertCheckout(cx, checkout, may.by.kind);
  const data = { total, currency, invoices: invoices.length };
  record(cx, { event: "checkout.opened", subject: checkout.id, data });
  return { id: checkout.id };
}
