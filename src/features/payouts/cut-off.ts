import { sql } from "kysely";
import { record } from "#features/audit/record.ts";
import { recordAll } from "#features/audit/record-all.ts";
import { lockInvoicesToNet, payInvoices } from "#features/invoices/pay-invoices.ts";
import type { PayoutSchedule } from "#features/partnerships/partnership.ts";
import { holdGathering, insertNetting, lockGathering, moveDay, moveLines } from "#features/payouts/gather-store.ts";
import { approvedBySettings, type Payout, type PayoutFacts } from "#features/payouts/payout.ts";
import { openDay, payoutDayFrom } from "#features/payouts/payout-days.ts";
import { newsOf } from "#features/payouts/payout-news.ts";
import { type PayoutSettings, readPayoutSettings } from "#features/payouts/payout-settings.ts";
import { savePayout, savePayouts, saveShareStates, selectFacts } from "#features/payouts/payout-store.ts";
import { type Money, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Journal } from "#ledger/journal.ts";
import { post } from "#ledger/post.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";

/** Payouts that one transaction closes. */
const batch = 200;

/**
 * Closes the gathering payouts whose cut-off has passed. What is below the minimum, or not above zero, is carried to
 * the partner's next payout day; what the partner owes is netted where both agreed; then the payout is on hold with
 * its reason, waits for review, or is processed. Answers whether there may be more.
 */
export async function cutOffSome(cx: Cx): Promise<boolean> {
  await holdGathering(cx);
  const settings = await readPayoutSettings(cx);
  const open = openDay(cx.now, settings.cutOff, cx.institution.timeZone);
  const due = await selectFacts(
    cx,
    sql`o.state = 'scheduled' and o.scheduled_for < ${open}
      order by o.scheduled_for, o.id limit ${batch} for update of o`,
  );
  const journals: Journal[] = [];
  const closed: Closed[] = [];
  for (const facts of due) {
    if (facts.payout.total.minor <= 0n || facts.payout.total.minor < facts.minimum) {
      await carryOver(cx, facts, settings, open);
      continue;
    }
    const total = facts.netting ? await net(cx, facts.payout, journals) : facts.payout.total;
    closed.push({ facts, total, ...wayOn(facts, total, settings) });
  }
  if (journals.length > 0) await post(cx, journals);
  await saveClosed(cx, closed);
  return due.length === batch;
}

type WayOn = {
  readonly state: "processing" | "in_review" | "on_hold" | "paid";
  readonly holdReason: Payout["holdReason"];
  readonly approvedBy?: string;
};
type Closed = WayOn & { readonly facts: PayoutFacts; readonly total: Money };

function wayOn(facts: PayoutFacts, total: Money, settings: PayoutSettings): WayOn {
  // Nothing is left to send: what the partner owed took all of it.
  if (total.minor === 0n) return { state: "paid", holdReason: "" };
  const needsNobody = !settings.reviewAll && !needsSecond(facts, total, approvedBySettings);
  const approved = needsNobody ? { approvedBy: approvedBySettings } : {};
  if (facts.hold !== "") return { state: "on_hold", holdReason: facts.hold, ...approved };
  return { state: needsNobody ? "processing" : "in_review", holdReason: "", ...approved };
}

/**
 * Whether a payout of that total needs a second person beside `first`. Who raised the limit, and settings that ask
 * nobody, are held to the former limit.
 */
export function needsSecond(
  { secondPersonAbove, raised }: Pick<PayoutFacts, "secondPersonAbove" | "raised">,
  total: Money,
  first: string | undefined,
): boolean {
  const isBound = raised !== undefined && (first === raised.by || first === approvedBySettings);
  const above = isBound ? raised.from : secondPersonAbove;
  return above !== undefined && total.minor > above;
}

async function saveClosed(cx: Cx, closed: readonly Closed[]): Promise<void> {
  await savePayouts(
    cx,
    closed.filter((one) => one.state !== "paid").map((one) => ({ id: one.facts.payout.id, ...one })),
  );
  await recordAll(
    cx,
    closed.map(({ facts, total, state, holdReason }) => ({
      event: "payout.closed",
      subject: facts.payout.id,
      data: { state, hold: holdReason, total: total.minor, currency: total.currency },
    })),
  );
  for (const { facts, total, state, holdReason } of closed) {
    const payout = { ...facts.payout, total };
    if (state === "on_hold") record(cx, newsOf("payout.held", payout, holdReason));
    if (state === "paid") {
      await savePayout(cx, { id: payout.id, state, paid: true });
      await saveShareStates(cx, payout.id, "paid_out");
      record(cx, newsOf("payout.paid", payout));
    }
  }
  if (closed.some((one) => one.state === "processing")) wake(cx, "payouts.send", {});
}

/**
 * Takes what the partner owes off a payout, at most all of it; what it is paying itself waits for the next payout.
 * Answers what is left to pay out.
 */
async function net(cx: Cx, payout: Payout, journals: Journal[]): Promise<Money> {
  const { currency, minor } = payout.total;
  const invoices = await lockInvoicesToNet(cx, payout.partnershipId, currency);
  if (invoices.length === 0) return payout.total;
  const paid = await payInvoices(cx, {
    partnership: payout.partnershipId,
    invoices,
    minor,
    source: { payout: payout.id },
  });
  journals.push(...paid.journals);
  await insertNetting(
    cx,
    { id: payout.id, partnership_id: payout.partnershipId, currency },
    paid.parts.map((part) => ({ invoice: part.invoice.id, minor: part.minor })),
  );
  return money(paid.left, currency);
}

/** Nothing is lost: the same lines stand in the next payout, and a number that has none says where they went. */
async function carryOver(cx: Cx, facts: PayoutFacts, settings: PayoutSettings, open: PlainDate): Promise<void> {
  const { payout } = facts;
  const day = payoutDayFrom(open, facts.schedule as PayoutSchedule, settings.weekday);
  const of = { partnership_id: payout.partnershipId, currency: payout.total.currency, scheduled_for: day };
  const next = await lockGathering(cx, of);
  if (next) await moveLines(cx, payout.id, next);
  else await moveDay(cx, payout.id, day);
  record(cx, {
    event: "payout.carried-over",
    subject: payout.id,
    data: { to: day.toString(), total: payout.total.minor, currency: payout.total.currency, into: next?.number },
  });
}
