import type { CustomerId } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";

/** Who pays: a customer its payments, or a partner the invoices raised on it. The noun of the id says which. */
export type PayerId = CustomerId | PartnershipId;

export function isPartner(payer: PayerId): payer is PartnershipId {
  return payer.startsWith("prt_");
}

/** The payer of a row, which has one of the two. */
export function payerOf(row: { customer_id: CustomerId | null; partnership_id: PartnershipId | null }): PayerId {
  const payer = row.customer_id ?? row.partnership_id;
  if (!payer) throw new Error("a row that belongs to nobody who pays");
  return payer;
}
