import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import { invoiceFileName, invoicePdf } from "#features/invoices/invoice-document.ts";
import { acceptAgreement } from "#features/self-billing/agreements.ts";
import { disputeSelfBilled } from "#features/self-billing/disputes.ts";
import {
  listSelfBilled,
  ownAgreement,
  readSelfBilled,
  type SelfBilledFilter,
} from "#features/self-billing/self-billing-partner-view.ts";
import { file, page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { toDecimal } from "#kernel/money.ts";
import type { Paging } from "#kernel/paging.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize, textFields } from "#web/staff/shared.tsx";
import { SelfBilledPage } from "./invoice-page.tsx";
import { SelfBillingPage } from "./overview-page.tsx";
import { selfBillingHome as home, selfBilledNumber } from "./parts.tsx";

const place = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);
const filterQuery = z.object({
  show: asked.oneOf(["disputed", "credited"]),
  q: asked.text,
  from: asked.date,
  to: asked.date,
  currency: asked.currency,
});
const params = z.object({
  number: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(BigInt),
});

async function overview(ui: Ui, cx: Cx<Partner>, filter: SelfBilledFilter, paging: Paging<bigint>, failed?: Failed) {
  const [agreement, found] = await Promise.all([ownAgreement(cx), listSelfBilled(cx, filter, paging)]);
  const shown = { ui, partner: cx.principal, agreement, found, filter };
  return page(<SelfBillingPage {...shown} {...(failed && { problems: failed.errors })} />);
}

const list = route({
  id: "partner.self-billing",
  method: "GET",
  path: home,
  opens: "partner",
  may: "partner.view",
  query: filterQuery.extend({ before: place, after: place }),
  handle: async (rq, cx) => {
    const { before, after, ...filter } = rq.query;
    return await overview(rq.ui, cx, filter, { before, after, size: pageSize });
  },
});

const header = ["invoice", "issued_on", "for", "status", "net", "tax", "total", "credited", "currency"];

const exported = route({
  id: "partner.self-billing.export",
  method: "GET",
  path: `${home}/export.csv`,
  opens: "partner",
  may: "partner.view",
  query: filterQuery,
  outside: async (rq, tx) =>
    await csvDownload<bigint>("self-billing.csv", header, async (before) => {
      const found = await tx((cx) => listSelfBilled(cx, rq.query, { before, size: exportPageSize }));
      const rows = found.rows.map((row) => [
        selfBilledNumber(row),
        row.issueDate.toString(),
        row.description,
        row.state,
        toDecimal(row.net),
        toDecimal(row.tax),
        toDecimal(row.total),
        toDecimal(row.credited),
        row.total.currency,
      ]);
      return { rows, next: found.behind ? found.rows.at(-1)?.number : undefined };
    }),
});

/** Who reads may look at it; who may pay may bind the partner (docs/security.md). */
const accept = route({
  id: "partner.self-billing.accept",
  method: "POST",
  path: `${home}/accept`,
  opens: "partner",
  may: "partner.pay",
  form: textFields("version"),
  handle: async (rq, cx, may) => {
    const accepted = { version: rq.form.version ?? "", agent: rq.userAgent };
    await acceptAgreement(cx, may, accepted, translator(rq.ui.locale));
    return seeOther(`${home}?done=accepted`);
  },
  again: async (rq, cx, _may, failed) => await overview(rq.ui, cx, {}, { size: pageSize }, failed),
});

async function onePage(ui: Ui, cx: Cx<Partner>, number: bigint, failed?: Failed) {
  const t = translator(ui.locale);
  const view = await readSelfBilled(cx, number);
  const form = failed ? { t, values: failed.typed, problems: failed.errors } : { t };
  return page(<SelfBilledPage ui={ui} partner={cx.principal} view={view} form={form} />);
}

const one = route({
  id: "partner.self-billing.read",
  method: "GET",
  path: `${home}/:number`,
  opens: "partner",
  may: "partner.view",
  params,
  handle: async (rq, cx) => await onePage(rq.ui, cx, rq.params.number),
});

/** The transaction has ended before the PDF is made. */
const pdf = route({
  id: "partner.self-billing.pdf",
  method: "GET",
  path: `${home}/:number/pdf`,
  opens: "partner",
  may: "partner.view",
  params,
  outside: async (rq, tx) => {
    const { snapshot } = await tx((cx) => readSelfBilled(cx, rq.params.number));
    return file(await invoicePdf(snapshot, undefined, rq.ui.locale), "application/pdf", invoiceFileName(snapshot));
  },
});

const dispute = route({
  id: "partner.self-billing.dispute",
  method: "POST",
  path: `${home}/:number/dispute`,
  opens: "partner",
  may: "partner.pay",
  params,
  form: textFields("reason"),
  handle: async (rq, cx, may) => {
    const { number } = rq.params;
    await disputeSelfBilled(cx, may, { number, reason: rq.form.reason ?? "" }, translator(rq.ui.locale));
    return seeOther(`${home}/${number}?done=disputed`);
  },
  again: async (rq, cx, _may, failed) => await onePage(rq.ui, cx, rq.params.number, failed),
});

// The export stands ahead of the page of one invoice: its name would else be taken for a number.
export default [list, exported, accept, one, pdf, dispute] as Route[];
