import { sql } from "kysely";
import { assert } from "#kernel/assert.ts";
import { isCurrency, type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { AccountKind, AccountRef } from "#ledger/chart.ts";
import { referenceOf, transferKey } from "#ledger/transfer.ts";
import type { Cx } from "#platform/tx.ts";

/** One transfer of a journal, as it was booked. */
export type Entry = {
  readonly debit: AccountRef;
  readonly credit: AccountRef;
  readonly amount: Money;
  readonly kind: string;
};

/** A journal with its transfers: the entries behind an amount. */
export type PostedJournal = {
  readonly journal: bigint;
  readonly key: string;
  readonly kind: string;
  readonly reference: string;
  readonly at: Instant;
  readonly entries: readonly Entry[];
};

/**
 * All journals about one thing (the id of a payment, of money received …), oldest first, with their transfers in
 * order. A plain transfer stands among them like a journal of its own.
 */
export async function journalsOf(cx: Cx, reference: string): Promise<PostedJournal[]> {
  assert(reference !== "", "journals are looked up by what they are about");
  const journalled = await cx.db
    .selectFrom("ledger.journal as j")
    .leftJoin("ledger.transfer as t", (join) =>
      join.onRef("t.institution_id", "=", "j.institution_id").onRef("t.journal_id", "=", "j.id"),
    )
    .leftJoin("ledger.account as d", (join) =>
      join.onRef("d.institution_id", "=", "t.institution_id").onRef("d.id", "=", "t.debit_id"),
    )
    .leftJoin("ledger.account as c", (join) =>
      join.onRef("c.institution_id", "=", "t.institution_id").onRef("c.id", "=", "t.credit_id"),
    )
    .select(["j.id", "j.key", "j.kind", "j.reference", "j.created_at"])
    .select(["t.amount", "t.currency", "t.kind as line_kind"])
    .select(["d.kind as debit_kind", "d.owner as debit_owner", "c.kind as credit_kind", "c.owner as credit_owner"])
    .where("j.institution_id", "=", cx.institution.id)
    .where("j.reference", "=", reference)
    .orderBy("j.id")
    .orderBy("t.line")
    .execute();
  const rows = [...(await plainTransfer(cx, reference)), ...journalled];
  const journals = [...Map.groupBy(rows, (row) => row.id).values()];
  journals.sort(([one], [other]) => Number((one?.id ?? 0n) - (other?.id ?? 0n)));
  return journals.flatMap((lines) => {
    const [first] = lines;
    if (!first) return [];
    return [
      {
        journal: first.id,
        key: first.key,
        kind: first.kind,
        reference: first.reference,
        at: first.created_at,
        entries: lines.flatMap(toEntry),
      },
    ];
  });
}

/** The lines of the plain transfer about this thing: of its kind there is one or none, since its key is made of it. */
async function plainTransfer(cx: Cx, reference: string) {
  return await cx.db
    .selectFrom("ledger.transfer as t")
    .innerJoin("ledger.account as d", (join) =>
      join.onRef("d.institution_id", "=", "t.institution_id").onRef("d.id", "=", "t.debit_id"),
    )
    .innerJoin("ledger.account as c", (join) =>
      join.onRef("c.institution_id", "=", "t.institution_id").onRef("c.id", "=", "t.credit_id"),
    )
    .select(["t.journal_id as id", "t.kind", "t.created_at"])
    .select([sql<string>`t.key`.as("key"), referenceOf("t.key").as("reference")])
    .select(["t.amount", "t.currency", "t.kind as line_kind"])
    .select(["d.kind as debit_kind", "d.owner as debit_owner", "c.kind as credit_kind", "c.owner as credit_owner"])
    .where("t.institution_id", "=", cx.institution.id)
    .where("t.key", "=", transferKey(reference))
    .orderBy("t.line")
    .execute();
}

function toEntry(row: {
  readonly amount: bigint | null;
  readonly currency: string | null;
  readonly line_kind: string | null;
  readonly debit_kind: string | null;
  readonly debit_owner: string | null;
  readonly credit_kind: string | null;
  readonly credit_owner: string | null;
}): Entry[] {
  // A journal that only placed or closed holds has no transfer.
  if (row.amount === null || row.currency === null) return [];
  assert(isCurrency(row.currency), `the ledger holds ${row.currency}`);
  return [
    {
      debit: { kind: row.debit_kind as AccountKind, owner: row.debit_owner ?? "" },
      credit: { kind: row.credit_kind as AccountKind, owner: row.credit_owner ?? "" },
      amount: money(row.amount, row.currency),
      kind: row.line_kind ?? "",
    },
  ];
}
