import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import { gatheringOf, hasCredit, holdGathering, insertLines, insertPayouts } from "#features/payouts/gather-store.ts";
import { scheduleOf } from "#features/payouts/pause-store.ts";
import { openDay, payoutDayFrom } from "#features/payouts/payout-days.ts";
import { readPayoutSettings } from "#features/payouts/payout-settings.ts";
import { isId } from "#kernel/ids.ts";
import { isCurrency } from "#kernel/money.ts";
import type { News } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * On `partner.credited`: money that is the partner's but no share (paid twice, or given back by a credit note) becomes
 * one line of its next payout, once. The subject is what it comes from.
 */
export async function creditPartner(cx: Cx, news: News): Promise<void> {
  const { partnership, currency, amount } = news.data;
  if (!isId("prt", partnership) || typeof currency !== "string" || !isCurrency(currency)) return;
  await holdGathering(cx);
  const known = await partnershipsByIds(cx, [partnership]);
  if (!known.has(partnership) || (await hasCredit(cx, news.subject))) return;
  const settings = await readPayoutSettings(cx);
  const gathering = (await gatheringOf(cx, [partnership])).find((one) => one.currency === currency);
  const schedule = await scheduleOf(cx, partnership);
  const day =
    gathering?.scheduled_for ??
    payoutDayFrom(openDay(cx.now, settings.cutOff, cx.institution.timeZone), schedule, settings.weekday);
  const to = { partnership_id: partnership, currency, scheduled_for: day };
  if (!gathering) await insertPayouts(cx, [to]);
  await insertLines(cx, [
    {
      ...to,
      kind: "credit",
      share: undefined,
      reversal: undefined,
      invoice: isId("inv", news.subject) ? news.subject : undefined,
      credit: news.subject,
      net: BigInt(String(amount)),
      tax: 0n,
    },
  ]);
}
