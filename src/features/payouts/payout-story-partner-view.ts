import { sql } from "kysely";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** A movement on the partner's own account behind a line of a payout, with the balance after it. */
export type OwnEntry = {
  readonly kind: string;
  readonly at: Instant;
  readonly amount: Money;
  readonly after: Money;
  readonly seq: bigint;
};

type EntryRow = {
  kind: string;
  at: Instant;
  debit_minor: bigint;
  credit_minor: bigint;
  after_minor: bigint;
  seq: bigint;
};

/** The entries of a share on the partner's own account, oldest first; what came in is positive. */
export async function entriesOfShare(cx: Cx, shareId: string, currency: Currency): Promise<OwnEntry[]> {
  const { rows } = await sql<EntryRow>`select kind, at, debit_minor, credit_minor, after_minor, seq
    from partner.entries_of_share(${shareId})`.execute(cx.db);
  return rows.map((row) => entryOf(row, currency));
}

/** The entries behind a credit or what was netted, on the partner's own account, oldest first. */
export async function entriesOfLine(
  cx: Cx,
  payoutId: string,
  position: number,
  currency: Currency,
): Promise<OwnEntry[]> {
  const { rows } = await sql<EntryRow>`select kind, at, debit_minor, credit_minor, after_minor, seq
    from partner.entries_of_line(${payoutId}, ${position})`.execute(cx.db);
  return rows.map((row) => entryOf(row, currency));
}

function entryOf(row: EntryRow, currency: Currency): OwnEntry {
  return {
    kind: row.kind,
    at: row.at,
    amount: money(row.credit_minor - row.debit_minor, currency),
    after: money(row.after_minor, currency),
    seq: row.seq,
  };
}

/** The self-billed invoice issued for a share that stands; undefined where there is none. */
export async function selfBilledOf(cx: Cx, shareId: string): Promise<bigint | undefined> {
  const { rows } = await sql<{ number: bigint }>`
    select number from partner.invoice where kind = 'self_billed' and share_id = ${shareId}
     order by credited_minor < total_minor desc, number desc limit 1`.execute(cx.db);
  return rows[0]?.number;
}

/** A sending of a payout, or its money coming back: its row knows the last ones only. */
export type PayoutMove = { readonly kind: "sent" | "back"; readonly at: Instant; readonly reason: string };

/** Every sending of a payout and what came back, oldest first. */
export async function payoutMoves(cx: Cx, payoutId: string): Promise<PayoutMove[]> {
  const { rows } = await sql<{ kind: string; at: Instant; reason: string }>`
    select kind, at, reason from partner.movement where payout_id = ${payoutId} order by id`.execute(cx.db);
  return rows.map(({ kind, at, reason }) => ({ kind: kind === "payout_sent" ? "sent" : "back", at, reason }));
}
