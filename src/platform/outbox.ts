import { sql } from "kysely";
import { newId } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import { type Work, wake } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";

/** One piece of news, as it was written beside the change that made it. */
export type News = {
  readonly id: string;
  readonly event: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** What is done with news, each in the same transaction that marks it as done: so it is done once. Database only. */
export type Subscriptions = Readonly<Record<string, readonly ((cx: Cx, news: News) => Promise<void>)[]>>;

const mostTries = 12;

/** Writes news for those above (house.md rule 5) in the caller's transaction, and wakes the job that hands it out. */
export function tell(cx: Cx, event: string, subject: string, data: Readonly<Record<string, unknown>>): void {
  cx.alongside(sql`insert into app.outbox (institution_id, id, event, subject, data, created_at)
    values (app.institution_id(), ${newId("out", cx.now, cx.random)}, ${event}, ${subject}, ${JSON.stringify(data)},
      ${cx.now})`);
  wake(cx, "outbox.deliver", {});
}

/**
 * Hands out waiting news, oldest first, one transaction each. News that fails stays and is tried again at the next
 * look.
 */
export async function deliverNews(work: Work<"outbox.deliver">, subscriptions: Subscriptions): Promise<void> {
  let after = "";
  let failure: unknown;
  for (;;) {
    const step: { news?: News | undefined } = {};
    try {
      await inTx(work.ground, opening(work), async (cx) => {
        const news = await nextNews(cx, after);
        step.news = news;
        if (!news) return;
        for (const run of subscriptions[news.event] ?? []) await run(cx, news);
        await sql`update app.outbox set done_at = ${cx.now}
          where institution_id = ${work.institution} and id = ${news.id}`.execute(cx.db);
      });
    } catch (error) {
      // A database that was away says nothing of the news: it keeps its tries.
      if (!step.news || (error instanceof Problem && error.code === "unavailable")) throw error;
      await noteFailure(work, step.news, error);
      failure = error;
    }
    if (!step.news) break;
    after = step.news.id;
  }
  if (failure) throw failure;
}

function opening(work: Work<"outbox.deliver">) {
  return { as: "system", institution: work.institution, task: "outbox.deliver" } as const;
}

async function nextNews(cx: Cx, after: string): Promise<News | undefined> {
  const { rows } = await sql<News>`select id, event, subject, data from app.outbox
    where institution_id = ${cx.institution.id} and done_at is null and id > ${after} and tries < ${mostTries}
    order by id limit 1 for update skip locked`.execute(cx.db);
  return rows[0];
}

async function noteFailure(work: Work<"outbox.deliver">, news: News, error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message.slice(0, 500) : String(error);
  await inTx(work.ground, opening(work), async (cx) => {
    await sql`update app.outbox set tries = tries + 1, last_error = ${why}
      where institution_id = ${work.institution} and id = ${news.id} and done_at is null`.execute(cx.db);
  });
}
