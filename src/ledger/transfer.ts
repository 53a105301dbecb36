import { type RawBuilder, sql } from "kysely";
import type { InstitutionId } from "#access/principal.ts";
import type { Currency, Money } from "#kernel/money.ts";
import { type AccountRef, nameOf } from "#ledger/chart.ts";
import { digestOf } from "#ledger/journal.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * One account pays another, perhaps with a fee to the institution; all or none. It has no journal: its rows carry its
 * key. Accounts are named for the digest and given by id for the posting, which looks up no names.
 */
export type PlainTransfer = {
  readonly institution: InstitutionId;
  /** The id of what it is about; the key is made of it, so the same reference is never posted twice. */
  readonly reference: string;
  /** What happened, as flows show it; its fee is shown as `<kind>.fee`. At most 56 characters. */
  readonly kind: string;
  readonly debit: AccountRef;
  readonly credit: AccountRef;
  readonly debitId: bigint;
  readonly creditId: bigint;
  readonly amount: Money;
  readonly fee?: Money;
};

const prefix = "transfer:";

/** The key of a plain transfer. No journal's key begins like it, so each key stands in one unique index only. */
export function transferKey(reference: string): string {
  return prefix + reference;
}

/** What a plain transfer is about, in SQL: what follows the prefix of its key. */
export function referenceOf(key: string): RawBuilder<string> {
  return sql`substr(${sql.ref(key)}, ${sql.lit(prefix.length + 1)})`;
}

/** What the key stands for, as 32 hex digits: the digest of the journal that a plain transfer spares. */
export function transferDigest(transfer: Omit<PlainTransfer, "institution" | "debitId" | "creditId">): string {
  const { reference, kind, debit, credit, amount, fee } = transfer;
  const transfers = [{ debit, credit, amount }];
  const fees = fee && fee.minor > 0n ? [{ debit, credit: feeAccount, amount: fee, kind: `${kind}.fee` }] : [];
  return digestOf({ key: transferKey(reference), kind, reference, transfers: [...transfers, ...fees] }).toString("hex");
}

const feeAccount: AccountRef = { kind: "income_fees", owner: "" };

/** The ids of these accounts, which never change; undefined where there is none. */
export async function accountIds(
  cx: Cx,
  refs: readonly (readonly [AccountRef, Currency])[],
): Promise<(bigint | undefined)[]> {
  const names = refs.map(([ref, currency]) => `${currency} ${nameOf(ref)}`);
  const { rows } = await sql<{ name: string; id: bigint }>`
    select a.currency || ' ' || concat_ws(':', a.kind, nullif(a.owner, '')) as name, a.id
      from unnest(${refs.map(([ref]) => ref.kind)}::text[], ${refs.map(([ref]) => ref.owner)}::text[],
                  ${refs.map(([, currency]) => currency)}::text[]) n(kind, owner, currency)
      join ledger.account a on a.institution_id = ${cx.institution.id} and a.kind = n.kind and a.owner = n.owner
                           and a.currency = n.currency`.execute(cx.db);
  const ids = new Map(rows.map((row) => [row.name, row.id]));
  return names.map((name) => ids.get(name));
}
