import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { standsOn, type Tariff, type TariffDraft, type TariffId } from "#features/tariffs/tariff.ts";
import { insertTariff, lockTariff, saveEnd } from "#features/tariffs/tariff-store.ts";
import { assert } from "#kernel/assert.ts";
import { type FieldErrors, notFound, Problem } from "#kernel/problem.ts";
import type { PlainDate } from "#kernel/time.ts";
import { assertCurrencyInUse, todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Sets a tariff, from today on at the earliest: what was charged before stays as it was. The id is made with the form,
 * so a form that is sent twice sets one tariff. Throws `form.invalid` with the field that is wrong.
 */
export async function setTariff(cx: Cx, may: Permit<"tariffs.write">, draft: TariffDraft): Promise<void> {
  assertCurrencyInUse(cx.institution, draft.currency);
  assertFits(draft, todayOf(cx.institution, cx.now));
  const { id: by, name } = actorOf(may.by);
  if (!(await insertTariff(cx, draft, { by, name }))) return;
  const { id, from, until, ...terms } = draft;
  const data = { ...terms, from: from.toString(), ...(until && { until: until.toString() }) };
  record(cx, { event: "tariff.set", subject: id, data });
}

/** Throws `form.invalid` where a draft can't be a tariff. */
export function assertFits(draft: Pick<Tariff, "from" | "until" | "minimum" | "maximum" | "tiers">, today: PlainDate) {
  const { from, until, minimum, maximum, tiers } = draft;
  assert(tiers[0]?.from === 0n, "the first tier begins at nothing");
  const fields: Record<string, string> = {};
  if (Temporal.PlainDate.compare(from, today) < 0) {
    fields.from = "A tariff begins today at the earliest: what was charged before stays as it was.";
  }
  if (until && Temporal.PlainDate.compare(until, from) < 0) fields.until = "The last day can't be before the first.";
  if (maximum !== undefined && maximum < minimum) fields.maximum = "The maximum can't be below the minimum.";
  if (Object.keys(fields).length > 0) throw invalid(fields);
}

function invalid(fields: FieldErrors): Problem {
  return new Problem("form.invalid", "Please check what is marked.", { fields });
}

async function locked(cx: Cx, id: TariffId): Promise<Tariff> {
  const tariff = await lockTariff(cx, id);
  if (!tariff) throw notFound();
  return tariff;
}

/**
 * Ends a tariff after `last`, today at the earliest and never later than it ended already. Quotes that are out keep
 * what they say. Throws `form.invalid`, or `conflict` where it is over.
 */
export async function endTariff(cx: Cx, _may: Permit<"tariffs.write">, id: TariffId, last: PlainDate): Promise<void> {
  const tariff = await locked(cx, id);
  const today = todayOf(cx.institution, cx.now);
  if (["ended", "withdrawn"].includes(standsOn(tariff, today))) throw over();
  const first = Temporal.PlainDate.compare(tariff.from, today) > 0 ? tariff.from : today;
  if (Temporal.PlainDate.compare(last, first) < 0) {
    throw invalid({ last: "The last day is today at the earliest, and not before the first day." });
  }
  if (tariff.until && Temporal.PlainDate.compare(last, tariff.until) > 0) {
    throw invalid({ last: "It ends before that already. Set a new tariff to go on." });
  }
  if (tariff.until?.equals(last)) return;
  await saveEnd(cx, id, { until: last });
  record(cx, { event: "tariff.ended", subject: id, data: { until: last.toString() } });
}

/** Withdraws a tariff that has not begun. Throws `conflict` where it has. */
export async function withdrawTariff(cx: Cx, _may: Permit<"tariffs.write">, id: TariffId): Promise<void> {
  const tariff = await locked(cx, id);
  const stands = standsOn(tariff, todayOf(cx.institution, cx.now));
  if (stands === "withdrawn") return;
  if (stands === "ended") throw over();
  if (stands === "in_force") {
    throw new Problem("conflict", "This tariff has begun. Say its last day, or set another one that takes its place.");
  }
  await saveEnd(cx, id, { withdrawn: true });
  record(cx, { event: "tariff.withdrawn", subject: id });
}

function over(): Problem {
  return new Problem("conflict", "This tariff is over already. Nothing was changed.");
}
