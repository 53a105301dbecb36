import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { createPartnership } from "#features/partnerships/create-partnership.ts";
import { editPartnership } from "#features/partnerships/edit-partnership.ts";
import { partnershipFieldNames } from "#features/partnerships/partnership-input.ts";
import { partnershipNames, readPartnership } from "#features/partnerships/partnership-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, keyOf, textFields } from "#web/staff/shared.tsx";
import { PartnershipFormPage } from "./form-page.tsx";

const params = z.object({ id: z.string().refine((id) => isId("prt", id)) });
const form = textFields(...partnershipFieldNames, "tax_registered", "from_date", "key", "version");

/** The form as it is drawn first, or again: after a conflict to be compared with what is stored now, and saved over. */
async function drawn(ui: Ui, cx: Cx<Staff>, id: string | undefined, failed?: Failed) {
  const partnership = id === undefined ? undefined : await readPartnership(cx, id);
  const others = await partnershipNames(cx);
  const key = keyOf(cx, "prt", failed);
  const hidden: Record<string, string> = partnership ? { version: partnership.updatedAt.toString() } : { key };
  const today = todayOf(cx.institution, cx.now);
  const shown = { ui, staff: cx.principal, form: formOf(failed), partnership, others, today, hidden };
  return page(<PartnershipFormPage {...shown} />);
}

const fresh = route({
  id: "staff.partnerships.new",
  method: "GET",
  path: "/staff/partnerships/new",
  opens: "staff",
  may: "partnerships.write",
  handle: async (rq, cx) => await drawn(rq.ui, cx, undefined),
});

const create = route({
  id: "staff.partnerships.create",
  method: "POST",
  path: "/staff/partnerships/new",
  opens: "staff",
  may: "partnerships.write",
  form,
  handle: async (rq, cx, may) => {
    const made = await createPartnership(cx, may, typed(rq.form));
    return seeOther(`/staff/partnerships/${made.id}?done=created`);
  },
  again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, undefined, failed),
});

const edit = route({
  id: "staff.partnerships.edit",
  method: "GET",
  path: "/staff/partnerships/:id/edit",
  opens: "staff",
  may: "partnerships.write",
  params,
  handle: async (rq, cx) => await drawn(rq.ui, cx, rq.params.id),
});

const save = route({
  id: "staff.partnerships.save",
  method: "POST",
  path: "/staff/partnerships/:id/edit",
  opens: "staff",
  may: "partnerships.write",
  params,
  form,
  handle: async (rq, cx, may) => {
    await editPartnership(cx, may, rq.params.id, typed(rq.form), rq.form.version);
    return seeOther(`/staff/partnerships/${rq.params.id}?done=saved`);
  },
  again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, rq.params.id, failed),
});

/** Fields that were not sent at all count as empty: a form holds all of them. */
function typed(sent: z.output<typeof form>): Record<keyof z.output<typeof form>, string> {
  const names = Object.keys(form.shape) as (keyof typeof sent)[];
  return Object.fromEntries(names.map((name) => [name, sent[name] ?? ""])) as Record<keyof typeof sent, string>;
}

export default [fresh, create, edit, save] as Route[];
