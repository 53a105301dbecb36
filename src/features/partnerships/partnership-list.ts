import type { Permit } from "#access/permit.ts";
import type { Partnership, PartnershipId, PartnershipKind } from "#features/partnerships/partnership.ts";
import { selectListed } from "#features/partnerships/partnership-list-store.ts";
import { partnershipOf } from "#features/partnerships/partnership-store.ts";
import { isId } from "#kernel/ids.ts";
import { cutPage, type Page, type Paging } from "#kernel/paging.ts";
import type { Cx } from "#platform/tx.ts";

/** What somebody may look for: partners that something is missing of, or whose payouts are paused. */
export const partnershipOnly = ["no-contact", "no-bank", "paused"] as const;

/** What the list may be narrowed to; its export uses the same. */
export type PartnershipFilter = {
  readonly q?: string | undefined;
  readonly kind?: PartnershipKind | undefined;
  readonly only?: (typeof partnershipOnly)[number] | undefined;
};

/**
 * A partnership as the list shows it: how many contacts have access, how many customers it referred, and in which
 * currencies it has an account.
 */
export type ListedPartnership = {
  readonly partnership: Partnership;
  readonly contacts: number;
  readonly accounts: readonly string[];
  readonly customers: number;
};

type MayRead = Permit<"partnerships.read"> | Permit<"partnerships.export">;

/** A page of the partnerships that pass the filter, by name. Places are ids. One query. */
export async function listPartnerships(
  cx: Cx,
  _may: MayRead,
  filter: PartnershipFilter,
  paging: Paging<string>,
): Promise<Page<ListedPartnership>> {
  const before = placeOf(paging.before);
  const after = before ? undefined : placeOf(paging.after);
  const records = await selectListed(cx, filter, { before, after, limit: paging.size + 1 });
  const cut = cutPage(records, paging.size, before !== undefined, after !== undefined);
  return {
    ...cut,
    rows: cut.rows.map((row) => {
      const { contacts, customers, accounts } = row;
      return { partnership: partnershipOf(row), contacts: Number(contacts), customers: Number(customers), accounts };
    }),
  };
}

function placeOf(text: string | undefined): PartnershipId | undefined {
  return isId("prt", text) ? text : undefined;
}
