import { payoutNumber } from "#features/payouts/payout.ts";
import type { Flow, FlowPage } from "#features/wallets/flows.ts";
import { flowsPdf, mostPdfFlows } from "#features/wallets/flows-document.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { type Answer, file } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { toDecimal } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { dateIn, type Instant } from "#kernel/time.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { counterpartyWords, referenceWords } from "./flow-list.tsx";
import { type FlowQuery, flowQueryText } from "./flow-query.ts";

const header = [
  "flow",
  "booked_at",
  "date",
  "kind",
  "direction",
  "with",
  "with_name",
  "with_number",
  "reference",
  "transfer",
  "payout",
  "money_in",
  "money_out",
  "balance_after",
  "currency",
];

type Read = (before: bigint | undefined, size: number) => Promise<FlowPage>;

/** Flows as CSV, read while they are sent: a history of any length takes the memory of one page. */
export async function flowCsv(number: string, zone: string, read: Read): Promise<Answer> {
  return await csvDownload<bigint>(`flows-${number}.csv`, header, async (before) => {
    const found = await read(before, exportPageSize);
    return { rows: found.rows.map((flow) => csvRow(flow, zone)), next: found.older ?? found.further };
  });
}

function csvRow(flow: Flow, zone: string): string[] {
  return [
    String(flow.seq),
    flow.at.toString(),
    dateIn(zone, flow.at).toString(),
    flow.kind,
    flow.direction,
    flow.counterparty.kind,
    flow.counterparty.name,
    flow.counterparty.number,
    flow.note,
    flow.transferRef ?? "",
    flow.payoutNumber === undefined ? "" : payoutNumber(flow.payoutNumber),
    // Without signs: each way adds up by itself.
    flow.direction === "in" ? toDecimal(flow.amount) : "",
    flow.direction === "out" ? toDecimal(flow.amount) : "",
    toDecimal(flow.after),
    flow.change.currency,
  ];
}

export type FlowPdfAbout = {
  readonly ui: Ui;
  readonly holder: string;
  readonly wallet: Pick<Wallet, "number" | "currency" | "purpose">;
  readonly query: FlowQuery;
  readonly at: Instant;
};

/** Flows as PDF. Throws `conflict` when they are more than a PDF takes. */
export async function flowPdf({ ui, holder, wallet, query, at }: FlowPdfAbout, read: Read): Promise<Answer> {
  const t = translator(ui.locale);
  const flows: Flow[] = [];
  for (let before: bigint | undefined; ; ) {
    const found = await read(before, exportPageSize);
    flows.push(...found.rows);
    if (flows.length > mostPdfFlows) {
      throw new Problem("conflict", t("flows.tooLong", { most: t.number(mostPdfFlows) }));
    }
    before = found.older ?? found.further;
    if (before === undefined) break;
  }
  const body = flowsPdf({
    holder,
    number: wallet.number,
    currency: wallet.currency,
    purpose: t(`wallet.purpose.${wallet.purpose}`),
    filters: filterWords(t, query, ui.institution.name),
    flows: flows.map((flow) => ({ ...flow, note: referenceWords(flow) })),
    counterpartyOf: (flow) => counterpartyWords(t, flow, ui.institution.name),
    institution: ui.institution,
    language: ui.locale,
    at,
  });
  return file(body, "application/pdf", `flows-${wallet.number}.pdf`);
}

/** What narrows the flows, a phrase each. */
function filterWords(t: T, query: FlowQuery, institution: string): string[] {
  const { from, to } = query;
  const { q, amount, least, most } = flowQueryText(query);
  const named = (label: string, value: string | undefined) => (value === undefined ? [] : [`${label}: ${value}`]);
  return [
    ...named(t("list.from"), from && t.date(from)),
    ...named(t("list.to"), to && t.date(to)),
    ...named(t("flows.kind"), query.kind && t(`flows.kind.${query.kind}`)),
    ...named(t("flows.direction"), query.direction && t(`flows.${query.direction}`)),
    ...named(t("flows.partner"), query.with && t(`flows.partner.${query.with}`, { institution })),
    ...named(t("flows.search"), q && formatWalletNumber(q)),
    ...named(t("flows.exact"), amount),
    ...named(t("flows.least"), least),
    ...named(t("flows.most"), most),
  ];
}
