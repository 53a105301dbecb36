import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import type { PartnerTransferFilter, TransferPlace } from "#features/transfers/partner-transfer.ts";
import type { OwnWallet } from "#features/transfers/quote.ts";
import { parseTransferRef, transferStates } from "#features/transfers/transfer.ts";
import { partnerTransfers } from "#features/transfers/transfer-list-partner-view.ts";
import { ownWallets } from "#features/transfers/transfer-partner-view.ts";
import { parseWalletNumber } from "#features/wallets/wallet.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { type Money, parseMoney, toDecimal } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { type TransferListFacts, TransferListPage, type TransferQuery } from "./list-page.tsx";
import { destinationWords, transfersHome } from "./words.ts";

export const transferFilterQuery = z.object({
  status: asked.oneOf(transferStates),
  wallet: asked.text,
  route: asked.oneOf(["wallet", "bank"]),
  with: asked.text,
  from: asked.date,
  to: asked.date,
  amount: asked.text,
  q: asked.text,
});
type Asked = z.output<typeof transferFilterQuery>;

/** The filter as addresses carry it, without what means nothing. */
function queryOf(query: Asked): TransferQuery {
  const { status, wallet, route: way, with: other, from, to, amount, q } = query;
  return { status, wallet, route: way, with: other, from: from?.toString(), to: to?.toString(), amount, q };
}

/** What was asked, as the list takes it. What can't be a number or an amount fits nothing. */
function filterOf(cx: Cx<Partner>, query: Asked, wallets: readonly OwnWallet[]): PartnerTransferFilter | undefined {
  const { from, to, amount } = query;
  const { timeZone } = cx.institution;
  const wallet = query.wallet === undefined ? undefined : wallets.find((one) => one.number === query.wallet);
  const other = query.with === undefined ? undefined : numberOf(query.with);
  const amounts = amount === undefined ? undefined : amountsOf(amount, wallet ? [wallet] : wallets);
  if ((query.wallet !== undefined && !wallet) || (query.with !== undefined && !other)) return undefined;
  if (amounts?.length === 0) return undefined;
  return {
    status: query.status,
    wallet: wallet?.id,
    route: query.route,
    with: other,
    from: from?.toZonedDateTime(timeZone).toInstant(),
    until: to?.add({ days: 1 }).toZonedDateTime(timeZone).toInstant(),
    amounts,
    q: query.q,
  };
}

function numberOf(typed: string): string | undefined {
  const digits = typed.replace(/[\s•*-]/g, "");
  return parseWalletNumber(digits) ?? (/^[0-9A-Za-z]{1,4}$/.test(digits) ? digits : undefined);
}

/** The amount in each currency that the partner has a wallet in. */
function amountsOf(typed: string, wallets: readonly OwnWallet[]): Money[] {
  const currencies = [...new Set(wallets.map((one) => one.currency))];
  return currencies.flatMap((currency) => {
    const amount = parseMoney(typed, currency);
    return "problem" in amount ? [] : [amount];
  });
}

/** What the page of transfers shows. */
export async function readTransferList(
  cx: Cx<Partner>,
  query: Asked,
  place: TransferPlace,
  size = pageSize,
): Promise<TransferListFacts> {
  const wallets = await ownWallets(cx);
  const filter = filterOf(cx, query, wallets);
  const nothing = { rows: [], newer: undefined, older: undefined, isCut: false };
  const found = filter ? await partnerTransfers(cx, filter, { ...place, size }) : nothing;
  return { query: queryOf(query), place, found, wallets };
}

const list = route({
  id: "partner.transfers",
  method: "GET",
  path: transfersHome,
  opens: "partner",
  may: "partner.wallets",
  query: transferFilterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const { before, after, ...query } = rq.query;
    const facts = await readTransferList(cx, query, { before, after });
    return page(<TransferListPage ui={rq.ui} partner={cx.principal} facts={facts} />);
  },
});

const header = [
  ...["transfer", "confirmed_at", "status", "route", "from_wallet", "to", "to_holder", "reference", "amount", "fee"],
  ...["currency", "confirmed_by", "completed_at", "failed_at", "failure", "returned_to_wallet"],
];

const exported = route({
  id: "partner.transfers.export",
  method: "GET",
  path: `${transfersHome}.csv`,
  opens: "partner",
  may: "partner.wallets",
  query: transferFilterQuery,
  outside: async (rq, tx) =>
    await csvDownload<string>("transfers.csv", header, async (before) => {
      const { found, wallets } = await tx((cx) => readTransferList(cx, rq.query, { before }, exportPageSize));
      const numbers = new Map(wallets.map((one) => [one.id, one.number]));
      const rows = found.rows.map((one) => [
        one.ref,
        one.createdAt.toString(),
        one.state,
        one.route,
        numbers.get(one.wallet) ?? "",
        destinationWords(one),
        one.route === "wallet" ? one.toName : "",
        one.reference,
        toDecimal(one.amount),
        toDecimal(one.fee),
        one.amount.currency,
        one.requestedByName,
        one.completedAt?.toString() ?? "",
        (one.returnedAt ?? one.failedAt)?.toString() ?? "",
        one.failureReason,
        (one.returnedTo && numbers.get(one.returnedTo)) ?? "",
      ]);
      return { rows, next: found.older };
    }),
});

/** What addresses call a transfer; what can't be one answers 404. */
export const refParam = z
  .string()
  .max(30)
  .transform((text) => parseTransferRef(text))
  .pipe(z.string());

// The file stands ahead of the page of one transfer.
export default [list, exported] as Route[];
