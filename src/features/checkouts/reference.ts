import { type Random, randomBelow } from "#kernel/random.ts";

// Without 0, 1, I, L and O, which people mix up. 31 is prime, so the check sign finds every wrong sign and every swap
// of two.
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const length = 8;

/** A reference that a person types into a bank's form: seven random signs and a check sign, `7K4M2Q9X`. */
export function newReference(random: Random): string {
  const signs = Array.from({ length: length - 1 }, () => randomBelow(random, alphabet.length));
  return [...signs, checkOf(signs)].map((index) => alphabet[index]).join("");
}

/** As people read it best: `7K4M-2Q9X`. */
export function spacedReference(reference: string): string {
  return reference.length === length ? `${reference.slice(0, 4)}-${reference.slice(4)}` : reference;
}

/** Whether the signs are a reference as we make them. */
export function isReference(text: string): boolean {
  const signs = [...text].map((sign) => alphabet.indexOf(sign));
  if (signs.length !== length || signs.includes(-1)) return false;
  return checkOf(signs.slice(0, -1)) === signs.at(-1);
}

/**
 * Every reference that can be read out of what a bank passed on (`Tuition 7k4m 2q9x Aiko`), whatever stands around it,
 * in between or in small letters. A wrong sign is not corrected: money is never put on a guess.
 */
export function referencesIn(text: string): string[] {
  const plain = text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .slice(0, 300);
  const found = new Set<string>();
  for (let at = 0; at + length <= plain.length; at++) {
    const piece = plain.slice(at, at + length);
    if (isReference(piece)) found.add(piece);
  }
  return [...found];
}

/**
 * How many signs differ between a reference and the closest piece of a text: for suggestions to staff, never for
 * matching.
 */
export function distanceTo(reference: string, text: string): number {
  const plain = text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .slice(0, 300);
  let best = length;
  for (let at = 0; at + length <= plain.length; at++) {
    let wrong = 0;
    for (let index = 0; index < length; index++) if (plain[at + index] !== reference[index]) wrong++;
    if (wrong < best) best = wrong;
  }
  return best;
}

/** The weights 2 to 8 differ and are below 31: a swap of two neighbours always changes the sum. */
function checkOf(signs: readonly number[]): number {
  return signs.reduce((sum, sign, index) => sum + sign * (index + 2), 0) % alphabet.length;
}
