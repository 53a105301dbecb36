import { sql } from "kysely";
import type { InstitutionId } from "#access/principal.ts";
import type { Instant } from "#kernel/time.ts";
import type { Log } from "#platform/log.ts";
import type { TaskName, Tasks } from "#platform/tasks.ts";
import type { Cx, Ground } from "#platform/tx.ts";

/** What a job gets. It opens its own transactions: `inTx(work.ground, { as: "system", institution, task }, …)`. */
export type Work<K extends TaskName> = {
  readonly ground: Ground;
  readonly institution: InstitutionId;
  readonly payload: Tasks[K];
  /** Aborts when the program stops: long work looks at it between its steps. */
  readonly signal: AbortSignal;
  readonly log: Log;
};

/** The function behind each job. Whatever it does it must be able to do twice: a job runs at least once. */
export type TaskTable = { readonly [K in TaskName]: (work: Work<K>) => Promise<void> };

export type WakeOptions = {
  /**
   * What sets this job apart from others of its task: the same key waiting twice is one job. Transactions that wake
   * the same key wait for each other, so give one only where that is rare (one import, one payout), and none to "look
   * at the mail".
   */
  readonly key?: string;
  /** When to look, on our clock; at once without it. */
  readonly runAt?: Instant;
};

// By what belongs to the transaction, whoever acts in it: the same one may go on as another person or at another time.
const woken = new WeakMap<Cx["alongside"], Set<string>>();

/**
 * "Look now": starts a job within milliseconds of the caller's commit, at most once a transaction. A job that is
 * running already runs once more. The queue has its own clock, so a job reads in our rows what is due.
 */
export function wake<K extends TaskName>(cx: Cx, task: K, payload: Tasks[K], options: WakeOptions = {}): void {
  const seconds = options.runAt ? Math.max(0, cx.now.until(options.runAt).total("seconds")) : 0;
  const content = JSON.stringify(payload);
  const already = woken.get(cx.alongside) ?? new Set();
  const name = `${task} ${options.key ?? content} ${seconds}`;
  if (already.has(name)) return;
  woken.set(cx.alongside, already.add(name));
  // A look that is planned must never swallow one that is wanted now, so its time is part of the key.
  const key = options.key === undefined ? null : `:${task}:${options.key}${seconds > 0 ? `:${options.runAt}` : ""}`;
  cx.alongside(sql`select app.wake(${task},
    (jsonb_build_object('institution', app.institution_id()) || ${content}::jsonb)::json,
    app.institution_id() || ${key}::text, pg_catalog.now() + make_interval(secs => ${seconds}))`);
}
