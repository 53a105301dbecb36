import { sql } from "kysely";
import type { Role, StaffId } from "#access/principal.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { SecurityEvent } from "./end-sessions.ts";

/** What is compared with a typed password. A member who is suspended, or has none yet, can't be found by one. */
export type Known = { readonly id: StaffId; readonly name: string; readonly hash: string };

/** The member behind an address; undefined where none could sign in with a password. */
export async function findByPassword(cx: Cx, email: string): Promise<Known | undefined> {
  const { rows } = await sql<Known>`select id, name, password_hash as hash from app.staff_member
    where institution_id = app.institution_id() and email = ${email} and suspended_at is null
      and password_hash is not null`.execute(cx.db);
  return rows[0];
}

/** The member behind an address, with or without a password; undefined for the suspended. */
export async function findActive(cx: Cx, email: string): Promise<{ id: StaffId; name: string } | undefined> {
  const { rows } = await sql<{ id: StaffId; name: string }>`select id, name from app.staff_member
    where institution_id = app.institution_id() and email = ${email} and suspended_at is null`.execute(cx.db);
  return rows[0];
}

/** Stores a new password. With `instead`, only if the old one is still what it was when it was checked. */
export async function savePassword(cx: Cx, id: StaffId, hash: string, instead?: string): Promise<boolean> {
  const unchanged = instead === undefined ? sql`true` : sql`password_hash = ${instead}`;
  const { numAffectedRows } = await sql`update app.staff_member
    set password_hash = ${hash}, password_changed_at = ${cx.now}
    where institution_id = app.institution_id() and id = ${id} and ${unchanged}`.execute(cx.db);
  return numAffectedRows === 1n;
}

export type TwoStep = {
  readonly sealed: Buffer | null;
  readonly confirmedAt: Instant | null;
  readonly failedTries: number;
  readonly lockedUntil: Instant | null;
};

/** Holds the member's row until the transaction ends, so that codes are tried one after another. */
export async function lockTwoStep(cx: Cx, id: StaffId): Promise<TwoStep | undefined> {
  const { rows } = await sql<TwoStep>`select totp_sealed as sealed, totp_confirmed_at as "confirmedAt",
      failed_tries as "failedTries", locked_until as "lockedUntil"
    from app.staff_member where institution_id = app.institution_id() and id = ${id} for update`.execute(cx.db);
  return rows[0];
}

/** Takes a step of the clock, once: a code that was used, or one older than it, is refused (compare and set). */
export async function takeStep(cx: Cx, id: StaffId, step: bigint): Promise<boolean> {
  const { numAffectedRows } = await sql`update app.staff_member set totp_last_step = ${step}
    where institution_id = app.institution_id() and id = ${id} and totp_last_step < ${step}`.execute(cx.db);
  return numAffectedRows === 1n;
}

/** Keeps the count of wrong codes in a row; `lockedUntil` shuts every path that asks for one. */
export async function saveTries(cx: Cx, id: StaffId, tries: number, lockedUntil: Instant | null): Promise<void> {
  await sql`update app.staff_member set failed_tries = ${tries}, locked_until = ${lockedUntil}
    where institution_id = app.institution_id() and id = ${id}`.execute(cx.db);
}

/**
 * Stores a confirmed secret; the step of its code is used up with it. `first` stores it only where two-step is not on,
 * for whoever has given no more than a password.
 */
export async function saveTotp(cx: Cx, id: StaffId, sealed: Buffer, step: bigint, first: boolean): Promise<boolean> {
  const before = first ? sql`totp_confirmed_at is null` : sql`true`;
  const { numAffectedRows } = await sql`update app.staff_member
    set totp_sealed = ${sealed}, totp_confirmed_at = ${cx.now}, totp_last_step = ${step}
    where institution_id = app.institution_id() and id = ${id} and ${before}`.execute(cx.db);
  return numAffectedRows === 1n;
}

/** Seals the secret again after a rotation of the key, so that the old key can go. */
export async function resealTotp(cx: Cx, id: StaffId, sealed: Buffer): Promise<void> {
  await sql`update app.staff_member set totp_sealed = ${sealed}
    where institution_id = app.institution_id() and id = ${id}`.execute(cx.db);
}

/** Since when one's password and authenticator app are as they are. */
export async function securityFacts(cx: Cx, id: StaffId): Promise<{ changed: Instant | null; since: Instant | null }> {
  const { rows } = await sql<{ changed: Instant | null; since: Instant | null }>`
    select password_changed_at as changed, totp_confirmed_at as since from app.staff_member
    where institution_id = app.institution_id() and id = ${id}`.execute(cx.db);
  return rows[0] ?? { changed: null, since: null };
}

/** What the audit log says about one's account, newest first. */
export async function recentEvents(cx: Cx, id: StaffId): Promise<readonly SecurityEvent[]> {
  const { rows } = await sql<SecurityEvent>`select at, event, ip from app.audit_entry
    where institution_id = app.institution_id() and subject = ${id} order by seq desc limit 15`.execute(cx.db);
  return rows;
}

/** The first member with a role: for the demo's one-click sign-in. */
export async function demoMember(cx: Cx, role: Role): Promise<{ id: string; email: string; name: string } | undefined> {
  const { rows } = await sql<{ id: string; email: string; name: string }>`select id, email, name from app.staff_member
    where institution_id = app.institution_id() and role = ${role} and suspended_at is null
    order by id limit 1`.execute(cx.db);
  return rows[0];
}
