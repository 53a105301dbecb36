import { type AccountRef, chart, nameOf } from "#ledger/chart.ts";
import type { HoldRef, Journal } from "#ledger/journal.ts";
import type { PostStatus } from "#ledger/post.ts";

type State = "active" | "frozen" | "closed";
type ModelAccount = { balance: bigint; held: bigint; flows: bigint; state: State };

/** What one caller of the ledger does in one transaction. */
export type Act =
  | { readonly do: "post"; readonly journals: readonly Journal[] }
  | { readonly do: "state"; readonly account: AccountRef; readonly currency: string; readonly state: State };

/** What it was told: the status of each journal, or whether the account changed. */
export type Told = readonly (PostStatus | boolean)[];

/** The ledger as a reader would explain it: maps and whole numbers, one thing after another. */
export class LedgerModel {
  readonly accounts = new Map<string, ModelAccount>();
  readonly #holds = new Map<string, { amount: bigint; open: boolean }>();
  readonly #keys = new Map<string, string>();

  /** Opens an account. */
  open(ref: AccountRef, currency: string): void {
    this.accounts.set(`${currency} ${nameOf(ref)}`, { balance: 0n, held: 0n, flows: 0n, state: "active" });
  }

  copy(): LedgerModel {
    const twin = new LedgerModel();
    for (const [name, account] of this.accounts) twin.accounts.set(name, { ...account });
    for (const [name, hold] of this.#holds) twin.#holds.set(name, { ...hold });
    for (const [key, content] of this.#keys) twin.#keys.set(key, content);
    return twin;
  }

  act(act: Act): Told {
    if (act.do === "post") {
      for (const [ref, currency] of act.journals.flatMap(named)) {
        if (chart[ref.kind].opensOnUse && !this.accounts.has(`${currency} ${nameOf(ref)}`)) this.open(ref, currency);
      }
      return act.journals.map((journal) => this.#post(journal));
    }
    const account = this.accounts.get(`${act.currency} ${nameOf(act.account)}`);
    const empty = account?.balance === 0n && account.held === 0n;
    if (!account || account.state === "closed" || (act.state === "closed" && !empty)) return [false];
    account.state = act.state;
    return [true];
  }

  #post(journal: Journal): PostStatus {
    const content = JSON.stringify({ ...journal, key: "" }, (_, value) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    const before = this.#keys.get(journal.key);
    if (before !== undefined) return before === content ? "replayed" : "key_reused";
    const after = this.copy();
    const fault = after.#apply(journal);
    if (fault) return fault;
    this.#take(after);
    this.#keys.set(journal.key, content);
    return "done";
  }

  #take(other: LedgerModel): void {
    for (const [name, account] of other.accounts) this.accounts.set(name, account);
    for (const [name, hold] of other.#holds) this.#holds.set(name, hold);
  }

  #apply(journal: Journal): PostStatus | undefined {
    const onItsWay = new Map<string, bigint>();
    let lines = 0;
    const closings = [
      ...(journal.capture ?? []).map((hold) => ({ hold, captured: true })),
      ...(journal.release ?? []).map((hold) => ({ hold, captured: false })),
    ];
    for (const { hold, captured } of closings) {
      lines += 1;
      const fault = this.#close(hold, captured ? onItsWay : new Map());
      if (fault) return fault;
    }
    for (const { debit, credit, amount } of journal.transfers ?? []) {
      lines += 1;
      const fault = this.#move(`${amount.currency} ${nameOf(debit)}`, debit, credit, amount, onItsWay);
      if (fault) return fault;
    }
    for (const { name, account: ref, amount } of journal.holds ?? []) {
      lines += 1;
      const account = this.#find(ref, amount.currency);
      if (typeof account === "string") return account;
      if (account.state !== "active") return account.state;
      if (!this.#affords(ref, account, amount.minor)) return "insufficient_funds";
      const id = `${amount.currency} ${nameOf(ref)} ${name}`;
      if (this.#holds.has(id)) return "hold_exists";
      this.#holds.set(id, { amount: amount.minor, open: true });
      account.held += amount.minor;
    }
    return lines === 0 ? "malformed" : undefined;
  }

  #close(hold: HoldRef, onItsWay: Map<string, bigint>): PostStatus | undefined {
    const account = `${hold.currency} ${nameOf(hold.account)}`;
    const found = this.#holds.get(`${account} ${hold.name}`);
    const held = this.accounts.get(account);
    if (!found || !held) return "unknown_hold";
    if (!found.open) return "hold_closed";
    found.open = false;
    held.held -= found.amount;
    onItsWay.set(account, (onItsWay.get(account) ?? 0n) + found.amount);
    return undefined;
  }

  #move(
    from: string,
    debit: AccountRef,
    credit: AccountRef,
    { minor, currency }: { readonly minor: bigint; readonly currency: string },
    onItsWay: Map<string, bigint>,
  ): PostStatus | undefined {
    if (nameOf(debit) === nameOf(credit)) return "malformed";
    const source = this.#find(debit, currency);
    if (typeof source === "string") return source;
    const target = this.#find(credit, currency);
    if (typeof target === "string") return target;
    if (source.state === "closed" || target.state === "closed") return "closed";
    const way = onItsWay.get(from) ?? 0n;
    if (source.state === "frozen" && minor > way) return "frozen";
    if (!this.#affords(debit, source, minor)) return "insufficient_funds";
    if (source.state === "frozen") onItsWay.set(from, way - minor);
    source.balance -= minor;
    target.balance += minor;
    source.flows += 1n;
    target.flows += 1n;
    return undefined;
  }

  #affords(ref: AccountRef, account: ModelAccount, minor: bigint): boolean {
    const { minimum } = chart[ref.kind];
    return minimum === undefined || account.balance - account.held - minor >= minimum;
  }

  #find(ref: AccountRef, currency: string): ModelAccount | "wrong_currency" | "unknown_account" {
    const name = `${currency} ${nameOf(ref)}`;
    const found = this.accounts.get(name);
    if (found) return found;
    const elsewhere = [...this.accounts.keys()].some((other) => other.endsWith(` ${nameOf(ref)}`));
    return elsewhere ? "wrong_currency" : "unknown_account";
  }
}

/** Every account that a journal names. */
function named(journal: Journal): (readonly [AccountRef, string])[] {
  return [
    ...[...(journal.capture ?? []), ...(journal.release ?? [])].map((hold) => [hold.account, hold.currency] as const),
    ...(journal.transfers ?? []).flatMap((move) => [
      [move.debit, move.amount.currency] as const,
      [move.credit, move.amount.currency] as const,
    ]),
    ...(journal.holds ?? []).map((hold) => [hold.account, hold.amount.currency] as const),
  ];
}
