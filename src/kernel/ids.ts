import type { Random } from "#kernel/random.ts";
import type { Instant } from "#kernel/time.ts";

/**
 * An id that carries its noun: `pay_01jd…`. What follows is a UUIDv7 (RFC 9562) in 26 characters of Crockford base32.
 */
export type Id<P extends string> = `${P}_${string}`;

const nouns = {
  inst: "institution",
  stf: "staff member",
  per: "person",
  ses: "session",
  cus: "customer",
  pyr: "payer",
  prt: "partnership",
  con: "contact",
  pay: "payment",
  plan: "payment plan",
  shr: "share",
  dsc: "discount",
  chk: "checkout",
  att: "payment attempt",
  rcv: "money received",
  alc: "allocation",
  rcp: "receipt",
  rfd: "refund",
  chp: "channel product",
  bac: "bank account",
  srv: "share reversal",
  out: "outbox entry",
  pyo: "payout",
  pat: "payout attempt",
  inv: "invoice",
  ial: "invoice allocation",
  sba: "self-billing agreement",
  imp: "import",
  aud: "audit entry",
  mail: "mail",
  jrn: "journal",
  hold: "hold",
  evt: "provider event",
  lnk: "sign-in link",
  wsp: "workspace",
  mbr: "member",
  ivt: "invitation",
  wal: "wallet",
  adj: "wallet adjustment",
  tar: "tariff",
  quo: "transfer quote",
  trf: "transfer",
  file: "file",
} as const;

export type Noun = keyof typeof nouns;

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

// What is made in one millisecond keeps its order too (RFC 9562, 6.2, method 1). The count belongs to the randomness,
// so that a replayed run counts the same.
const counts = new WeakMap<Random, { at: number; count: number }>();

function countWithin(at: number, random: Random): bigint {
  const last = counts.get(random);
  const count = last?.at === at ? last.count + 1 : 0;
  counts.set(random, { at, count });
  return BigInt(count % 4096);
}

/** A new id: ordered by `now` (milliseconds) and, within one, by when it was made; random behind that. */
export function newId<P extends Noun>(noun: P, now: Instant, random: Random): Id<P> {
  const bytes = random.bytes(10);
  let value = BigInt(now.epochMilliseconds) << 80n;
  let tail = 0n;
  for (const byte of bytes) tail = (tail << 8n) | BigInt(byte);
  // Version 7 and the RFC variant stand where RFC 9562 puts them.
  tail = (tail & ~(0xffffn << 64n)) | (0x7n << 76n) | (countWithin(now.epochMilliseconds, random) << 64n);
  tail = (tail & ~(0x3n << 62n)) | (0x2n << 62n);
  value |= tail;
  return `${noun}_${base32(value)}`;
}

function base32(whole: bigint): string {
  let text = "";
  for (let value = whole, index = 0; index < 26; index++) {
    text = alphabet[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return text;
}

/**
 * What stands before every id that is made at this moment (to the millisecond) or later, and behind all that were made
 * before it: so a range of time is a range of ids.
 */
export function firstId<P extends Noun>(noun: P, at: Instant): Id<P> {
  return `${noun}_${base32(BigInt(Math.max(0, at.epochMilliseconds)) << 80n)}`;
}

/** Whether the text has the shape of an id of this noun. It says nothing of whether the row exists. */
export function isId<P extends Noun>(noun: P, text: unknown): text is Id<P> {
  return typeof text === "string" && new RegExp(`^${noun}_[0-9a-hjkmnp-tv-z]{26}$`).test(text);
}
