import { assert } from "#kernel/assert.ts";
import { isCurrency, type Money, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";

/**
 * A receipt as it was issued. Everything its document shows stands here, so that it stays the same when a customer
 * moves, a college changes its colour or a payment is refunded. Stored as JSON: amounts are minor units as text,
 * dates ISO 8601.
 */
export type ReceiptSnapshot = {
  readonly version: 1;
  /** `R-000012`: without gaps, one sequence an institution (domain.md rule 13). */
  readonly number: string;
  readonly issuedOn: string;
  readonly institution: {
    readonly name: string;
    readonly legalName: string;
    readonly registrationLabel: string;
    readonly registrationNumber: string;
    readonly address: string;
    readonly email: string;
    readonly phone: string;
    readonly colour: string;
  };
  readonly customer: { readonly name: string; readonly email: string; readonly externalId: string };
  readonly currency: string;
  /** What arrived, surcharge included. */
  readonly paid: string;
  readonly surcharge: string;
  /** What no payment needed: kept for the customer. */
  readonly credit: string;
  readonly receivedOn: string;
  readonly method: "card" | "bank_transfer" | "by_hand";
  /** `Visa •••• 4242`; empty when the method alone says enough. */
  readonly methodLabel: string;
  readonly reference: string;
  readonly payerName: string;
  readonly lines: readonly ReceiptLine[];
};

export type ReceiptLine = {
  readonly payment: string;
  readonly item: string;
  readonly dueOn: string;
  readonly amount: string;
  /** What was left to pay for this item afterwards. */
  readonly stillOwed: string;
};

/** An amount of a snapshot as money. */
export function snapshotMoney(snapshot: Pick<ReceiptSnapshot, "currency">, minor: string): Money {
  assert(isCurrency(snapshot.currency), "a receipt has a currency that we know");
  return money(BigInt(minor), snapshot.currency);
}

/** A date of a snapshot. */
export function snapshotDate(text: string): PlainDate {
  return Temporal.PlainDate.from(text);
}

/** `R-000012`; longer numbers take the room they need. */
export function receiptNumber(number: bigint): string {
  return `R-${number.toString().padStart(6, "0")}`;
}
