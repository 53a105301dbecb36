import { type Payout, type PayoutId, payoutStates } from "#features/payouts/payout.ts";
import { type ListedRow, selectDue, selectPayoutPage } from "#features/payouts/payout-list-store.ts";
import { toPayout } from "#features/payouts/payout-store.ts";
import { isId } from "#kernel/ids.ts";
import { type Currency, type Money, moneySum } from "#kernel/money.ts";
import { cutPage } from "#kernel/paging.ts";
import { type PlainDate, parseDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** A state, or several that staff look at together: what needs somebody, what is on its way, what is still due. */
export const payoutFilters = [...payoutStates, "attention", "under_way", "due"] as const;

/** Everything that narrows the list; its export and the figures of the overview use the same. */
export type PayoutFilter = {
  readonly status?: (typeof payoutFilters)[number] | undefined;
  readonly q?: string | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  readonly currency?: Currency | undefined;
  readonly partner?: string | undefined;
};

export type PayoutPlace = { readonly day: PlainDate; readonly id: PayoutId };
export type ListedPayout = {
  readonly payout: Payout;
  readonly account: { readonly bank: string; readonly last4: string } | undefined;
  /** The number of the wallet that it went to instead. */
  readonly wallet: string | undefined;
  /** What shares come to before tax, less what refunds took back. */
  readonly commission: Money;
  /** What was taken off against invoices: zero or below. */
  readonly netted: Money;
  /** What credit notes gave back, and what was paid too much. */
  readonly credited: Money;
};
export type PayoutPage = {
  readonly rows: readonly ListedPayout[];
  readonly newer: string | undefined;
  readonly older: string | undefined;
};

type Paging = { readonly before?: string | undefined; readonly after?: string | undefined; readonly size: number };

/** A page of the payouts that pass the filter, the latest day first. One query. */
export async function listPayouts(cx: Cx, filter: PayoutFilter, paging: Paging): Promise<PayoutPage> {
  const before = readPlace(paging.before);
  const after = before ? undefined : readPlace(paging.after);
  const place = { ...(before && { before }), ...(after && { after }), limit: paging.size + 1 };
  const found = await selectPayoutPage(cx, filter, place);
  const page = cutPage(found, paging.size, after !== undefined, before !== undefined);
  return {
    rows: page.rows.map(listed),
    newer: page.inFront ? writePlace(page.rows[0]) : undefined,
    older: page.behind ? writePlace(page.rows.at(-1)) : undefined,
  };
}

function listed(row: ListedRow): ListedPayout {
  const account = row.last4 === null ? undefined : { bank: row.bank_name ?? "", last4: row.last4 };
  const wallet = row.wallet_number ?? undefined;
  return {
    payout: toPayout(row),
    account: wallet === undefined ? account : undefined,
    wallet,
    commission: moneySum(row.net_minor - row.netted_minor - row.credited_minor, row.currency),
    netted: moneySum(row.netted_minor, row.currency),
    credited: moneySum(row.credited_minor, row.currency),
  };
}

function writePlace(row: ListedRow | undefined): string | undefined {
  return row && `${row.scheduled_for}~${row.id}`;
}

function readPlace(text: string | undefined): PayoutPlace | undefined {
  const [date = "", id = ""] = (text ?? "").split("~");
  const day = parseDate(date);
  return day && isId("pyo", id) ? { day, id } : undefined;
}

/** What staff owe partners in one currency: still to be paid out, and what of it needs somebody. */
export type PayoutsDue = {
  readonly currency: Currency;
  readonly due: Money;
  readonly payouts: number;
  readonly inReview: number;
  readonly held: number;
  readonly failed: number;
};

/** Payouts still due, by currency; nothing is summed across currencies. For the overview. */
export async function payoutsDue(cx: Cx): Promise<PayoutsDue[]> {
  const rows = await selectDue(cx);
  const byCurrency = Map.groupBy(rows, (row) => row.currency);
  return [...byCurrency]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, of]) => {
      const count = (...states: readonly string[]) =>
        of.reduce((sum, row) => sum + (states.includes(row.state) ? Number(row.payouts) : 0), 0);
      return {
        currency,
        due: moneySum(
          of.reduce((sum, row) => sum + row.minor, 0n),
          currency,
        ),
        payouts: of.reduce((sum, row) => sum + Number(row.payouts), 0),
        inReview: count("in_review"),
        held: count("on_hold"),
        failed: count("failed", "returned"),
      };
    });
}
