import { sql } from "kysely";
import type { MemberId } from "#access/principal.ts";
import type { TransferRoute } from "#features/tariffs/tariff.ts";
import type { PartnerTransfer } from "#features/transfers/partner-transfer.ts";
import type { OwnWallet, Quote } from "#features/transfers/quote.ts";
import type { QuoteId, TransferFailure, TransferId, TransferState } from "#features/transfers/transfer.ts";
import type { WalletId, WalletPurpose, WalletState } from "#features/wallets/wallet.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** One quote of the partner that asks; undefined where there is none. Whose it is within the partner says `member`. */
export async function ownQuote(cx: Cx, id: string): Promise<Quote | undefined> {
  const { rows } = await sql<{
    id: QuoteId;
    member_id: MemberId;
    wallet_id: WalletId;
    route: TransferRoute;
    to_number: string;
    to_name: string;
    currency: Currency;
    minor: bigint;
    fee_minor: bigint;
    reference: string;
    transfer_ref: string | null;
    expires_at: Instant;
  }>`select id, member_id, wallet_id, route, to_number, to_name, currency, minor, fee_minor, reference, transfer_ref,
      expires_at from partner.transfer_quote where id = ${id}`.execute(cx.db);
  const [row] = rows;
  if (!row) return undefined;
  return {
    id: row.id,
    member: row.member_id,
    wallet: row.wallet_id,
    route: row.route,
    toNumber: row.to_number,
    toName: row.to_name,
    amount: money(row.minor, row.currency),
    fee: money(row.fee_minor, row.currency),
    reference: row.reference,
    usedBy: row.transfer_ref ?? undefined,
    expiresAt: row.expires_at,
  };
}

/** The wallets of the partner that asks, closed ones too, the oldest first. */
export async function ownWallets(cx: Cx): Promise<OwnWallet[]> {
  const { rows } = await sql<{
    id: WalletId;
    number: string;
    currency: Currency;
    purpose: WalletPurpose;
    state: WalletState;
  }>`select id, number, currency, purpose, state from partner.transfer_wallet order by id`.execute(cx.db);
  return rows;
}

export type PartnerTransferRow = {
  id: TransferId;
  ref: string;
  wallet_id: WalletId;
  route: TransferRoute;
  to_wallet_id: WalletId | null;
  to_number: string;
  to_name: string;
  currency: Currency;
  minor: bigint;
  fee_minor: bigint;
  reference: string;
  state: TransferState;
  failure_reason: TransferFailure | "";
  failure_note: string;
  requested_by_name: string;
  decided_at: Instant | null;
  prepared_at: Instant;
  created_at: Instant;
  sent_at: Instant | null;
  completed_at: Instant | null;
  failed_at: Instant | null;
  cancelled_at: Instant | null;
  returned_at: Instant | null;
  returned_to: WalletId | null;
};

/** The columns of transfer `x` of schema partner. */
export const partnerTransferColumns = sql`x.id, x.ref, x.wallet_id, x.route, x.to_wallet_id, x.to_number, x.to_name,
  x.currency, x.minor, x.fee_minor, x.reference, x.state, x.failure_reason, x.failure_note, x.requested_by_name,
  x.decided_at, x.prepared_at, x.created_at, x.sent_at, x.completed_at, x.failed_at, x.cancelled_at, x.returned_at,
  x.returned_to`;

export function toPartnerTransfer(row: PartnerTransferRow): PartnerTransfer {
  return {
    id: row.id,
    ref: row.ref,
    wallet: row.wallet_id,
    route: row.route,
    toWallet: row.to_wallet_id ?? undefined,
    toNumber: row.to_number,
    toName: row.to_name,
    amount: money(row.minor, row.currency),
    fee: money(row.fee_minor, row.currency),
    reference: row.reference,
    state: row.state,
    failureReason: row.failure_reason,
    failureNote: row.failure_note,
    requestedByName: row.requested_by_name,
    decidedAt: row.decided_at ?? undefined,
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

/** One transfer of the partner that asks; undefined where it made none of that reference. */
export async function ownTransfer(cx: Cx, ref: string): Promise<PartnerTransfer | undefined> {
  const { rows } = await sql<PartnerTransferRow>`select ${partnerTransferColumns} from partner.transfer x
    where x.ref = ${ref}`.execute(cx.db);
  return rows[0] && toPartnerTransfer(rows[0]);
}

/** One line of the ledger behind a transfer, on a wallet of the partner's own. What went out is negative. */
export type TransferEntry = {
  readonly wallet: WalletId;
  readonly kind: string;
  readonly at: Instant;
  readonly amount: Money;
  readonly after: Money;
  /** Its number among the flows of that wallet. */
  readonly seq: bigint;
};

/** The entries behind a transfer in the order of their booking; none while its money is only set aside. */
export async function entriesOfTransfer(cx: Cx, transfer: PartnerTransfer): Promise<TransferEntry[]> {
  const { currency } = transfer.amount;
  const { rows } = await sql<{
    wallet_id: WalletId;
    kind: string;
    at: Instant;
    minor: bigint;
    after_minor: bigint;
    seq: bigint;
  }>`select wallet_id, kind, at, minor, after_minor, seq from partner.entries_of_transfer(${transfer.id})`.execute(
    cx.db,
  );
  return rows.map((row) => ({
    wallet: row.wallet_id,
    kind: row.kind,
    at: row.at,
    amount: money(row.minor, currency),
    after: money(row.after_minor, currency),
    seq: row.seq,
  }));
}
