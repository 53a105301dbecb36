import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

/** Whether a partner is registered for tax, and under which number, from a day on until the next status begins. */
export type TaxStatus = {
  readonly from: PlainDate;
  readonly registered: boolean;
  readonly taxId: string;
};

/** A status as it is kept: whose it is, and who set it. */
export type KeptTaxStatus = TaxStatus & {
  readonly partnershipId: PartnershipId;
  /** The name of who set it. */
  readonly setBy: string;
  readonly createdAt: Instant;
};

/**
 * The status that counts on a day: the newest that began on it or before. Undefined before the first one: then
 * nothing is known, and whoever issues a document in the partner's name must ask.
 */
export function statusAt<S extends TaxStatus>(statuses: readonly S[], date: PlainDate): S | undefined {
  let best: S | undefined;
  for (const one of statuses) {
    const begun = Temporal.PlainDate.compare(one.from, date) <= 0;
    if (begun && (!best || Temporal.PlainDate.compare(one.from, best.from) > 0)) best = one;
  }
  return best;
}
