import { sql } from "kysely";
import { releaseExpiredHolds } from "#ledger/holds.ts";
import type { Work } from "#platform/jobs.ts";
import { inTx } from "#platform/tx.ts";

// How long what nobody needs any more is kept, in days. Money, documents and the audit log are kept for ever.
const keptDays = { links: 1, limits: 2, quotes: 2, news: 30, mails: 90, developmentMails: 14 } as const;

/**
 * Job `cleanup.expired`: takes away used links, old limits and quotes, news that was handed out, mails that went out;
 * holds end.
 */
export async function cleanUp(work: Work<"cleanup.expired">): Promise<void> {
  const opening = { as: "system", institution: work.institution, task: "cleanup.expired" } as const;
  await inTx(work.ground, opening, async (cx) => {
    const before = (days: number) => cx.now.subtract({ hours: days * 24 });
    await sql`delete from app.sign_in_link where expires_at < ${before(keptDays.links)}`.execute(cx.db);
    await sql`delete from app.rate_limit where window_start < ${before(keptDays.limits)}`.execute(cx.db);
    await sql`delete from app.outbox where done_at < ${before(keptDays.news)}`.execute(cx.db);
    await sql`delete from app.mail where state <> 'queued' and created_at < ${before(keptDays.mails)}`.execute(cx.db);
    await sql`delete from app.transfer_quote where expires_at < ${before(keptDays.quotes)}`.execute(cx.db);
    await releaseExpiredHolds(cx);
    await sql`delete from app.dev_mail where at < ${before(keptDays.developmentMails)}`.execute(cx.db);
  });
}
