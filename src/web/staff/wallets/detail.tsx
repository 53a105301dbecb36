import { z } from "zod";
import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { activityOf } from "#features/audit/audit-views.ts";
import { seriesSpans } from "#features/wallets/balance-series.ts";
import {
  closeWallet,
  closingBlocks,
  freezeWallet,
  switchPayouts,
  unfreezeWallet,
} from "#features/wallets/set-wallet-state.ts";
import { listAdjustments } from "#features/wallets/wallet-list.ts";
import { flowsOfWallet, readWallet, seriesOfWallet, walletBalance } from "#features/wallets/wallet-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, formOf, textFields } from "#web/staff/shared.tsx";
import { WalletDetailPage } from "./detail-page.tsx";
import { home } from "./list-page.tsx";
import { PayoutsPage, type StateChange, StatePage } from "./state-pages.tsx";

export const walletParams = z.object({ id: z.string().refine((id) => isId("wal", id)) });

/** Flows on the page of the wallet itself. */
const newestShown = 8;

const detail = route({
  id: "staff.wallets.detail",
  method: "GET",
  path: `${home}/:id`,
  opens: "staff",
  may: "wallets.read",
  params: walletParams,
  query: z.object({ span: asked.oneOf(seriesSpans) }),
  handle: async (rq, cx, may) => {
    const wallet = await readWallet(cx, rq.params.id);
    const series = await seriesOfWallet(cx, wallet, rq.query.span ?? "days");
    const newest = await flowsOfWallet(cx, wallet, {}, { size: newestShown });
    const balance = await walletBalance(cx, wallet);
    const adjustments = await listAdjustments(cx, may, { wallet: wallet.id }, { size: 5 });
    const activity = await activityOf(cx, wallet.id);
    const shown = { wallet, balance, adjustments: adjustments.rows, activity, series, newest };
    return page(<WalletDetailPage ui={rq.ui} staff={cx.principal} {...shown} />);
  },
});

async function statePage(ui: Ui, cx: Cx<Staff>, id: string, change: StateChange, failed?: Failed) {
  const wallet = await readWallet(cx, id);
  const blocks = change === "close" && wallet.state !== "closed" ? await closingBlocks(cx, wallet) : [];
  const shown = { ui, staff: cx.principal, form: formOf(failed), wallet, change, blocks };
  return page(<StatePage {...shown} />);
}

type Work = (cx: Cx<Staff>, may: Permit<"wallets.write">, id: string, why: string) => Promise<void>;

/** A change of a wallet's state: a page that says what it means and asks why, and the change. */
function stateChange(change: StateChange, done: string, work: Work): Route[] {
  const ask = route({
    id: `staff.wallets.${change}`,
    method: "GET",
    path: `${home}/:id/${change}`,
    opens: "staff",
    may: "wallets.write",
    params: walletParams,
    handle: async (rq, cx) => await statePage(rq.ui, cx, rq.params.id, change),
  });
  const does = route({
    id: `staff.wallets.${done}`,
    method: "POST",
    path: `${home}/:id/${change}`,
    opens: "staff",
    may: "wallets.write",
    params: walletParams,
    form: textFields("reason"),
    handle: async (rq, cx, may) => {
      await work(cx, may, rq.params.id, rq.form.reason ?? "");
      return seeOther(`${home}/${rq.params.id}?done=${done}`);
    },
    again: async (rq, cx, _may, failed) => await statePage(rq.ui, cx, rq.params.id, change, failed),
  });
  return [ask, does] as Route[];
}

async function payoutsPage(ui: Ui, cx: Cx<Staff>, id: string, failed?: Failed) {
  const wallet = await readWallet(cx, id);
  return page(<PayoutsPage ui={ui} staff={cx.principal} form={formOf(failed)} wallet={wallet} />);
}

const payouts = route({
  id: "staff.wallets.payouts",
  method: "GET",
  path: `${home}/:id/payouts`,
  opens: "staff",
  may: "wallets.write",
  params: walletParams,
  handle: async (rq, cx) => await payoutsPage(rq.ui, cx, rq.params.id),
});

const payoutsSwitched = route({
  id: "staff.wallets.payouts-switched",
  method: "POST",
  path: `${home}/:id/payouts`,
  opens: "staff",
  may: "wallets.write",
  params: walletParams,
  form: z.object({ to: z.enum(["wallet", "bank"]) }),
  handle: async (rq, cx, may) => {
    const takes = rq.form.to === "wallet";
    await switchPayouts(cx, may, rq.params.id, takes);
    return seeOther(`${home}/${rq.params.id}?done=${takes ? "payouts-here" : "payouts-bank"}`);
  },
  again: async (rq, cx, _may, failed) => await payoutsPage(rq.ui, cx, rq.params.id, failed),
});

export default [
  detail,
  ...stateChange("freeze", "frozen", freezeWallet),
  ...stateChange("unfreeze", "unfrozen", unfreezeWallet),
  ...stateChange("close", "closed", closeWallet),
  payouts,
  payoutsSwitched,
] as Route[];
