import type { PayerId } from "#features/money-in/payer.ts";
import type { Id } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";

export type ReceivedId = Id<"rcv">;
export type AllocationId = Id<"alc">;

/**
 * Money that arrived. `amount` is what payments and credit share; a surcharge stands beside it: both together arrived.
 */
export type Arrival = {
  readonly provider: string;
  /** The provider's reference: the same reference is the same money. For money by hand it is our own id. */
  readonly providerRef: string | undefined;
  readonly kind: "card" | "bank_transfer" | "by_hand";
  readonly amount: Money;
  readonly surcharge: Money;
  readonly attempt: Id<"att"> | undefined;
  /** Undefined: nobody knows yet whose it is. */
  readonly payer: PayerId | undefined;
  readonly reference: string;
  readonly payerName: string;
  readonly methodLabel: string;
  readonly receivedOn: PlainDate;
  readonly recordedBy: string;
};
