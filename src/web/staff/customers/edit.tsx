import { z } from "zod";
import { createCustomer } from "#features/customers/create-customer.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import { editCustomer } from "#features/customers/edit-customer.ts";
import { partnershipNames } from "#features/partnerships/partnership-views.ts";
import { page, seeOther } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { formOf, keyOf, textFields } from "#web/staff/shared.tsx";
import { CustomerFormPage } from "./form-page.tsx";

const params = z.object({ id: z.string().refine((id) => isId("cus", id)) });
const form = textFields(
  "given_name",
  "family_name",
  "external_id",
  "email",
  "phone",
  "language",
  "time_zone",
  "partnership",
  "key",
  "version",
);

const fresh = route({
  id: "staff.customers.new",
  method: "GET",
  path: "/staff/customers/new",
  opens: "staff",
  may: "customers.write",
  handle: async (rq, cx) => {
    const partnerships = await partnershipNames(cx);
    const hidden = { key: keyOf(cx, "cus", undefined) };
    const shown = {
      ui: rq.ui,
      staff: cx.principal,
      form: formOf(undefined),
      customer: undefined,
      partnerships,
      hidden,
    };
    return page(<CustomerFormPage {...shown} />);
  },
});

const create = route({
  id: "staff.customers.create",
  method: "POST",
  path: "/staff/customers/new",
  opens: "staff",
  may: "customers.write",
  form,
  handle: async (rq, cx, may) => {
    const made = await createCustomer(cx, may, typed(rq.form));
    return seeOther(`/staff/customers/${made.id}?done=created`);
  },
  again: async (rq, cx, _may, failed) => {
    const partnerships = await partnershipNames(cx);
    const hidden = { key: keyOf(cx, "cus", failed) };
    const shown = { ui: rq.ui, staff: cx.principal, form: formOf(failed), customer: undefined, partnerships, hidden };
    return page(<CustomerFormPage {...shown} />);
  },
});

const edit = route({
  id: "staff.customers.edit",
  method: "GET",
  path: "/staff/customers/:id/edit",
  opens: "staff",
  may: "customers.write",
  params,
  handle: async (rq, cx) => {
    const customer = await readCustomer(cx, rq.params.id);
    const partnerships = await partnershipNames(cx);
    const hidden = { version: customer.updatedAt.toString() };
    const shown = { ui: rq.ui, staff: cx.principal, form: formOf(undefined), customer, partnerships, hidden };
    return page(<CustomerFormPage {...shown} />);
  },
});

const save = route({
  id: "staff.customers.save",
  method: "POST",
  path: "/staff/customers/:id/edit",
  opens: "staff",
  may: "customers.write",
  params,
  form,
  handle: async (rq, cx, may) => {
    await editCustomer(cx, may, rq.params.id, typed(rq.form), rq.form.version);
    return seeOther(`/staff/customers/${rq.params.id}?done=saved`);
  },
  again: async (rq, cx, _may, failed) => {
    const customer = await readCustomer(cx, rq.params.id);
    const partnerships = await partnershipNames(cx);
    // After a conflict the form is to be compared with what is stored now, and then saved over it.
    const hidden = { version: customer.updatedAt.toString() };
    const shown = { ui: rq.ui, staff: cx.principal, form: formOf(failed), customer, partnerships, hidden };
    return page(<CustomerFormPage {...shown} />);
  },
});

/** Fields that were not sent at all count as empty: a form holds all of them. */
function typed(sent: z.output<typeof form>) {
  const { given_name = "", family_name = "", external_id = "", email = "", phone = "" } = sent;
  const { language = "", time_zone = "", partnership = "", key = "" } = sent;
  return { given_name, family_name, external_id, email, phone, language, time_zone, partnership, key };
}

export default [fresh, create, edit, save] as Route[];
