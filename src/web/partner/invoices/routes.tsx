import { z } from "zod";
import { invoicesUnderWay } from "#features/checkouts/checkout-partner-view.ts";
import { invoiceNumber, invoiceStatusOf, owedOf } from "#features/invoices/invoice.ts";
import { invoiceFileName, invoicePdf, standingOf } from "#features/invoices/invoice-document.ts";
import {
  listPartnerInvoices,
  openInvoicesOfPartner,
  type PartnerInvoicePlace,
  partnerTabs,
  readPartnerCreditNote,
  readPartnerInvoice,
} from "#features/invoices/invoice-partner-view.ts";
import { file, page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { toDecimal } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { InvoicePage } from "./invoice-page.tsx";
import { InvoiceListPage, readPlace } from "./list-page.tsx";

const filterQuery = z.object({
  show: asked.oneOf(partnerTabs),
  q: asked.text,
  currency: asked.currency,
  from: asked.date,
  to: asked.date,
});
const params = z.object({
  number: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform((text) => BigInt(text)),
});

const list = route({
  id: "partner.invoices",
  method: "GET",
  path: "/partner/invoices",
  opens: "partner",
  may: "partner.view",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const { before, after, ...filter } = rq.query;
    const today = todayOf(cx.institution, cx.now);
    const paging = { before: readPlace(before), after: readPlace(after), size: pageSize };
    const [found, open] = await Promise.all([
      listPartnerInvoices(cx, filter, today, paging),
      openInvoicesOfPartner(cx),
    ]);
    const facts = { found, filter, today, owes: open.length > 0 };
    return page(<InvoiceListPage ui={rq.ui} partner={cx.principal} facts={facts} />);
  },
});

const headings = [
  "invoice",
  "issued_on",
  "due_on",
  "status",
  "currency",
  "net",
  "tax",
  "total",
  "paid",
  "credited",
  "owed",
];

const exported = route({
  id: "partner.invoices.export",
  method: "GET",
  path: "/partner/invoices/export.csv",
  opens: "partner",
  may: "partner.view",
  query: filterQuery,
  outside: async (rq, tx) => {
    return await csvDownload<PartnerInvoicePlace>("invoices.csv", headings, async (before) => {
      const { found, today } = await tx(async (cx) => {
        const day = todayOf(cx.institution, cx.now);
        return { found: await listPartnerInvoices(cx, rq.query, day, { before, size: exportPageSize }), today: day };
      });
      const rows = found.rows.map((invoice) => [
        invoiceNumber("invoice", invoice.number),
        invoice.issueDate.toString(),
        invoice.dueDate?.toString() ?? "",
        invoiceStatusOf(invoice, today),
        invoice.currency,
        toDecimal(invoice.net),
        toDecimal(invoice.tax),
        toDecimal(invoice.total),
        toDecimal(invoice.paid),
        toDecimal(invoice.credited),
        toDecimal(owedOf(invoice)),
      ]);
      const last = found.rows.at(-1);
      return { rows, next: found.behind && last ? { open: owedOf(last).minor > 0n, number: last.number } : undefined };
    });
  },
});

const one = route({
  id: "partner.invoices.read",
  method: "GET",
  path: "/partner/invoices/:number",
  opens: "partner",
  may: "partner.view",
  params,
  handle: async (rq, cx) => {
    const view = await readPartnerInvoice(cx, rq.params.number);
    const underWay = (await invoicesUnderWay(cx)).has(view.invoice.id);
    const today = todayOf(cx.institution, cx.now);
    return page(<InvoicePage ui={rq.ui} partner={cx.principal} view={view} today={today} underWay={underWay} />);
  },
});

/** The invoice as PDF, in the reader's language. The transaction has ended before the PDF is made. */
const pdf = route({
  id: "partner.invoices.pdf",
  method: "GET",
  path: "/partner/invoices/:number/pdf",
  opens: "partner",
  may: "partner.view",
  params,
  outside: async (rq, tx) => {
    const view = await tx((cx) => readPartnerInvoice(cx, rq.params.number));
    const { invoice, snapshot } = view;
    const bytes = await invoicePdf(snapshot, standingOf(invoice, view.money, view.creditNotes), rq.ui.locale);
    return file(bytes, "application/pdf", invoiceFileName(snapshot));
  },
});

const creditNote = route({
  id: "partner.credit-notes.pdf",
  method: "GET",
  path: "/partner/credit-notes/:number",
  opens: "partner",
  may: "partner.view",
  params,
  outside: async (rq, tx) => {
    const snapshot = await tx((cx) => readPartnerCreditNote(cx, rq.params.number));
    const bytes = await invoicePdf(snapshot, undefined, rq.ui.locale);
    return file(bytes, "application/pdf", invoiceFileName(snapshot));
  },
});

// The export stands ahead of the page of one invoice: its name would else be taken for a number.
export default [list, exported, one, pdf, creditNote] as Route[];
