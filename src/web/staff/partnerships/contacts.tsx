import { z } from "zod";
import { addContact } from "#features/partnerships/add-contact.ts";
import { contactAccess, isLastWithAccess, readContact } from "#features/partnerships/contact-views.ts";
import { editContact } from "#features/partnerships/edit-contact.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { removeContact } from "#features/partnerships/remove-contact.ts";
import { switchContactAccess } from "#features/partnerships/switch-contact-access.ts";
import { page, seeOther } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { formOf, keyOf, textFields } from "#web/staff/shared.tsx";
import { ContactPage, RemoveContactPage } from "./contact-page.tsx";

const ofPartner = z.object({ id: z.custom<PartnershipId>((id) => isId("prt", id)) });
const params = ofPartner.extend({ contact: z.string().refine((id) => isId("con", id)) });
const rights = z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional();
const form = textFields("name", "email", "phone", "language", "key", "version").extend({ rights });
const own = { opens: "staff", may: "partnerships.write" } as const;
const base = "/staff/partnerships/:id/contacts";

function typed({ name = "", email = "", phone = "", language = "", rights: given = [] }: z.output<typeof form>) {
  return { name, email, phone, language, rights: given };
}

const fresh = route({
  id: "staff.contacts.new",
  method: "GET",
  path: `${base}/new`,
  ...own,
  params: ofPartner,
  handle: async (rq, cx) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const hidden = { key: keyOf(cx, "con", undefined) };
    const shown = { ui: rq.ui, staff: cx.principal, form: formOf(undefined), partnership, contact: undefined, hidden };
    return page(<ContactPage {...shown} />);
  },
});

const create = route({
  id: "staff.contacts.create",
  method: "POST",
  path: `${base}/new`,
  ...own,
  params: ofPartner,
  form,
  handle: async (rq, cx, may) => {
    const home = `/staff/partnerships/${rq.params.id}`;
    const { id } = await addContact(cx, may, rq.params.id, typed(rq.form), rq.form.key);
    const { alsoCustomers } = await readContact(cx, may, rq.params.id, id);
    // Where the address is a customer's, too, the contact's own page says so at once.
    return seeOther(alsoCustomers.length > 0 ? `${home}/contacts/${id}?done=added` : `${home}?done=contact-added`);
  },
  again: async (rq, cx, _may, failed) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const hidden = { key: keyOf(cx, "con", failed) };
    const shown = { ui: rq.ui, staff: cx.principal, form: formOf(failed), partnership, contact: undefined, hidden };
    return page(<ContactPage {...shown} />);
  },
});

const edit = route({
  id: "staff.contacts.edit",
  method: "GET",
  path: `${base}/:contact`,
  ...own,
  params,
  handle: async (rq, cx, may) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const contact = await readContact(cx, may, partnership.id, rq.params.contact);
    const hidden = { version: contact.updatedAt.toString() };
    const shown = { ui: rq.ui, staff: cx.principal, form: formOf(undefined), partnership, contact, hidden };
    return page(<ContactPage {...shown} />);
  },
});

const save = route({
  id: "staff.contacts.save",
  method: "POST",
  path: `${base}/:contact`,
  ...own,
  params,
  form,
  handle: async (rq, cx, may) => {
    const { id, contact } = rq.params;
    await editContact(cx, may, id, contact, typed(rq.form), rq.form.version);
    return seeOther(`/staff/partnerships/${id}/contacts/${contact}?done=saved`);
  },
  again: async (rq, cx, may, failed) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const contact = await readContact(cx, may, partnership.id, rq.params.contact);
    // After a conflict the form is to be compared with what is stored now, and then saved over it.
    const hidden = { version: contact.updatedAt.toString() };
    const shown = { ui: rq.ui, staff: cx.principal, form: formOf(failed), partnership, contact, hidden };
    return page(<ContactPage {...shown} />);
  },
});

const access = route({
  id: "staff.contacts.access",
  method: "POST",
  path: `${base}/:contact/access`,
  ...own,
  params,
  form: z.object({ access: z.enum(["on", "off"]) }),
  handle: async (rq, cx, may) => {
    const { id, contact } = rq.params;
    await switchContactAccess(cx, may, id, contact, rq.form.access === "on");
    return seeOther(`/staff/partnerships/${id}/contacts/${contact}?done=${rq.form.access}`);
  },
});

const ask = route({
  id: "staff.contacts.remove",
  method: "GET",
  path: `${base}/:contact/remove`,
  ...own,
  params,
  handle: async (rq, cx, may) => {
    const partnership = await readPartnership(cx, rq.params.id);
    const contact = await readContact(cx, may, partnership.id, rq.params.contact);
    const isLast = isLastWithAccess(await contactAccess(cx, may, partnership.id), contact.id);
    const shown = { ui: rq.ui, staff: cx.principal, partnership, contact, isLast };
    return page(<RemoveContactPage {...shown} />);
  },
});

const remove = route({
  id: "staff.contacts.remove.go",
  method: "POST",
  path: `${base}/:contact/remove`,
  ...own,
  params,
  handle: async (rq, cx, may) => {
    await removeContact(cx, may, rq.params.id, rq.params.contact);
    return seeOther(`/staff/partnerships/${rq.params.id}?done=contact-removed`);
  },
});

export default [fresh, create, edit, save, access, ask, remove] as Route[];
