import type { Flow } from "#features/wallets/flows.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { readableOnWhite } from "#kernel/colour.ts";
import type { Currency } from "#kernel/money.ts";
import { dateIn, type Instant } from "#kernel/time.ts";
import { directionOf } from "#platform/i18n/locales.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { Block, TableRow, Words } from "#platform/pdf/document.ts";
import { printLongPdf } from "#platform/pdf/printer.ts";

/** The most flows that a PDF takes: some 150 pages; a CSV takes any number. */
export const mostPdfFlows = 5_000;

export type FlowsPdf = {
  /** Whose wallet it is. */
  readonly holder: string;
  readonly number: string;
  readonly currency: Currency;
  /** Its purpose, in the reader's words. */
  readonly purpose: string;
  /** What the flows were filtered by, in the reader's words; empty: all of them. */
  readonly filters: readonly string[];
  readonly flows: readonly Flow[];
  /** With whom each was, in the reader's words. */
  readonly counterpartyOf: (flow: Flow) => string;
  readonly institution: Institution;
  readonly language: string;
  readonly at: Instant;
};

/** Flows of a wallet as a PDF in the reader's language, the newest first. */
export function flowsPdf(pdf: FlowsPdf): ReadableStream<Uint8Array> {
  const { institution, language, at, holder, number, currency, purpose, filters } = pdf;
  const t = translator(language);
  const today = t.date(dateIn(institution.timeZone, at));
  const name = t("wallet.title", { purpose });
  return printLongPdf(
    {
      title: `${t("flows.title")} ${formatWalletNumber(number)}`,
      language,
      writtenIn: t.locale,
      direction: directionOf(t.locale),
      accent: readableOnWhite(institution.brandColour),
      createdAt: at.toString(),
      author: institution.name,
      sender: data(institution.name),
      kind: t("flows.title"),
      number: data(formatWalletNumber(number)),
      blocks: [
        {
          block: "columns",
          columns: [
            { title: t("statement.for"), lines: [data(holder)] },
            {
              title: t("doc.details"),
              lines: [name, t("statement.currency", { currency }), t("flows.madeOn", { date: today })],
            },
          ],
        },
        ...(filters.length === 0
          ? []
          : [{ block: "note", text: t("flows.filtered", { filters: filters.join(" · ") }) } as const]),
      ],
      footer: [data(institution.legalName || institution.name), t("statement.zone", { zone: institution.timeZone })],
      pageLabel: t("doc.page"),
    },
    blocksOf(pdf, t),
  );
}

async function* blocksOf(pdf: FlowsPdf, t: T): AsyncGenerator<readonly Block[], void> {
  yield [
    {
      block: "table-start",
      columns: [
        { title: t("flows.date"), share: 2.4, align: "start" },
        { title: t("flows.what"), share: 2, align: "start" },
        { title: t("flows.with"), share: 4, align: "start" },
        { title: t("flows.reference"), share: 2.6, align: "start" },
        { title: t("flows.amount"), share: 2.2, align: "end" },
        { title: t("flows.after"), share: 2.2, align: "end" },
      ],
    },
  ];
  for (let from = 0; from < pdf.flows.length; from += 500) {
    yield [{ block: "rows", rows: pdf.flows.slice(from, from + 500).map((flow) => rowOf(flow, pdf, t)) }];
  }
  yield [{ block: "table-end", totals: [] }];
}

function rowOf(flow: Flow, { institution, counterpartyOf }: FlowsPdf, t: T): TableRow {
  return {
    cells: [
      data(t.instant(flow.at, institution.timeZone)),
      t(`flows.kind.${flow.kind}`),
      data(counterpartyOf(flow)),
      data(flow.note),
      data(t.money(flow.change, "none")),
      data(t.money(flow.after, "none")),
    ],
  };
}

function data(text: string): Words {
  return { data: text };
}
