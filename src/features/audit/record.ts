import { sql } from "kysely";
import { actorOf } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { tell } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

export type Happening = {
  /** Noun and past participle: `payment.refunded`. */
  readonly event: string;
  /** The id of what it happened to. */
  readonly subject: string;
  /** What a reader of the log needs later: ids, states, amounts as text. Never a secret. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Whether jobs above must hear of it (see subscriptions.ts). */
  readonly outbox?: boolean;
};

/**
 * Writes into the audit log who did what, in the transaction that did it: both are there or neither is. The actor is
 * the principal of the transaction. bigint in `data` is written as text.
 */
export function record(cx: Cx, happening: Happening): void {
  const actor = actorOf(cx.principal);
  const data = JSON.parse(JSON.stringify(happening.data ?? {}, bigintAsText)) as Record<string, unknown>;
  cx.alongside(sql`insert into app.audit_entry
    (institution_id, id, at, actor_kind, actor_id, actor_name, event, subject, data, ip)
    values (app.institution_id(), ${newId("aud", cx.now, cx.random)}, ${cx.now},
      ${actor.kind}, ${actor.id}, ${actor.name},
      ${happening.event}, ${happening.subject}, ${JSON.stringify(data)}, ${cx.ip})`);
  if (happening.outbox) tell(cx, happening.event, happening.subject, data);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
