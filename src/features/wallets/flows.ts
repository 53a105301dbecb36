import { type FlowKind, type FlowPartner, flowKindOf, ledgerKindsOf } from "#features/wallets/flow-kinds.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

/** Everything that narrows the flows of a wallet, and their files. Days are those of the institution. */
export type FlowFilter = {
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  readonly kind?: FlowKind | undefined;
  readonly direction?: "in" | "out" | undefined;
  readonly with?: FlowPartner | undefined;
  /** The number of the counterparty's wallet, digits only. */
  readonly number?: string | undefined;
  /** In minor units; both the same find one amount. */
  readonly least?: bigint | undefined;
  readonly most?: bigint | undefined;
};

export type FlowPaging = {
  readonly before?: bigint | undefined;
  readonly after?: bigint | undefined;
  readonly size: number;
};

/** One flow of a wallet. */
export type Flow = {
  /** 1 for the wallet's first flow, then without gaps. */
  readonly seq: bigint;
  readonly direction: "in" | "out";
  readonly kind: FlowKind;
  /** As the ledger calls it. */
  readonly ledgerKind: string;
  readonly amount: Money;
  /** The amount with its sign: below zero went out. */
  readonly change: Money;
  /** The balance behind this flow. */
  readonly after: Money;
  readonly at: Instant;
  readonly counterparty: Counterparty;
  /** What was written on the transfer, or why it was adjusted. */
  readonly note: string;
  /** Of the wallet's own transfers. */
  readonly transferRef: string | undefined;
  readonly payoutNumber: bigint | undefined;
  /** The id of the transfer, payout or adjustment behind it; for staff only. */
  readonly about: string | undefined;
};

/** `name` is masked for partners, unless the wallet is theirs; of a bank it is the bank's, where that is known. */
export type Counterparty = {
  readonly kind: "wallet" | "bank" | "institution";
  readonly number: string;
  readonly name: string;
};

/**
 * A page of flows, the newest first. `older` and `newer` are where the next pages begin. `further`: the search stopped
 * there before the page was full, since it looks at a bounded number of flows at once; nothing before it was left out.
 */
export type FlowPage = {
  readonly rows: readonly Flow[];
  readonly newer: bigint | undefined;
  readonly older: bigint | undefined;
  readonly further: bigint | undefined;
  /** When the last flow that it looked at was booked. */
  readonly reachedAt: Instant | undefined;
};

/** A row of app.wallet_flows and partner.wallet_flows; one without `seq` where there is no flow. */
export type FlowRow = {
  further: bigint | null;
  reached_at: Instant | null;
  seq: bigint | null;
  outgoing: boolean;
  kind: string;
  minor: bigint;
  after_minor: bigint;
  at: Instant;
  other: string;
  number: string;
  name: string;
  note: string;
  transfer_ref: string | null;
  payout_number: bigint | null;
  about: string | null;
};

/** What those functions take behind the wallet, in their order. One row more than the page says whether it goes on. */
export function flowArguments(filter: FlowFilter, { before, after, size }: FlowPaging, zone: string) {
  const start = (day: PlainDate | undefined) => day?.toZonedDateTime(zone).toInstant().toString() ?? null;
  return [
    start(filter.from),
    start(filter.to?.add({ days: 1 })),
    after === undefined ? (before ?? null) : null,
    after ?? null,
    filter.direction !== "in",
    filter.direction !== "out",
    ledgerKindsOf(filter.kind, filter.with) ?? null,
    filter.least ?? null,
    filter.most ?? null,
    filter.number ?? null,
    size + 1,
  ] as const;
}

/** The page that such rows make. */
export function flowPageOf(
  found: readonly FlowRow[],
  { before, after, size }: FlowPaging,
  currency: Currency,
): FlowPage {
  const all = found.flatMap((row) => (row.seq === null ? [] : [flowOf({ ...row, seq: row.seq }, currency)]));
  const more = all.length > size;
  const further = found[0]?.further ?? undefined;
  if (after !== undefined) {
    const rows = all.slice(0, size).reverse();
    const newer = more ? rows[0]?.seq : further;
    return { rows, newer, older: rows.at(-1)?.seq ?? after + 1n, further: undefined, reachedAt: undefined };
  }
  const rows = all.slice(0, size);
  const newer = before === undefined ? undefined : (rows[0]?.seq ?? before - 1n);
  if (more) return { rows, newer, older: rows.at(-1)?.seq, further: undefined, reachedAt: undefined };
  return { rows, newer, older: undefined, further, reachedAt: found[0]?.reached_at ?? undefined };
}

function flowOf(row: FlowRow & { readonly seq: bigint }, currency: Currency): Flow {
  return {
    seq: row.seq,
    direction: row.outgoing ? "out" : "in",
    kind: flowKindOf(row.kind),
    ledgerKind: row.kind,
    amount: money(row.minor, currency),
    change: money(row.outgoing ? -row.minor : row.minor, currency),
    after: money(row.after_minor, currency),
    at: row.at,
    counterparty: { kind: row.other as Counterparty["kind"], number: row.number, name: row.name },
    note: row.note,
    transferRef: row.transfer_ref ?? undefined,
    payoutNumber: row.payout_number ?? undefined,
    about: row.about ?? undefined,
  };
}
