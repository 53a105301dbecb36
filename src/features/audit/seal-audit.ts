import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Work } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { addToChain, chainStart, type SealedRow, selectSealable, selectSeals } from "./audit-chain.ts";

const longestWaitSeconds = 20;

/**
 * Job `audit.seal`: adds what was written since the last seal to the hash chain. Writers never wait for it: it takes
 * the newest entry there is, waits until every transaction of that moment has ended, and only then seals up to it, so
 * that no entry can appear below a seal later. A transaction that takes too long makes it wait for its next run.
 */
export async function sealAudit(work: Work<"audit.seal">): Promise<void> {
  const opening = { as: "system", institution: work.institution, task: "audit.seal" } as const;
  const upTo = await inTx(work.ground, opening, newestEntry);
  if (upTo === undefined || !(await othersHaveEnded(work, upTo.before))) return;
  const seal = await inTx(work.ground, opening, (cx) => sealThrough(cx, upTo.seq));
  // Whoever keeps the logs elsewhere can prove by this line that nobody rebuilt the chain.
  if (seal) work.log.info({ institution: work.institution, ...seal }, "The audit log is sealed");
}

type UpTo = { readonly seq: bigint; readonly before: string };

async function newestEntry(cx: Cx): Promise<UpTo | undefined> {
  const { rows } = await sql<{ seq: bigint | null; before: string }>`
    select max(seq) as seq, pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text as before
      from app.audit_entry where institution_id = ${cx.institution.id}`.execute(cx.db);
  const row = rows[0];
  return row && row.seq !== null ? { seq: row.seq, before: row.before } : undefined;
}

/** Whether all transactions below this transaction id have ended; waits a little for them. */
async function othersHaveEnded(work: Work<"audit.seal">, before: string): Promise<boolean> {
  const opening = { as: "system", institution: work.institution, task: "audit.seal" } as const;
  for (let waited = 0; waited < longestWaitSeconds && !work.signal.aborted; waited += 0.2) {
    const ended = await inTx(work.ground, opening, async (cx) => {
      const { rows } = await sql<{ ended: boolean }>`
        select pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot()) >= ${before}::xid8 as ended`.execute(
        cx.db,
      );
      return rows[0]?.ended === true;
    });
    if (ended) return true;
    await sleep(200);
  }
  return false;
}

async function sealThrough(cx: Cx, seq: bigint) {
  // Two sealers at once would both continue the same seal.
  const lock = `audit.seal:${cx.institution.id}`;
  await sql`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${lock}, 0))`.execute(cx.db);
  const last = (await selectSeals(cx)).at(-1);
  let from = last?.throughSeq ?? 0n;
  if (seq <= from) return undefined;
  const chain = createHash("sha256").update(last?.hash ?? chainStart(cx.institution.id));
  let entries = 0n;
  for (;;) {
    const rows: readonly SealedRow[] = await selectSealable(cx, from, seq);
    for (const row of rows) addToChain(chain, row);
    entries += BigInt(rows.length);
    const end = rows.at(-1);
    if (!end) break;
    from = BigInt(end.seq);
  }
  const hash = chain.digest();
  await sql`insert into app.audit_seal (institution_id, through_seq, entries, hash, sealed_at)
    values (${cx.institution.id}, ${seq}, ${entries}, ${hash}, ${cx.now})`.execute(cx.db);
  return { through: seq.toString(), entries: entries.toString(), head: hash.toString("hex") };
}
