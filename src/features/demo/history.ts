import { todayOf } from "#platform/institution.ts";
import { type PaidOne, payOne } from "./aiko.ts";
import { duePayments } from "./due-payments.ts";
import { PayoutDays, type People } from "./payout-history.ts";
import { beside, type Story } from "./story.ts";

const ways = ["Bank transfer", "Cash at the office", "PayID transfer"] as const;

/**
 * What happened until today: most of what fell due was paid, on its day or a little later; the rest is overdue. What
 * partners earned by it was paid out each Thursday.
 */
export async function payHistory(story: Story, first: readonly PaidOne[], people: People): Promise<void> {
  const today = todayOf(story.cx.institution, story.cx.now);
  const due = await duePayments(story.cx, today);
  const paid = due.flatMap((payment, index): PaidOne[] => {
    // Every ninth is still owed: a demo without anything overdue would show nothing to do.
    if (index % 9 === 4 || payment.externalId?.startsWith("DEMO")) return [];
    const late = [0, 0, 1, 0, 3][index % 5] ?? 0;
    return [
      {
        payment,
        on: payment.dueDate.subtract({ days: 2 }).add({ days: late }),
        how: ways[index % ways.length] ?? "Bank transfer",
      },
    ];
  });
  const inOrder = [...first, ...paid].sort((a, b) => Temporal.PlainDate.compare(a.on, b.on));
  const payoutDays = new PayoutDays(story, people, inOrder[0]?.on ?? today, today);
  for (let at = 0; at < inOrder.length; ) {
    const until = await payoutDays.after(inOrder[at]?.on ?? today);
    const week = inOrder.slice(at).filter((one) => Temporal.PlainDate.compare(one.on, until) <= 0);
    await payWeek(story, week);
    at += week.length;
  }
  await payoutDays.end();
}

/** What came in between two payout days, customers side by side: the database need not wait for us in between. */
async function payWeek(story: Story, week: readonly PaidOne[]): Promise<void> {
  const byCustomer = Map.groupBy(week, (one) => one.payment.customerId);
  await beside(byCustomer.values(), async (payments) => {
    for (const one of payments) await payOne(story, one);
  });
}
