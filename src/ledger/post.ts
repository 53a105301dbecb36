import { sql } from "kysely";
import { Problem, type ProblemCode } from "#kernel/problem.ts";
import { type AccountRef, nameOf } from "#ledger/chart.ts";
import { digestOf, type HoldRef, type Journal } from "#ledger/journal.ts";
import type { Cx } from "#platform/tx.ts";

/** `done` and `replayed` (same key, same content: the first answer again) are the two good ones. */
export type PostStatus =
  | "done"
  | "replayed"
  | "key_reused"
  | "insufficient_funds"
  | "frozen"
  | "closed"
  | "wrong_currency"
  | "unknown_account"
  | "unknown_hold"
  | "hold_closed"
  | "hold_exists"
  | "out_of_range"
  | "malformed"
  | "foreign_institution";

/**
 * What became of one journal. `journal` is its row: of the first one, when it was replayed. It never leaves the
 * house.
 */
export type PostResult = { readonly key: string; readonly status: PostStatus; readonly journal: bigint | undefined };

/**
 * Posts journals in one round trip, each as a whole or not at all, and answers the status of each, in order. A
 * refused one never fails its neighbours and leaves its key free for another try. Accounts are locked in id order
 * until the transaction ends: put all journals of a transaction into one call, and lock rows of your own before it.
 * Throws only for mistakes of ours (an empty line, a name that is not ASCII).
 */
export async function tryPost(cx: Cx, journals: readonly Journal[]): Promise<PostResult[]> {
  if (journals.length === 0) return [];
  const call = new Call(cx.institution.id);
  for (const journal of journals) call.take(journal);
  const { accounts, items, transfers, closings, placings } = call;
  const result = await sql<{ item: number; status: PostStatus; journal_id: bigint | null }>`
    select item, status, journal_id from ledger.post(${cx.now},
      ${accounts.institution}, ${accounts.currency}, ${accounts.kind}, ${accounts.owner},
      ${items.institution}, ${items.key}, ${items.digest}, ${items.kind}, ${items.reference},
      ${transfers.item}, ${transfers.debit}, ${transfers.credit}, ${transfers.amount}, ${transfers.kind},
      ${closings.item}, ${closings.account}, ${closings.name}, ${closings.state},
      ${placings.item}, ${placings.account}, ${placings.amount}, ${placings.name}, ${placings.reference},
      ${placings.expiresAt})`.execute(cx.db);
  return result.rows.map((row) => ({
    key: journals[row.item - 1]?.key ?? "",
    status: row.status,
    journal: row.journal_id ?? undefined,
  }));
}

/**
 * Posts one journal or several for a use case that goes on only if all of them were posted (now, or before under the
 * same keys). Throws Problem: `ledger.insufficient-funds`, `idempotency.key-reused`, else `ledger.refused`; the
 * transaction then rolls back.
 */
export async function post(cx: Cx, journals: Journal | readonly Journal[]): Promise<PostResult[]> {
  const results = await tryPost(cx, isMany(journals) ? journals : [journals]);
  for (const result of results) {
    if (result.status !== "done" && result.status !== "replayed") throw refusal(result);
  }
  return results;
}

function isMany(journals: Journal | readonly Journal[]): journals is readonly Journal[] {
  return Array.isArray(journals);
}

function refusal(result: PostResult): Problem {
  const cause = new Error(`The ledger answered ${result.status} to journal ${result.key}`);
  const [code, detail] = wordsFor(result.status);
  return new Problem(code, detail, { cause });
}

function wordsFor(status: PostStatus): readonly [ProblemCode, string] {
  switch (status) {
    case "insufficient_funds":
      return ["ledger.insufficient-funds", "There is not enough money on the account for this."];
    case "key_reused":
      return ["idempotency.key-reused", "This was already done with other details. Look at the latest state first."];
    case "frozen":
      return ["ledger.refused", "The account is frozen: it can receive money, but not send any."];
    case "closed":
      return ["ledger.refused", "The account is closed."];
    case "wrong_currency":
      return ["ledger.refused", "The account is kept in another currency."];
    default:
      return ["ledger.refused", "This could not be booked. Nothing was changed."];
  }
}

/** One call of ledger.post in the making: columns, and each account named once, by position. */
class Call {
  readonly accounts = {
    institution: [] as string[],
    currency: [] as string[],
    kind: [] as string[],
    owner: [] as string[],
  };
  readonly items = {
    institution: [] as string[],
    key: [] as string[],
    digest: [] as Buffer[],
    kind: [] as string[],
    reference: [] as string[],
  };
  readonly transfers = {
    item: [] as number[],
    debit: [] as number[],
    credit: [] as number[],
    amount: [] as bigint[],
    kind: [] as (string | null)[],
  };
  readonly closings = {
    item: [] as number[],
    account: [] as number[],
    name: [] as string[],
    state: [] as ("posted" | "voided")[],
  };
  readonly placings = {
    item: [] as number[],
    account: [] as number[],
    amount: [] as bigint[],
    name: [] as string[],
    reference: [] as string[],
    expiresAt: [] as (Temporal.Instant | null)[],
  };
  readonly #positions = new Map<string, number>();
  readonly #institution: string;

  constructor(institution: string) {
    this.#institution = institution;
  }

  take(journal: Journal): void {
    const item = this.items.key.push(journal.key);
    this.items.institution.push(this.#institution);
    this.items.digest.push(digestOf(journal));
    this.items.kind.push(journal.kind);
    this.items.reference.push(journal.reference ?? "");
    for (const hold of journal.capture ?? []) this.#close(item, hold, "posted");
    for (const hold of journal.release ?? []) this.#close(item, hold, "voided");
    for (const move of journal.transfers ?? []) {
      this.transfers.item.push(item);
      this.transfers.debit.push(this.#position(move.debit, move.amount.currency));
      this.transfers.credit.push(this.#position(move.credit, move.amount.currency));
      this.transfers.amount.push(move.amount.minor);
      this.transfers.kind.push(move.kind ?? null);
    }
    for (const hold of journal.holds ?? []) {
      this.placings.item.push(item);
      this.placings.account.push(this.#position(hold.account, hold.amount.currency));
      this.placings.amount.push(hold.amount.minor);
      this.placings.name.push(hold.name);
      this.placings.reference.push(hold.reference ?? journal.reference ?? "");
      this.placings.expiresAt.push(hold.expiresAt ?? null);
    }
  }

  #close(item: number, hold: HoldRef, state: "posted" | "voided"): void {
    this.closings.item.push(item);
    this.closings.account.push(this.#position(hold.account, hold.currency));
    this.closings.name.push(hold.name);
    this.closings.state.push(state);
  }

  #position(ref: AccountRef, currency: string): number {
    const name = `${currency} ${nameOf(ref)}`;
    let position = this.#positions.get(name);
    if (position === undefined) {
      position = this.accounts.kind.push(ref.kind);
      this.accounts.institution.push(this.#institution);
      this.accounts.currency.push(currency);
      this.accounts.owner.push(ref.owner);
      this.#positions.set(name, position);
    }
    return position;
  }
}
