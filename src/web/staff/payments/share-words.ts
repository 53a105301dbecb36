import type { PartnerTerms, ShareKind } from "#features/payments/shares.ts";
import { never } from "#kernel/assert.ts";
import { t } from "#web/staff/shared.tsx";

/** What a share may be, in a choice. */
export const kindWords: Readonly<Record<ShareKind, string>> = {
  percent: "Percent of the amount",
  flat: "Fixed amount",
  percent_of_share: "Percent of another partner's share",
  remainder: "What is left over",
};

export const taxWords = { none: "", inclusive: "tax inside", exclusive: "tax on top" } as const;

/** How a share is computed, with its tax: `20%, tax on top`. `nameOf` knows the other partners of the payment. */
export function shareWords(terms: PartnerTerms, nameOf: (partnership: string) => string): string {
  const tax = taxWords[terms.taxMode];
  return `${rateWords(terms, nameOf)}${tax === "" ? "" : `, ${tax}`}`;
}

function rateWords(terms: PartnerTerms, nameOf: (partnership: string) => string): string {
  const { kind, rateBps, flat, of } = terms;
  switch (kind) {
    case "percent":
      return t.rate(rateBps);
    case "flat":
      return flat ? `Fixed, ${t.money(flat, "code")}` : "Fixed";
    case "percent_of_share":
      return `${t.rate(rateBps)} of the share of ${nameOf(of ?? "")}`;
    case "remainder":
      return rateBps === 0 ? "What is left over" : `What is left over; you keep ${t.rate(rateBps)}`;
    default:
      return never(kind);
  }
}
