import { isDeepStrictEqual } from "node:util";
import type { Payment } from "#features/payments/payment.ts";
import type { Draft, PaymentInput } from "#features/payments/payment-input.ts";
import { sharesOf } from "#features/payments/payment-money.ts";
import { discountOf } from "#features/payments/payment-views.ts";
import { sameTerms } from "#features/payments/shares.ts";
import { present } from "#kernel/assert.ts";
import { keyReused } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

type Around = Pick<PaymentInput, "customer" | "note" | "allowPart" | "externalId" | "discountReason">;

/**
 * For a form whose key stands for stored payments already: throws `idempotency.key-reused` unless they are what it
 * says, in their order. A double click is told what the first one was told; a second payment is never passed over.
 */
export async function assertSentTwice(cx: Cx, stored: readonly Payment[], draft: Draft, around: Around): Promise<void> {
  const { customer, note = "", allowPart = false, externalId, discountReason = "" } = around;
  const wanted = draft.instalments.map(({ item, list, discount, dueDate }) =>
    factsOf({ customerId: customer, item, note, list, discount, dueDate, allowPart, externalId }),
  );
  if (!isDeepStrictEqual(stored.map(factsOf), wanted)) throw keyReused();
  const shares = await sharesOf(
    cx,
    stored.map((one) => one.id),
  );
  for (const [index, payment] of stored.entries()) {
    const { terms } = present(draft.instalments[index], "the instalment of a payment");
    const kept = shares.get(payment.id) ?? [];
    const same = kept.length === terms.length && terms.every((one, place) => sameAs(one, kept[place]));
    if (!same) throw keyReused();
  }
  const discounted = stored.find((one) => one.discount.minor > 0n);
  if (discounted && (await discountOf(cx, discounted.id))?.reason !== discountReason) throw keyReused();
}

type Terms = Parameters<typeof sameTerms>[0];

function sameAs(one: Terms, other: Terms | undefined): boolean {
  return other !== undefined && sameTerms(one, other);
}

type Facts = Pick<
  Payment,
  "customerId" | "item" | "note" | "list" | "discount" | "dueDate" | "allowPart" | "externalId"
>;

function factsOf({ customerId, item, note, list, discount, dueDate, allowPart, externalId }: Facts) {
  const amounts = [list.currency, list.minor, discount.minor];
  return [customerId, item, note, ...amounts, dueDate.toString(), allowPart, externalId];
}
