import { readableOnWhite } from "#kernel/colour.ts";
import type { Money } from "#kernel/money.ts";
import { directionOf } from "#platform/i18n/locales.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import type { PdfDocument, TableRow, Words } from "#platform/pdf/document.ts";
import { printPdf } from "#platform/pdf/printer.ts";
import { type ReceiptLine, type ReceiptSnapshot, snapshotDate, snapshotMoney } from "./receipt.ts";

/**
 * The receipt as a PDF in the reader's language (any BCP 47 tag). The same receipt and language give the same bytes.
 */
export async function receiptPdf(receipt: ReceiptSnapshot, language: string): Promise<Uint8Array<ArrayBuffer>> {
  return await printPdf(receiptDocument(receipt, language));
}

/** What a downloaded receipt is called: `receipt-R-000012.pdf`. */
export function receiptFileName(receipt: ReceiptSnapshot): string {
  return `receipt-${receipt.number}.pdf`;
}

/** The receipt as a document: what domain.md rule 15 asks of it, in reading order. */
export function receiptDocument(receipt: ReceiptSnapshot, language: string): PdfDocument {
  const t = translator(language);
  const { institution } = receipt;
  const paid = snapshotMoney(receipt, receipt.paid);
  return {
    title: t("receipt.name", { number: receipt.number, institution: institution.name }).replace(/[\u2066-\u2069]/g, ""),
    language,
    writtenIn: t.locale,
    direction: directionOf(t.locale),
    accent: readableOnWhite(institution.colour),
    createdAt: `${receipt.issuedOn}T00:00:00Z`,
    author: institution.name,
    sender: { data: institution.name },
    kind: t("receipt.title"),
    number: { data: receipt.number },
    blocks: [
      {
        block: "headline",
        label: t("receipt.paid"),
        value: data(withCode(t, paid)),
        note: [
          t("receipt.paidOn", { date: t.date(snapshotDate(receipt.receivedOn), "long") }),
          t("receipt.by", { method: methodWords(receipt, t) }),
        ].join("\n"),
      },
      {
        block: "columns",
        columns: [fromColumn(receipt), toColumn(receipt, t), detailsColumn(receipt, t)].map((column) =>
          titled(column, t),
        ),
      },
      {
        block: "table",
        columns: [
          { title: t("receipt.item"), share: 6, align: "start" },
          { title: t("receipt.due"), share: 2.4, align: "start" },
          { title: t("receipt.amount"), share: 2.4, align: "end" },
        ],
        rows: receipt.lines.map((line) => tableRow(receipt, line, t)),
        totals: totalsOf(receipt, paid, t),
      },
      { block: "note", text: t("receipt.keep") },
    ],
    footer: footerOf(receipt, t),
    pageLabel: t("doc.page"),
  };
}

type Titled = { readonly title: "doc.from" | "doc.to" | "doc.details"; readonly lines: readonly Words[] };

function titled({ title, lines }: Titled, t: T) {
  return { title: t(title), lines };
}

function fromColumn({ institution }: ReceiptSnapshot): Titled {
  const { legalName, name, address, email, phone } = institution;
  return { title: "doc.from", lines: written([legalName || name, registrationOf(institution), address, email, phone]) };
}

/** `ABN 51 824 753 556`; empty where there is no number. */
function registrationOf(institution: ReceiptSnapshot["institution"]): string {
  const { registrationLabel, registrationNumber } = institution;
  return registrationNumber === "" ? "" : `${registrationLabel} ${registrationNumber}`.trim();
}

function toColumn({ customer, payerName }: ReceiptSnapshot, t: T): Titled {
  const other = payerName !== "" && payerName !== customer.name;
  return {
    title: "doc.to",
    lines: [
      ...written([customer.name, customer.email]),
      ...(customer.externalId === "" ? [] : [t("receipt.customerNumber", { number: customer.externalId })]),
      ...(other ? [t("receipt.paidBy", { name: payerName })] : []),
    ],
  };
}

function detailsColumn(receipt: ReceiptSnapshot, t: T): Titled {
  return {
    title: "doc.details",
    lines: [
      data(receipt.number),
      t("receipt.issuedOn", { date: t.date(snapshotDate(receipt.issuedOn)) }),
      methodWords(receipt, t),
      ...(receipt.reference === "" ? [] : [`${t("receipt.reference")}: \u2068${receipt.reference}\u2069`]),
    ],
  };
}

function tableRow(receipt: ReceiptSnapshot, line: ReceiptLine, t: T): TableRow {
  const left = snapshotMoney(receipt, line.stillOwed);
  return {
    cells: [data(line.item), t.date(snapshotDate(line.dueOn)), data(t.money(snapshotMoney(receipt, line.amount)))],
    below: left.minor === 0n ? t("receipt.inFull") : t("receipt.left", { amount: t.money(left) }),
  };
}

function totalsOf(receipt: ReceiptSnapshot, paid: Money, t: T): (readonly [Words, Words])[] {
  const rows: (readonly [Words, Words])[] = [];
  const surcharge = snapshotMoney(receipt, receipt.surcharge);
  const credit = snapshotMoney(receipt, receipt.credit);
  if (surcharge.minor > 0n) rows.push([t("receipt.surcharge"), data(t.money(surcharge))]);
  if (credit.minor > 0n) rows.push([t("receipt.credit"), data(t.money(credit))]);
  rows.push([t("receipt.total"), data(t.money(paid))]);
  return rows;
}

/** How it was paid: `Visa •••• 4242`, or the kind of method in the reader's words. */
export function methodWords(receipt: ReceiptSnapshot, t: T): string {
  if (receipt.methodLabel !== "") return t.dir === "rtl" ? `\u2068${receipt.methodLabel}\u2069` : receipt.methodLabel;
  const words = { card: "method.card", bank_transfer: "method.bankTransfer", by_hand: "method.byHand" } as const;
  return t(words[receipt.method]);
}

function footerOf({ institution }: ReceiptSnapshot, t: T): Words[] {
  const contact = [institution.email, institution.phone].filter((text) => text !== "");
  const who = [institution.legalName || institution.name, registrationOf(institution)];
  return [
    data(who.filter((text) => text !== "").join(" · ")),
    ...(contact.length === 0 ? [] : [t("doc.questions", { contact: contact.join(", ") })]),
  ];
}

/** The headline names the currency in full where its symbol leaves a doubt: `A$4,350.00 AUD`. */
function withCode(t: T, amount: Money): string {
  const text = t.money(amount);
  return text.includes(amount.currency) ? text : `${text} ${amount.currency}`;
}

function data(text: string): Words {
  return { data: text };
}

function written(lines: readonly string[]): Words[] {
  return lines.filter((line) => line !== "").map(data);
}
