import { z } from "zod";
import type { Permit } from "#access/permit.ts";
import type { Customer } from "#access/principal.ts";
import { attemptNotes } from "#features/checkouts/attempt-views.ts";
import { beginAttempt } from "#features/checkouts/begin-attempt.ts";
import { stageOf } from "#features/checkouts/checkout-page.ts";
import { readCheckout, readPaid } from "#features/checkouts/checkout-views.ts";
import { openCheckout } from "#features/checkouts/open-checkout.ts";
import { lookNow } from "#features/checkouts/pay-checkout.ts";
import { ownCredit } from "#features/money-in/credit.ts";
import { isDueNow, standingsOf } from "#features/payments/customer-overview.ts";
import { openPaymentsOfCustomer } from "#features/payments/payment-views.ts";
import { type Answer, page, seeOther } from "#http/answer.ts";
import type { Rq } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import { isCurrency } from "#kernel/money.ts";
import { translator } from "#platform/i18n/messages.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { readChoices, refusedChoice } from "#web/customer/pay/choice.ts";
import { type ChooseFacts, ChoosePage } from "#web/customer/pay/choose-page.tsx";
import { customerPlace } from "#web/customer/pay/customer-place.tsx";
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

const choose = route({
  id: "customer.pay.choose",
  method: "GET",
  path: "/pay",
  opens: "customer",
  may: "portal.pay",
  query: z.object({
    payment: z.string().catch(""),
    due: z.string().optional().catch(undefined),
    currency: z.string().optional().catch(undefined),
  }),
  handle: async (rq, cx) => {
    const wanted = new Set(rq.query.payment.split(",").filter(Boolean));
    const facts = await chooseFacts(cx, rq.query.currency, wanted, wanted.size === 0);
    return page(<ChoosePage ui={rq.ui} facts={facts} />);
  },
});

const chosen = route({
  id: "customer.pay.open",
  method: "POST",
  path: "/pay",
  opens: "customer",
  may: "portal.pay",
  form: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  handle: async (rq, cx, may) => {
    const t = translator(rq.ui.locale);
    const open = await openPaymentsOfCustomer(cx, cx.principal.customer);
    const opened = await openCheckout(cx, may, readChoices(t, rq.form, open));
    if ("why" in opened) throw refusedChoice(t, opened, open);
    return seeOther(`/pay/${opened.id}/review`);
  },
  again: async (rq, cx, _may, failed) => {
    const t = translator(rq.ui.locale);
    const currency = [failed.typed.currency ?? []].flat()[0];
    const facts = await chooseFacts(cx, currency, new Set(), false);
    return page(<ChoosePage ui={rq.ui} facts={facts} form={{ t, values: failed.typed, problems: failed.errors }} />);
  },
});

async function chooseFacts(
  cx: Cx<Customer>,
  asked: string | undefined,
  wanted: ReadonlySet<string>,
  everythingDue: boolean,
): Promise<ChooseFacts> {
  const { customer } = cx.principal;
  const [open, notes, credit] = await Promise.all([
    openPaymentsOfCustomer(cx, customer),
    attemptNotes(cx),
    ownCredit(cx, Promise.resolve(cx)),
  ]);
  const today = todayOf(cx.institution, cx.now);
  const window = cx.institution.dueWindowDays;
  const due = standingsOf(open, today, window).filter((standing) => isDueNow(standing, today, window));
  const named = open.find((payment) => wanted.has(payment.id)) ?? due[0]?.payment ?? open[0];
  const fits = asked && isCurrency(asked) && open.some((payment) => payment.list.currency === asked);
  return {
    customer: cx.principal,
    today,
    open,
    notes,
    currency: fits ? asked : named?.list.currency,
    credit,
    ticked: everythingDue ? new Set(due.map(({ payment }) => payment.id)) : wanted,
  };
}

const review = route({
  id: "customer.pay.review",
  method: "GET",
  path: "/pay/:checkout/review",
  opens: "customer",
  may: "portal.pay",
  params: checkoutParams,
  query: reviewQuery,
  handle: async (rq, cx) => {
    const view = await readCheckout(cx, rq.params.checkout, rq.house.providers);
    return reviewAnswer(customerPlace(rq.ui, cx.principal), view, rq.query.why);
  },
});

const reviewed = route({
  id: "customer.pay.choose-method",
  method: "POST",
  path: "/pay/:checkout/review",
  opens: "customer",
  may: "portal.pay",
  params: checkoutParams,
  form: payForm,
  outside: async (rq, tx) => {
    if (rq.form.expected !== undefined) return await pay(rq, tx);
    const credit = rq.form.credit ? "&credit=1" : "";
    return seeOther(`/pay/${rq.params.checkout}/method?with=${encodeURIComponent(rq.form.method)}${credit}`);
  },
});

const method = route({
  id: "customer.pay.method",
  method: "GET",
  path: "/pay/:checkout/method",
  opens: "customer",
  may: "portal.pay",
  params: checkoutParams,
  query: methodQuery,
  handle: async (rq, cx) => {
    const view = await readCheckout(cx, rq.params.checkout, rq.house.providers);
    return methodAnswer(customerPlace(rq.ui, cx.principal), view, rq.query);
  },
});

const payNow = route({
  id: "customer.pay.start",
  method: "POST",
  path: "/pay/:checkout/method",
  opens: "customer",
  may: "portal.pay",
  params: checkoutParams,
  form: payForm,
  outside: pay,
});

type CustomerTx = <R>(work: (cx: Cx<Customer>, may: Permit<"portal.pay">) => Promise<R>) => Promise<R>;
type PayRq = Rq<{ checkout: `chk_${string}` }, Record<string, never>, PayForm>;

async function pay(rq: PayRq, tx: CustomerTx): Promise<Answer> {
  const { checkout } = rq.params;
  const about = await tx(async ({ institution }) => {
    return { institution: institution.id, description: institution.name, locale: rq.ui.locale };
  });
  const begin = () => tx((cx, may) => beginAttempt(cx, may, wishOf(checkout, rq.form), rq.house.providers));
  return await payAnswer(rq.house, `/pay/${checkout}`, begin, about);
}

const done = route({
  id: "customer.pay.done",
  method: "GET",
  path: "/pay/:checkout/done",
  opens: "customer",
  may: "portal.pay",
  params: checkoutParams,
  query: doneQuery,
  outside: async (rq, tx) => {
    const { checkout } = rq.params;
    const before = await tx(async (cx) => await readCheckout(cx, checkout, rq.house.providers));
    // The redirect itself settles nothing: we ask the provider, as the event and the job do.
    if (["wait", "continue"].includes(stageOf(before))) {
      const institution = await tx(async (cx) => cx.institution.id);
      await lookNow(rq.house, institution, checkout);
    }
    return await tx(async (cx) => {
      const view = await readCheckout(cx, checkout, rq.house.providers);
      const paid = { email: cx.principal.email, read: async () => await readPaid(cx, view) };
      return await doneAnswer(customerPlace(rq.ui, cx.principal), view, rq.query, paid);
    });
  },
});

export default [choose, chosen, review, reviewed, method, payNow, done] satisfies Route[];
