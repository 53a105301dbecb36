import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { approvePayouts, versionOf } from "#features/payouts/approve-payouts.ts";
import { payoutFacts, payoutsInReview } from "#features/payouts/payout-views.ts";
import { page } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { asked } from "#web/staff/shared.tsx";
import { ApprovalsPage, ApprovedPage, CheckApprovalsPage } from "./approvals-page.tsx";

/** Payouts that one page offers; the check page takes as many. */
const most = 200;

const many = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((given) => (given === undefined ? [] : typeof given === "string" ? [given] : given).slice(0, most));

async function choosePage(ui: Ui, cx: Cx<Staff>, chosen: readonly string[], currency?: Currency, failed?: Failed) {
  const rows = await payoutsInReview(cx, most, currency);
  const problems = failed && { "": failed.errors[""] ?? failed.problem.message };
  return page(
    <ApprovalsPage
      ui={ui}
      staff={cx.principal}
      rows={rows}
      chosen={chosen}
      currency={currency}
      more={rows.length === most}
      problems={problems}
    />,
  );
}

const choose = route({
  id: "staff.payouts.approvals",
  method: "GET",
  path: "/staff/payouts/approvals",
  opens: "staff",
  may: "payouts.approve",
  stepUp: true,
  query: z.object({ payout: asked.text, currency: asked.currency }),
  handle: async (rq, cx) => await choosePage(rq.ui, cx, [rq.query.payout ?? ""], rq.query.currency),
});

const approve = route({
  id: "staff.payouts.approve",
  method: "POST",
  path: "/staff/payouts/approvals",
  opens: "staff",
  may: "payouts.approve",
  stepUp: true,
  form: z.object({
    payout: many,
    shown: many,
    chosen: many,
    currency: asked.currency,
    step: z.enum(["check", "all", "approve", "back"]).catch("check"),
  }),
  handle: async (rq, cx, may) => {
    const { step, payout, shown, chosen, currency } = rq.form;
    if (step === "back")
      return await choosePage(
        rq.ui,
        cx,
        chosen.map(readChosen).map((one) => one.id),
        currency,
      );
    if (step === "approve") {
      const wanted = chosen.map(readChosen).filter((one) => isId("pyo", one.id));
      if (wanted.length === 0) throw nothingChosen();
      const approvals = await approvePayouts(cx, may, wanted);
      return page(<ApprovedPage ui={rq.ui} staff={cx.principal} approvals={approvals} />);
    }
    const facts = await payoutFacts(cx, step === "all" ? shown : payout);
    if (facts.length === 0) throw nothingChosen();
    const rows = facts.map((one) => ({ facts: one, version: versionOf(one) }));
    return page(<CheckApprovalsPage ui={rq.ui} staff={cx.principal} rows={rows} currency={currency} />);
  },
  again: async (rq, cx, _may, failed) => await choosePage(rq.ui, cx, [], undefined, failed),
});

/** `pyo_…|version`, as the check page writes it. */
function readChosen(text: string) {
  const at = text.indexOf("|");
  return { id: text.slice(0, at) as `pyo_${string}`, version: text.slice(at + 1) };
}

function nothingChosen(): Problem {
  const words = "Choose at least one payout.";
  return new Problem("form.invalid", words, { fields: { "": words } });
}

export default [choose, approve] as Route[];
