import type { Told } from "./crash-client.ts";

/** A transfer as the database has it: what it says, and how often and how much the ledger moved for it. */
export type Kept = {
  readonly key: string;
  readonly ref: string;
  readonly from: string;
  readonly to: string;
  readonly minor: bigint;
  readonly state: string;
  readonly moves: number;
  readonly moved: bigint;
};

export type Books = {
  readonly transfers: readonly Kept[];
  /** By wallet number: what is in it. */
  readonly balances: ReadonlyMap<string, bigint>;
  /** Rows that break a law of the books, in words. */
  readonly broken: readonly string[];
};

export type Verdict = {
  readonly acknowledged: number;
  readonly refused: number;
  /** Answers that came only to a later try under the same key. */
  readonly resolved: number;
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  /** Everything else that does not fit: refused and done all the same, never asked for, balances, laws. */
  readonly wrong: readonly string[];
};

/** What the clients were told since the drill began, in the order in which they were told. */
export class Memory {
  readonly #first = new Map<string, Told>();
  readonly #changed: string[] = [];
  resolved = 0;

  hear(told: Told): void {
    const first = this.#first.get(told.key);
    if (!told.isAgain && told.wasUnknown) this.resolved += 1;
    // What was refused left its key free, and may be done when it is asked for once more.
    if (!first || (first.ref === "" && told.ref !== "")) this.#first.set(told.key, told);
    else if (first.ref !== told.ref) {
      this.#changed.push(`${told.key} was told ${first.ref}, then ${told.ref || "refused"}`);
    }
  }

  /** Compares it with the books. `opening`: what was in each wallet to begin with. */
  judge(books: Books, opening: ReadonlyMap<string, bigint>): Verdict {
    const kept = new Map<string, Kept>();
    const twice: string[] = [];
    const wrong: string[] = [...this.#changed, ...books.broken];
    for (const one of books.transfers) {
      if (kept.has(one.key)) twice.push(`${one.ref}: its key ${one.key} stands for another transfer too`);
      kept.set(one.key, one);
      if (one.moves > 1) twice.push(`${one.ref}: the ledger moved ${one.moves} times for it`);
      else if (one.moves === 0) wrong.push(`${one.ref}: it is ${one.state}, and nothing moved`);
      else if (one.moved !== one.minor) wrong.push(`${one.ref}: ${one.minor} were to move, ${one.moved} did`);
      if (!this.#first.has(one.key)) wrong.push(`${one.ref}: nobody was told of it`);
    }
    const lost: string[] = [];
    const expected = new Map(opening);
    let acknowledged = 0;
    for (const told of this.#first.values()) {
      const found = kept.get(told.key);
      if (told.ref === "") {
        if (found) wrong.push(`${found.ref}: the client was told that it was refused`);
        continue;
      }
      acknowledged += 1;
      if (!found || !isSame(found, told)) lost.push(`${told.ref} (key ${told.key}, ${told.minor} minor units)`);
      expected.set(told.from, (expected.get(told.from) ?? 0n) - BigInt(told.minor));
      expected.set(told.to, (expected.get(told.to) ?? 0n) + BigInt(told.minor));
    }
    for (const [number, minor] of expected) {
      const found = books.balances.get(number);
      if (found !== minor) wrong.push(`wallet ${number} has ${found}; by what clients were told it has ${minor}`);
    }
    return { acknowledged, refused: this.#first.size - acknowledged, resolved: this.resolved, lost, twice, wrong };
  }
}

function isSame(found: Kept, told: Told): boolean {
  const { ref, from, to, minor, state } = found;
  return (
    ref === told.ref && from === told.from && to === told.to && minor === BigInt(told.minor) && state === "completed"
  );
}
