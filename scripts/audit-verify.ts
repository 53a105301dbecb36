import type { InstitutionId } from "#access/principal.ts";
import { verifyAudit } from "#features/audit/verify-audit.ts";
import { readConfig } from "#platform/config.ts";
import { createLog } from "#platform/log.ts";
import { lookAtDatabase } from "#platform/open-database.ts";

// npm run audit:verify: recomputes the hash chain of the audit log and exits 1 where an entry was changed, added or
// taken away. It works beside a running program, on the same DATABASE_URL or ./data.
try {
  const opened = await lookAtDatabase(readConfig(), createLog({ level: "warn", readable: true }));
  try {
    const worker = opened.ground.pools.of("worker");
    const { rows } = await worker.query<{ id: InstitutionId }>("select id from app.institution_ids() as t (id)");
    let whole = true;
    for (const { id } of rows) {
      const proof = await verifyAudit(opened.ground, id);
      whole &&= proof.problems.length === 0;
      console.log(`${id}: ${proof.sealed} entries sealed, ${proof.unsealed} wait for their seal. Head ${proof.head}`);
      for (const problem of proof.problems) console.log(`  ${problem}`);
    }
    console.log(whole ? "The audit log is whole." : "The audit log was CHANGED: see above.");
    process.exitCode = whole ? 0 : 1;
  } finally {
    await opened.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
