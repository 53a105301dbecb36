import type { Staff } from "#access/principal.ts";
import {
  effectOf,
  readPayoutSettings,
  savePayoutLimit,
  savePayoutSettings,
} from "#features/payouts/payout-settings.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, textFields } from "#web/staff/shared.tsx";
import { PayoutSettingsPage } from "./settings-page.tsx";

const home = "/staff/settings/payouts";

async function settingsPage(ui: Ui, cx: Cx<Staff>, failed?: Failed) {
  const settings = await readPayoutSettings(cx);
  const effect = await effectOf(cx, settings);
  const limits = failed !== undefined && "minimum" in failed.typed;
  return page(
    <PayoutSettingsPage
      ui={ui}
      staff={cx.principal}
      settings={settings}
      effect={effect}
      form={formOf(limits ? undefined : failed)}
      limitForm={formOf(limits ? failed : undefined)}
    />,
  );
}

const show = route({
  id: "staff.payouts.settings",
  method: "GET",
  path: home,
  opens: "staff",
  may: "payouts.settings",
  handle: async (rq, cx) => await settingsPage(rq.ui, cx),
});

const names = ["holding_days", "weekday", "cut_off", "review_all", "cooling_off_days", "paused", "paused_why"] as const;

function days(cells: Cells<(typeof names)[number]>, name: (typeof names)[number], from: number, to: number): number {
  const text = cells.raw(name);
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return value;
  cells.refuse(name, `Write a number of days from ${from} to ${to}.`);
  return from;
}

const save = route({
  id: "staff.payouts.settings-saved",
  method: "POST",
  path: home,
  opens: "staff",
  may: "payouts.settings",
  form: textFields(...names),
  handle: async (rq, cx, may) => {
    const cells = new Cells<(typeof names)[number]>(
      Object.fromEntries(names.map((name) => [name, rq.form[name] ?? ""])) as Record<(typeof names)[number], string>,
    );
    const weekday = cells.oneOf("weekday", ["1", "2", "3", "4", "5", "6", "7"]) ?? "4";
    const cutOff = cells.raw("cut_off");
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(cutOff))
      cells.refuse("cut_off", "Write the time as hours and minutes, like 16:00.");
    const next = {
      holdingDays: days(cells, "holding_days", 0, 60),
      weekday: Number(weekday),
      cutOff,
      reviewAll: cells.raw("review_all") !== "",
      coolingOffDays: days(cells, "cooling_off_days", 0, 30),
      paused: cells.raw("paused") !== "",
      pausedWhy: cells.line("paused_why", 200) ?? "",
    };
    assertNoProblems(cells.problems);
    await savePayoutSettings(cx, may, next);
    return seeOther(`${home}?done=saved`);
  },
  again: async (rq, cx, _may, failed) => await settingsPage(rq.ui, cx, failed),
});

const limitNames = ["currency", "minimum", "second"] as const;

const saveLimit = route({
  id: "staff.payouts.limit-saved",
  method: "POST",
  path: `${home}/limits`,
  opens: "staff",
  may: "payouts.settings",
  form: textFields(...limitNames),
  handle: async (rq, cx, may) => {
    const cells = new Cells<(typeof limitNames)[number]>({
      currency: rq.form.currency ?? "",
      minimum: rq.form.minimum ?? "",
      second: rq.form.second ?? "",
    });
    const currency = cells.currency("currency");
    const minimum = currency && cells.amount("minimum", currency, 0n);
    const second = currency && cells.raw("second") !== "" ? cells.amount("second", currency, 0n) : undefined;
    assertNoProblems(cells.problems);
    if (currency && minimum) {
      await savePayoutLimit(cx, may, { currency, minimum: minimum.minor, secondPersonAbove: second?.minor });
    }
    return seeOther(`${home}?done=limit`);
  },
  again: async (rq, cx, _may, failed) => await settingsPage(rq.ui, cx, failed),
});

export default [show, save, saveLimit] as Route[];
