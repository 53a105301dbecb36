import type { DefaultShare, Partnership, PartnershipId } from "#features/partnerships/partnership.ts";
import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import type { ShareChoice } from "#features/payments/payment-input.ts";
import type { Currency } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * What a new payment starts with: the usual share of the customer's partner, and before it the one that it is a
 * percentage of. A fixed amount in another currency is left out.
 */
export async function usualShares(
  cx: Cx,
  partner: PartnershipId | undefined,
  currency: Currency,
): Promise<ShareChoice[]> {
  if (!partner) return [];
  const own = (await partnershipsByIds(cx, [partner])).get(partner);
  if (!own) return [];
  const usual = own.defaultShare;
  if (usual.kind !== "percent_of_share") return choiceOf(own, usual, currency);
  const source = (await partnershipsByIds(cx, [usual.of])).get(usual.of);
  // Of a share that is itself a percentage of another, or of none, staff decide.
  const first = source ? choiceOf(source, source.defaultShare, currency) : [];
  return first.length === 0 ? [] : [...first, ...choiceOf(own, usual, currency)];
}

function choiceOf({ id }: Pick<Partnership, "id">, usual: DefaultShare, currency: Currency): ShareChoice[] {
  switch (usual.kind) {
    case "percent":
      return usual.bps > 0 ? [{ partnershipId: id, kind: "percent", rateBps: usual.bps }] : [];
    case "flat": {
      const flat = usual.amount;
      return flat.currency === currency ? [{ partnershipId: id, kind: "flat", rateBps: 0, flat }] : [];
    }
    case "percent_of_share":
      return usual.bps > 0 ? [{ partnershipId: id, kind: "percent_of_share", rateBps: usual.bps, of: usual.of }] : [];
  }
}
