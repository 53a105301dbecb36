import { z } from "zod";
import { activityOf } from "#features/audit/audit-views.ts";
import { invoiceFileName, invoicePdf, standingOf } from "#features/invoices/invoice-document.ts";
import { invoiceReaders, readInvoice } from "#features/invoices/invoice-views.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { file, page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import { InvoicePage } from "./detail-page.tsx";

const params = z.object({ id: z.string().refine((id) => isId("inv", id)) });

const detail = route({
  id: "staff.invoices.read",
  method: "GET",
  path: "/staff/invoices/:id",
  opens: "staff",
  may: "invoices.read",
  params,
  handle: async (rq, cx, may) => {
    const view = await readInvoice(cx, may, rq.params.id);
    const partner = await readPartnership(cx, view.invoice.partnership);
    const contacts = await invoiceReaders(cx, partner.id);
    const activity = await activityOf(cx, view.invoice.id);
    const today = todayOf(cx.institution, cx.now);
    return page(<InvoicePage {...{ ui: rq.ui, staff: cx.principal, view, partner, today, activity, contacts }} />);
  },
});

/** The document as PDF, in the institution's language. The transaction has ended before the PDF is made. */
const pdf = route({
  id: "staff.invoices.pdf",
  method: "GET",
  path: "/staff/invoices/:id/pdf",
  opens: "staff",
  may: "invoices.read",
  params,
  outside: async (rq, tx) => {
    const { view, language } = await tx(async (cx, may) => {
      return { view: await readInvoice(cx, may, rq.params.id), language: cx.institution.locale };
    });
    const { invoice, snapshot } = view;
    if (!snapshot) throw notFound();
    const notes = view.creditNotes.map((note) => ({ number: note.number ?? 0n, total: note.total }));
    const standing = invoice.kind === "invoice" ? standingOf(invoice, view.money, notes) : undefined;
    return file(await invoicePdf(snapshot, standing, language), "application/pdf", invoiceFileName(snapshot));
  },
});

export default [detail, pdf] as Route[];
