import { timingSafeEqual } from "node:crypto";
import type { Keys } from "#platform/crypto.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * The code that set-up asks for where strangers could reach it: printed at start, while there is no institution. It
 * follows from SECRET_KEY, so every process prints the same; it is good once, since set-up is.
 */
export function setupCodeOf(keys: Keys): string {
  const text = [...keys.fingerprint("setup-code", "first institution").subarray(0, 12)]
    .map((byte) => alphabet[byte & 31])
    .join("");
  return text.replace(/(.{4})(?=.)/g, "$1-");
}

/** Whether what was typed is the code; dashes, spaces and capitals don't matter. */
export function isSetupCode(keys: Keys, typed: string): boolean {
  const clean = (text: string) => Buffer.from(text.toLowerCase().replaceAll(/[\s-]/g, ""));
  const wanted = clean(setupCodeOf(keys));
  const got = clean(typed);
  return got.length === wanted.length && timingSafeEqual(got, wanted);
}
