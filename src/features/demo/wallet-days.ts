import type { Instant } from "#kernel/time.ts";
import { moved, type Story } from "./story.ts";
import { type Move, moveNow } from "./wallet-moves.ts";

/** What happens to wallets at one moment: a transfer that goes at once, or anything else. */
export type WalletEvent = { readonly move: Move } | { readonly at: Instant; run(at: Instant): Promise<void> };

/** A time of day in Sydney on a date of the story. */
export function momentOn(story: Story, date: string, time: string): Instant {
  return moved(story, date).toZonedDateTime({ timeZone: "Australia/Sydney", plainTime: time }).toInstant();
}

const momentOf = (event: WalletEvent): Instant => ("move" in event ? event.move.at : event.at);

/**
 * What happens to wallets in the story's past, in its order. An account's flows never go back in time, so it happens
 * between the payouts that go into them.
 */
export class WalletDays {
  readonly #story: Story;
  readonly #events: WalletEvent[];

  constructor(story: Story, events: readonly WalletEvent[]) {
    this.#story = story;
    this.#events = [...events].sort((a, b) => Temporal.Instant.compare(momentOf(a), momentOf(b)));
  }

  /** Everything up to this moment. */
  async until(moment: Instant): Promise<void> {
    const later = this.#events.findIndex((event) => Temporal.Instant.compare(momentOf(event), moment) > 0);
    let moves: Move[] = [];
    for (const event of this.#events.splice(0, later < 0 ? this.#events.length : later)) {
      if ("move" in event) {
        moves.push(event.move);
        continue;
      }
      await moveNow(this.#story, moves);
      moves = [];
      await event.run(event.at);
    }
    await moveNow(this.#story, moves);
  }
}
