import type { Random } from "#kernel/random.ts";

// Crockford base32 without letters that look like digits.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const howMany = 10;
const characters = 16;

/**
 * Ten codes of 80 bits, `xxxx-xxxx-xxxx-xxxx`: too many possibilities to search, so a plain hash of them may be kept.
 */
export function newRecoveryCodes(random: Random): readonly string[] {
  return Array.from({ length: howMany }, () => {
    const text = [...random.bytes(characters)].map((byte) => alphabet[byte & 31]).join("");
    return text.replace(/(.{4})(?=.)/g, "$1-");
  });
}

/** Whether this (cleaned of dashes) can be a recovery code. */
export function looksLikeRecoveryCode(clean: string): boolean {
  return clean.length === characters && [...clean].every((letter) => alphabet.includes(letter));
}
