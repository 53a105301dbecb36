import type { DeclineReason } from "#providers/provider.ts";

/** What happens to a card of the sandbox. */
export type CardOutcome =
  | { readonly is: "approved" }
  | { readonly is: "declined"; readonly reason: DeclineReason }
  | { readonly is: "confirm" }
  /** The bank answers later; then `reason` says why not, or there is none. */
  | { readonly is: "later"; readonly reason: DeclineReason | undefined };

export type TestCard = {
  readonly number: string;
  readonly brand: string;
  readonly what: string;
  readonly outcome: CardOutcome;
};

/** How long the bank behind a "later" card takes, in seconds. */
export const laterSeconds = 20;

/**
 * Cards that mean something here; the numbers are the ones that other providers' test pages use, so that fingers know
 * them.
 */
export const testCards: readonly TestCard[] = [
  { number: "4242424242424242", brand: "Visa", what: "Approved at once", outcome: { is: "approved" } },
  { number: "5555555555554444", brand: "Mastercard", what: "Approved at once", outcome: { is: "approved" } },
  {
    number: "4000000000000002",
    brand: "Visa",
    what: "Declined by the bank",
    outcome: { is: "declined", reason: "declined" },
  },
  {
    number: "4000000000009995",
    brand: "Visa",
    what: "Declined: not enough money",
    outcome: { is: "declined", reason: "insufficient_funds" },
  },
  {
    number: "4000000000000069",
    brand: "Visa",
    what: "Declined: the card has expired",
    outcome: { is: "declined", reason: "expired_card" },
  },
  { number: "4000000000003155", brand: "Visa", what: "Asks for a confirmation first", outcome: { is: "confirm" } },
  {
    number: "4000000000000077",
    brand: "Visa",
    what: "Approved, but the answer takes a while",
    outcome: { is: "later", reason: undefined },
  },
  {
    number: "4000000000000127",
    brand: "Visa",
    what: "Declined, but the answer takes a while",
    outcome: { is: "later", reason: "declined" },
  },
];

/** The test card behind what was typed (spaces and dashes are fine); undefined when it is none of them. */
export function testCard(typed: string): TestCard | undefined {
  const digits = typed.replaceAll(/[\s-]/g, "");
  return testCards.find((card) => card.number === digits);
}

/** `Visa ending 4242`: how the method reads on receipts. */
export function cardLabel(card: TestCard): string {
  return `${card.brand} ending ${card.number.slice(-4)}`;
}

/** `4242 4242 4242 4242`. */
export function spaced(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, "$1 ");
}
