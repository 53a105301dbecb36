import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { type PartnershipId, scheduleWords } from "#features/partnerships/partnership.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { pausePartner, resumePartner } from "#features/payouts/manage-payouts.ts";
import { listPayouts } from "#features/payouts/payout-list.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, textFields } from "#web/staff/shared.tsx";
import { PartnerPayoutsPage } from "./partner-page.tsx";

const params = z.object({ id: z.string().refine((id): id is PartnershipId => isId("prt", id)) });

async function partnerPage(ui: Ui, cx: Cx<Staff>, id: PartnershipId, failed?: Failed) {
  const partner = await readPartnership(cx, id);
  const found = await listPayouts(cx, { partner: id }, { size: 10 });
  const shown = { partner, found, schedule: scheduleWords[partner.payoutSchedule], form: formOf(failed) };
  return page(<PartnerPayoutsPage ui={ui} staff={cx.principal} {...shown} />);
}

const show = route({
  id: "staff.payouts.partner",
  method: "GET",
  path: "/staff/partnerships/:id/payouts",
  opens: "staff",
  may: "payouts.read",
  params,
  handle: async (rq, cx) => await partnerPage(rq.ui, cx, rq.params.id),
});

const pause = route({
  id: "staff.payouts.partner-paused",
  method: "POST",
  path: "/staff/partnerships/:id/payouts/pause",
  opens: "staff",
  may: "payouts.write",
  params,
  form: textFields("why"),
  handle: async (rq, cx, may) => {
    const cells = new Cells<"why">({ why: rq.form.why ?? "" });
    const why = cells.line("why", 200, "Say why, in a few words.") ?? "";
    assertNoProblems(cells.problems);
    await readPartnership(cx, rq.params.id);
    await pausePartner(cx, may, rq.params.id, why);
    return seeOther(`/staff/partnerships/${rq.params.id}/payouts?done=paused`);
  },
  again: async (rq, cx, _may, failed) => await partnerPage(rq.ui, cx, rq.params.id, failed),
});

const resume = route({
  id: "staff.payouts.partner-resumed",
  method: "POST",
  path: "/staff/partnerships/:id/payouts/resume",
  opens: "staff",
  may: "payouts.write",
  params,
  handle: async (rq, cx, may) => {
    await readPartnership(cx, rq.params.id);
    await resumePartner(cx, may, rq.params.id);
    return seeOther(`/staff/partnerships/${rq.params.id}/payouts?done=resumed`);
  },
  again: async (rq, cx, _may, failed) => await partnerPage(rq.ui, cx, rq.params.id, failed),
});

export default [show, pause, resume] as Route[];
