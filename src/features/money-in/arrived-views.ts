import { allocationsOfAttempt, selectKnown, sumForAttempt } from "#features/money-in/received-store.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Id } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";

/** What arrived for an attempt, in minor units of its currency; `surcharge` is part of `total`. */
export type Arrived = { readonly total: bigint; readonly surcharge: bigint; readonly count: number };

/** What has arrived for an attempt so far. */
export async function arrivedFor(cx: Cx, attempt: Id<"att">): Promise<Arrived> {
  return await sumForAttempt(cx, attempt);
}

/** What money of an attempt has gone to each payment so far, in minor units. */
export async function allocatedBy(cx: Cx, attempt: Id<"att">): Promise<ReadonlyMap<PaymentId, bigint>> {
  return await allocationsOfAttempt(cx, attempt);
}

/** Which of these references of a provider have arrived already. */
export async function knownReferences(cx: Cx, provider: string, references: readonly string[]): Promise<Set<string>> {
  return await selectKnown(cx, provider, references);
}
