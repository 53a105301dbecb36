import { z } from "zod";
import { formatWalletNumber, walletPurposes, walletStates } from "#features/wallets/wallet.ts";
import { listWallets } from "#features/wallets/wallet-list.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { WalletListPage } from "./list-page.tsx";

const filterQuery = z.object({
  q: asked.text,
  currency: asked.currency,
  purpose: asked.oneOf(walletPurposes),
  state: asked.oneOf(walletStates),
  partner: z
    .string()
    .refine((id) => isId("prt", id))
    .optional()
    .catch(undefined),
});

const list = route({
  id: "staff.wallets.list",
  method: "GET",
  path: "/staff/wallets",
  opens: "staff",
  may: "wallets.read",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx, may) => {
    const { before, after, ...filter } = rq.query;
    const found = await listWallets(cx, may, filter, { before, after, size: pageSize });
    return page(<WalletListPage ui={rq.ui} staff={cx.principal} found={found} filter={filter} />);
  },
});

const header = [
  "wallet",
  "partner",
  "currency",
  "purpose",
  "state",
  "available",
  "pending",
  "total",
  "takes_payouts",
  "opened_at",
];

const exported = route({
  id: "staff.wallets.export",
  method: "GET",
  path: "/staff/wallets.csv",
  opens: "staff",
  may: "wallets.export",
  query: filterQuery,
  outside: async (rq, tx) => {
    return await csvDownload<string>("wallets.csv", header, async (before) => {
      const found = await tx((cx, may) => listWallets(cx, may, rq.query, { before, size: exportPageSize }));
      const rows = found.rows.map(({ wallet, available, pending, total }) => [
        formatWalletNumber(wallet.number),
        wallet.holder,
        wallet.currency,
        wallet.purpose,
        wallet.state,
        toDecimal(available),
        toDecimal(pending),
        toDecimal(total),
        wallet.takesPayouts ? "yes" : "no",
        wallet.openedAt.toString(),
      ]);
      return { rows, next: found.behind ? found.rows.at(-1)?.wallet.id : undefined };
    });
  },
});

export default [list, exported] as Route[];
