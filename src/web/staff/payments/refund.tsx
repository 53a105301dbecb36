import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { assertPaymentAsSeen, versionOf } from "#features/payments/form-lock.ts";
import { assertRefundable, type Payment } from "#features/payments/payment.ts";
import { readPayment } from "#features/payments/payment-views.ts";
import { previewRefund, type Refund, refundLimits, refundPayment } from "#features/refunds/refund-payment.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { isId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, textFields } from "#web/staff/shared.tsx";
import { CheckRefundPage, RefundPage } from "./refund-page.tsx";

const params = z.object({ id: z.string().refine((id) => isId("pay", id)) });
const fields = ["of", "amount", "how", "reason", "partner_reason", "version", "step"] as const;
const form = textFields(...fields);

async function formPage(ui: Ui, cx: Cx<Staff>, id: string, failed: Failed | undefined) {
  const payment = await readPayment(cx, id);
  assertRefundable(payment);
  const limits = await refundLimits(cx, payment);
  const shown = { ui, staff: cx.principal, form: formOf(failed), payment, limits, version: versionOf([payment]) };
  return page(<RefundPage {...shown} />);
}

/** What was typed. Throws `form.invalid` with the words for each field. */
function readRefund(typed: z.output<typeof form>, payment: Payment): Refund {
  const cells = new Cells<(typeof fields)[number]>(
    Object.fromEntries(fields.map((name) => [name, typed[name] ?? ""])) as Record<(typeof fields)[number], string>,
  );
  const of = cells.oneOf("of", ["list", "keep"]);
  const how = cells.oneOf("how", ["provider", "by_hand"]);
  const amount = cells.amount("amount", payment.list.currency, 1n);
  const reason = cells.line("reason", 200);
  const partnerReason = cells.line("partner_reason", 200);
  assertNoProblems(cells.problems);
  const { currency } = payment.list;
  return {
    payment: payment.id,
    of: of ?? "list",
    how: how ?? "by_hand",
    amount: amount ?? money(0n, currency),
    reason: reason ?? "",
    partnerReason: partnerReason ?? "",
  };
}

const ask = route({
  id: "staff.payments.refund",
  method: "GET",
  path: "/staff/payments/:id/refund",
  opens: "staff",
  may: "payments.refund",
  params,
  handle: async (rq, cx) => await formPage(rq.ui, cx, rq.params.id, undefined),
});

const refund = route({
  id: "staff.payments.refunded",
  method: "POST",
  path: "/staff/payments/:id/refund",
  opens: "staff",
  may: "payments.refund",
  params,
  form,
  handle: async (rq, cx, may) => {
    const payment = await readPayment(cx, rq.params.id);
    const typed = Object.fromEntries(Object.entries(rq.form).map(([name, value]) => [name, value ?? ""]));
    const failed = { typed, errors: {}, problem: new Problem("form.invalid", "") };
    if (rq.form.step === "back") return await formPage(rq.ui, cx, payment.id, failed);
    const input = readRefund(rq.form, payment);
    if (rq.form.step !== "refund") {
      const preview = await previewRefund(cx, may, input);
      const shown = { ui: rq.ui, staff: cx.principal, form: formOf(failed), payment, input, preview };
      return page(<CheckRefundPage {...shown} />);
    }
    await assertPaymentAsSeen(cx, payment.id, rq.form.version ?? "");
    const { state } = await refundPayment(cx, may, input);
    return seeOther(`/staff/payments/${payment.id}?done=${state === "pending" ? "refund-pending" : "refunded"}`);
  },
  again: async (rq, cx, _may, failed) => await formPage(rq.ui, cx, rq.params.id, failed),
});

export default [ask, refund] as Route[];
