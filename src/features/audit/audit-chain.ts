import { createHash, type Hash } from "node:crypto";
import { sql } from "kysely";
import type { Cx } from "#platform/tx.ts";

export type Seal = { readonly throughSeq: bigint; readonly entries: bigint; readonly hash: Buffer };

/**
 * An entry in the one form that is hashed: every column as text, instants in microseconds, jsonb as PostgreSQL writes
 * it.
 */
export type SealedRow = {
  readonly seq: string;
  readonly id: string;
  readonly at: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly acting_as: string;
  readonly event: string;
  readonly subject: string;
  readonly data: string;
  readonly ip: string;
};

const pageSize = 5_000;

/** What the first seal of an institution continues. */
export function chainStart(institution: string): Buffer {
  return createHash("sha256").update(`portico audit log of ${institution}`).digest();
}

/** Adds one entry. JSON keeps the columns apart: no two entries give the same bytes. */
export function addToChain(chain: Hash, row: SealedRow): void {
  const columns = [row.seq, row.id, row.at, row.actor_kind, row.actor_id, row.actor_name, row.acting_as];
  chain.update(`${JSON.stringify([...columns, row.event, row.subject, row.data, row.ip])}\n`);
}

/** The seals of the institution, oldest first. */
export async function selectSeals(cx: Cx): Promise<readonly Seal[]> {
  const { rows } = await sql<Seal>`select through_seq as "throughSeq", entries, hash from app.audit_seal
    where institution_id = ${cx.institution.id} order by through_seq`.execute(cx.db);
  return rows;
}

/** The next entries above `after`, up to `through`, at most a page of them. */
export async function selectSealable(cx: Cx, after: bigint, through: bigint): Promise<readonly SealedRow[]> {
  const { rows } = await sql<SealedRow>`
    select seq::text, id, (extract(epoch from at) * 1000000)::bigint::text as at, actor_kind, actor_id, actor_name,
           acting_as, event, subject, data::text, ip
      from app.audit_entry
     where institution_id = ${cx.institution.id} and seq > ${after} and seq <= ${through}
     order by audit_entry.seq limit ${pageSize}`.execute(cx.db);
  return rows;
}

/** How many entries wait for their seal. */
export async function countUnsealed(cx: Cx, after: bigint): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`select count(*) from app.audit_entry
    where institution_id = ${cx.institution.id} and seq > ${after}`.execute(cx.db);
  return rows[0]?.count ?? 0n;
}
