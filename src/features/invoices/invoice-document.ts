import { type Invoice, invoiceNumber, owedOf } from "#features/invoices/invoice.ts";
import type { InvoiceMoneyView } from "#features/invoices/invoice-money.ts";
import { type InvoiceSnapshot, type Party, snapshotMoney } from "#features/invoices/invoice-snapshot.ts";
import { readableOnWhite } from "#kernel/colour.ts";
import { type Money, money } from "#kernel/money.ts";
import { directionOf } from "#platform/i18n/locales.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import type { Block, PdfDocument, TableRow, Words } from "#platform/pdf/document.ts";
import { printPdf } from "#platform/pdf/printer.ts";

/** What happened to an invoice since its issue; documents that nobody pays have none. */
export type DocumentStanding = {
  readonly owed: Money;
  readonly isVoid: boolean;
  readonly money: readonly InvoiceMoneyView[];
  readonly creditNotes: readonly { readonly number: bigint; readonly total: Money }[];
  readonly returned: Money;
};

/** What an invoice's pages and PDF show of its payments. */
export function standingOf(
  invoice: Pick<Invoice, "state" | "total" | "paid" | "credited" | "returned">,
  paid: readonly InvoiceMoneyView[],
  creditNotes: DocumentStanding["creditNotes"],
): DocumentStanding {
  const { returned, state } = invoice;
  return { owed: owedOf(invoice), isVoid: state === "void", money: paid, creditNotes, returned };
}

/**
 * A document of account as a PDF in the reader's language (any BCP 47 tag). The same document, standing and language
 * give the same bytes.
 */
export async function invoicePdf(
  snapshot: InvoiceSnapshot,
  standing: DocumentStanding | undefined,
  language: string,
): Promise<Uint8Array<ArrayBuffer>> {
  return await printPdf(invoiceDocument(snapshot, standing, language));
}

/** What a downloaded document is called: `INV-000003.pdf`. */
export function invoiceFileName(snapshot: Pick<InvoiceSnapshot, "number">): string {
  return `${snapshot.number}.pdf`;
}

/** The document in reading order: who, to whom, when, for what, the tax, and what was paid on it. */
export function invoiceDocument(
  snapshot: InvoiceSnapshot,
  standing: DocumentStanding | undefined,
  language: string,
): PdfDocument {
  const t = translator(language);
  const { institution, partner, partnerSupplies } = snapshot;
  const [from, to] = partnerSupplies ? [partner, institution] : [institution, partner];
  const kind = kindOf(snapshot, t);
  const name = t("invoice.doc.name", { kind, number: snapshot.number, institution: institution.name });
  return {
    title: name.replace(/[\u2066-\u2069]/g, ""),
    language,
    writtenIn: t.locale,
    direction: directionOf(t.locale),
    accent: readableOnWhite(institution.colour),
    createdAt: `${snapshot.issuedOn}T00:00:00Z`,
    author: from.legalName || from.name,
    sender: data(from.name),
    kind,
    number: data(snapshot.number),
    blocks: [
      headline(snapshot, standing, t),
      {
        block: "columns",
        columns: [
          { title: t("doc.from"), lines: partyLines(from, from === partner, t) },
          { title: t("invoice.doc.billedTo"), lines: partyLines(to, to === partner, t) },
          { title: t("doc.details"), lines: detailLines(snapshot, t) },
        ],
      },
      linesTable(snapshot, standing, t),
      ...notesOf(snapshot, standing, t),
    ],
    footer: footerOf(snapshot, t),
    pageLabel: t("doc.page"),
  };
}

function kindOf({ kind, title, tax }: InvoiceSnapshot, t: T): string {
  if (title !== "") return title;
  if (kind === "credit_note") return t("invoice.doc.creditNote");
  if (kind === "self_billed") return t("invoice.doc.selfBilled");
  return t(tax === "0" ? "invoice.doc.invoice" : "invoice.doc.taxInvoice");
}

function headline(snapshot: InvoiceSnapshot, standing: DocumentStanding | undefined, t: T): Block {
  const amount = standing && !standing.isVoid ? standing.owed : snapshotMoney(snapshot, snapshot.total);
  const label = standing && !standing.isVoid ? t("invoice.owed") : t("invoice.total");
  const due =
    snapshot.dueOn === "" ? undefined : t("invoice.doc.dueOn", { date: t.date(dateOf(snapshot.dueOn), "long") });
  const note = standing?.isVoid
    ? t("invoice.void")
    : standing?.owed.minor === 0n
      ? t("invoice.doc.inFull")
      : (due ?? t("invoice.doc.issuedOn", { date: t.date(dateOf(snapshot.issuedOn), "long") }));
  return { block: "headline", label, value: data(withCode(t, amount)), note };
}

function partyLines(party: Party, isPartner: boolean, t: T): Words[] {
  const tax = isPartner && party.taxId !== "" ? [t("invoice.doc.taxId", { number: party.taxId })] : [];
  const own = isPartner ? [] : [party.taxId];
  return [
    ...written([party.legalName || party.name, ...own, ...party.address.split("\n")]),
    ...tax,
    ...written([party.email, party.phone]),
  ];
}

