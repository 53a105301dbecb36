import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { TransferRoute } from "#features/tariffs/tariff.ts";
import { selectTransferPage } from "#features/transfers/staff-transfer-list-store.ts";
import { type Transfer, type TransferId, transferStates } from "#features/transfers/transfer.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { cutPage } from "#kernel/paging.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** A state; or what came back from the bank, which is a part of what failed. */
export const transferFilters = [...transferStates, "returned"] as const;

/** What narrows the list of staff and its file. Days are the institution's own. */
export type StaffTransferFilter = {
  readonly status?: (typeof transferFilters)[number] | undefined;
  /** Words of the partner's name, a transfer's reference, or a wallet's number. */
  readonly q?: string | undefined;
  readonly partner?: PartnershipId | undefined;
  readonly route?: TransferRoute | undefined;
  readonly currency?: Currency | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  /** Exactly this amount, in minor units of `currency`; without a currency of any that has such an amount. */
  readonly amount?: string | undefined;
};

/** A transfer with the names that staff know its partners by, whatever it is called for others. */
export type ListedTransfer = {
  readonly transfer: Transfer;
  readonly partner: string;
  /** The number of the wallet that it comes from. */
  readonly fromNumber: string;
  /** The number of the wallet that took what the bank sent back, where that is another one. */
  readonly returnedNumber: string | undefined;
  /** The partner that it goes to; undefined for the bank. */
  readonly toPartner: string | undefined;
};
export type StaffTransferPage = {
  readonly rows: readonly ListedTransfer[];
  readonly newer: string | undefined;
  readonly older: string | undefined;
};
type Paging = { readonly before?: string | undefined; readonly after?: string | undefined; readonly size: number };

/** A page of the transfers that pass the filter, the newest first. */
export async function searchTransfers(cx: Cx, filter: StaffTransferFilter, paging: Paging): Promise<StaffTransferPage> {
  const before = readPlace(paging.before);
  const after = before ? undefined : readPlace(paging.after);
  const place = { ...(before && { before }), ...(after && { after }), limit: paging.size + 1 };
  const found = await selectTransferPage(cx, filter, place);
  const page = cutPage(found, paging.size, after !== undefined, before !== undefined);
  return {
    rows: page.rows,
    newer: page.inFront ? page.rows[0]?.transfer.id : undefined,
    older: page.behind ? page.rows.at(-1)?.transfer.id : undefined,
  };
}

function readPlace(text: string | undefined): TransferId | undefined {
  return isId("trf", text) ? text : undefined;
}
