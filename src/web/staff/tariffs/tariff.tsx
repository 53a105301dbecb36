import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { activityOf } from "#features/audit/audit-views.ts";
import { endTariff, withdrawTariff } from "#features/tariffs/set-tariff.ts";
import type { TariffId } from "#features/tariffs/tariff.ts";
import { showTariff } from "#features/tariffs/tariff-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { assertNoProblems, Cells, fieldsOf } from "#kernel/cells.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, formOf, textFields } from "#web/staff/shared.tsx";
import { TariffPage } from "./detail-page.tsx";

const params = z.object({ id: z.string().refine((id): id is TariffId => isId("tar", id)) });

async function tariffPage(ui: Ui, cx: Cx<Staff>, id: TariffId, typed = "", failed?: Failed) {
  const shown = await showTariff(cx, id);
  const activity = await activityOf(cx, id);
  const tried = tryOut(typed, shown.tariff.currency);
  const all = { ui, staff: cx.principal, shown, activity, tried, form: formOf(failed) };
  return page(<TariffPage {...all} />);
}

function tryOut(typed: string, currency: Currency) {
  const cells = new Cells<"amount">({ amount: typed });
  const minor = typed === "" ? undefined : cells.amount("amount", currency, 1n)?.minor;
  return { typed, minor, problem: fieldsOf(cells.problems).amount };
}

const detail = route({
  id: "staff.tariffs.detail",
  method: "GET",
  path: "/staff/tariffs/:id",
  opens: "staff",
  may: "tariffs.read",
  params,
  query: z.object({ amount: asked.text }),
  handle: async (rq, cx) => await tariffPage(rq.ui, cx, rq.params.id, rq.query.amount),
});

const end = route({
  id: "staff.tariffs.end",
  method: "POST",
  path: "/staff/tariffs/:id/end",
  opens: "staff",
  may: "tariffs.write",
  params,
  form: textFields("last"),
  handle: async (rq, cx, may) => {
    const cells = new Cells<"last">({ last: rq.form.last ?? "" });
    const last = cells.date("last");
    assertNoProblems(cells.problems);
    if (last) await endTariff(cx, may, rq.params.id, last);
    return seeOther(`/staff/tariffs/${rq.params.id}?done=ended`);
  },
  again: async (rq, cx, _may, failed) => await tariffPage(rq.ui, cx, rq.params.id, "", failed),
});

const withdraw = route({
  id: "staff.tariffs.withdraw",
  method: "POST",
  path: "/staff/tariffs/:id/withdraw",
  opens: "staff",
  may: "tariffs.write",
  params,
  handle: async (rq, cx, may) => {
    await withdrawTariff(cx, may, rq.params.id);
    return seeOther(`/staff/tariffs/${rq.params.id}?done=withdrawn`);
  },
  again: async (rq, cx, _may, failed) => await tariffPage(rq.ui, cx, rq.params.id, "", failed),
});

export default [detail, end, withdraw] as Route[];
