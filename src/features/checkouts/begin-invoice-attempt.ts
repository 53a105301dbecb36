import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { partnerMethods } from "#features/channel-products/methods-partner-view.ts";
import { type Begun, type NotNow, type PayWish, startAttempt } from "#features/checkouts/begin-attempt.ts";
import { type Checkout, quoteOf } from "#features/checkouts/checkout.ts";
import { attemptsForInvoices, readPartnerCheckoutRow } from "#features/checkouts/checkout-partner-view.ts";
import { owedOf } from "#features/invoices/invoice.ts";
import { invoicesOfPartner } from "#features/invoices/invoice-partner-view.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import type { Providers } from "#providers/provider.ts";

/**
 * The same for a partner and its invoices: writes the attempt before anybody outside is asked, on the role that can
 * begin and nothing else. Refuses while another attempt for the same invoices is on its way, and when one of them was
 * paid, voided or credited meanwhile. Throws `not-found`.
 */
export async function beginInvoiceAttempt(
  cx: Cx<Partner>,
  may: Permit<"partner.pay">,
  wish: PayWish,
  providers: Providers,
): Promise<Begun> {
  await holdMoneyOf(cx, cx.principal.partnership);
  const checkout = await readPartnerCheckoutRow(cx, wish.checkout);
  if (!checkout) throw notFound();
  const why = await changedMeanwhile(cx, checkout);
  if (why) return { is: "not-now", why };
  const underWay = await attemptsForInvoices(
    cx,
    checkout.invoices.map((item) => item.invoice),
  );
  if (underWay.some((attempt) => attempt.state !== "requires_action")) return { is: "not-now", why: "in-process" };
  if (underWay.length > 0) return { is: "give-up-first", attempts: underWay };
  const methods = await partnerMethods(cx, checkout.currency, providers);
  const method = methods.find((one) => one.id === wish.method);
  const quote = quoteOf(checkout.total, money(0n, checkout.currency), method?.surchargeBps ?? 0);
  if (quote.charged.minor !== wish.expected) return { is: "not-now", why: "amount-changed" };
  if (!method) return { is: "not-now", why: "method-gone" };
  return { is: "begun", attempt: await startAttempt(cx, may, checkout, method, quote) };
}

async function changedMeanwhile(cx: Cx<Partner>, checkout: Checkout): Promise<NotNow | undefined> {
  if (checkout.state === "paid") return "paid";
  const invoices = await invoicesOfPartner(
    cx,
    checkout.invoices.map((item) => item.invoice),
  );
  for (const item of checkout.invoices) {
    const invoice = invoices.find((one) => one.id === item.invoice);
    if (!invoice || invoice.state === "void") return "changed";
    const owed = owedOf(invoice).minor;
    if (owed === 0n) return invoice.credited.minor === invoice.total.minor ? "changed" : "paid";
    if (item.amount.minor > owed) return "changed";
  }
  return undefined;
}
