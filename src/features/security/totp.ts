import { Secret, TOTP } from "otpauth";
import type { Random } from "#kernel/random.ts";
import type { Instant } from "#kernel/time.ts";

/** RFC 6238 with what every authenticator app knows: SHA-1, six digits, thirty seconds. */
const periodSeconds = 30;

/** A new secret: 160 bits, as RFC 4226 section 4 recommends. */
export function newTotpSecret(random: Random): Uint8Array {
  return random.bytes(20);
}

function totpOf(secret: Uint8Array, issuer: string, label: string): TOTP {
  const bytes = Uint8Array.from(secret);
  return new TOTP({ secret: new Secret({ buffer: bytes.buffer }), issuer, label, digits: 6, period: periodSeconds });
}

/** What the QR code says: otpauth://totp/… */
export function totpAddress(secret: Uint8Array, issuer: string, email: string): string {
  // A colon parts the issuer from the account, so neither may hold one.
  return totpOf(secret, issuer.replaceAll(":", " "), email).toString();
}

/** The key to type where the QR code can't be read, in groups of four. */
export function totpKey(secret: Uint8Array): string {
  const bytes = Uint8Array.from(secret);
  return new Secret({ buffer: bytes.buffer }).base32.replace(/(.{4})(?=.)/g, "$1 ");
}

/** The step whose code this is, at most one before or after now; undefined when it is none of the three. */
export function stepOfCode(secret: Uint8Array, code: string, now: Instant): bigint | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = totpOf(secret, "", "").validate({ token: code, timestamp: now.epochMilliseconds, window: 1 });
  if (delta === null) return undefined;
  return BigInt(Math.floor(now.epochMilliseconds / 1_000 / periodSeconds) + delta);
}

/** The code of a secret at an instant: for tests and demonstrations. */
export function codeAt(secret: Uint8Array, at: Instant): string {
  return totpOf(secret, "", "").generate({ timestamp: at.epochMilliseconds });
}

/** What a person typed as a code, without the spaces that apps show in it. */
export function cleanCode(text: string): string {
  return text.normalize("NFKC").replace(/[\s-]/g, "").toLowerCase();
}
