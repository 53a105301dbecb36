import { hash } from "node:crypto";
import type { Kysely, RawBuilder } from "kysely";
import type pg from "pg";
import type { InstitutionId, Principal, System, Visitor } from "#access/principal.ts";
import { Problem } from "#kernel/problem.ts";
import type { Random } from "#kernel/random.ts";
import type { Clock, Instant } from "#kernel/time.ts";
import type { Keys } from "#platform/crypto.ts";
import {
  builderOf,
  gatherTrip,
  isRetryable,
  isUnavailable,
  type Pools,
  type RoleName,
  send,
  sendPlain,
} from "#platform/database.ts";
import type { DB } from "#platform/database-types.ts";
import { type Institution, institutionFromJson, noInstitution } from "#platform/institution.ts";
import { institutionAt, knownAt } from "#platform/known-institutions.ts";
import {
  type Opened,
  openCustomerSession,
  openPartnerSession,
  openStaffSession,
  type Settings,
} from "#platform/open-session.ts";

/** What every transaction runs on; tests put their own clock, randomness and keys here. */
export type Ground = { readonly pools: Pools; readonly clock: Clock; readonly random: Random; readonly keys: Keys };

/**
 * One transaction, with everything a use case may touch. `now` is read once, when it opens.
 */
export type Cx<P extends Principal = Principal, Tables = DB> = {
  readonly db: Kysely<Tables>;
  readonly principal: P;
  readonly institution: Institution;
  readonly now: Instant;
  readonly random: Random;
  readonly keys: Keys;
  readonly ip: string;
  /**
   * Sends a write whose answer nobody needs (the audit log, news, a wake-up): what follows leaves without waiting for
   * it. It stands before whatever is asked next, and COMMIT fails with it. The same function all through a transaction.
   */
  alongside(write: Written): void;
};

/** How a transaction is opened: by a session's token, for a visitor of a host, or for the program's own work. */
export type Opening =
  | { readonly as: "staff" | "customer"; readonly token: string; readonly ip?: string; readonly readOnly?: boolean }
  /** `writes` takes the role that may write; pages of partners run on the one that only reads (access.md 4). */
  | {
      readonly as: "partner";
      readonly token: string;
      readonly writes: boolean;
      readonly ip?: string;
      readonly readOnly?: boolean;
    }
  | { readonly as: "visitor"; readonly host: string; readonly ip?: string }
  | { readonly as: "system"; readonly institution: InstitutionId; readonly task: string };

type Written = Pick<RawBuilder<unknown>, "compile">;
/** What was sent alongside in one transaction, and whether it has ended. */
type Alongside = { readonly sent: Promise<unknown>[]; isOver: boolean };
type OfSession = Exclude<Opening, { readonly as: "visitor" | "system" }>;

/**
 * Opens a transaction on the role that fits, runs `work` and commits; a throw rolls back. Serialisation failures and
 * deadlocks run again, twice at most: so `work` touches nothing but the database. Throws `sign-in.required` when the
 * session opens nothing (any more), `host.unknown` when a visitor's host belongs to none of several institutions,
 * `unavailable` when the database is away. A visitor where no institution is yet sees no rows.
 */
export async function inTx<T>(ground: Ground, opening: Opening, work: (cx: Cx) => T | Promise<T>): Promise<T> {
  return await stubbornly(() => once(ground, opening, work));
}

async function stubbornly<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (isRetryable(error) && attempt < 3) continue;
      if (isUnavailable(error)) {
        throw new Problem("unavailable", "Please try again in a moment. Nothing was lost.", {
          cause: error,
          retryAfterSeconds: 5,
        });
      }
      throw error;
    }
  }
}

async function once<T>(ground: Ground, opening: Opening, work: (cx: Cx) => T | Promise<T>): Promise<T> {
  const client = await ground.pools.of(roleOf(opening)).connect();
  const writes: Alongside = { sent: [], isOver: false };
  let result: T;
  try {
    result = await work(await begin(client, ground, opening, writes));
    writes.isOver = true;
    // A COMMIT behind a write that failed rolls back.
    await Promise.all([...writes.sent, sendPlain(client, "commit")]);
  } catch (error) {
    writes.isOver = true;
    client.release(await rollBack(client, error));
    throw await firstCause(error, writes);
  }
  client.release();
  return result;
}

/**
 * Behind a write that failed PostgreSQL refuses everything (25P02), and knows no statement that was to be prepared
 * there (26000): what it was is said by the write.
 */
async function firstCause(error: unknown, { sent }: Alongside): Promise<unknown> {
  if (!["25P02", "26000"].includes((error as { code?: string } | null)?.code ?? "")) return error;
  return (await Promise.allSettled(sent)).find((one) => one.status === "rejected")?.reason ?? error;
}

