import type { Staff } from "#access/principal.ts";
import { hasColleague } from "#features/bank-accounts/bank-account-views.ts";
import { proposeAdjustment } from "#features/wallets/adjust-wallet.ts";
import { readReason } from "#features/wallets/set-wallet-state.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { readWallet, walletBalance } from "#features/wallets/wallet-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { isId, newId } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, textFields } from "#web/staff/shared.tsx";
import { AdjustPage, CheckAdjustPage } from "./adjust-page.tsx";
import { walletParams } from "./detail.tsx";
import { home } from "./list-page.tsx";

const names = ["direction", "amount", "reason", "key", "step"] as const;
const form = textFields(...names);
type Typed = Readonly<Partial<Record<(typeof names)[number], string | undefined>>>;

async function standing(ui: Ui, cx: Cx<Staff>, id: string, failed: Failed | undefined) {
  const wallet = await readWallet(cx, id);
  if (wallet.state === "closed") throw new Problem("conflict", "The wallet is closed: nothing moves in it any more.");
  const balance = await walletBalance(cx, wallet);
  return { ui, staff: cx.principal, form: formOf(failed), wallet, balance };
}

async function formPage(ui: Ui, cx: Cx<Staff>, id: string, failed?: Failed) {
  const here = await standing(ui, cx, id, failed);
  const alone = !(await hasColleague(cx, cx.principal.id));
  return page(<AdjustPage {...here} alone={alone} proposalKey={keyOf(cx, failed?.typed.key)} />);
}

/** The key made with the form; another one where it was lost on the way. */
function keyOf(cx: Cx, typed: unknown): string {
  return isId("adj", typed) ? typed : newId("adj", cx.now, cx.random);
}

/** What was typed, signed by its direction. Throws `form.invalid` with the words for each field. */
function readProposal(typed: Typed, { currency }: Wallet): { amount: Money; reason: string } {
  const { direction = "", amount: size = "", reason: why = "" } = typed;
  const cells = new Cells<"direction" | "amount" | "reason">({ direction, amount: size, reason: why });
  const way = cells.oneOf("direction", ["in", "out"]);
  const amount = cells.amount("amount", currency, 1n);
  cells.line("reason", 300, "Write why: the partner reads it.");
  assertNoProblems(cells.problems);
  const minor = amount?.minor ?? 0n;
  return { amount: money(way === "out" ? -minor : minor, currency), reason: readReason(why, "") };
}

const ask = route({
  id: "staff.wallets.adjust",
  method: "GET",
  path: `${home}/:id/adjust`,
  opens: "staff",
  may: "wallets.adjust",
  stepUp: true,
  params: walletParams,
  handle: async (rq, cx) => await formPage(rq.ui, cx, rq.params.id),
});

const propose = route({
  id: "staff.wallets.adjustment-proposed",
  method: "POST",
  path: `${home}/:id/adjust`,
  opens: "staff",
  may: "wallets.adjust",
  stepUp: true,
  params: walletParams,
  form,
  handle: async (rq, cx, may) => {
    const { id } = rq.params;
    const typed = Object.fromEntries(Object.entries(rq.form).map(([name, value]) => [name, value ?? ""]));
    const failed = { typed, errors: {}, problem: new Problem("form.invalid", "") };
    if (rq.form.step === "back") return await formPage(rq.ui, cx, id, failed);
    const here = await standing(rq.ui, cx, id, failed);
    const proposal = readProposal(rq.form, here.wallet);
    const key = keyOf(cx, rq.form.key);
    if (rq.form.step !== "propose") return page(<CheckAdjustPage {...here} {...proposal} proposalKey={key} />);
    await proposeAdjustment(cx, may, { wallet: id, ...proposal, key });
    return seeOther(`${home}/${id}?done=proposed`);
  },
  again: async (rq, cx, _may, failed) => await formPage(rq.ui, cx, rq.params.id, failed),
});

export default [ask, propose] as Route[];
