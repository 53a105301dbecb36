import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import {
  approveAdjustment,
  readAdjustment,
  rejectAdjustment,
  withdrawAdjustment,
} from "#features/wallets/adjust-wallet.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import { listAdjustments } from "#features/wallets/wallet-list.ts";
import { readWallet, walletBalance } from "#features/wallets/wallet-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, formOf, pageSize, textFields } from "#web/staff/shared.tsx";
import { AdjustmentPage, AdjustmentsPage } from "./adjustments-page.tsx";
import { home } from "./list-page.tsx";

const here = `${home}/adjustments`;
const params = z.object({ adjustment: z.string().refine((id) => isId("adj", id)) });

const list = route({
  id: "staff.wallets.adjustments",
  method: "GET",
  path: here,
  opens: "staff",
  may: "wallets.read",
  query: z.object({
    show: asked.oneOf(["waiting", "all"]),
    wallet: z
      .string()
      .refine((id): id is WalletId => isId("wal", id))
      .optional()
      .catch(undefined),
    before: asked.text,
    after: asked.text,
  }),
  handle: async (rq, cx, may) => {
    const { show = "waiting", wallet, before, after } = rq.query;
    const filter = { waiting: show === "waiting", wallet };
    const found = await listAdjustments(cx, may, filter, { before, after, size: pageSize });
    return page(<AdjustmentsPage ui={rq.ui} staff={cx.principal} found={found} show={show} wallet={wallet} />);
  },
});

async function drawn(ui: Ui, cx: Cx<Staff>, id: string, failed?: Failed) {
  const adjustment = await readAdjustment(cx, id);
  const wallet = await readWallet(cx, adjustment.wallet);
  const balance = await walletBalance(cx, wallet);
  const shown = { ui, staff: cx.principal, form: formOf(failed), adjustment, wallet, balance };
  return page(<AdjustmentPage {...shown} />);
}

const detail = route({
  id: "staff.wallets.adjustment",
  method: "GET",
  path: `${here}/:adjustment`,
  opens: "staff",
  may: "wallets.read",
  params,
  handle: async (rq, cx) => await drawn(rq.ui, cx, rq.params.adjustment),
});

const approve = route({
  id: "staff.wallets.adjustment-approved",
  method: "POST",
  path: `${here}/:adjustment/approve`,
  opens: "staff",
  may: "wallets.adjust",
  stepUp: true,
  params,
  handle: async (rq, cx, may) => {
    const { wallet } = await approveAdjustment(cx, may, rq.params.adjustment);
    return seeOther(`${home}/${wallet}?done=adjusted`);
  },
  again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, rq.params.adjustment, failed),
});

const reject = route({
  id: "staff.wallets.adjustment-rejected",
  method: "POST",
  path: `${here}/:adjustment/reject`,
  opens: "staff",
  may: "wallets.adjust",
  stepUp: true,
  params,
  form: textFields("reason"),
  handle: async (rq, cx, may) => {
    await rejectAdjustment(cx, may, rq.params.adjustment, rq.form.reason ?? "");
    return seeOther(`${here}?done=rejected`);
  },
  again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, rq.params.adjustment, failed),
});

const withdraw = route({
  id: "staff.wallets.adjustment-withdrawn",
  method: "POST",
  path: `${here}/:adjustment/withdraw`,
  opens: "staff",
  may: "wallets.adjust",
  params,
  handle: async (rq, cx, may) => {
    await withdrawAdjustment(cx, may, rq.params.adjustment);
    return seeOther(`${here}?done=withdrawn`);
  },
  again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, rq.params.adjustment, failed),
});

export default [list, detail, approve, reject, withdraw] as Route[];
