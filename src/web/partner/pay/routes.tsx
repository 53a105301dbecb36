import { z } from "zod";
import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { beginInvoiceAttempt } from "#features/checkouts/begin-invoice-attempt.ts";
import { stageOf } from "#features/checkouts/checkout-page.ts";
import { invoicesUnderWay, readPartnerCheckout, readPartnerPaid } from "#features/checkouts/checkout-partner-view.ts";
import { openInvoiceCheckout } from "#features/checkouts/open-invoice-checkout.ts";
import { lookNow } from "#features/checkouts/pay-checkout.ts";
import { openInvoicesOfPartner, type PartnerInvoice } from "#features/invoices/invoice-partner-view.ts";
import { type Answer, page, seeOther } from "#http/answer.ts";
import type { Rq } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import { isCurrency } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { translator } from "#platform/i18n/messages.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import {
  checkoutParams,
  doneAnswer,
  doneQuery,
  methodAnswer,
  methodQuery,
  type PayForm,
  payAnswer,
  payForm,
  reviewAnswer,
  reviewQuery,
  wishOf,
} from "#web/pay/steps.tsx";
import { readInvoiceChoices, refusedInvoices } from "./choice.ts";
import { type ChooseInvoices, ChooseInvoicesPage } from "./choose-page.tsx";
import { partnerPlace } from "./partner-place.tsx";

const choose = route({
  id: "partner.pay.choose",
  method: "GET",
  path: "/partner/pay",
  opens: "partner",
  may: "partner.pay",
  query: z.object({ invoice: z.string().max(5_000).catch(""), currency: z.string().optional().catch(undefined) }),
  handle: async (rq, cx) => {
    const wanted = new Set(rq.query.invoice.split(",").filter(Boolean));
    const facts = await chooseFacts(cx, rq.query.currency, wanted);
    return page(<ChooseInvoicesPage ui={rq.ui} partner={cx.principal} facts={facts} />);
  },
});

const chosen = route({
  id: "partner.pay.open",
  method: "POST",
  path: "/partner/pay",
  opens: "partner",
  may: "partner.pay",
  form: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  handle: async (rq, cx, may) => {
    const t = translator(rq.ui.locale);
    const open = await openInvoicesOfPartner(cx);
    const opened = await openInvoiceCheckout(cx, may, readInvoiceChoices(t, rq.form, open));
    if ("why" in opened) throw refusedInvoices(t, opened, open);
    return seeOther(`/partner/pay/${opened.id}/review`);
  },
  again: async (rq, cx, _may, failed) => {
    const t = translator(rq.ui.locale);
    const facts = await chooseFacts(cx, [failed.typed.currency ?? []].flat()[0], new Set());
    const form = { t, values: failed.typed, problems: failed.errors };
    return page(<ChooseInvoicesPage ui={rq.ui} partner={cx.principal} facts={facts} form={form} />);
  },
});

async function chooseFacts(
  cx: Cx<Partner>,
  asked: string | undefined,
  wanted: ReadonlySet<string>,
): Promise<ChooseInvoices> {
  const [open, underWay] = await Promise.all([openInvoicesOfPartner(cx), invoicesUnderWay(cx)]);
  const today = todayOf(cx.institution, cx.now);
  const due = open.filter((invoice) => isDueNow(cx, invoice, today));
  const named = open.find((invoice) => wanted.has(invoice.number.toString())) ?? due[0] ?? open[0];
  const fits = asked && isCurrency(asked) && open.some((invoice) => invoice.currency === asked);
  return {
    today,
    open,
    underWay,
    currency: fits ? asked : named?.currency,
    ticked: wanted.size > 0 ? wanted : new Set(due.map((invoice) => invoice.number.toString())),
  };
}

/** What is overdue or falls due within the institution's window. */
function isDueNow(cx: Cx, { dueDate }: PartnerInvoice, today: PlainDate): boolean {
  const until = today.add({ days: cx.institution.dueWindowDays });
  return dueDate === undefined || Temporal.PlainDate.compare(dueDate, until) <= 0;
}

const review = route({
  id: "partner.pay.review",
  method: "GET",
  path: "/partner/pay/:checkout/review",
  opens: "partner",
  may: "partner.pay",
  params: checkoutParams,
  query: reviewQuery,
  handle: async (rq, cx) => {
    const view = await readPartnerCheckout(cx, rq.params.checkout, rq.house.providers);
    return reviewAnswer(partnerPlace(rq.ui, cx.principal), view, rq.query.why);
  },
});

const reviewed = route({
  id: "partner.pay.choose-method",
  method: "POST",
  path: "/partner/pay/:checkout/review",
  opens: "partner",
  may: "partner.pay",
  params: checkoutParams,
  form: payForm,
  outside: async (rq, tx) => {
    if (rq.form.expected !== undefined) return await pay(rq, tx);
    return seeOther(`/partner/pay/${rq.params.checkout}/method?with=${encodeURIComponent(rq.form.method)}`);
  },
});

const method = route({
  id: "partner.pay.method",
  method: "GET",
  path: "/partner/pay/:checkout/method",
  opens: "partner",
  may: "partner.pay",
  params: checkoutParams,
  query: methodQuery,
  handle: async (rq, cx) => {
    const view = await readPartnerCheckout(cx, rq.params.checkout, rq.house.providers);
    return methodAnswer(partnerPlace(rq.ui, cx.principal), view, rq.query);
  },
});

const payNow = route({
  id: "partner.pay.start",
  method: "POST",
  path: "/partner/pay/:checkout/method",
  opens: "partner",
  may: "partner.pay",
  params: checkoutParams,
  form: payForm,
  outside: pay,
});

type PartnerTx = <R>(work: (cx: Cx<Partner>, may: Permit<"partner.pay">) => Promise<R>) => Promise<R>;
type PayRq = Rq<{ checkout: `chk_${string}` }, Record<string, never>, PayForm>;

async function pay(rq: PayRq, tx: PartnerTx): Promise<Answer> {
  const { checkout } = rq.params;
  const about = await tx(async ({ institution }) => {
    return { institution: institution.id, description: institution.name, locale: rq.ui.locale };
  });
  const begin = () => tx((cx, may) => beginInvoiceAttempt(cx, may, wishOf(checkout, rq.form), rq.house.providers));
  return await payAnswer(rq.house, `/partner/pay/${checkout}`, begin, about);
}

const done = route({
  id: "partner.pay.done",
  method: "GET",
  path: "/partner/pay/:checkout/done",
  opens: "partner",
  may: "partner.pay",
  params: checkoutParams,
  query: doneQuery,
  outside: async (rq, tx) => {
    const { checkout } = rq.params;
    const before = await tx(async (cx) => await readPartnerCheckout(cx, checkout, rq.house.providers));
    // The redirect itself settles nothing: we ask the provider, as the event and the job do.
    if (["wait", "continue"].includes(stageOf(before))) {
      const institution = await tx(async (cx) => cx.institution.id);
      await lookNow(rq.house, institution, checkout);
    }
    return await tx(async (cx) => {
      const view = await readPartnerCheckout(cx, checkout, rq.house.providers);
      const paid = { email: cx.principal.email, read: async () => await readPartnerPaid(cx, view) };
      return await doneAnswer(partnerPlace(rq.ui, cx.principal), view, rq.query, paid);
    });
  },
});

export default [choose, chosen, review, reviewed, method, payNow, done] satisfies Route[];
