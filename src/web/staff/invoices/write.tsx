import { z } from "zod";
import type { Permit } from "#access/permit.ts";
import { permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import { amountsOfDraft, changeDraft, createDraft, dropDraft, versionOf } from "#features/invoices/invoice-draft.ts";
import { type InvoiceView, readInvoice } from "#features/invoices/invoice-views.ts";
import { issueInvoice } from "#features/invoices/issue-invoice.ts";
import { partnershipNames, readPartnership } from "#features/partnerships/partnership-views.ts";
import { type Answer, page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId, newId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { toPercent } from "#kernel/rate.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, keyOf, t } from "#web/staff/shared.tsx";
import { CheckInvoicePage, type FormPlace, InvoiceFormPage } from "./form-page.tsx";
import { firstRows, readInvoiceForm, rowsOf, type Typed, textOf } from "./form-text.ts";
import { home } from "./list-page.tsx";

type May = Permit<"invoices.write">;
const form = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const params = z.object({ id: z.custom<InvoiceId>((text) => isId("inv", text)) });

const newPlace: FormPlace = { action: `${home}/new`, back: home, title: "New invoice" };
const editPlace = (id: string): FormPlace => {
  return { action: `${home}/${id}/edit`, back: `${home}/${id}`, title: "Change the draft" };
};

async function formPage(ui: Ui, cx: Cx<Staff>, place: FormPlace, typed: Typed, problems?: Record<string, string>) {
  const hidden = Object.fromEntries(["key", "version"].map((name) => [name, textOf(typed, name)]));
  const state = { t, values: typed, ...(problems && { problems }) };
  const partners = await partnershipNames(cx);
  return page(
    <InvoiceFormPage
      {...{ ui, staff: cx.principal, form: state, place, partners, rows: rowsOf(typed) }}
      hidden={Object.fromEntries(Object.entries(hidden).filter(([, value]) => value !== ""))}
    />,
  );
}

/** One press of a button of the form: another line, back to it, the check page, or what was checked is saved. */
async function step(
  rq: { ui: Ui; form: Typed },
  cx: Cx<Staff>,
  place: FormPlace,
  save: (input: ReturnType<typeof readInvoiceForm>) => Promise<InvoiceId>,
  issue: (id: InvoiceId) => Promise<void>,
): Promise<Answer> {
  const typed = rq.form;
  const pressed = textOf(typed, "step");
  if (pressed === "add") return await formPage(rq.ui, cx, place, { ...typed, rows: String(rowsOf(typed) + 1) });
  if (pressed === "back") return await formPage(rq.ui, cx, place, typed);
  const input = readInvoiceForm(typed);
  const amounts = amountsOfDraft(input);
  const partner = await readPartnership(cx, input.partnership);
  if (pressed !== "draft" && pressed !== "issue") {
    const today = todayOf(cx.institution, cx.now);
    if (Temporal.PlainDate.compare(input.dueDate, today) < 0) {
      const words = "The due date has passed. Choose today or a later day.";
      throw new Problem("form.invalid", words, { fields: { due_date: words } });
    }
    const shown = { ui: rq.ui, staff: cx.principal, form: { t, values: typed }, place, input, amounts };
    return page(<CheckInvoicePage {...shown} partner={partner.name} />);
  }
  const id = await save(input);
  if (pressed === "issue") await issue(id);
  return seeOther(`${home}/${id}?done=${pressed === "issue" ? "issued" : "saved"}`);
}

async function again(ui: Ui, cx: Cx<Staff>, place: FormPlace, failed: Failed): Promise<Answer> {
  const { typed, errors, problem } = failed;
  const problems = Object.keys(errors).length > 0 ? errors : { "": problem.message };
  return await formPage(ui, cx, place, typed, problems);
}

const fresh = route({
  id: "staff.invoices.new",
  method: "GET",
  path: "/staff/invoices/new",
  opens: "staff",
  may: "invoices.write",
  query: z.object({ partner: asked.text }),
  handle: async (rq, cx) => {
    const today = todayOf(cx.institution, cx.now);
    const start: Record<string, string> = {
      key: keyOf(cx, "inv", undefined),
      rows: String(firstRows),
      partner: rq.query.partner ?? "",
      currency: cx.institution.currencies[0] ?? "AUD",
      due_date: today.add({ days: 30 }).toString(),
    };
    for (let row = 1; row <= firstRows; row++) Object.assign(start, emptyRow(cx, row));
    return await formPage(rq.ui, cx, newPlace, start);
  },
});

function emptyRow(cx: Cx<Staff>, row: number): Record<string, string> {
  return { [`quantity_${row}`]: "1", [`tax_${row}`]: toPercent(cx.institution.taxBps) };
}

const create = route({
  id: "staff.invoices.create",
  method: "POST",
  path: "/staff/invoices/new",
  opens: "staff",
  may: "invoices.write",
  form,
  handle: async (rq, cx, may) => {
    const key = textOf(rq.form, "key");
    const id = isId("inv", key) ? key : newId("inv", cx.now, cx.random);
    const toRead = permit(cx.principal, "invoices.read");
    return await step(
      rq,
      cx,
      newPlace,
      async (input) => {
        await createDraft(cx, may, id, input);
        return id;
      },
      // Sent twice, the second finds what the first made: issued already, or kept as a draft until now.
      async () => {
        const { invoice } = await readInvoice(cx, toRead, id);
        if (invoice.state === "draft") await issueInvoice(cx, may, id);
      },
    );
  },
  again: async (rq, cx, _may, failed) => {
    const typed = { ...failed.typed, key: keyOf(cx, "inv", failed) };
    return await again(rq.ui, cx, newPlace, { ...failed, typed });
  },
});

const edit = route({
  id: "staff.invoices.edit",
  method: "GET",
  path: "/staff/invoices/:id/edit",
  opens: "staff",
  may: "invoices.write",
  params,
  handle: async (rq, cx) => {
    const view = await readInvoice(cx, permit(cx.principal, "invoices.read"), rq.params.id);
    if (view.invoice.state !== "draft") return seeOther(`${home}/${view.invoice.id}`);
    return await formPage(rq.ui, cx, editPlace(rq.params.id), typedOf(view));
  },
});

/** A stored draft as its form. */
function typedOf({ invoice, lines }: InvoiceView): Record<string, string> {
  const typed: Record<string, string> = {
    version: versionOf(invoice),
    rows: String(lines.length),
    partner: invoice.partnership,
    currency: invoice.currency,
    due_date: invoice.dueDate?.toString() ?? "",
    notes: invoice.notes,
  };
  for (const [index, line] of lines.entries()) {
    typed[`description_${index + 1}`] = line.description;
    typed[`quantity_${index + 1}`] = String(line.quantity);
    typed[`unit_${index + 1}`] = toDecimal(line.unit);
    typed[`tax_${index + 1}`] = toPercent(line.taxBps);
  }
  return typed;
}

const change = route({
  id: "staff.invoices.change",
  method: "POST",
  path: "/staff/invoices/:id/edit",
  opens: "staff",
  may: "invoices.write",
  params,
  form,
  handle: async (rq, cx, may) => {
    const { id } = rq.params;
    return await step(
      rq,
      cx,
      editPlace(id),
      async (input) => {
        await changeDraft(cx, may, id, textOf(rq.form, "version"), input);
        return id;
      },
      async () => void (await issueInvoice(cx, may, id)),
    );
  },
  again: async (rq, cx, _may, failed) => await again(rq.ui, cx, editPlace(rq.params.id), failed),
});

/** The one-button forms of a draft's own page. */
const issue = route({
  id: "staff.invoices.issue",
  method: "POST",
  path: "/staff/invoices/:id/issue",
  opens: "staff",
  may: "invoices.write",
  params,
  form,
  handle: async (rq, cx, may: May) => {
    await issueInvoice(cx, may, rq.params.id, { version: textOf(rq.form, "version") });
    return seeOther(`${home}/${rq.params.id}?done=issued`);
  },
});

const drop = route({
  id: "staff.invoices.delete",
  method: "POST",
  path: "/staff/invoices/:id/delete",
  opens: "staff",
  may: "invoices.write",
  params,
  handle: async (rq, cx, may: May) => {
    await dropDraft(cx, may, rq.params.id);
    return seeOther(`${home}?done=deleted`);
  },
});

export default [fresh, create, edit, change, issue, drop] as Route[];
