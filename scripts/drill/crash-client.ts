import { setTimeout as pause } from "node:timers/promises";
import { type Random, randomBelow, secretToken, seededRandom } from "#kernel/random.ts";

// A client of the drill, in a process of its own: members who prepare and confirm transfers over HTTP, each under a key
// of its own. Whoever is not told what became of a transfer asks again under the same key until told.

/** What a client is given to begin with. */
export type ClientWork = {
  readonly origin: string;
  readonly seed: number;
  readonly callers: number;
  readonly wallets: readonly { readonly number: string; readonly token: string }[];
};
export type ClientOrder = "go" | "settle";
/** What a client was told about a transfer, for the first time or once more. */
export type Told = {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly minor: number;
  /** The transfer that it says was done; "": refused. */
  readonly ref: string;
  /** Whether an earlier try under this key was left without an answer. */
  readonly wasUnknown: boolean;
  readonly isAgain: boolean;
};
export type ClientWord =
  | { readonly told: Told }
  /** An answer that no rule explains; the caller goes on with another transfer. */
  | { readonly odd: string }
  | { readonly settled: true };

type Confirmed = { readonly ref: string } | { readonly odd: string } | undefined;

const prefix = "/partner/transfers";

class Client {
  readonly #work: ClientWork;
  readonly #random: Random;
  #goes = Promise.withResolvers<void>();
  #isPaused = true;
  #busy = 0;

  constructor(work: ClientWork) {
    this.#work = work;
    this.#random = seededRandom(work.seed);
    for (let caller = 0; caller < work.callers; caller++) void this.#call();
  }

  obey(order: ClientOrder): void {
    this.#isPaused = order === "settle";
    if (order === "go") {
      this.#goes.resolve();
      return;
    }
    this.#goes = Promise.withResolvers();
    this.#sayIfSettled();
  }

  #sayIfSettled(): void {
    if (this.#isPaused && this.#busy === 0) say({ settled: true });
  }

  async #call(): Promise<never> {
    for (;;) {
      await this.#goes.promise;
      this.#busy += 1;
      await this.#transfer();
      this.#busy -= 1;
      this.#sayIfSettled();
    }
  }

  async #transfer(): Promise<void> {
    const from = this.#pick();
    const to = this.#pick();
    const minor = 1 + randomBelow(this.#random, 5_000);
    if (from === to) return;
    const quote = await this.#prepare(from, to.number, minor);
    if (quote === undefined) return await pause(20);
    const key = secretToken(this.#random).slice(0, 22);
    const asked = { key, from: from.number, to: to.number, minor };
    const first = await this.#confirm(from.token, quote, key);
    say(first.said ? { told: { ...asked, ...first.said, isAgain: false } } : { odd: first.odd });
    // Some press the button once more, though they know.
    if (!first.said || randomBelow(this.#random, 6) > 0) return;
    const again = await this.#confirm(from.token, quote, key);
    say(again.said ? { told: { ...asked, ...again.said, isAgain: true } } : { odd: again.odd });
  }

  #pick(): ClientWork["wallets"][number] {
    const { wallets } = this.#work;
    return wallets[randomBelow(this.#random, wallets.length)] as ClientWork["wallets"][number];
  }

  /** The quote for a transfer; undefined where it was refused, or nobody answered: nothing is at stake yet. */
  async #prepare(from: { number: string; token: string }, to: string, minor: number): Promise<string | undefined> {
    const form = { wallet: from.number, route: "wallet", to, amount: (minor / 100).toFixed(2), reference: "drill" };
    const answer = await this.#post(`${prefix}/new`, from.token, form);
    return answer && new RegExp(`^${prefix}/check/(\\w+)$`).exec(answer.location)?.[1];
  }

  /** Asks under the same key until somebody says what became of it. */
  async #confirm(token: string, quote: string, key: string) {
    for (let wasUnknown = false; ; wasUnknown = true) {
      const answer = readConfirmed(await this.#post(`${prefix}/check/${quote}`, token, { key }));
      if (answer && "odd" in answer) return { odd: answer.odd, said: undefined };
      if (answer) return { odd: "", said: { ref: answer.ref, wasUnknown } };
      await pause(50);
    }
  }

  async #post(path: string, token: string, form: Record<string, string>) {
    const headers = { cookie: `portico-partner=${token}`, "sec-fetch-site": "same-origin", accept: "text/html" };
    try {
      const answer = await fetch(this.#work.origin + path, {
        method: "POST",
        headers,
        body: new URLSearchParams(form),
        redirect: "manual",
        signal: AbortSignal.timeout(10_000),
      });
      const text = await answer.text();
      return { status: answer.status, location: answer.headers.get("location") ?? "", text };
    } catch {
      // Refused, cut off in the middle, or too slow: nobody knows.
      return undefined;
    }
  }
}

function readConfirmed(answer: { status: number; location: string; text: string } | undefined): Confirmed {
  if (!answer || answer.status === 503) return undefined;
  const ref = answer.status === 303 ? /^\/partner\/transfers\/(TR\w+)\?done=confirmed$/.exec(answer.location)?.[1] : "";
  if (ref) return { ref };
  if (answer.status === 409) return { ref: "" };
  return { odd: `${answer.status} ${answer.location} ${/<h1[^>]*>([^<]*)/.exec(answer.text)?.[1] ?? ""}`.trim() };
}

function say(word: ClientWord): void {
  process.send?.(word);
}

let client: Client | undefined;
process.on("message", (word: ClientWork | ClientOrder) => {
  if (typeof word === "object") client = new Client(word);
  else client?.obey(word);
});
process.on("disconnect", () => process.exit(0));
