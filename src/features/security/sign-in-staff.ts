import type { Permit } from "#access/permit.ts";
import type { Staff, StaffId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { queueMail } from "#features/notifications/queue-mail.ts";
import type { Cx } from "#platform/tx.ts";
import { acceptPassword, beginPasswordTry, type PasswordTry, refusePassword } from "./check-password.ts";
import type { About } from "./password.ts";
import { endOtherSessions, markSteppedUp, startSession } from "./session-store.ts";
import type { SigningIn } from "./sign-in-by-link.ts";
import { findLink, spendLink } from "./sign-in-link-store.ts";
import { findActive, findByPassword, savePassword } from "./staff-store.ts";
import { proveSecondFactor } from "./two-step.ts";

/** First half of a staff sign-in; see check-password.ts. Throws `rate.limited`. */
export async function beginStaffSignIn(cx: Cx, _may: Permit<"sign-in">, email: string): Promise<PasswordTry> {
  return await beginPasswordTry(cx, email);
}

/**
 * Second half: starts a session that still waits for its code, or answers undefined, for a wrong password as for no
 * such account. The refusal is written down, so do not throw after it.
 */
export async function endStaffSignIn(
  cx: Cx,
  _may: Permit<"sign-in">,
  attempt: PasswordTry,
  right: boolean,
  who: Omit<SigningIn, "browser">,
): Promise<string | undefined> {
  const now = right ? await findByPassword(cx, attempt.email) : undefined;
  // Suspended, or given another password, while we were hashing: then the try counts as wrong.
  if (!now || now.hash !== attempt.known?.hash) {
    await refusePassword(cx, attempt);
    return undefined;
  }
  await acceptPassword(cx, attempt);
  return await startSession(cx, {
    face: "staff",
    email: attempt.email,
    owner: { staff: now.id },
    pending: true,
    userAgent: who.userAgent,
    replaces: who.replaces,
  });
}

/** The session of the owner who has just set up the institution: two-step is still to be set up. */
export async function startFirstSession(
  cx: Cx,
  _may: Permit<"setup.first">,
  owner: { readonly staff: StaffId; readonly email: string },
  userAgent: string,
): Promise<string> {
  const { staff, email } = owner;
  return await startSession(cx, { face: "staff", email, owner: { staff }, pending: true, userAgent });
}

/** Counts a try of one's own password, for step-up and for changing it. */
export async function beginOwnPasswordTry(cx: Cx<Staff>, _may: Permit<"security.own">): Promise<PasswordTry> {
  return await beginPasswordTry(cx, cx.principal.email);
}

/**
 * A fresh proof of identity: password, then code. Both wrong and one wrong get the same answer, and a wrong password
 * does not use up a code. Throws `rate.limited`.
 */
export async function stepUp(
  cx: Cx<Staff>,
  _may: Permit<"security.own">,
  attempt: PasswordTry,
  right: boolean,
  code: string,
): Promise<boolean> {
  if (!right) {
    await refusePassword(cx, attempt);
    return false;
  }
  if (!(await proveSecondFactor(cx, code))) return false;
  await acceptPassword(cx, attempt);
  await markSteppedUp(cx, cx.principal.session.id);
  record(cx, { event: "step-up.completed", subject: cx.principal.id });
  return true;
}

/** Changes one's own password after the old one was right; all other sessions end, and a mail says so. */
export async function changePassword(
  cx: Cx<Staff>,
  _may: Permit<"security.own">,
  attempt: PasswordTry,
  right: boolean,
  newHash: string,
): Promise<boolean> {
  const { id, email, session } = cx.principal;
  const changed = right && attempt.known && (await savePassword(cx, id, newHash, attempt.known.hash));
  if (!changed) {
    await refusePassword(cx, attempt);
    return false;
  }
  await acceptPassword(cx, attempt);
  await endOtherSessions(cx, { staff: id }, session.id, "password changed");
  record(cx, { event: "password.changed", subject: id });
  await queueMail(cx, { kind: "password_changed", to: email, locale: "en", params: {} });
  return true;
}

/** What a new password is judged by. */
export function aboutStaff(cx: Cx, person: { readonly email: string; readonly name: string }): About {
  return { email: person.email, name: person.name, institution: cx.institution.name };
}

const passwordLink = { face: "staff", purpose: "set_password" } as const;

/** Whose password a mailed link would set; undefined when it is used, expired, unknown, or its owner is gone. */
export async function lookAtPasswordLink(cx: Cx, _may: Permit<"sign-in">, token: string): Promise<About | undefined> {
  const link = await findLink(cx, passwordLink, token);
  if (!link || link.usedAt || Temporal.Instant.compare(link.expiresAt, cx.now) <= 0) return undefined;
  const member = await findActive(cx, link.email);
  return member && aboutStaff(cx, { email: link.email, name: member.name });
}

/**
 * Sets a forgotten password by mailed link. All sessions end, and nobody is signed in by it: the new password and the
 * code are asked for as always, and a lock stays. False when the link is good no more.
 */
export async function setPassword(cx: Cx, _may: Permit<"sign-in">, token: string, newHash: string): Promise<boolean> {
  const link = await spendLink(cx, passwordLink, token);
  const member = link && (await findActive(cx, link.email));
  if (!link || !member) return false;
  await savePassword(cx, member.id, newHash);
  await endOtherSessions(cx, { staff: member.id }, "", "password set by link");
  record(cx, { event: "password.reset", subject: member.id });
  await queueMail(cx, { kind: "password_changed", to: link.email, locale: "en", params: {} });
  return true;
}
