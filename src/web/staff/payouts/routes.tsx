import { z } from "zod";
import { partnershipNames } from "#features/partnerships/partnership-views.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import { listPayouts, payoutFilters } from "#features/payouts/payout-list.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { PayoutListPage } from "./list-page.tsx";

const filterQuery = z.object({
  status: asked.oneOf(payoutFilters),
  q: asked.text,
  from: asked.date,
  to: asked.date,
  currency: asked.currency,
  partner: z
    .string()
    .refine((id) => isId("prt", id))
    .optional()
    .catch(undefined),
});

const list = route({
  id: "staff.payouts.list",
  method: "GET",
  path: "/staff/payouts",
  opens: "staff",
  may: "payouts.read",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const { before, after, ...filter } = rq.query;
    const found = await listPayouts(cx, filter, { before, after, size: pageSize });
    const partners = await partnershipNames(cx);
    return page(<PayoutListPage ui={rq.ui} staff={cx.principal} found={found} filter={filter} partners={partners} />);
  },
});

const header = [
  "payout",
  "partner",
  "status",
  "scheduled_for",
  "currency",
  "payments",
  "net",
  "tax",
  "netted",
  "credited",
  "total",
  "bank_account",
  "wallet",
  "hold_reason",
  "failure_reason",
  "sent_at",
  "paid_at",
];

const exported = route({
  id: "staff.payouts.export",
  method: "GET",
  path: "/staff/payouts/export.csv",
  opens: "staff",
  may: "payouts.export",
  query: filterQuery,
  outside: async (rq, tx) => {
    return await csvDownload<string>("payouts.csv", header, async (before) => {
      const found = await tx((cx) => listPayouts(cx, rq.query, { before, size: exportPageSize }));
      const rows = found.rows.map(({ payout, account, wallet, commission, netted, credited }) => [
        payoutNumber(payout.number),
        payout.partnershipName,
        payout.state,
        payout.scheduledFor.toString(),
        payout.total.currency,
        payout.payments.toString(),
        toDecimal(commission),
        toDecimal(payout.tax),
        toDecimal(netted),
        toDecimal(credited),
        toDecimal(payout.total),
        account ? `${account.bank} ${account.last4}`.trim() : "",
        wallet ? formatWalletNumber(wallet) : "",
        payout.holdReason,
        payout.failureReason,
        payout.sentAt?.toString() ?? "",
        // One that came back was paid once, and is not now.
        payout.state === "paid" ? (payout.paidAt?.toString() ?? "") : "",
      ]);
      return { rows, next: found.older };
    });
  },
});

// The export stands ahead of the detail page: its name would else be taken for an id.
export default [list, exported] as Route[];
