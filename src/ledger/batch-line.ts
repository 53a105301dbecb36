/** An item on its way, for whoever asked for it. */
export type Waiting<Item, Result> = {
  readonly item: Item;
  readonly key: string;
  resolve(result: Result): void;
  reject(reason: unknown): void;
};

type Keys<Item, Result> = {
  keyOf(item: Item): string;
  digestOf(item: Item): string;
  replayed(result: Result): Result;
};

/**
 * What waits to be asked for. Items of one key go one after the other: an equal one that waits is joined to the first,
 * a different one stays behind it, so that a call never meets one key twice.
 */
export class Line<Item, Result> {
  readonly #keys: Keys<Item, Result>;
  #ready: Entry<Item, Result>[] = [];
  /** By key: what is ready or on its way, and behind it what has to wait for that. */
  readonly #chains = new Map<string, Entry<Item, Result>[]>();
  #waiting = 0;

  constructor(keys: Keys<Item, Result>) {
    this.#keys = keys;
  }

  /** How many items could leave now. */
  get ready(): number {
    return this.#ready.length;
  }

  /** How many callers wait for an item that has not left yet. */
  get waiting(): number {
    return this.#waiting;
  }

  join(item: Item, resolve: (result: Result) => void, reject: (reason: unknown) => void): void {
    this.#waiting += 1;
    const key = this.#keys.keyOf(item);
    const chain = this.#chains.get(key);
    if (!chain) {
      const entry = new Entry(this.#keys, item, key, resolve, reject);
      this.#chains.set(key, [entry]);
      this.#ready.push(entry);
      return;
    }
    const digest = this.#keys.digestOf(item);
    const equal = chain.find((one) => !one.hasLeft && this.#keys.digestOf(one.item) === digest);
    if (equal) equal.join(resolve, reject);
    else chain.push(new Entry(this.#keys, item, key, resolve, reject));
  }

  /** The next items, at most so many. `leave` must be called for each of them in the end. */
  take(most: number): readonly Waiting<Item, Result>[] {
    const taken = this.#ready.length <= most ? this.#ready : this.#ready.splice(0, most);
    if (taken === this.#ready) this.#ready = [];
    for (const one of taken) {
      one.hasLeft = true;
      this.#waiting -= one.callers;
    }
    return taken;
  }

  /** It was answered: the next of its key may go. */
  leave({ key }: Waiting<Item, Result>): void {
    const chain = this.#chains.get(key);
    chain?.shift();
    const next = chain?.[0];
    if (next) this.#ready.push(next);
    else this.#chains.delete(key);
  }

  /** Sends everybody away who could leave now. */
  dismiss(reason: unknown): void {
    for (const one of this.take(this.#ready.length)) {
      one.reject(reason);
      this.leave(one);
    }
  }
}

class Entry<Item, Result> implements Waiting<Item, Result> {
  readonly item: Item;
  readonly key: string;
  hasLeft = false;
  readonly #keys: Keys<Item, Result>;
  readonly #resolve: (result: Result) => void;
  readonly #reject: (reason: unknown) => void;
  #others: { resolve(result: Result): void; reject(reason: unknown): void }[] | undefined;

  constructor(
    keys: Keys<Item, Result>,
    item: Item,
    key: string,
    resolve: (result: Result) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#keys = keys;
    this.item = item;
    this.key = key;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get callers(): number {
    return 1 + (this.#others?.length ?? 0);
  }

  join(resolve: (result: Result) => void, reject: (reason: unknown) => void): void {
    this.#others ??= [];
    this.#others.push({ resolve, reject });
  }

  resolve(result: Result): void {
    this.#resolve(result);
    for (const other of this.#others ?? []) other.resolve(this.#keys.replayed(result));
  }

  reject(reason: unknown): void {
    this.#reject(reason);
    for (const other of this.#others ?? []) other.reject(reason);
  }
}
