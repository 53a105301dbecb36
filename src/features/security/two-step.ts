import type { Permit } from "#access/permit.ts";
import type { PendingStaff, Staff, StaffId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { queueMail } from "#features/notifications/queue-mail.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { tooMany } from "./limits.ts";
import { replaceRecoveryCodes, spendRecoveryCode } from "./recovery-code-store.ts";
import { looksLikeRecoveryCode } from "./recovery-codes.ts";
import { completeSession, endOtherSessions } from "./session-store.ts";
import { lockTwoStep, resealTotp, saveTotp, saveTries, type TwoStep, takeStep } from "./staff-store.ts";
import { cleanCode, newTotpSecret, stepOfCode, totpAddress, totpKey } from "./totp.ts";

/** After so many wrong codes in a row a member waits, longer each time. The count ends with a right one only. */
const burst = 5;
const firstLockMinutes = 15;
const longestLockMinutes = 24 * 60;

/**
 * Tries a code of the authenticator app, or a recovery code, of a member of staff. Sign-in, step-up and every other
 * path that asks for one come here and share its count and its lock. Answers whether it was right; a wrong one is
 * counted, so do not throw after it. Throws `rate.limited` while the member is locked.
 */
export async function proveSecondFactor(cx: Cx<Staff | PendingStaff>, typed: string): Promise<boolean> {
  const { id } = cx.principal;
  const held = await lockTwoStep(cx, id);
  if (!held) throw notFound();
  if (held.lockedUntil && Temporal.Instant.compare(held.lockedUntil, cx.now) > 0) {
    throw tooMany(Math.ceil(cx.now.until(held.lockedUntil).total("seconds")));
  }
  const right = await codeIsRight(cx, id, held, cleanCode(typed));
  if (right) await saveTries(cx, id, 0, null);
  else await countWrongCode(cx, id, held.failedTries + 1);
  return right;
}

async function codeIsRight(cx: Cx, id: StaffId, held: TwoStep, code: string): Promise<boolean> {
  if (!held.sealed || !held.confirmedAt) return false;
  if (looksLikeRecoveryCode(code)) {
    const spent = await spendRecoveryCode(cx, id, code);
    if (spent) record(cx, { event: "recovery-code.used", subject: id });
    return spent;
  }
  const secret = cx.keys.open("totp", id, held.sealed);
  const step = stepOfCode(secret, code, cx.now);
  if (step === undefined || !(await takeStep(cx, id, step))) return false;
  if (cx.keys.isStale(held.sealed)) await resealTotp(cx, id, cx.keys.seal(cx.random, "totp", id, secret));
  return true;
}

async function countWrongCode(cx: Cx<Staff | PendingStaff>, id: StaffId, tries: number): Promise<void> {
  record(cx, { event: "two-step.refused", subject: id });
  if (tries % burst !== 0) {
    await saveTries(cx, id, tries, null);
    return;
  }
  const minutes = Math.min(firstLockMinutes * 2 ** Math.min(tries / burst - 1, 10), longestLockMinutes);
  await saveTries(cx, id, tries, cx.now.add({ minutes }));
  record(cx, { event: "two-step.locked", subject: id, data: { minutes } });
  await queueMail(cx, { kind: "locked", to: cx.principal.email, locale: "en", params: { minutes } });
}

/**
 * Ends a sign-in with its code: the session becomes a whole one under a new token. Undefined when the code was wrong.
 */
export async function finishTwoStep(
  cx: Cx<PendingStaff>,
  _may: Permit<"two-step.finish">,
  typed: string,
): Promise<string | undefined> {
  if (!(await proveSecondFactor(cx, typed))) return undefined;
  return await complete(cx);
}

async function complete(cx: Cx<PendingStaff>): Promise<string> {
  const token = await completeSession(cx, cx.principal.session.id);
  if (token === undefined) throw new Problem("sign-in.required", "Your session has ended. Sign in to go on.");
  record(cx, { event: "sign-in.completed", subject: cx.principal.id, data: { by: "password" } });
  return token;
}

/** A new secret for an authenticator app, before it is confirmed. Only the page knows it: nothing is stored yet. */
export type Offer = { readonly sealed: string; readonly address: string; readonly key: string };

function offerOf(cx: Cx<Staff | PendingStaff>, secret: Uint8Array, sealed: string): Offer {
  const address = totpAddress(secret, cx.institution.name, cx.principal.email);
  return { sealed, address, key: totpKey(secret) };
}

/** Offers a new secret, sealed for this session. */
export function offerTwoStep(cx: Cx<Staff | PendingStaff>): Offer {
  const secret = newTotpSecret(cx.random);
  const sealed = cx.keys.seal(cx.random, "totp-offer", cx.principal.session.id, secret);
  return offerOf(cx, secret, sealed.toString("base64url"));
}

/**
 * The same offer again, after a code that did not fit. Throws `request.invalid` when it was not made for this
 * session.
 */
export function sameOffer(cx: Cx<Staff | PendingStaff>, sealed: string): Offer {
  return offerOf(cx, openOffer(cx, sealed), sealed);
}

function openOffer(cx: Cx<Staff | PendingStaff>, sealed: string): Uint8Array {
  try {
    return cx.keys.open("totp-offer", cx.principal.session.id, Buffer.from(sealed, "base64url"));
  } catch (cause) {
    throw new Problem("request.invalid", "This page was open for too long. Open it again.", { cause });
  }
}

export type Enrolled = { readonly token: string; readonly codes: readonly string[] };

/**
 * Turns two-step on for a member who has none yet, and ends the sign-in. Undefined when the code does not fit the
 * offer. Throws `not-found` when it is on already: then a code of it is asked for, and nothing else helps.
 */
export async function enrolTwoStep(
  cx: Cx<PendingStaff>,
  _may: Permit<"two-step.finish">,
  sealed: string,
  typed: string,
): Promise<Enrolled | undefined> {
  if (cx.principal.hasTwoStep) throw notFound();
  const codes = await confirmOffer(cx, sealed, typed, true);
  if (!codes) return undefined;
  record(cx, { event: "two-step.turned-on", subject: cx.principal.id });
  return { token: await complete(cx), codes };
}

/** Puts a new authenticator app in the place of the old one. The route asked for a fresh proof; other sessions end. */
export async function replaceTwoStep(
  cx: Cx<Staff>,
  _may: Permit<"security.own">,
  sealed: string,
  typed: string,
): Promise<readonly string[] | undefined> {
  const codes = await confirmOffer(cx, sealed, typed, false);
  if (!codes) return undefined;
  record(cx, { event: "two-step.replaced", subject: cx.principal.id });
  await endOtherSessions(cx, { staff: cx.principal.id }, cx.principal.session.id, "two-step replaced");
  return codes;
}

async function confirmOffer(cx: Cx<Staff | PendingStaff>, sealed: string, typed: string, first: boolean) {
  const { id } = cx.principal;
  const secret = openOffer(cx, sealed);
  const step = stepOfCode(secret, cleanCode(typed), cx.now);
  if (step === undefined) return undefined;
  const kept = await saveTotp(cx, id, cx.keys.seal(cx.random, "totp", id, secret), step, first);
  if (!kept) throw notFound();
  await saveTries(cx, id, 0, null);
  return await replaceRecoveryCodes(cx, id);
}

/** Ten new recovery codes; the old ones open nothing any more. The route asked for a fresh proof. */
export async function renewRecoveryCodes(cx: Cx<Staff>, _may: Permit<"security.own">): Promise<readonly string[]> {
  record(cx, { event: "recovery-codes.replaced", subject: cx.principal.id });
  return await replaceRecoveryCodes(cx, cx.principal.id);
}