async function begin(client: pg.PoolClient, ground: Ground, opening: Opening, writes: Alongside): Promise<Cx> {
  const now = ground.clock.now();
  const readOnly = opening.as !== "visitor" && opening.as !== "system" && opening.readOnly === true;
  const begun = sendPlain(client, readOnly ? "begin read only" : "begin");
  const [opened] = await Promise.all([open(ground.pools, client, opening, now), begun]);
  const db = builderOf(client);
  return {
    ...opened,
    db,
    now,
    random: ground.random,
    keys: ground.keys,
    ip: "ip" in opening ? (opening.ip ?? "") : "",
    alongside: (write) => {
      // The connection is somebody else's by now.
      if (writes.isOver) throw new Error("Nothing can be written any more: the transaction is over.");
      // Compiled and sent at once: through the builder it would leave a few turns later, perhaps behind COMMIT.
      const { sql, parameters } = write.compile(db);
      const sent = send(client, sql, parameters);
      sent.catch(() => {});
      writes.sent.push(sent);
    },
  };
}

/** What can be asked before it is known who asks: the walls choose the rows, and open for nobody who is refused. */
export type Ahead = Pick<Cx, "db" | "now">;

/**
 * A transaction of a session that only reads, in one round trip: BEGIN, the check of the session, what `work` asks in
 * its first turn, and COMMIT leave together. `opened` says who asks, or rejects as `inTx` does: nothing may be done
 * with what was read before it says so. Asking later throws.
 */
export async function inOneTrip<T>(
  ground: Ground,
  opening: OfSession,
  work: (ahead: Ahead, opened: Promise<Opened>) => Promise<T>,
): Promise<T> {
  return await stubbornly(() => onceAhead(ground, opening, work));
}

async function onceAhead<T>(
  ground: Ground,
  opening: OfSession,
  work: (ahead: Ahead, opened: Promise<Opened>) => Promise<T>,
): Promise<T> {
  const client = await ground.pools.of(roleOf(opening)).connect();
  const now = ground.clock.now();
  let hasLeft = false;
  const committed = gatherTrip(client, () => {
    hasLeft = true;
  });
  // Should it fail, the whole trip says so.
  if (opening.readOnly) send(client, "select set_config('transaction_read_only', 'on', true)").catch(() => {});
  // Settings that are not known yet are asked for by a transaction of their own: this one is over by then.
  const settings = () => inTx(ground, opening, async (cx) => cx.institution);
  const opened = openSession(client, opening, now, (id, version) => knownAt(ground.pools, id, version) ?? settings());
  const worked = work(
    {
      now,
      get db() {
        if (hasLeft) throw new Error("Nothing can be asked any more: the trip has left.");
        return builderOf(client);
      },
    },
    opened,
  );
  // The connection goes back when the server has answered, whatever `work` does with the answers meanwhile.
  void committed.then(
    () => client.release(),
    (reason) => client.release(asError(reason)),
  );
  try {
    const [result] = await Promise.all([worked, opened, committed]);
    return result;
  } catch (error) {
    // Who may not ask is told that, whatever their question did.
    await opened;
    throw error;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error("connection lost");
}

/** Rolls back. Answers why the connection is no good any more; undefined when it is. */
async function rollBack(client: pg.PoolClient, reason: unknown): Promise<Error | undefined> {
  if (isUnavailable(reason)) return asError(reason);
  try {
    await client.query("rollback");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error("rollback failed");
  }
}

function roleOf(opening: Opening): Exclude<RoleName, "owner"> {
  if (opening.as === "partner") return opening.writes ? "partner_write" : "partner";
  return opening.as === "system" ? "worker" : opening.as;
}

async function open(pools: Pools, client: pg.PoolClient, opening: Opening, now: Instant): Promise<Opened> {
  if (opening.as === "visitor") return await openVisit(client, opening.host);
  if (opening.as === "system") return await openSystem(client, opening.institution, opening.task);
  return await openSession(client, opening, now, (id, version) => institutionAt(pools, client, id, version));
}

async function openSession(
  client: pg.PoolClient,
  opening: OfSession,
  now: Instant,
  settings: Settings,
): Promise<Opened> {
  const asked = { client, token: tokenHash(opening.token), now };
  switch (opening.as) {
    case "staff":
      return await openStaffSession(asked, settings);
    case "customer":
      return await openCustomerSession(asked, settings);
    case "partner":
      return await openPartnerSession(asked, settings);
  }
}

async function openVisit(client: pg.PoolClient, host: string): Promise<Opened> {
  const { rows } = await send<{ institution: unknown }>(client, "select institution from app.open_visit($1)", [host]);
  const row = rows[0];
  if (!row) return { institution: noInstitution, principal: { kind: "visitor", institution: undefined } };
  if (row.institution === null) {
    throw new Problem("host.unknown", "Check the link that you were given, or ask who sent it to you.");
  }
  const institution = institutionFromJson(row.institution);
  return { institution, principal: { kind: "visitor", institution: institution.id } satisfies Visitor };
}

async function openSystem(client: pg.PoolClient, id: InstitutionId, task: string): Promise<Opened> {
  const { rows } = await send<{ institution: unknown }>(client, "select institution from app.open_system($1)", [id]);
  if (!rows[0]) throw new Problem("not-found", "This institution does not exist.");
  const institution = institutionFromJson(rows[0].institution);
  return { institution, principal: { kind: "system", institution: id, task } satisfies System };
}

/** What the database keeps of a secret token (session, link): its SHA-256. */
export function tokenHash(token: string): Buffer {
  return hash("sha256", token, "buffer");
}
