import { sql } from "kysely";
import type { Instant } from "#kernel/time.ts";
import type { Work } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import { farSide } from "#providers/sandbox/memory.ts";
import type { Sandbox } from "#providers/sandbox/sandbox.ts";
import { sign, signatureHeader } from "#providers/sandbox/signature.ts";

type Waiting = { id: string; body: unknown; due_at: Instant };

export type Delivery = {
  readonly origin: string;
  readonly send: (url: string, init: RequestInit) => Promise<Response>;
};

/** Tries for one event; after that the far side gives up, and only a look-up finds what it would have said. */
const mostTries = 10;

/**
 * Delivers the sandbox's events by HTTP to `/events/sandbox`, signed; what is not answered 2xx is tried again later.
 */
export async function deliverSandboxEvents(
  work: Work<"sandbox.deliver">,
  sandbox: Sandbox,
  { origin, send }: Delivery,
): Promise<void> {
  const { waiting, url } = await farSide(sandbox.ground, work.institution, async (cx) => {
    const { rows } = await sql<Waiting>`select id, body, due_at from sandbox.event
      where institution_id = ${work.institution} and delivered_at is null and due_at <= ${cx.now}
        and tries < ${mostTries}
      order by due_at, id limit 200`.execute(cx.db);
    return { waiting: rows, url: await addressOf(cx, origin) };
  });
  if (sandbox.faults.events === "backwards") waiting.reverse();
  let refused = 0;
  for (const event of waiting) {
    if (work.signal.aborted) return;
    const times = sandbox.faults.events === "twice" ? 2 : 1;
    let taken = false;
    for (let time = 0; time < times; time++) taken = await deliver(work, sandbox, send, url, event);
    if (!taken) refused += 1;
    await farSide(sandbox.ground, work.institution, async (cx) => {
      await sql`update sandbox.event set tries = tries + 1, delivered_at = ${taken ? cx.now : null}
        where institution_id = ${work.institution} and id = ${event.id}`.execute(cx.db);
    });
  }
  if (refused > 0) throw new Error(`${refused} sandbox events were not taken`);
}

/** Where this institution is reached: its own host where it has one. */
async function addressOf(cx: Cx, origin: string): Promise<URL> {
  const { rows } = await sql<{ host: string | null }>`select host from app.institution
    where id = ${cx.institution.id}`.execute(cx.db);
  const { protocol, host } = new URL(origin);
  return new URL(`${protocol}//${rows[0]?.host ?? host}/events/sandbox`);
}

async function deliver(
  work: Work<"sandbox.deliver">,
  sandbox: Sandbox,
  send: Delivery["send"],
  url: URL,
  event: Waiting,
): Promise<boolean> {
  const body = JSON.stringify(event.body);
  const signature = sign(sandbox.ground.keys, work.institution, body, sandbox.ground.clock.now());
  try {
    const answer = await send(url.href, {
      method: "POST",
      headers: { host: url.host, "content-type": "application/json", [signatureHeader]: signature },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch (error) {
    work.log.debug({ err: error }, "A sandbox event found nobody");
    return false;
  }
}
