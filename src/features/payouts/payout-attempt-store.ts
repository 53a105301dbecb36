import { type RawBuilder, sql } from "kysely";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { PayoutAttemptId, PayoutId } from "#features/payouts/payout.ts";
import type { Id } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { PayoutFailure } from "#providers/provider.ts";

export type PayoutAttemptState = "pending" | "sent" | "succeeded" | "failed" | "returned";

/** One try to send a payout. Pending: nobody knows yet whether the provider has it. */
export type PayoutAttempt = {
  id: PayoutAttemptId;
  payout_id: PayoutId;
  partnership_id: PartnershipId;
  bank_account_id: Id<"bac">;
  provider: string;
  provider_ref: string | null;
  currency: Currency;
  minor: bigint;
  state: PayoutAttemptState;
  failure_reason: PayoutFailure | "";
  looks: number;
  created_at: Instant;
  updated_at: Instant;
  settled_at: Instant | null;
};

async function select(cx: Cx, rest: RawBuilder<unknown>): Promise<PayoutAttempt[]> {
  const { rows } = await sql<PayoutAttempt>`select id, payout_id, partnership_id, bank_account_id, provider,
      provider_ref, currency, minor, state, failure_reason, looks, created_at, updated_at, settled_at
    from app.payout_attempt where institution_id = ${cx.institution.id} and ${rest}`.execute(cx.db);
  return rows;
}

/** The attempts of a payout, the newest first. */
export async function attemptsOf(cx: Cx, payout: PayoutId): Promise<PayoutAttempt[]> {
  return await select(cx, sql`payout_id = ${payout} order by id desc`);
}

export async function readPayoutAttempt(cx: Cx, id: PayoutAttemptId): Promise<PayoutAttempt | undefined> {
  return (await select(cx, sql`id = ${id}`))[0];
}

/** One attempt, locked. Lock its payout first. */
export async function lockPayoutAttempt(cx: Cx, id: PayoutAttemptId): Promise<PayoutAttempt | undefined> {
  return (await select(cx, sql`id = ${id} for update`))[0];
}

export async function attemptByRef(cx: Cx, provider: string, ref: string): Promise<PayoutAttempt | undefined> {
  return (await select(cx, sql`provider = ${provider} and provider_ref = ${ref}`))[0];
}

/** Attempts whose turn to be sent or looked at has come, at most 100. */
export async function attemptsDue(cx: Cx): Promise<PayoutAttempt[]> {
  return await select(
    cx,
    sql`state in ('pending', 'processing', 'sent', 'succeeded') and look_at < 'infinity' and look_at <= ${cx.now}
      order by look_at, id limit 100`,
  );
}

export async function insertPayoutAttempt(
  cx: Cx,
  row: Pick<
    PayoutAttempt,
    "id" | "payout_id" | "partnership_id" | "bank_account_id" | "provider" | "currency" | "minor"
  >,
): Promise<void> {
  await sql`insert into app.payout_attempt (institution_id, id, payout_id, partnership_id, bank_account_id, provider,
      currency, minor, state, look_at, created_at, updated_at)
    values (${cx.institution.id}, ${row.id}, ${row.payout_id}, ${row.partnership_id}, ${row.bank_account_id},
      ${row.provider}, ${row.currency}, ${row.minor}, 'pending', ${cx.now}, ${cx.now}, ${cx.now})`.execute(cx.db);
}

/**
 * Takes the next turn of an attempt: should nobody answer, it is looked at again at `lookAt`. False when another job
 * took it meanwhile, or it went on.
 */
export async function takeTurn(cx: Cx, attempt: PayoutAttempt, lookAt: Instant): Promise<boolean> {
  const { rows } = await sql`update app.payout_attempt set look_at = ${lookAt}, looks = looks + 1
    where institution_id = ${cx.institution.id} and id = ${attempt.id} and state = ${attempt.state}
      and looks = ${attempt.looks} returning id`.execute(cx.db);
  return rows.length === 1;
}

/** When an attempt that stands as it stood is looked at again; undefined: never. */
export async function lookAgain(cx: Cx, id: PayoutAttemptId, lookAt: Instant | undefined): Promise<void> {
  await sql`update app.payout_attempt set look_at = coalesce(${lookAt ?? null}::timestamptz, 'infinity')
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/** Writes where an attempt stands; `lookAt` undefined: it is never looked at again. */
export async function savePayoutAttempt(
  cx: Cx,
  id: PayoutAttemptId,
  change: {
    readonly state: PayoutAttemptState;
    /** The provider's reference; undefined where it never heard of the attempt. */
    readonly ref: string | undefined;
    readonly reason?: PayoutFailure | "";
    readonly lookAt: Instant | undefined;
  },
): Promise<void> {
  const settled = change.state === "sent" ? sql`settled_at` : sql`${cx.now}`;
  await sql`update app.payout_attempt set state = ${change.state}, provider_ref = ${change.ref ?? null},
      failure_reason = ${change.reason ?? ""}, look_at = coalesce(${change.lookAt ?? null}::timestamptz, 'infinity'),
      looks = 0, updated_at = ${cx.now}, settled_at = ${settled}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/** Payouts that are approved and on no way yet, at most `limit`; the caller locks them. */
export async function payoutsToBegin(cx: Cx, limit: number): Promise<PayoutId[]> {
  const { rows } = await sql<{ id: PayoutId }>`select o.id from app.payout o
    where o.institution_id = ${cx.institution.id} and o.state = 'processing' and not exists (
      select from app.payout_attempt a where a.institution_id = o.institution_id and a.payout_id = o.id
        and a.state in ('pending', 'processing', 'sent', 'succeeded'))
    order by o.scheduled_for, o.id limit ${limit}`.execute(cx.db);
  return rows.map((row) => row.id);
}
