import { sql } from "kysely";
import type { Partner } from "#access/principal.ts";
import type { BankAccount, BankAccountId, BankAccountState } from "#features/bank-accounts/bank-account.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type Row = {
  id: string;
  currency: string;
  holder_name: string;
  bank_name: string;
  country: string;
  last4: string;
  state: string;
  rejected_why: string;
  proposed_by_kind: string;
  reviewed_at: Instant | null;
  usable_from: Instant | null;
  created_at: Instant;
};

/** The partner's own accounts that still say something: what counts, what waits, and the latest of each currency. */
export async function ownAccounts(cx: Cx<Partner>): Promise<BankAccount[]> {
  const { rows } = await sql<Row>`
    select id, currency, holder_name, bank_name, country, last4, state, rejected_why, proposed_by_kind, reviewed_at,
           usable_from, created_at
      from (select b.*, row_number() over (partition by currency order by created_at desc, id desc) as place
              from partner.bank_account b) b
     where state in ('active', 'in_review') or place = 1
     order by currency, created_at, id`.execute(cx.db);
  return rows.map((row) => ({
    id: row.id as BankAccountId,
    partnershipId: cx.principal.partnership,
    currency: row.currency as Currency,
    holderName: row.holder_name,
    bankName: row.bank_name,
    country: row.country,
    last4: row.last4,
    state: row.state as BankAccountState,
    rejectedWhy: row.rejected_why,
    proposedByKind: row.proposed_by_kind as BankAccount["proposedByKind"],
    reviewedAt: row.reviewed_at ?? undefined,
    usableFrom: row.usable_from ?? undefined,
    createdAt: row.created_at,
  }));
}

/** A payout that did not arrive and waits to be sent again: what the partner has to correct it for. */
export type StoppedPayout = {
  readonly number: bigint;
  readonly currency: Currency;
  readonly state: "failed" | "returned";
  readonly failureReason: string;
  readonly failedAt: Instant | undefined;
  /** What it was sent to. */
  readonly accountId: string | undefined;
};

/** The payouts that failed or came back, the latest of each currency. */
export async function stoppedPayouts(cx: Cx<Partner>): Promise<StoppedPayout[]> {
  const { rows } = await sql<{
    number: bigint;
    currency: string;
    state: string;
    failure_reason: string;
    failed_at: Instant | null;
    bank_account_id: string | null;
  }>`select distinct on (currency) number, currency, state, failure_reason, failed_at, bank_account_id
      from partner.payout where state in ('failed', 'returned') order by currency, number desc`.execute(cx.db);
  return rows.map((row) => ({
    number: row.number,
    currency: row.currency as Currency,
    state: row.state as StoppedPayout["state"],
    failureReason: row.failure_reason,
    failedAt: row.failed_at ?? undefined,
    accountId: row.bank_account_id ?? undefined,
  }));
}
