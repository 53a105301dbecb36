/** What people tell flows of a wallet apart by; pages have the words in `flows.kind.<kind>`. */
export const flowKinds = ["transfer", "fee", "bank", "returned", "payout", "adjustment"] as const;
export type FlowKind = (typeof flowKinds)[number];

/** What the ledger calls them; migrations/0009 has an index for each but plain transfers. */
const ledgerKinds: Readonly<Record<FlowKind, readonly string[]>> = {
  transfer: ["transfer"],
  fee: ["transfer.fee"],
  bank: ["transfer.bank"],
  returned: ["transfer.returned", "transfer.fee-returned"],
  payout: ["payout.wallet"],
  adjustment: ["adjustment"],
};

/** With whom: money that went to a bank or came back from it, or the institution itself. */
export const flowPartners = ["bank", "institution"] as const;
export type FlowPartner = (typeof flowPartners)[number];

const partnerKinds: Readonly<Record<FlowPartner, readonly string[]>> = {
  bank: ["transfer.bank", "transfer.returned"],
  institution: ["transfer.fee", "transfer.fee-returned", "payout.wallet", "adjustment"],
};

/** The kind of a flow by its name in the ledger. */
export function flowKindOf(ledgerKind: string): FlowKind {
  return flowKinds.find((kind) => ledgerKinds[kind].includes(ledgerKind)) ?? "transfer";
}

/** The ledger's names of what such a filter lets through; undefined: all of them. */
export function ledgerKindsOf(kind: FlowKind | undefined, partner: FlowPartner | undefined): string[] | undefined {
  const ofPartner = partner && partnerKinds[partner];
  if (kind === undefined) return ofPartner && [...ofPartner];
  return ledgerKinds[kind].filter((one) => ofPartner === undefined || ofPartner.includes(one));
}
