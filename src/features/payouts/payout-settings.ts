import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { hasColleague } from "#features/bank-accounts/bank-account-views.ts";
import { type PayoutSchedule, payoutSchedules } from "#features/partnerships/partnership.ts";
import { openDay, type PayoutDays, payoutDayFrom } from "#features/payouts/payout-days.ts";
import {
  countGathering,
  type LimitRow,
  selectLimits,
  selectSettings,
  upsertLimit,
  upsertSettings,
} from "#features/payouts/payout-settings-store.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import { assertCurrencyInUse, todayOf } from "#platform/institution.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";

/** The institution's own rules for payouts. */
export type PayoutSettings = PayoutDays & {
  /** Whether every payout waits for a person; if not, only those above the limit do. */
  readonly reviewAll: boolean;
  readonly coolingOffDays: number;
  readonly pausedAt: Instant | undefined;
  readonly pausedWhy: string;
  readonly limits: readonly PayoutLimit[];
};

export type PayoutLimit = {
  readonly currency: Currency;
  readonly minimum: bigint;
  /** Above it a second person is needed; undefined: never. */
  readonly secondPersonAbove: bigint | undefined;
};

/** The settings as they hold now: the defaults where nothing was ever saved. */
export async function readPayoutSettings(cx: Cx): Promise<PayoutSettings> {
  const row = await selectSettings(cx);
  const limits = await selectLimits(cx);
  return {
    holdingDays: row?.holding_days ?? 2,
    weekday: row?.weekday ?? 4,
    cutOff: row?.cut_off ?? "16:00",
    reviewAll: row?.review_all ?? true,
    coolingOffDays: row?.cooling_off_days ?? 2,
    pausedAt: row?.paused_at ?? undefined,
    pausedWhy: row?.paused_why ?? "",
    limits: limits.map((one) => ({
      currency: one.currency,
      minimum: one.minimum_minor,
      secondPersonAbove: one.second_person_minor ?? undefined,
    })),
  };
}

/** What staff may change at once; limits are changed one currency at a time. */
export type SettingsChange = PayoutDays &
  Pick<PayoutSettings, "reviewAll" | "coolingOffDays" | "pausedWhy"> & { readonly paused: boolean };

/** Changes the settings; what is gathering keeps its day. `paused` stops every payout that was not sent yet. */
export async function savePayoutSettings(
  cx: Cx,
  _may: Permit<"payouts.settings">,
  next: SettingsChange,
): Promise<void> {
  const before = await readPayoutSettings(cx);
  await upsertSettings(cx, {
    holding_days: next.holdingDays,
    weekday: next.weekday,
    cut_off: next.cutOff,
    review_all: next.reviewAll,
    cooling_off_days: next.coolingOffDays,
    paused_at: next.paused ? (before.pausedAt ?? cx.now) : null,
    paused_why: next.paused ? next.pausedWhy : "",
  });
  record(cx, { event: "payouts.settings-changed", subject: cx.institution.id, data: { before, after: next } });
  wake(cx, "payouts.gather", {});
}

/**
 * Changes the limits of one currency. Whoever raises the amount above which a second person is needed, or takes it
 * away, is still held to the former one: else one person alone could approve what needs two.
 */
export async function savePayoutLimit(cx: Cx, may: Permit<"payouts.settings">, next: PayoutLimit): Promise<void> {
  assertCurrencyInUse(cx.institution, next.currency);
  await upsertLimit(cx, {
    currency: next.currency,
    minimum_minor: next.minimum,
    second_person_minor: next.secondPersonAbove ?? null,
    ...(await raisedBy(cx, actorOf(may.by).id, next)),
  });
  record(cx, { event: "payouts.limit-changed", subject: cx.institution.id, data: { ...next } });
}

async function raisedBy(
  cx: Cx,
  person: string,
  next: PayoutLimit,
): Promise<Pick<LimitRow, "raised_by" | "raised_from_minor">> {
  const before = (await selectLimits(cx)).find((one) => one.currency === next.currency);
  const from = before?.raised_by === person ? before.raised_from_minor : (before?.second_person_minor ?? null);
  const isRaised = from !== null && (next.secondPersonAbove === undefined || next.secondPersonAbove > from);
  // Where nobody else could approve, a second person is asked of nobody.
  const holds = isRaised && (await hasColleague(cx, person));
  return holds ? { raised_by: person, raised_from_minor: from } : { raised_by: null, raised_from_minor: null };
}

/** What the settings come to: the day by schedule on which a share earned today is paid, and what gathers now. */
export type SettingsEffect = {
  readonly days: readonly { readonly schedule: PayoutSchedule; readonly day: PlainDate }[];
  readonly gathering: readonly { readonly currency: Currency; readonly payouts: number; readonly below: number }[];
};

export async function effectOf(cx: Cx, settings: PayoutDays): Promise<SettingsEffect> {
  return {
    days: payoutSchedules.map((schedule) => ({ schedule, day: dayOfEarned(cx, settings, schedule) })),
    gathering: (await countGathering(cx)).map((one) => ({
      currency: one.currency,
      payouts: Number(one.payouts),
      below: Number(one.below),
    })),
  };
}

/** The day on which a share earned then is paid out. */
export function dayOfEarned(
  cx: Cx,
  settings: PayoutDays,
  schedule: PayoutSchedule,
  earnedOn: PlainDate = todayOf(cx.institution, cx.now),
): PlainDate {
  const held = earnedOn.add({ days: settings.holdingDays });
  const open = openDay(cx.now, settings.cutOff, cx.institution.timeZone);
  const from = Temporal.PlainDate.compare(held, open) > 0 ? held : open;
  return payoutDayFrom(from, schedule, settings.weekday);
}
