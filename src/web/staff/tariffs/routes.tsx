import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import { assertFits, setTariff } from "#features/tariffs/set-tariff.ts";
import { tariffStandings, transferRoutes } from "#features/tariffs/tariff.ts";
import { listTariffs } from "#features/tariffs/tariff-list.ts";
import { findOverlaps } from "#features/tariffs/tariff-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { money, toDecimal } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { toPercent } from "#kernel/rate.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, formOf, keyOf, pageSize, t, textFields } from "#web/staff/shared.tsx";
import { TariffListPage } from "./list-page.tsx";
import { CheckTariffPage, NewTariffPage } from "./new-page.tsx";
import { readTariff, tariffFields } from "./tariff-text.ts";

const filterQuery = z.object({
  status: asked.oneOf(tariffStandings),
  currency: asked.currency,
  route: asked.oneOf(transferRoutes),
  purpose: asked.oneOf(["any", "general", "commission", "deposits", "reserve"]),
});

const list = route({
  id: "staff.tariffs.list",
  method: "GET",
  path: "/staff/tariffs",
  opens: "staff",
  may: "tariffs.read",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const { before, after, ...filter } = rq.query;
    const found = await listTariffs(cx, filter, { before, after, size: pageSize });
    return page(<TariffListPage ui={rq.ui} staff={cx.principal} found={found} filter={filter} />);
  },
});

const header = [
  "tariff",
  "stands",
  "route",
  "kind_of_wallet",
  "currency",
  "from",
  "last_day",
  "tier_from",
  "fixed",
  "percent",
  "minimum",
  "maximum",
  "set_by",
  "set_at",
];

const exported = route({
  id: "staff.tariffs.export",
  method: "GET",
  path: "/staff/tariffs/export.csv",
  opens: "staff",
  may: "tariffs.read",
  query: filterQuery,
  outside: async (rq, tx) => {
    return await csvDownload<string>("tariffs.csv", header, async (before) => {
      const found = await tx((cx) => listTariffs(cx, rq.query, { before, size: exportPageSize }));
      const rows = found.rows.flatMap(({ tariff, stands }) => {
        const amount = (minor: bigint) => toDecimal(money(minor, tariff.currency));
        return tariff.tiers.map((tier) => [
          tariff.id,
          stands,
          tariff.route,
          tariff.purpose === "" ? "any" : tariff.purpose,
          tariff.currency,
          tariff.from.toString(),
          tariff.until?.toString() ?? "",
          amount(tier.from),
          amount(tier.fixed),
          toPercent(tier.rateBps),
          amount(tariff.minimum),
          tariff.maximum === undefined ? "" : amount(tariff.maximum),
          tariff.setBy,
          tariff.createdAt.toString(),
        ]);
      });
      return { rows, next: found.older };
    });
  },
});

const fresh = route({
  id: "staff.tariffs.new",
  method: "GET",
  path: "/staff/tariffs/new",
  opens: "staff",
  may: "tariffs.write",
  handle: async (rq, cx) => formPage(rq.ui, cx, undefined),
});

const create = route({
  id: "staff.tariffs.create",
  method: "POST",
  path: "/staff/tariffs/new",
  opens: "staff",
  may: "tariffs.write",
  form: textFields(...tariffFields, "step"),
  handle: async (rq, cx, may) => {
    const { step } = rq.form;
    const typed = Object.fromEntries(Object.entries(rq.form).map(([name, value]) => [name, value ?? ""]));
    const failed = { typed, errors: {}, problem: new Problem("form.invalid", "") };
    if (step === "back" || step === "row") return formPage(rq.ui, cx, failed);
    const draft = readTariff(rq.form);
    if (step === "create") {
      await setTariff(cx, may, draft);
      return seeOther(`/staff/tariffs/${draft.id}?done=set`);
    }
    assertFits(draft, todayOf(cx.institution, cx.now));
    const overlaps = await findOverlaps(cx, draft);
    const shown = { ui: rq.ui, staff: cx.principal, form: formOf(failed), draft, overlaps };
    return page(<CheckTariffPage {...shown} />);
  },
  again: async (rq, cx, _may, failed) => formPage(rq.ui, cx, failed),
});

function formPage(ui: Ui, cx: Cx<Staff>, failed: Failed | undefined) {
  const tariffKey = keyOf(cx, "tar", failed);
  const today = todayOf(cx.institution, cx.now);
  const form = failed ? formOf(failed) : { t };
  return page(<NewTariffPage ui={ui} staff={cx.principal} form={form} tariffKey={tariffKey} today={today} />);
}

// The export and the form stand ahead of the detail page: their names would else be taken for ids.
export default [list, exported, fresh, create] as Route[];
