import { z } from "zod";
import { permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import {
  type CreditWish,
  creditableLines,
  creditInvoice,
  quoteCredit,
  whyNotCredit,
} from "#features/invoices/credit-invoice.ts";
import { type Invoice, type InvoiceId, owedOf } from "#features/invoices/invoice.ts";
import { readInvoice } from "#features/invoices/invoice-views.ts";
import { voidInvoice, whyNotVoid } from "#features/invoices/void-invoice.ts";
import { recordInvoicePayment } from "#features/money-in/record-invoice-payment.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId, newId } from "#kernel/ids.ts";
import { parseMoney } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { cleanText, readLine } from "#kernel/text.ts";
import { parseDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, t } from "#web/staff/shared.tsx";
import { CheckCreditPage, CheckRecordPage, CreditPage, handMethods, RecordPage, VoidPage } from "./action-pages.tsx";
import { type Typed, textOf } from "./form-text.ts";
import { home } from "./list-page.tsx";

const form = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const params = z.object({ id: z.custom<InvoiceId>((text) => isId("inv", text)) });

async function invoiceOf(cx: Cx<Staff>, id: string): Promise<Invoice> {
  return (await readInvoice(cx, permit(cx.principal, "invoices.read"), id)).invoice;
}

/** What the pages of an invoice's actions are drawn from. */
async function standing(ui: Ui, cx: Cx<Staff>, id: string, failed?: Failed) {
  return { ui, staff: cx.principal, form: formOf(failed), invoice: await invoiceOf(cx, id) };
}

function assertCan(why: string | undefined): void {
  if (why) throw new Problem("conflict", why);
}

function invalid(fields: Record<string, string>): Problem {
  return new Problem("form.invalid", Object.values(fields)[0] ?? "", { fields });
}

const voidForm = route({
  id: "staff.invoices.void",
  method: "GET",
  path: "/staff/invoices/:id/void",
  opens: "staff",
  may: "invoices.write",
  params,
  handle: async (rq, cx) => {
    const here = await standing(rq.ui, cx, rq.params.id);
    assertCan(whyNotVoid(here.invoice));
    return page(<VoidPage {...here} />);
  },
});

const voided = route({
  id: "staff.invoices.voided",
  method: "POST",
  path: "/staff/invoices/:id/void",
  opens: "staff",
  may: "invoices.write",
  params,
  handle: async (rq, cx, may) => {
    await voidInvoice(cx, may, rq.params.id);
    return seeOther(`${home}/${rq.params.id}?done=voided`);
  },
});

async function creditPage(ui: Ui, cx: Cx<Staff>, id: string, failed: Failed | undefined) {
  const here = await standing(ui, cx, id, failed);
  assertCan(whyNotCredit(here.invoice));
  const key = textOf(failed?.typed ?? {}, "key");
  const creditKey = isId("inv", key) ? key : newId("inv", cx.now, cx.random);
  return page(<CreditPage {...here} lines={await creditableLines(cx, here.invoice)} creditKey={creditKey} />);
}

const creditForm = route({
  id: "staff.invoices.credit",
  method: "GET",
  path: "/staff/invoices/:id/credit",
  opens: "staff",
  may: "invoices.write",
  params,
  handle: async (rq, cx) => await creditPage(rq.ui, cx, rq.params.id, undefined),
});

/** How much of each line was typed. Throws `form.invalid` with the words for each field. */
function readCredit(typed: Typed, { currency }: Invoice): { wish: CreditWish; reason: string } {
  const problems: Record<string, string> = {};
  const wish = new Map<number, bigint>();
  for (const name of Object.keys(typed)) {
    const position = Number(/^line_(\d{1,3})$/.exec(name)?.[1] ?? "0");
    const text = textOf(typed, name);
    if (position === 0 || text === "") continue;
    const amount = parseMoney(text, currency);
    if ("problem" in amount) problems[name] = amount.problem;
    else wish.set(position, amount.minor);
  }
  const reason = cleanText([typed.reason ?? ""].flat()[0] ?? "");
  if (reason === "") problems.reason = "Write why, for the partner to read.";
  if (reason.length > 1_000) problems.reason = "Write at most 1000 characters.";
  if (Object.keys(problems).length > 0) throw invalid(problems);
  return { wish, reason };
}

const credit = route({
  id: "staff.invoices.credited",
  method: "POST",
  path: "/staff/invoices/:id/credit",
  opens: "staff",
  may: "invoices.write",
  params,
  form,
  handle: async (rq, cx, may) => {
    const { id } = rq.params;
    const failed = { typed: rq.form, errors: {}, problem: new Problem("form.invalid", "") };
    const pressed = textOf(rq.form, "step");
    if (pressed === "back") return await creditPage(rq.ui, cx, id, failed);
    const here = await standing(rq.ui, cx, id, failed);
    const { wish, reason } = readCredit(rq.form, here.invoice);
    if (pressed === "credit") {
      const typed = textOf(rq.form, "key");
      const key = isId("inv", typed) ? typed : newId("inv", cx.now, cx.random);
      await creditInvoice(cx, may, { key, invoice: id, wish, reason });
      return seeOther(`${home}/${id}?done=credited`);
    }
    assertCan(whyNotCredit(here.invoice));
    const quote = quoteCredit(here.invoice, await creditableLines(cx, here.invoice), wish);
    return page(<CheckCreditPage {...here} quote={quote} reason={reason} />);
  },
  again: async (rq, cx, _may, failed) => await creditPage(rq.ui, cx, rq.params.id, failed),
});

async function recordPage(ui: Ui, cx: Cx<Staff>, id: string, failed: Failed | undefined) {
  const here = await standing(ui, cx, id, failed);
  assertCan(owedOf(here.invoice).minor === 0n ? "Nothing is owed on this invoice." : undefined);
  return page(<RecordPage {...here} today={todayOf(cx.institution, cx.now)} />);
}

const recordForm = route({
  id: "staff.invoices.record",
  method: "GET",
  path: "/staff/invoices/:id/record",
  opens: "staff",
  may: "invoices.write",
  params,
  handle: async (rq, cx) => await recordPage(rq.ui, cx, rq.params.id, undefined),
});

/** What was typed of a payment. Throws `form.invalid` with the words for each field. */
function readRecord(typed: Typed, invoice: Invoice) {
  const problems: Record<string, string> = {};
  const amount = parseMoney(textOf(typed, "amount"), invoice.currency);
  if ("problem" in amount) problems.amount = amount.problem;
  else if (amount.minor === 0n) problems.amount = "Write an amount above zero.";
  else if (amount.minor > owedOf(invoice).minor) {
    problems.amount = `Write at most ${t.money(owedOf(invoice), "code")}: no more is owed.`;
  }
  const receivedOn = parseDate(textOf(typed, "received_on"));
  if (!receivedOn) problems.received_on = "Choose the day on which the money arrived.";
  const methodLabel = handMethods.find((one) => one === textOf(typed, "method"));
  if (!methodLabel) problems.method = "Choose how it was paid.";
  const note = readLine(textOf(typed, "note"), 100);
  if (typeof note !== "string") problems.note = note.problem;
  if ("problem" in amount || !receivedOn || !methodLabel || typeof note !== "string" || problems.amount) {
    throw invalid(problems);
  }
  return { amount, receivedOn, methodLabel, note };
}

const record = route({
  id: "staff.invoices.recorded",
  method: "POST",
  path: "/staff/invoices/:id/record",
  opens: "staff",
  may: "invoices.write",
  params,
  form,
  handle: async (rq, cx, may) => {
    const { id } = rq.params;
    const failed = { typed: rq.form, errors: {}, problem: new Problem("form.invalid", "") };
    const pressed = textOf(rq.form, "step");
    if (pressed === "back") return await recordPage(rq.ui, cx, id, failed);
    const here = await standing(rq.ui, cx, id, failed);
    const before = /^\d{1,16}$/.exec(textOf(rq.form, "owed"))?.[0];
    // Sent twice, the second finds less owed: that is a conflict before anything that was typed.
    if (pressed === "record" && before !== undefined && BigInt(before) !== owedOf(here.invoice).minor) {
      throw new Problem("conflict", "What is owed has changed meanwhile. Look at the invoice first.");
    }
    const input = readRecord(rq.form, here.invoice);
    if (pressed !== "record") return page(<CheckRecordPage {...here} input={input} />);
    const owedBefore = before === undefined ? owedOf(here.invoice).minor : BigInt(before);
    await recordInvoicePayment(cx, may, { invoice: id, ...input, owedBefore });
    return seeOther(`${home}/${id}?done=recorded`);
  },
  again: async (rq, cx, _may, failed) => await recordPage(rq.ui, cx, rq.params.id, failed),
});

export default [voidForm, voided, creditForm, credit, recordForm, record] as Route[];
