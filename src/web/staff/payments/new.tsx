import { z } from "zod";
import { permit } from "#access/permit.ts";
import type { CustomerId, Staff } from "#access/principal.ts";
import { listCustomers } from "#features/customers/customer-list.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import { partnershipNames } from "#features/partnerships/partnership-views.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import { createPlan } from "#features/payments/create-plan.ts";
import { draftOf } from "#features/payments/payment-input.ts";
import { usualShares } from "#features/payments/usual-shares.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { isCurrency } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, can, formOf, keyOf, t, textFields } from "#web/staff/shared.tsx";
import { CheckPaymentPage, NewPaymentPage, PickCustomerPage } from "./new-page.tsx";
import { paymentFields, readNew } from "./payment-text.ts";
import { chosenPartners, taxesOf } from "./share-taxes.ts";

const form = textFields(...paymentFields, "customer", "step");

const fresh = route({
  id: "staff.payments.new",
  method: "GET",
  path: "/staff/payments/new",
  opens: "staff",
  may: "payments.write",
  query: z.object({ customer: asked.text, q: asked.text }),
  handle: async (rq, cx) => {
    if (rq.query.customer !== undefined) return await formPage(rq.ui, cx, rq.query.customer, undefined);
    const q = rq.query.q ?? "";
    const found = q === "" ? [] : (await listCustomers(cx, { q }, { size: 20 })).rows.map((row) => row.customer);
    return page(<PickCustomerPage ui={rq.ui} staff={cx.principal} q={q} found={found} />);
  },
});

const create = route({
  id: "staff.payments.create",
  method: "POST",
  path: "/staff/payments/new",
  opens: "staff",
  may: "payments.write",
  form,
  handle: async (rq, cx, may) => {
    const { customer: id = "", step } = rq.form;
    const customer = await readCustomer(cx, id);
    const failed = { typed: plainly(rq.form), errors: {}, problem: new Problem("form.invalid", "") };
    if (step === "back" || step === "row") return await formPage(rq.ui, cx, id, failed);
    const input = readNew(withoutForbidden(cx.principal, rq.form), customer.id);
    if (step !== "create") {
      const draft = await draftOf(cx, input);
      const shown = { ui: rq.ui, staff: cx.principal, form: formOf(failed), customer, draft };
      return page(<CheckPaymentPage {...shown} />);
    }
    if ("total" in input) {
      await createPlan(cx, may, { ...input, key: (input.key ?? "").replace(/^pay_/, "plan_") });
      return seeOther(`/staff/customers/${customer.id}?done=planned`);
    }
    const made = await createPayment(cx, may, input);
    return seeOther(`/staff/payments/${made.id}?done=created`);
  },
  again: async (rq, cx, _may, failed) => {
    const id = String(failed.typed.customer ?? "");
    if (!isId("cus", id)) throw notFound();
    return await formPage(rq.ui, cx, id, failed);
  },
});

/** Who may not give a discount sends none: the form has no field for it. */
function withoutForbidden(staff: Staff, sent: z.output<typeof form>): z.output<typeof form> {
  if ((sent.discount ?? "") !== "") permit(staff, "payments.discount");
  return can(staff, "payments.discount") ? sent : { ...sent, discount: "", discount_reason: "" };
}

function plainly(sent: z.output<typeof form>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

async function formPage(ui: Ui, cx: Cx<Staff>, id: string, failed: Failed | undefined) {
  const customer = await readCustomer(cx, id as CustomerId);
  const partnerships = await partnershipNames(cx);
  const sent = String(failed?.typed.currency ?? "");
  const currency = isCurrency(sent) ? sent : (cx.institution.currencies[0] ?? "AUD");
  const shares = failed ? [] : await usualShares(cx, customer.partnershipId, currency);
  const shown = {
    ui,
    staff: cx.principal,
    form: failed ? formOf(failed) : { t },
    customer,
    partnerships,
    shares,
    taxes: await taxesOf(cx, chosenPartners(failed?.typed, shares)),
    currency,
    paymentKey: keyOf(cx, "pay", failed),
  };
  return page(<NewPaymentPage {...shown} />);
}

export default [fresh, create] as Route[];
