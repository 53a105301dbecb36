import { hash } from "node:crypto";
import { assert } from "#kernel/assert.ts";
import type { Currency, Money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import { type AccountRef, nameOf } from "#ledger/chart.ts";

/** Moves `amount` (at least one minor unit) from `debit` to `credit`. `kind` defaults to the journal's. */
export type Transfer = {
  readonly debit: AccountRef;
  readonly credit: AccountRef;
  readonly amount: Money;
  readonly kind?: string;
};

/** A hold by its account and name. */
export type HoldRef = { readonly account: AccountRef; readonly currency: Currency; readonly name: string };

/** Sets `amount` of an account aside under a name that this account never used before. */
export type HoldPlacing = {
  readonly name: string;
  readonly account: AccountRef;
  readonly amount: Money;
  readonly reference?: string;
  readonly expiresAt?: Instant;
};

/**
 * Everything that belongs to one event; it happens as a whole or not at all. The lines run in the order of the fields:
 * holds are closed, then money moves, then new holds are placed, and no line may take an account under its minimum.
 */
export type Journal = {
  /** Unique in the institution, for ever. Derive it from the id of what happened: `settled:pay_…`. */
  readonly key: string;
  /** What happened, as flows show it: `payment.settled`. */
  readonly kind: string;
  /** The id of what it is about. Never personal data. */
  readonly reference?: string;
  /** Holds whose money this journal uses. */
  readonly capture?: readonly HoldRef[];
  /** Holds that are given back. */
  readonly release?: readonly HoldRef[];
  readonly transfers?: readonly Transfer[];
  readonly holds?: readonly HoldPlacing[];
};

const field = "\u001f";
const plain = /^[!-~]*$/;

/**
 * What the key stands for: the first 128 bits of the SHA-256 of the journal's content (without the key, and without
 * expiry times, which a second try may compute anew). proof.ts computes it again from the rows. Throws when a name
 * holds anything but printable ASCII without spaces, or a line moves nothing.
 */
export function digestOf(journal: Journal): Buffer {
  return hash("sha256", canonical(journal), "buffer").subarray(0, 16);
}

function canonical(journal: Journal): string {
  const closings = [
    ...(journal.capture ?? []).map((hold) => line("c", nameOf(hold.account), hold.currency, hold.name)),
    ...(journal.release ?? []).map((hold) => line("r", nameOf(hold.account), hold.currency, hold.name)),
  ];
  const transfers = (journal.transfers ?? []).map((move) =>
    line(
      "t",
      nameOf(move.debit),
      nameOf(move.credit),
      move.amount.currency,
      amountOf(move.amount),
      move.kind ?? journal.kind,
    ),
  );
  const placings = (journal.holds ?? []).map((hold) =>
    line(
      "h",
      nameOf(hold.account),
      hold.amount.currency,
      amountOf(hold.amount),
      hold.name,
      hold.reference ?? journal.reference ?? "",
    ),
  );
  assert(plain.test(journal.key), "a journal's key is printable ASCII without spaces");
  const head = line(journal.kind, journal.reference ?? "");
  // Closing and placing have no order among themselves in the tables, so the digest sorts them.
  return [head, ...closings.sort(), ...transfers, ...placings.sort()].join("\n");
}

function line(...parts: readonly string[]): string {
  for (const part of parts) assert(plain.test(part), "names in the ledger are printable ASCII without spaces");
  return parts.join(field);
}

function amountOf(amount: Money): string {
  assert(amount.minor >= 1n, "a line of a journal moves at least one minor unit");
  return amount.minor.toString();
}