function detailLines(snapshot: InvoiceSnapshot, t: T): Words[] {
  const { number, issuedOn, dueOn, corrects } = snapshot;
  return [
    data(number),
    t("invoice.doc.issuedOn", { date: t.date(dateOf(issuedOn)) }),
    ...(dueOn === "" ? [] : [t("invoice.doc.dueOn", { date: t.date(dateOf(dueOn)) })]),
    ...(corrects === "" ? [] : [t("invoice.doc.corrects", { number: corrects })]),
  ];
}

function linesTable(snapshot: InvoiceSnapshot, standing: DocumentStanding | undefined, t: T): Block {
  return {
    block: "table",
    columns: [
      { title: t("invoice.description"), share: 6, align: "start" },
      { title: t("invoice.rate"), share: 2.2, align: "start" },
      { title: t("invoice.net"), share: 2.6, align: "end" },
    ],
    rows: snapshot.lines.map((line): TableRow => {
      const cells = [
        data(line.description),
        line.taxBps === 0 ? t("invoice.doc.noTax") : taxLabel(snapshot, line.taxBps, t),
        data(t.money(snapshotMoney(snapshot, line.net))),
      ];
      if (line.quantity === 1) return { cells };
      const amount = t.money(snapshotMoney(snapshot, line.unit));
      return { cells, below: t("invoice.doc.each", { count: t.number(line.quantity), amount }) };
    }),
    totals: totalsOf(snapshot, standing, t),
  };
}

function taxLabel({ taxName }: InvoiceSnapshot, bps: number, t: T): string {
  return t("invoice.doc.taxOf", { tax: taxName, rate: t.rate(bps) });
}

/** Net, the tax of each rate, the total, and then what was paid, credited and is left. */
function totalsOf(snapshot: InvoiceSnapshot, standing: DocumentStanding | undefined, t: T): [Words, Words][] {
  const rows: [Words, Words][] = [];
  const show = (amount: Money) => data(t.money(amount));
  const taxes = taxByRate(snapshot);
  if (taxes.length > 0) rows.push([t("invoice.net"), show(snapshotMoney(snapshot, snapshot.net))]);
  for (const [bps, minor] of taxes) rows.push([taxLabel(snapshot, bps, t), show(snapshotMoney(snapshot, `${minor}`))]);
  rows.push([t("invoice.total"), show(snapshotMoney(snapshot, snapshot.total))]);
  if (!standing) return rows;
  const minus = ({ minor, currency }: Money) => show(money(-minor, currency));
  for (const paid of standing.money) rows.push([paidWords(paid, t), minus(paid.amount)]);
  for (const note of standing.creditNotes) {
    rows.push([t("invoice.creditNote", { number: invoiceNumber("credit_note", note.number) }), minus(note.total)]);
  }
  if (standing.returned.minor > 0n) rows.push([t("invoice.returned"), show(standing.returned)]);
  if (rows.length > taxes.length + 1 && (standing.money.length > 0 || standing.creditNotes.length > 0)) {
    rows.push([t("invoice.owed"), show(standing.owed)]);
  }
  return rows;
}

/** The tax of a document by its rates, the lowest first. */
export function taxByRate(snapshot: Pick<InvoiceSnapshot, "lines">): [bps: number, minor: bigint][] {
  const sums = new Map<number, bigint>();
  for (const { taxBps, tax } of snapshot.lines) {
    if (taxBps > 0) sums.set(taxBps, (sums.get(taxBps) ?? 0n) + BigInt(tax));
  }
  return [...sums].sort(([a], [b]) => a - b);
}

/** `21 Nov 2026, Visa •••• 4242`, or the payout that it was netted against. */
export function paidWords(paid: InvoiceMoneyView, t: T): string {
  if (paid.payout !== undefined) return t("invoice.netted", { number: paid.payout });
  const words = { card: "method.card", bank_transfer: "method.bankTransfer", by_hand: "method.byHand" } as const;
  const how = paid.methodLabel !== "" ? paid.methodLabel : paid.kind ? t(words[paid.kind]) : "";
  const isolated = t.dir === "rtl" && how !== "" ? `\u2068${how}\u2069` : how;
  return [paid.on ? t.date(paid.on) : "", isolated].filter((text) => text !== "").join(" · ");
}

function notesOf(snapshot: InvoiceSnapshot, standing: DocumentStanding | undefined, t: T): Block[] {
  const open = standing && !standing.isVoid && standing.owed.minor > 0n;
  const { number, institution } = snapshot;
  return [
    ...(snapshot.notes === "" ? [] : [{ block: "note", text: data(snapshot.notes) } as const]),
    ...(snapshot.notice === "" ? [] : [{ block: "note", text: data(snapshot.notice) } as const]),
    ...(open
      ? [{ block: "note", text: t("invoice.doc.howToPay", { institution: institution.name, number }) } as const]
      : []),
  ];
}

function footerOf({ institution }: InvoiceSnapshot, t: T): Words[] {
  const contact = [institution.email, institution.phone].filter((text) => text !== "");
  const who = [institution.legalName || institution.name, institution.taxId];
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

function dateOf(text: string) {
  return Temporal.PlainDate.from(text);
}

function data(text: string): Words {
  return { data: text };
}

function written(lines: readonly string[]): Words[] {
  return lines.filter((line) => line !== "").map(data);
}
