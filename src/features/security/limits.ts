import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { countDown, countFromZero, countUp } from "./limit-store.ts";

/** At most `most` tries under `key` in each window of `seconds`. Windows are fixed: a new one starts with none. */
export type Limit = { readonly key: string; readonly most: number; readonly seconds: number };

const quarter = 900;
const day = 86_400;

/** The key of an address: recognised, never read, the same for addresses that we know and that we don't. */
export function addressKey(cx: Cx, email: string): string {
  return cx.keys.fingerprint("limit", email).toString("base64url").slice(0, 22);
}

/**
 * What shares a limit: one IPv4 address, or the /64 of an IPv6 address, which is what one household or one attacker
 * has.
 */
export function networkOf(ip: string): string {
  if (!ip.includes(":")) return ip === "" ? "none" : ip;
  const [head = "", tail] = ip.toLowerCase().split("%")[0]?.split("::") ?? [];
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}

/** Asking for a link (sign-in, new password): per address, per network and for the whole institution. */
export function linkLimits(cx: Cx, email: string): readonly Limit[] {
  const address = addressKey(cx, email);
  return [
    { key: `link:address:${address}`, most: 5, seconds: quarter },
    { key: `link:day:${address}`, most: 30, seconds: day },
    { key: `link:network:${networkOf(cx.ip)}`, most: 60, seconds: quarter },
    { key: "link:institution", most: 3_000, seconds: quarter },
  ];
}

/**
 * Asking for a fresh proof in an open session. Strangers can't ask, so what they ask for at the doors doesn't count
 * here: nobody is kept from proving who they are by others who type their address.
 */
export function proofLimits(cx: Cx, email: string): readonly Limit[] {
  const address = addressKey(cx, email);
  return [
    { key: `proof:address:${address}`, most: 5, seconds: quarter },
    { key: `proof:day:${address}`, most: 30, seconds: day },
  ];
}

/** The codes of such proofs. */
export function proofCodeLimits(cx: Cx, email: string): readonly Limit[] {
  return [{ key: `proof:code:day:${addressKey(cx, email)}`, most: 25, seconds: day }];
}

/** Six-digit codes: five tries a link are counted on the link; these bound how many links one can try with. */
export function codeLimits(cx: Cx, email: string): readonly Limit[] {
  return [
    { key: `code:day:${addressKey(cx, email)}`, most: 25, seconds: day },
    { key: `code:network:${networkOf(cx.ip)}`, most: 60, seconds: quarter },
  ];
}

/**
 * Wrong passwords in a quarter of an hour after which an address is locked, on every path that asks for the password.
 */
export const passwordTries = 10;
export const passwordLockMinutes = quarter / 60;

/** Passwords: sign-in, step-up and changing the password count together, so no second path has tries of its own. */
export function passwordLimits(cx: Cx, email: string): readonly Limit[] {
  return [
    { key: `password:address:${addressKey(cx, email)}`, most: passwordTries, seconds: quarter },
    { key: `password:network:${networkOf(cx.ip)}`, most: 60, seconds: quarter },
    { key: "password:institution", most: 3_000, seconds: quarter },
  ];
}

/** Numbers of wallets that nobody has, as members type them: a check digit finds slips, so these are seldom. */
export function walletNumberLimits(member: string): readonly Limit[] {
  return [
    { key: `wallet-number:${member}`, most: 20, seconds: 3_600 },
    { key: `wallet-number:day:${member}`, most: 60, seconds: day },
  ];
}

function windowStart(cx: Cx, seconds: number): Instant {
  const epoch = Math.floor(cx.now.epochMilliseconds / 1_000);
  return Temporal.Instant.fromEpochMilliseconds((epoch - (epoch % seconds)) * 1_000);
}

/**
 * Counts one try under every limit, before the try is made: a hundred at once don't get further than one after another.
 * Answers how often the first limit was tried. Throws `rate.limited` with the time to wait, in words that are the same
 * for known and unknown addresses.
 */
export async function takeTry(cx: Cx, limits: readonly Limit[]): Promise<number> {
  const counts = await countUp(
    cx,
    limits.map(({ key, seconds }) => ({ key, start: windowStart(cx, seconds) })),
  );
  const over = limits.filter((limit) => (counts.get(limit.key) ?? 0) > limit.most);
  if (over.length > 0) {
    const ends = over.map(({ seconds }) => windowStart(cx, seconds).add({ seconds }));
    const until = ends.reduce((a, b) => (Temporal.Instant.compare(a, b) > 0 ? a : b));
    throw tooMany(Math.ceil(cx.now.until(until).total("seconds")));
  }
  return counts.get(limits[0]?.key ?? "") ?? 0;
}

/** The try was right, and right tries lock nobody out: the first limit begins anew. */
export async function giveBackTry(cx: Cx, limits: readonly Limit[]): Promise<void> {
  const [limit] = limits;
  if (limit) await countFromZero(cx, { key: limit.key, start: windowStart(cx, limit.seconds) });
}

/** The try was right and counts nowhere; those that were wrong before it still do. */
export async function uncountTry(cx: Cx, limits: readonly Limit[]): Promise<void> {
  const slots = limits.map(({ key, seconds }) => ({ key, start: windowStart(cx, seconds) }));
  await countDown(cx, slots);
}

/** Too many tries; the answer carries Retry-After. */
export function tooMany(seconds: number): Problem {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const wait = minutes === 1 ? "a minute" : minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
  return new Problem("rate.limited", `Please wait ${wait} before you try again.`, { retryAfterSeconds: seconds });
}
