import { type RawBuilder, sql } from "kysely";
import type { MemberId } from "#access/principal.ts";
import type { BankAccountId } from "#features/bank-accounts/bank-account.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { TariffId, TransferRoute } from "#features/tariffs/tariff.ts";
import type {
  Transfer,
  TransferAttemptState,
  TransferFailure,
  TransferId,
  TransferState,
} from "#features/transfers/transfer.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type TransferRow = {
  id: TransferId;
  partnership_id: PartnershipId;
  ref: string;
  wallet_id: WalletId;
  route: TransferRoute;
  to_wallet_id: WalletId | null;
  to_partnership_id: PartnershipId | null;
  bank_account_id: BankAccountId | null;
  to_number: string;
  to_name: string;
  currency: Currency;
  minor: bigint;
  fee_minor: bigint;
  tariff_id: TariffId | null;
  reference: string;
  state: TransferState;
  failure_reason: TransferFailure | "";
  failure_note: string;
  requested_by: MemberId;
  requested_by_name: string;
  decided_by: string | null;
  decided_by_name: string;
  decided_at: Instant | null;
  provider: string;
  provider_ref: string | null;
  attempt_state: TransferAttemptState;
  look_at: Instant | null;
  looks: number;
  prepared_at: Instant;
  created_at: Instant;
  sent_at: Instant | null;
  completed_at: Instant | null;
  failed_at: Instant | null;
  cancelled_at: Instant | null;
  returned_at: Instant | null;
  returned_to: WalletId | null;
};

/** The columns of transfer `x`. */
export const transferColumns = sql`x.id, x.partnership_id, x.ref, x.wallet_id, x.route, x.to_wallet_id,
  x.to_partnership_id, x.bank_account_id, x.to_number, x.to_name, x.currency, x.minor, x.fee_minor, x.tariff_id,
  x.reference, x.state, x.failure_reason, x.failure_note, x.requested_by, x.requested_by_name, x.decided_by,
  x.decided_by_name, x.decided_at, x.provider, x.provider_ref, x.attempt_state,
  nullif(x.look_at, 'infinity') as look_at, x.looks, x.prepared_at, x.created_at, x.sent_at, x.completed_at,
  x.failed_at, x.cancelled_at, x.returned_at, x.returned_to`;

export function toTransfer(row: TransferRow): Transfer {
  return {
    id: row.id,
    partnership: row.partnership_id,
    ref: row.ref,
    wallet: row.wallet_id,
    route: row.route,
    toWallet: row.to_wallet_id ?? undefined,
    toPartnership: row.to_partnership_id ?? undefined,
    bankAccount: row.bank_account_id ?? undefined,
    toNumber: row.to_number,
    toName: row.to_name,
    amount: money(row.minor, row.currency),
    fee: money(row.fee_minor, row.currency),
    tariff: row.tariff_id ?? undefined,
    reference: row.reference,
    state: row.state,
    failureReason: row.failure_reason,
    failureNote: row.failure_note,
    requestedBy: row.requested_by,
    requestedByName: row.requested_by_name,
    decidedBy: row.decided_by ?? undefined,
    decidedByName: row.decided_by_name,
    decidedAt: row.decided_at ?? undefined,
    provider: row.provider,
    providerRef: row.provider_ref ?? undefined,
    attemptState: row.attempt_state,
    lookAt: row.look_at ?? undefined,
    looks: row.looks,
    preparedAt: row.prepared_at,
    createdAt: row.created_at,
    sentAt: row.sent_at ?? undefined,
    completedAt: row.completed_at ?? undefined,
    failedAt: row.failed_at ?? undefined,
    cancelledAt: row.cancelled_at ?? undefined,
    returnedAt: row.returned_at ?? undefined,
    returnedTo: row.returned_to ?? undefined,
  };
}

/** Transfers of this institution; `rest` is a condition on `x`, and may order, limit and lock. */
export async function selectTransfers(cx: Cx, rest: RawBuilder<unknown>): Promise<Transfer[]> {
  const { rows } = await sql<TransferRow>`select ${transferColumns} from app.transfer x
    where x.institution_id = ${cx.institution.id} and ${rest}`.execute(cx.db);
  return rows.map(toTransfer);
}

/** One transfer; undefined where there is none. */
export async function readTransfer(cx: Cx, id: TransferId): Promise<Transfer | undefined> {
  return (await selectTransfers(cx, sql`x.id = ${id}`))[0];
}

/** The same, held against changes by others until commit. Lock it before anything of the ledger. */
export async function lockTransfer(cx: Cx, id: TransferId): Promise<Transfer | undefined> {
  return (await selectTransfers(cx, sql`x.id = ${id} for no key update`))[0];
}

/** What becomes of a transfer after it was confirmed; what is left out stays as it is. */
export type TransferChange = {
  readonly state?: TransferState;
  readonly failureReason?: TransferFailure;
  readonly failureNote?: string;
  readonly decidedBy?: string;
  readonly decidedByName?: string;
  readonly decidedAt?: Instant;
  readonly provider?: string;
  readonly providerRef?: string;
  readonly attemptState?: TransferAttemptState;
  /** null: there is nothing to ask any more. */
  readonly lookAt?: Instant | null;
  readonly looks?: number;
  readonly sentAt?: Instant;
  readonly completedAt?: Instant;
  readonly failedAt?: Instant;
  readonly cancelledAt?: Instant;
  readonly returnedAt?: Instant;
  readonly returnedTo?: WalletId;
};

/** Writes what became of a transfer that the caller has locked. */
export async function saveTransfer(cx: Cx, id: TransferId, change: TransferChange): Promise<void> {
  const { lookAt, ...columns } = {
    state: change.state,
    failure_reason: change.failureReason,
    failure_note: change.failureNote,
    decided_by: change.decidedBy,
    decided_by_name: change.decidedByName,
    decided_at: change.decidedAt,
    provider: change.provider,
    provider_ref: change.providerRef,
    attempt_state: change.attemptState,
    lookAt: change.lookAt,
    looks: change.looks,
    sent_at: change.sentAt,
    completed_at: change.completedAt,
    failed_at: change.failedAt,
    cancelled_at: change.cancelledAt,
    returned_at: change.returnedAt,
    returned_to: change.returnedTo,
  };
  const written = Object.entries(columns).filter(([, value]) => value !== undefined);
  const sets = written.map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
  if (lookAt !== undefined) sets.push(sql`look_at = ${lookAt ?? sql.lit("infinity")}`);
  await sql`update app.transfer set ${sql.join([...sets, sql`updated_at = ${cx.now}`])}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/** The amount in minor units above which transfers of a currency wait for staff; undefined: none does. */
export async function approvalLimitOf(cx: Cx, currency: Currency): Promise<bigint | undefined> {
  const { rows } = await sql<{ minor: bigint | null }>`select approval_minor as minor from app.wallet_currency
    where institution_id = ${cx.institution.id} and currency = ${currency}`.execute(cx.db);
  return rows[0]?.minor ?? undefined;
}
