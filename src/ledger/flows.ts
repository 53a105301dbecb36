import { sql } from "kysely";
import { assert } from "#kernel/assert.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { AccountKind, AccountRef } from "#ledger/chart.ts";
import { referenceOf } from "#ledger/transfer.ts";
import type { Cx } from "#platform/tx.ts";

/** One flow of an account: its side of a transfer. `amount` is positive; `direction` says which way it went. */
export type Flow = {
  /** 1 for the account's first flow, then without gaps: the key that pages go by. */
  readonly seq: bigint;
  readonly direction: "in" | "out";
  readonly amount: Money;
  /** The balance of the account behind this flow. */
  readonly after: Money;
  readonly counterparty: AccountRef;
  readonly kind: string;
  readonly reference: string;
  readonly journal: bigint;
  readonly at: Instant;
};

type FlowRow = {
  seq: bigint;
  direction: "in" | "out";
  amount: bigint;
  after: bigint;
  other_kind: string;
  other_owner: string;
  kind: string;
  reference: string;
  journal_id: bigint;
  created_at: Instant;
};

/**
 * The flows of an account, newest first: at most `limit` (1 to 500, default 50), those before the flow `before`. For
 * the next page pass the last `seq`. Each side is read by its own index, so a page costs the same anywhere in the
 * history.
 */
export async function flowsOf(
  cx: Cx,
  ref: AccountRef,
  currency: Currency,
  page: { readonly before?: bigint | undefined; readonly limit?: number } = {},
): Promise<Flow[]> {
  const limit = page.limit ?? 50;
  assert(Number.isInteger(limit) && limit >= 1 && limit <= 500, "a page of flows has 1 to 500 of them");
  const before = page.before ?? 2n ** 62n;
  const institution = cx.institution.id;
  const { rows } = await sql<FlowRow>`
    with self as (select id from ledger.account
                   where institution_id = ${institution} and kind = ${ref.kind} and owner = ${ref.owner}
                     and currency = ${currency}),
    flow as (
      (select debit_seq as seq, 'out' as direction, amount, debit_after as after, credit_id as other_id, kind,
              journal_id, created_at, key
         from ledger.transfer
        where institution_id = ${institution} and debit_id = (select id from self) and debit_seq < ${before}
        order by debit_seq desc limit ${limit})
      union all
      (select credit_seq, 'in', amount, credit_after, debit_id, kind, journal_id, created_at, key
         from ledger.transfer
        where institution_id = ${institution} and credit_id = (select id from self) and credit_seq < ${before}
        order by credit_seq desc limit ${limit})
      order by seq desc limit ${limit})
    select flow.seq, flow.direction, flow.amount, flow.after, other.kind as other_kind, other.owner as other_owner,
           flow.kind, coalesce(j.reference, ${referenceOf("flow.key")}) as reference, flow.journal_id, flow.created_at
      from flow
      join ledger.account other on other.institution_id = ${institution} and other.id = flow.other_id
      left join ledger.journal j on flow.key is null and j.institution_id = ${institution} and j.id = flow.journal_id
     order by flow.seq desc`.execute(cx.db);
  return rows.map((row) => toFlow(row, currency));
}

function toFlow(row: FlowRow, currency: Currency): Flow {
  return {
    seq: row.seq,
    direction: row.direction,
    amount: money(row.amount, currency),
    after: money(row.after, currency),
    counterparty: { kind: row.other_kind as AccountKind, owner: row.other_owner },
    kind: row.kind,
    reference: row.reference,
    journal: row.journal_id,
    at: row.created_at,
  };
}
