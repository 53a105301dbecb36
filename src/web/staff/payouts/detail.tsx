import { z } from "zod";
import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { activityOf } from "#features/audit/audit-views.ts";
import { holdPayout, releasePayout, sendAgain } from "#features/payouts/manage-payouts.ts";
import type { PayoutId } from "#features/payouts/payout.ts";
import { showLine, showPayout } from "#features/payouts/payout-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, textFields } from "#web/staff/shared.tsx";
import { PayoutDetailPage } from "./detail-page.tsx";
import { PayoutLinePage } from "./line-page.tsx";

/** Lines of a payout on one page. */
const linesShown = 50;
const payoutId = z.string().refine((id): id is PayoutId => isId("pyo", id));
const params = z.object({ id: payoutId });
const position = z.coerce.number().int().min(1).max(2_147_483_647);

async function payoutPage(ui: Ui, cx: Cx<Staff>, id: string, behind: number, failed?: Failed) {
  const shown = await showPayout(cx, id, behind, linesShown);
  const activity = await activityOf(cx, id);
  const form = formOf(failed);
  return page(
    <PayoutDetailPage ui={ui} staff={cx.principal} shown={shown} activity={activity} behind={behind} form={form} />,
  );
}

const detail = route({
  id: "staff.payouts.detail",
  method: "GET",
  path: "/staff/payouts/:id",
  opens: "staff",
  may: "payouts.read",
  params,
  query: z.object({ behind: position.optional().catch(undefined) }),
  handle: async (rq, cx) => await payoutPage(rq.ui, cx, rq.params.id, rq.query.behind ?? 0),
});

const line = route({
  id: "staff.payouts.line",
  method: "GET",
  path: "/staff/payouts/:id/lines/:position",
  opens: "staff",
  may: "payouts.read",
  params: z.object({ id: payoutId, position }),
  handle: async (rq, cx) => {
    const shown = await showLine(cx, rq.params.id, rq.params.position);
    return page(<PayoutLinePage ui={rq.ui} staff={cx.principal} shown={shown} />);
  },
});

type Change = (cx: Cx<Staff>, may: Permit<"payouts.write">, id: PayoutId, why: string) => Promise<void>;

/** A change of one payout by a button of its page, with a reason where `why` asks for one. */
function change(name: string, done: string, why: boolean, work: Change): Route {
  return route({
    id: `staff.payouts.${name}`,
    method: "POST",
    path: `/staff/payouts/:id/${name}`,
    opens: "staff",
    may: "payouts.write",
    params,
    form: textFields("why"),
    handle: async (rq, cx, may) => {
      const cells = new Cells<"why">({ why: rq.form.why ?? "" });
      const said = cells.line("why", 200, why ? "Say why, in a few words." : undefined) ?? "";
      assertNoProblems(cells.problems);
      await work(cx, may, rq.params.id, said);
      return seeOther(`/staff/payouts/${rq.params.id}?done=${done}`);
    },
    again: async (rq, cx, _may, failed) => await payoutPage(rq.ui, cx, rq.params.id, 0, failed),
  }) as Route;
}

export default [
  detail,
  line,
  change("hold", "held", true, holdPayout),
  change("release", "released", false, releasePayout),
  change("again", "again", false, async (cx, may, id) => await sendAgain(cx, may, id)),
] as Route[];
