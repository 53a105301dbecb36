import type { InvoiceChoice, InvoiceRefusal } from "#features/checkouts/open-invoice-checkout.ts";
import { invoiceNumber, owedOf } from "#features/invoices/invoice.ts";
import type { PartnerInvoice } from "#features/invoices/invoice-partner-view.ts";
import { Problem } from "#kernel/problem.ts";
import type { T } from "#platform/i18n/messages.ts";
import { readPart, type Typed, tooMuch } from "#web/pay/part-amount.ts";

/** The name of the field that takes a part of an invoice. */
export function partName(invoice: Pick<PartnerInvoice, "number">): string {
  return `part.${invoice.number}`;
}

function payable(invoice: PartnerInvoice) {
  return { item: invoiceNumber("invoice", invoice.number), owed: owedOf(invoice) };
}

/** Which of the open invoices were ticked, and how much of each. Throws `form.invalid` in the page's language. */
export function readInvoiceChoices(t: T, typed: Typed, open: readonly PartnerInvoice[]): InvoiceChoice[] {
  const ticked = [typed.invoice ?? []].flat();
  const choices: InvoiceChoice[] = [];
  const fields: Record<string, string> = {};
  for (const invoice of open.filter((one) => ticked.includes(one.number.toString()))) {
    const text = [typed[partName(invoice)] ?? ""].flat()[0]?.trim() ?? "";
    if (text === "") {
      choices.push({ invoice });
      continue;
    }
    const part = readPart(t, payable(invoice), text);
    if ("wrong" in part) fields[partName(invoice)] = part.wrong;
    else choices.push({ invoice, part });
  }
  // What was ticked and is not open any more was paid or voided meanwhile, or was never this partner's.
  const gone = ticked.length - choices.length - Object.keys(fields).length;
  if (gone > 0) fields.invoice = t("pay.why.changed");
  if (ticked.length === 0) fields.invoice = t("invoice.wrong.nothing");
  if (Object.keys(fields).length > 0) throw invalid(fields);
  return choices;
}

/** What the checkout refused, as the form says it. */
export function refusedInvoices(t: T, refusal: InvoiceRefusal, open: readonly PartnerInvoice[]): Problem {
  const invoice = open.find((one) => one.number === refusal.number);
  const item = invoice ? payable(invoice).item : "";
  switch (refusal.why) {
    case "nothing":
      return invalid({ invoice: t("invoice.wrong.nothing") });
    case "too-much":
      return invalid({ invoice: invoice ? tooMuch(t, payable(invoice)) : t("pay.why.changed") });
    case "two-currencies":
    case "too-large":
      return invalid({ invoice: t(`pay.wrong.${refusal.why}`) });
    default:
      return invalid({ invoice: t(`pay.wrong.${refusal.why}`, { item }) });
  }
}

function invalid(fields: Record<string, string>): Problem {
  return new Problem("form.invalid", Object.values(fields)[0] ?? "", { fields });
}
