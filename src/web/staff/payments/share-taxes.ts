import type { Staff } from "#access/principal.ts";
import { shareTermsOf } from "#features/partnerships/partnership.ts";
import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import type { ShareChoice } from "#features/payments/payment-input.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { t } from "#web/staff/shared.tsx";
import { shareLines } from "./payment-text.ts";

/** The partners that the form names, as it was typed or as it starts. */
export function chosenPartners(
  typed: Readonly<Record<string, unknown>> | undefined,
  shares: readonly ShareChoice[],
): string[] {
  const named = typed
    ? shareLines.map((line) => String(typed[`partner_${line}`] ?? ""))
    : shares.map((one) => one.partnershipId);
  return named.filter((id) => isId("prt", id));
}

/** What tax a share of these partners has, in words: their registration and agreement decide it, nobody types it. */
export async function taxesOf(cx: Cx<Staff>, partners: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await partnershipsByIds(cx, partners);
  return new Map(
    [...found.values()].map((one) => {
      const { taxMode, taxBps } = shareTermsOf(one, 0, cx.institution.taxBps);
      const words = { none: "none", inclusive: `${t.rate(taxBps)} inside`, exclusive: `${t.rate(taxBps)} on top` };
      return [one.id, words[taxMode]];
    }),
  );
}
