import { hash, verify } from "@node-rs/argon2";
import { isCommonPassword } from "./common-passwords.ts";

// OWASP Password Storage Cheat Sheet (2025): Argon2id with 19 MiB, two passes, one lane. 2 = Argon2id; its enum can't
// be imported by programs that strip types.
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * What a stored hash is compared with where there is no account: made with the same parameters, of no known password.
 */
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$HWic7SAsoBysKmD8g4VSCA$85sHC3tGpFuuUFZALg6QQuN96fyFjcRIDC2UTvqRlmg";

/** The same text typed on two keyboards is one password (NIST SP 800-63B 3.1.1.2: normalise before hashing). */
function normal(password: string): string {
  return password.normalize("NFKC");
}

/** The argon2id hash to store. Takes about 20 ms of a core: call it between transactions, not inside one. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(normal(password), parameters);
}

/**
 * Whether the password belongs to the hash. Without a hash it does the same work and says no, so that a clock does
 * not tell who has an account.
 */
export async function passwordFits(stored: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(stored ?? decoy, normal(password));
  return fits && stored !== undefined;
}

/** What a password must not be made of: what anyone knows who knows the person. */
export type About = { readonly email: string; readonly name: string; readonly institution: string };

/**
 * Why this password can't be used, in words that say what to do; undefined when it can. 8 to 256 characters, none of
 * the common ones, not the person's own name or address; no rules of composition (NIST SP 800-63B 3.1.1.2).
 */
export function passwordProblem(password: string, about: About): string | undefined {
  const text = normal(password);
  const length = [...text].length;
  if (length < 8) return "Use at least 8 characters. A few words in a row work well.";
  if (length > 256) return "Use at most 256 characters.";
  if (isCommonPassword(text)) return "Many people use this password, so it is guessed first. Choose another.";
  const plain = text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  if (new Set(text).size <= 2) return "This repeats the same characters. Choose another password.";
  for (const known of knownWords(about)) {
    // The word may be part of a long password; it may not be nearly all of it.
    if (plain.includes(known) && plain.length - known.length < 5) {
      return "Don't use your name, your address or the institution as the password.";
    }
  }
  return undefined;
}

function knownWords(about: About): string[] {
  const [local = "", domain = ""] = about.email.toLowerCase().split("@");
  const words = [about.email, local, domain, domain.split(".")[0] ?? "", about.name, about.institution];
  words.push(...about.name.split(/\s+/), ...about.institution.split(/\s+/), ...local.split(/[._+-]/), "portico");
  const plain = words.map((word) => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ""));
  return [...new Set(plain.filter((word) => [...word].length >= 4))];
}
