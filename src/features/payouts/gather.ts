import {
  type EarnedRow,
  earnedShares,
  type Gathering,
  gatheringOf,
  holdGathering,
  insertLines,
  insertPayouts,
  markGathered,
  type NewLine,
  type ReversalRow,
  ungatheredReversals,
} from "#features/payouts/gather-store.ts";
import { openDay, payoutDayFrom } from "#features/payouts/payout-days.ts";
import { dayOfEarned, type PayoutSettings, readPayoutSettings } from "#features/payouts/payout-settings.ts";
import { dateIn, type PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** Rows that one transaction gathers. */
const batch = 5_000;

/**
 * Puts earned shares, and what refunds took back of shares, into the gathering payouts of their partners: a line each,
 * once. Answers whether there may be more.
 */
export async function gatherSome(cx: Cx): Promise<boolean> {
  await holdGathering(cx);
  const settings = await readPayoutSettings(cx);
  const earned = await earnedShares(cx, batch);
  if (earned.length > 0) {
    await add(cx, earned.map(shareLine(cx, settings)), []);
    return true;
  }
  const reversals = await ungatheredReversals(cx, batch);
  if (reversals.length > 0) await addReversals(cx, settings, reversals);
  return reversals.length === batch;
}

type Earned = { readonly line: NewLine; readonly at: string };

function shareLine(cx: Cx, settings: PayoutSettings): (row: EarnedRow) => Earned {
  // A batch has few days and schedules, and the calendar is slow: each is asked once.
  const days = new Map<string, PlainDate>();
  return (row) => {
    const earnedOn = dateIn(cx.institution.timeZone, row.earned_at);
    const key = `${earnedOn} ${row.payout_schedule}`;
    const day = days.get(key) ?? dayOfEarned(cx, settings, row.payout_schedule, earnedOn);
    days.set(key, day);
    return {
      at: row.earned_at.toString(),
      line: {
        partnership_id: row.partnership_id,
        currency: row.currency,
        scheduled_for: day,
        kind: "share",
        share: row.id,
        reversal: undefined,
        net: row.net_minor,
        tax: row.tax_minor,
      },
    };
  };
}

async function addReversals(cx: Cx, settings: PayoutSettings, rows: readonly ReversalRow[]): Promise<void> {
  const open = openDay(cx.now, settings.cutOff, cx.institution.timeZone);
  const next = new Map<string, PlainDate>();
  const gathering = await gatheringOf(cx, [...new Set(rows.map((row) => row.partnership_id))]);
  for (const one of gathering.toReversed()) next.set(`${one.partnership_id} ${one.currency}`, one.scheduled_for);
  const toShareLine = shareLine(cx, settings);
  const lateShares = new Map<string, Earned>();
  const taken: NewLine[] = [];
  for (const row of rows) {
    // Taken back before it was ever gathered: it comes and goes in the same payout, and both are seen.
    if (!row.share_has_line && !lateShares.has(row.id)) lateShares.set(row.id, toShareLine(row));
    const day =
      lateShares.get(row.id)?.line.scheduled_for ??
      row.gathers_for ??
      next.get(`${row.partnership_id} ${row.currency}`) ??
      payoutDayFrom(open, row.payout_schedule, settings.weekday);
    taken.push({
      partnership_id: row.partnership_id,
      currency: row.currency,
      scheduled_for: day,
      kind: "reversal",
      share: row.id,
      reversal: row.reversal_id,
      net: -row.back_net,
      tax: -row.back_tax,
    });
  }
  await add(cx, [...lateShares.values()], taken);
}

async function add(cx: Cx, earned: readonly Earned[], taken: readonly NewLine[]): Promise<void> {
  const ordered = earned.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ line }) => line);
  const lines = [...ordered, ...taken];
  const known = await gatheringOf(cx, [...new Set(lines.map((line) => line.partnership_id))]);
  const names = new Set(known.map(nameOf));
  const missing = new Map(lines.filter((line) => !names.has(nameOf(line))).map((line) => [nameOf(line), line]));
  await insertPayouts(
    cx,
    [...missing.values()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
  );
  await insertLines(cx, lines);
  await markGathered(
    cx,
    ordered.map((line) => line.share ?? ""),
    taken.map((line) => line.reversal ?? ""),
  );
}

function nameOf(one: Gathering): string {
  return `${one.partnership_id} ${one.currency} ${one.scheduled_for}`;
}
