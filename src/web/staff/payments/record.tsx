import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { assertCustomerAsSeen, versionOf } from "#features/payments/form-lock.ts";
import { assertPayable, owedOf, type Payment } from "#features/payments/payment.ts";
import { paymentsOfCustomer, readPayment } from "#features/payments/payment-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { type Currency, isCurrency } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, formOf } from "#web/staff/shared.tsx";
import { CheckRecordPage, RecordPage } from "./record-page.tsx";
import { readRecord, recordable } from "./record-text.ts";

const paymentParams = z.object({ id: z.string().refine((id) => isId("pay", id)) });
const customerParams = z.object({ id: z.string().refine((id) => isId("cus", id)) });
const form = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** What the pages of both places are drawn from. */
type Standing = Awaited<ReturnType<typeof standing>>;

async function standing(cx: Cx<Staff>, of: { payment: string } | { customer: string }, asks: string | undefined) {
  const one = "payment" in of ? await readPayment(cx, of.payment) : undefined;
  if (one) assertPayable(one);
  const customer = await readCustomer(cx, one?.customerId ?? ("customer" in of ? of.customer : ""));
  const all = await paymentsOfCustomer(cx, customer.id);
  const currencies = one ? [one.list.currency] : owing(all);
  const chosen = currencies.find((code) => code === asks) ?? currencies[0] ?? firstOf(cx, asks);
  const home = one ? `/staff/payments/${one.id}` : `/staff/customers/${customer.id}`;
  return {
    staff: cx.principal,
    customer,
    currencies,
    currency: chosen,
    payments: one ? [one] : recordable(all, chosen),
    today: todayOf(cx.institution, cx.now),
    version: versionOf(all),
    place: { path: `${home}/record`, back: home },
  };
}

function owing(payments: readonly Payment[]): Currency[] {
  return [...new Set(payments.filter((one) => owedOf(one).minor > 0n).map((one) => one.list.currency))];
}

function firstOf(cx: Cx, asks: string | undefined): Currency {
  return asks !== undefined && isCurrency(asks) ? asks : (cx.institution.currencies[0] ?? "AUD");
}

function formPage(ui: Ui, here: Standing, failed: Failed | undefined) {
  return page(<RecordPage ui={ui} form={formOf(failed)} {...here} />);
}

/** One step of the form: check, back to it, or record. */
async function step(
  ui: Ui,
  cx: Cx<Staff>,
  may: Parameters<typeof recordByHand>[1],
  here: Standing,
  typed: Failed["typed"],
) {
  const failed = { typed, errors: {}, problem: new Problem("form.invalid", "") };
  if (typed.step === "back") return formPage(ui, here, failed);
  const input = readRecord(typed, here.payments, here.today);
  if (typed.step !== "record") return page(<CheckRecordPage ui={ui} form={formOf(failed)} {...here} input={input} />);
  await assertCustomerAsSeen(cx, here.customer.id, String(typed.version ?? ""));
  await recordByHand(cx, may, input);
  return seeOther(`${here.place.back}?done=recorded`);
}

const paymentForm = route({
  id: "staff.payments.record",
  method: "GET",
  path: "/staff/payments/:id/record",
  opens: "staff",
  may: "payments.record",
  params: paymentParams,
  handle: async (rq, cx) => formPage(rq.ui, await standing(cx, { payment: rq.params.id }, undefined), undefined),
});

const paymentRecord = route({
  id: "staff.payments.recorded",
  method: "POST",
  path: "/staff/payments/:id/record",
  opens: "staff",
  may: "payments.record",
  params: paymentParams,
  form,
  handle: async (rq, cx, may) =>
    await step(rq.ui, cx, may, await standing(cx, { payment: rq.params.id }, undefined), rq.form),
  again: async (rq, cx, _may, failed) =>
    formPage(rq.ui, await standing(cx, { payment: rq.params.id }, undefined), failed),
});

const customerForm = route({
  id: "staff.customers.record",
  method: "GET",
  path: "/staff/customers/:id/record",
  opens: "staff",
  may: "payments.record",
  params: customerParams,
  query: z.object({ currency: asked.currency }),
  handle: async (rq, cx) =>
    formPage(rq.ui, await standing(cx, { customer: rq.params.id }, rq.query.currency), undefined),
});

const customerRecord = route({
  id: "staff.customers.recorded",
  method: "POST",
  path: "/staff/customers/:id/record",
  opens: "staff",
  may: "payments.record",
  params: customerParams,
  form,
  handle: async (rq, cx, may) => {
    const here = await standing(cx, { customer: rq.params.id }, String(rq.form.currency ?? ""));
    return await step(rq.ui, cx, may, here, rq.form);
  },
  again: async (rq, cx, _may, failed) =>
    formPage(rq.ui, await standing(cx, { customer: rq.params.id }, String(failed.typed.currency ?? "")), failed),
});

export default [paymentForm, paymentRecord, customerForm, customerRecord] as Route[];
