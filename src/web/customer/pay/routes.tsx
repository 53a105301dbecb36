import { z } from "zod";
import type { Customer } from "#access/principal.ts";
import type { ChannelProductId } from "#features/channel-products/methods.ts";
import { attemptNotes } from "#features/checkouts/attempt-views.ts";
import { type CheckoutView, readCheckout, readPaid, stageOf } from "#features/checkouts/checkout-views.ts";
import { openCheckout } from "#features/checkouts/open-checkout.ts";
import { lookNow, type Next, payCheckout } from "#features/checkouts/pay-checkout.ts";
import { creditOf } from "#features/money-in/credit.ts";
import { isUnknownOutcome } from "#features/money-in/till.ts";
import { isDueNow, standingsOf } from "#features/payments/customer-overview.ts";
import { openPaymentsOfCustomer } from "#features/payments/payment-views.ts";
import { type Answer, page, seeOther, toProvider } from "#http/answer.ts";
import type { Rq } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { isCurrency } from "#kernel/money.ts";
import { translator } from "#platform/i18n/messages.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { readChoices, refusedChoice } from "#web/customer/pay/choice.ts";
import { type ChooseFacts, ChoosePage } from "#web/customer/pay/choose-page.tsx";
import { FailedPage, PaidPage, WaitPage } from "#web/customer/pay/done-page.tsx";
import { ConfirmPage, ReviewPage, type Why } from "#web/customer/pay/review-page.tsx";
import { ContinuePage, TransferPage } from "#web/customer/pay/transfer-page.tsx";

const params = z.object({ checkout: z.custom<`chk_${string}`>((text) => isId("chk", text)) });
const whys = ["paid", "changed", "in-process", "amount-changed", "method-gone", "no-answer"] as const;
const reasons = z.enum(whys).optional().catch(undefined);

/** How often the page that waits asks again by itself, and after how many seconds. */
const ownLooks = 12;
const ownLookSeconds = 4;

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
    attemptNotes(cx, customer),
    creditOf(cx, customer),
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
  params,
  query: z.object({ why: reasons }),
  handle: async (rq, cx) => {
    const view = await readCheckout(cx, rq.params.checkout, rq.house.providers);
    const stage = stageOf(view);
    const { why } = rq.query;
    if (stage === "paid" || stage === "wait") {
      return seeOther(`/pay/${view.checkout.id}/done${why === undefined ? "" : `?why=${why}`}`);
    }
    return page(<ReviewPage ui={rq.ui} customer={cx.principal} view={view} why={why} />);
  },
});

const payForm = z.object({
  method: z.string().catch(""),
  credit: z.string().optional().catch(undefined),
  expected: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional()
    .catch(undefined),
});
type PayForm = z.output<typeof payForm>;

const reviewed = route({
  id: "customer.pay.choose-method",
  method: "POST",
  path: "/pay/:checkout/review",
  opens: "customer",
  may: "portal.pay",
  params,
  form: payForm,
  outside: async (rq, tx) => {
    if (rq.form.expected !== undefined) return await pay(rq, tx, rq.form.expected);
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
  params,
  query: z.object({ with: z.string().optional().catch(undefined), credit: z.string().optional(), why: reasons }),
  handle: async (rq, cx) => {
    const view = await readCheckout(cx, rq.params.checkout, rq.house.providers);
    const offer = view.methods.find((one) => one.method.id === rq.query.with);
    const stage = stageOf(view);
    const props = { ui: rq.ui, customer: cx.principal, view };
    if (stage === "paid" || stage === "wait") return seeOther(`/pay/${view.checkout.id}/done`);
    if (offer) {
      const useCredit = rq.query.credit !== undefined;
      return page(<ConfirmPage {...props} offer={offer} useCredit={useCredit} why={rq.query.why} />);
    }
    if (stage === "transfer" && view.attempt) return page(<TransferPage {...props} attempt={view.attempt} />);
    if (stage === "continue" && view.attempt) return page(<ContinuePage {...props} attempt={view.attempt} />);
    return seeOther(`/pay/${view.checkout.id}/review${rq.query.with === undefined ? "" : "?why=method-gone"}`);
  },
});

const payNow = route({
  id: "customer.pay.start",
  method: "POST",
  path: "/pay/:checkout/method",
  opens: "customer",
  may: "portal.pay",
  params,
  form: payForm,
  outside: async (rq, tx) => await pay(rq, tx, rq.form.expected ?? "0"),
});

type CustomerTx = Parameters<typeof payCheckout>[1];
type PayRq = Rq<{ checkout: `chk_${string}` }, Record<string, never>, PayForm>;

/** Presses the button: writes the attempt, asks the provider, and goes where the payer goes next. */
async function pay(rq: PayRq, tx: CustomerTx, expected: string): Promise<Answer> {
  const { checkout } = rq.params;
  const wish = {
    checkout,
    method: rq.form.method as ChannelProductId,
    useCredit: rq.form.credit !== undefined,
    expected: BigInt(expected),
  };
  const about = await tx(async (cx) => ({
    institution: cx.institution.id,
    description: cx.institution.name,
    locale: rq.ui.locale,
  }));
  let next: Next | undefined;
  try {
    next = await payCheckout(rq.house, tx, wish, about);
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
  }
  switch (next?.to) {
    case "provider":
      return toProvider(next.url);
    case "instructions":
      return seeOther(`/pay/${checkout}/method`);
    case "done":
      return seeOther(`/pay/${checkout}/done`);
    case "review":
      return seeOther(`/pay/${checkout}/review?why=${next.why}`);
    default:
      return seeOther(`/pay/${checkout}/review?why=${"no-answer" satisfies Why}`);
  }
}

const done = route({
  id: "customer.pay.done",
  method: "GET",
  path: "/pay/:checkout/done",
  opens: "customer",
  may: "portal.pay",
  params,
  query: z.object({ looks: z.coerce.number().int().min(0).max(1_000).catch(0), why: reasons }),
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
      return await donePage(rq, cx, view);
    });
  },
});

async function donePage(
  rq: Rq<unknown, { looks: number; why?: Why | undefined }>,
  cx: Cx<Customer>,
  view: CheckoutView,
): Promise<Answer> {
  const props = { ui: rq.ui, customer: cx.principal, view };
  switch (stageOf(view)) {
    case "paid":
      return page(<PaidPage {...props} paid={await readPaid(cx, view)} why={rq.query.why} />);
    case "failed":
      return page(<FailedPage {...props} />);
    case "wait": {
      const { looks } = rq.query;
      const refresh = `${ownLookSeconds};url=/pay/${view.checkout.id}/done?looks=${looks + 1}`;
      const headers = looks < ownLooks ? { refresh } : {};
      return { kind: "page", page: <WaitPage {...props} looks={looks} />, status: 200, headers };
    }
    case "transfer":
    case "continue":
      return seeOther(`/pay/${view.checkout.id}/method`);
    case "choose":
      return seeOther(`/pay/${view.checkout.id}/review`);
  }
}

export default [choose, chosen, review, reviewed, method, payNow, done] satisfies Route[];
