import { createHmac, timingSafeEqual } from "node:crypto";
import type { InstitutionId } from "#access/principal.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Keys } from "#platform/crypto.ts";

/** The header that carries `t=<unix seconds>,v1=<HMAC-SHA-256 of "t.body", hex>`. */
export const signatureHeader = "x-portico-signature";

/** How far the time in a signature may be from ours, either way. */
const windowSeconds = 300;

/** Signs a body as the sandbox does when it sends an event. */
export function sign(keys: Keys, institution: InstitutionId, body: Uint8Array | string, at: Instant): string {
  const seconds = Math.floor(at.epochMilliseconds / 1_000);
  return `t=${seconds},v1=${mac(keys, institution, seconds, body).toString("hex")}`;
}

/** Checks signature and age over the raw body. Throws `signature.invalid`, with the same words whatever was wrong. */
export function verify(
  keys: Keys,
  institution: InstitutionId,
  body: Uint8Array,
  header: string | undefined,
  now: Instant,
): void {
  const found = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? "");
  const seconds = Number(found?.[1] ?? 0);
  const given = Buffer.from(found?.[2] ?? "", "hex");
  const expected = mac(keys, institution, seconds, body);
  const fits = given.length === expected.length && timingSafeEqual(given, expected);
  const age = Math.abs(now.epochMilliseconds / 1_000 - seconds);
  if (!found || !fits || age > windowSeconds) {
    throw new Problem("signature.invalid", "Sign the raw body with the shared secret and the present time.");
  }
}

function mac(keys: Keys, institution: InstitutionId, seconds: number, body: Uint8Array | string): Buffer {
  const secret = keys.fingerprint("sandbox.events", institution);
  return createHmac("sha256", secret).update(`${seconds}.`).update(body).digest();
}
