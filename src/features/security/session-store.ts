import { sql } from "kysely";
import type { CustomerId, Face, StaffId } from "#access/principal.ts";
import { assert } from "#kernel/assert.ts";
import { type Id, newId } from "#kernel/ids.ts";
import { secretToken } from "#kernel/random.ts";
import type { Instant } from "#kernel/time.ts";
import { type Cx, tokenHash } from "#platform/tx.ts";
import { deviceOf, lifetimes, type SessionView } from "./session.ts";

/** Whose sessions: a contact's belong to its address, whichever partnership they show. */
type Owner = { readonly staff: StaffId } | { readonly customer: CustomerId } | { readonly contactAddress: string };

/** What a new session opens first. */
export type SessionOwner =
  | { readonly staff: StaffId }
  | { readonly customer: CustomerId }
  | { readonly partnership: Id<"prt"> };

type NewSession = {
  readonly face: Face;
  readonly email: string;
  readonly owner: SessionOwner;
  readonly pending?: boolean;
  /** Whether it begins with a fresh proof of who sits there; it does unless it says otherwise. */
  readonly proven?: boolean;
  readonly userAgent: string;
  /** The session that this browser had before: it ends, so that nothing planted or forgotten lives on. */
  readonly replaces?: string | undefined;
};

/** Starts a session and answers its token, which is nowhere else: the database keeps the hash. */
export async function startSession(cx: Cx, session: NewSession): Promise<string> {
  if (session.replaces !== undefined) await endSessionOfToken(cx, session.face, session.replaces);
  const token = secretToken(cx.random);
  const life = lifetimes[session.pending ? "pending" : session.face];
  const staff = "staff" in session.owner ? session.owner.staff : null;
  const customer = "customer" in session.owner ? session.owner.customer : null;
  const partnership = "partnership" in session.owner ? session.owner.partnership : null;
  // A link or a password that was given just now is a fresh proof; what still waits for a code is none.
  const steppedUp = session.pending || session.proven === false ? null : cx.now;
  await sql`insert into app.session (institution_id, id, token_hash, face, email, staff_id, customer_id,
    partnership_id, two_step_pending, stepped_up_at, user_agent, ip, created_at, last_seen_at, idle_seconds, expires_at)
    values (app.institution_id(), ${newId("ses", cx.now, cx.random)}, ${tokenHash(token)}, ${session.face},
      ${session.email}, ${staff}, ${customer}, ${partnership}, ${session.pending ?? false}, ${steppedUp},
      ${session.userAgent}, ${cx.ip}, ${cx.now}, ${cx.now}, ${life.idleSeconds},
      ${cx.now.add({ seconds: life.absoluteSeconds })})`.execute(cx.db);
  return token;
}

async function endSessionOfToken(cx: Cx, face: Face, token: string): Promise<void> {
  await sql`update app.session set ended_at = ${cx.now}, ended_why = 'replaced'
    where institution_id = app.institution_id() and token_hash = ${tokenHash(token)} and face = ${face}
      and ended_at is null`.execute(cx.db);
}

/**
 * A session whose code was right becomes a whole one, under a new token: what was known of the old one opens nothing.
 */
export async function completeSession(cx: Cx, id: string): Promise<string | undefined> {
  const token = secretToken(cx.random);
  const life = lifetimes.staff;
  const { rows } = await sql<{ id: string }>`update app.session
    set token_hash = ${tokenHash(token)}, two_step_pending = false, stepped_up_at = ${cx.now}, last_seen_at = ${cx.now},
      idle_seconds = ${life.idleSeconds}, expires_at = ${cx.now.add({ seconds: life.absoluteSeconds })}
    where institution_id = app.institution_id() and id = ${id} and two_step_pending and ended_at is null
    returning id`.execute(cx.db);
  return rows.length === 1 ? token : undefined;
}

/** Notes a fresh proof of identity. */
export async function markSteppedUp(cx: Cx, id: string): Promise<void> {
  await sql`update app.session set stepped_up_at = ${cx.now}
    where institution_id = app.institution_id() and id = ${id}`.execute(cx.db);
}

type SessionRow = { id: string; user_agent: string; ip: string; created_at: Instant; last_seen_at: Instant };

function ownerIs(owner: Owner) {
  if ("contactAddress" in owner) return sql`face = 'partner' and email = ${owner.contactAddress}`;
  return "staff" in owner ? sql`staff_id = ${owner.staff}` : sql`customer_id = ${owner.customer}`;
}

/** The sessions that are open now, this one first, then the ones used last. */
export async function openSessions(
  cx: Cx,
  owner: Owner,
  who: { readonly email: string; readonly session: { readonly id: string } },
): Promise<readonly SessionView[]> {
  const thisOne = who.session.id;
  const { rows } = await sql<SessionRow>`select id, user_agent, ip, created_at, last_seen_at from app.session
    where institution_id = app.institution_id() and ${ownerIs(owner)} and ended_at is null and email = ${who.email}
      and expires_at > ${cx.now} and last_seen_at + make_interval(secs => idle_seconds) > ${cx.now}
    order by id = ${thisOne} desc, last_seen_at desc limit 100`.execute(cx.db);
  return rows.map((row) => ({
    id: row.id,
    ...deviceOf(row.user_agent),
    ip: row.ip,
    startedAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    isThisOne: row.id === thisOne,
  }));
}

/** Ends one session of this owner; false when there is none such. It opens nothing from the next request on. */
export async function endSession(cx: Cx, owner: Owner, id: string, why: string): Promise<boolean> {
  const { numAffectedRows } = await sql`update app.session set ended_at = ${cx.now}, ended_why = ${why}
    where institution_id = app.institution_id() and ${ownerIs(owner)} and id = ${id} and ended_at is null`.execute(
    cx.db,
  );
  return numAffectedRows === 1n;
}

/** Ends all sessions of this owner but `keep`; answers how many. */
export async function endOtherSessions(cx: Cx, owner: Owner, keep: string, why: string): Promise<number> {
  const { numAffectedRows } = await sql`update app.session set ended_at = ${cx.now}, ended_why = ${why}
    where institution_id = app.institution_id() and ${ownerIs(owner)} and id <> ${keep} and ended_at is null`.execute(
    cx.db,
  );
  return Number(numAffectedRows ?? 0n);
}

/** Notes a fresh proof of the session that asks: a link to its address that this transaction spent. */
export async function proveSession(cx: Cx, link: string): Promise<void> {
  const { rows } = await sql<{ done: boolean }>`select app.prove_session(${link}, ${cx.now}) as done`.execute(cx.db);
  assert(rows[0]?.done === true, "a session is proven by a link that was just spent");
}

/** Ends the sessions that show this partnership to this address. */
export async function endSessionsOfContact(cx: Cx, partnership: string, email: string, why: string): Promise<void> {
  await sql`update app.session set ended_at = ${cx.now}, ended_why = ${why}
    where institution_id = app.institution_id() and face = 'partner' and partnership_id = ${partnership}
      and email = ${email} and ended_at is null`.execute(cx.db);
}
