import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { freePartMoney } from "#features/money-in/free-part.ts";
import { partnershipNames } from "#features/partnerships/partnership-views.ts";
import { cancelPayment } from "#features/payments/cancel-payment.ts";
import { editPayment, previewEdit } from "#features/payments/edit-payment.ts";
import { assertCancellable, assertEditable, type Payment, type PaymentId } from "#features/payments/payment.ts";
import { sharesOf } from "#features/payments/payment-money.ts";
import { discountOf, readPayment } from "#features/payments/payment-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { readLine } from "#kernel/text.ts";
import type { Cx } from "#platform/tx.ts";
import { can, formOf, textFields } from "#web/staff/shared.tsx";
import { CancelPaymentPage, CheckEditPage, EditPaymentPage } from "./edit-page.tsx";
import { paymentFields, readEdit } from "./payment-text.ts";
import { chosenPartners, taxesOf } from "./share-taxes.ts";

const params = z.object({ id: z.string().refine((id) => isId("pay", id)) });

const edit = route({
  id: "staff.payments.edit",
  method: "GET",
  path: "/staff/payments/:id/edit",
  opens: "staff",
  may: "payments.write",
  params,
  handle: async (rq, cx) => {
    assertEditable(await readPayment(cx, rq.params.id));
    return await editPage(rq.ui, cx, rq.params.id, undefined);
  },
});

const save = route({
  id: "staff.payments.save",
  method: "POST",
  path: "/staff/payments/:id/edit",
  opens: "staff",
  may: "payments.write",
  params,
  form: textFields(...paymentFields, "step"),
  handle: async (rq, cx, may) => {
    const { id } = rq.params;
    const payment = await readPayment(cx, id);
    const { step } = rq.form;
    const typed = Object.fromEntries(Object.entries(rq.form).map(([name, value]) => [name, value ?? ""]));
    const failed = { typed, errors: {}, problem: new Problem("form.invalid", "") };
    if (step === "row" || step === "back") return await editPage(rq.ui, cx, id, failed);
    const change = readEdit(rq.form, payment.list.currency, can(cx.principal, "payments.discount"));
    if (step === "check") {
      const draft = await previewEdit(cx, may, id, change);
      const shown = { ui: rq.ui, staff: cx.principal, form: formOf(failed), payment, draft };
      return page(<CheckEditPage {...shown} />);
    }
    await editPayment(cx, may, id, change);
    return seeOther(`/staff/payments/${id}?done=saved`);
  },
  again: async (rq, cx, _may, failed) => await editPage(rq.ui, cx, rq.params.id, failed),
});

async function editPage(ui: Ui, cx: Cx<Staff>, id: string, failed: Failed | undefined) {
  const payment = await readPayment(cx, id);
  const shares = failed ? [] : ((await sharesOf(cx, [payment.id])).get(payment.id) ?? []);
  const shown = {
    ui,
    staff: cx.principal,
    form: formOf(failed),
    payment,
    partnerships: await partnershipNames(cx),
    shares,
    taxes: await taxesOf(cx, chosenPartners(failed?.typed, shares)),
    reason: (await discountOf(cx, payment.id))?.reason ?? "",
  };
  return page(<EditPaymentPage {...shown} />);
}

function noneOf({ list }: Payment): Money {
  return money(0n, list.currency);
}

const ask = route({
  id: "staff.payments.cancel",
  method: "GET",
  path: "/staff/payments/:id/cancel",
  opens: "staff",
  may: "payments.write",
  params,
  handle: async (rq, cx) => {
    const payment = await readPayment(cx, rq.params.id);
    // Part money is no hindrance: cancelling gives it back to the customer as credit.
    assertCancellable({
      ...payment,
      ...(payment.state === "partially_paid" && { state: "open", paid: noneOf(payment) }),
    });
    return page(<CancelPaymentPage ui={rq.ui} staff={cx.principal} form={formOf(undefined)} payment={payment} />);
  },
});

const reason = z.string().transform((text, context): string => {
  const line = readLine(text, 200);
  if (typeof line === "string") return line;
  context.addIssue({ code: "custom", message: line.problem });
  return z.NEVER;
});

const cancel = route({
  id: "staff.payments.cancelled",
  method: "POST",
  path: "/staff/payments/:id/cancel",
  opens: "staff",
  may: "payments.write",
  params,
  form: z.object({ reason: reason.default("") }),
  handle: async (rq, cx, may) => {
    await freePartMoney(cx, rq.params.id as PaymentId);
    await cancelPayment(cx, may, rq.params.id, rq.form.reason);
    return seeOther(`/staff/payments/${rq.params.id}?done=cancelled`);
  },
  again: async (rq, cx, _may, failed) => {
    const payment = await readPayment(cx, rq.params.id);
    return page(<CancelPaymentPage ui={rq.ui} staff={cx.principal} form={formOf(failed)} payment={payment} />);
  },
});

export default [edit, save, ask, cancel] as Route[];
