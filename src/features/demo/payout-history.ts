import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { applyPayout } from "#features/payouts/apply-payout.ts";
import { approvePayouts, versionOf } from "#features/payouts/approve-payouts.ts";
import { cutOffSome } from "#features/payouts/cut-off.ts";
import { gatherSome } from "#features/payouts/gather.ts";
import { attemptsWaiting, payoutsInReview } from "#features/payouts/payout-views.ts";
import { beginPayouts } from "#features/payouts/send-payouts.ts";
import { issueFor } from "#features/self-billing/issue-self-billed.ts";
import { money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { atTime, beside, noon, type Story } from "./story.ts";
import type { WalletDays } from "./wallet-days.ts";

const thursday = 4;

/** Who approves payouts, which partner is invoiced by itself, and what happens to wallets meanwhile. */
export type People = { readonly owner: Staff; readonly billed: PartnershipId; readonly wallets: WalletDays };

/** The payout days of the story's past, one after another: what was earned is gathered, approved and sent. */
export class PayoutDays {
  readonly #story: Story;
  readonly #people: People;
  readonly #today: PlainDate;
  #next: PlainDate;
  #hasNews = true;

  constructor(story: Story, people: People, first: PlainDate, today: PlainDate) {
    this.#story = story;
    this.#people = people;
    this.#today = today;
    this.#next = first.add({ days: (thursday - first.dayOfWeek + 7) % 7 });
  }

  /** Runs every payout day before `date`, on which something is earned. Answers the next one. */
  async after(date: PlainDate): Promise<PlainDate> {
    while (Temporal.PlainDate.compare(this.#next, date) < 0) {
      await this.#run(this.#next);
      this.#next = this.#next.add({ days: 7 });
    }
    this.#hasNews = true;
    return this.#next;
  }

  /** What was earned since is on its way into the next payout. */
  async end(): Promise<void> {
    await this.after(this.#today);
    await this.#people.wallets.until(this.#story.cx.now);
    while (await gatherSome(this.#story.cx));
    await quieten(this.#story.cx);
    await seen(this.#story.cx);
  }

  async #run(day: PlainDate): Promise<void> {
    // After the cut-off, at four in the afternoon.
    const cx = atTime(this.#story, noon(day).add({ hours: 5 }));
    await this.#people.wallets.until(cx.now);
    if (this.#hasNews) {
      await issueFor(cx, this.#people.billed);
      while (await gatherSome(cx));
      this.#hasNews = false;
    }
    while (await cutOffSome(cx));
    // Those of the last payout day still wait for somebody.
    if (day.until(this.#today).days <= 7) return;
    const waiting = await payoutsInReview(cx, 1_000, undefined);
    const may = permit(this.#people.owner, "payouts.approve");
    await approvePayouts(
      cx,
      may,
      waiting.map((facts) => ({ id: facts.payout.id, version: versionOf(facts) })),
    );
    while ((await beginPayouts(cx, "sandbox", 100)) === 100);
    await this.#arrive(cx, noon(day.add({ days: 1 })).subtract({ hours: 2 }));
  }

  async #arrive(cx: Cx, at: Temporal.Instant): Promise<void> {
    const begun = (await attemptsWaiting(cx)).filter((attempt) => attempt.state === "pending");
    await beside(begun, async (attempt) => {
      const said = { ref: `sbx_${attempt.id.slice(4)}`, amount: money(attempt.minor, attempt.currency) };
      const isWrong = attempt.currency === "USD";
      await applyPayout(cx, attempt.id, { ...said, state: "processing" });
      const arrived = { ...cx, now: at };
      if (isWrong)
        await applyPayout(arrived, attempt.id, { ...said, state: "failed", reason: "incorrect_account_number" });
      else await applyPayout(arrived, attempt.id, { ...said, state: "succeeded" });
    });
  }
}

/** Nobody is told of what happened before they could look, and no invitation's token stays behind. */
async function quieten(cx: Cx): Promise<void> {
  await sql`update app.outbox set done_at = ${cx.now}, data = data - 'sealed'
    where institution_id = ${cx.institution.id} and done_at is null`.execute(cx.db);
}

/** Members were last here when they did something; those who only look, when they joined. */
async function seen(cx: Cx): Promise<void> {
  await sql`update app.member m set last_seen_at = coalesce((select max(t.created_at) from app.transfer t
      where t.institution_id = m.institution_id and t.requested_by = m.id), m.created_at)
    where m.institution_id = ${cx.institution.id}`.execute(cx.db);
}
