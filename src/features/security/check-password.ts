import { record } from "#features/audit/record.ts";
import { newId } from "#kernel/ids.ts";
import { tell } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";
import { giveBackTry, passwordLimits, passwordLockMinutes, passwordTries, takeTry } from "./limits.ts";
import { passwordFits } from "./password.ts";
import { findByPassword, type Known } from "./staff-store.ts";

/**
 * One try of a password, in three steps, because hashing must not hold a transaction: `beginPasswordTry` counts it
 * and reads the hash, `fits` compares (between transactions), then the try is given back or refused. Every path that
 * asks for a password goes this way and shares one count an address, so a lock holds on all of them.
 */
export type PasswordTry = { readonly email: string; readonly known: Known | undefined; readonly count: number };

/** Counts the try before it is made. The same statements for known and unknown. Throws `rate.limited`. */
export async function beginPasswordTry(cx: Cx, email: string): Promise<PasswordTry> {
  const count = await takeTry(cx, passwordLimits(cx, email));
  return { email, known: await findByPassword(cx, email), count };
}

/** Compares. The same work where there is nobody to compare with. */
export async function fits(attempt: PasswordTry, password: string): Promise<boolean> {
  return await passwordFits(attempt.known?.hash, password);
}

/** The password was right: it locks nobody out. */
export async function acceptPassword(cx: Cx, attempt: PasswordTry): Promise<void> {
  await giveBackTry(cx, passwordLimits(cx, attempt.email));
}

/** The password was wrong: noted, and at the last try the address hears of it by mail, if it is anybody's. */
export async function refusePassword(cx: Cx, attempt: PasswordTry): Promise<void> {
  record(cx, { event: "sign-in.refused", subject: attempt.known?.id ?? "", data: { by: "password" } });
  if (attempt.count !== passwordTries) return;
  const subject = newId("evt", cx.now, cx.random);
  const sealed = cx.keys.seal(cx.random, "lock-notice", subject, attempt.email).toString("base64url");
  record(cx, {
    event: "sign-in.locked",
    subject: attempt.known?.id ?? "",
    data: { minutes: passwordLockMinutes },
  });
  tell(cx, "sign-in.locked", subject, { sealed, minutes: passwordLockMinutes });
}
