import type { Child } from "hono/jsx";
import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import type { Cx } from "#platform/tx.ts";

/** What a card of the page of a partner is made from. */
export type CardAt = {
  readonly ui: Ui;
  readonly cx: Cx<Staff>;
  readonly may: Permit<"partnerships.read">;
  readonly partnership: Partnership;
};

/**
 * Reads what one card shows, inside the transaction of the page, and answers the card; nothing where it has nothing
 * to say. All cards read at once: on one connection that is one round trip for as many queries as do not wait for
 * each other.
 */
export type PartnershipCard = (at: CardAt) => Promise<Child>;
