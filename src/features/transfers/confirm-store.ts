import { sql } from "kysely";
import type pg from "pg";
import type { InstitutionId, MemberId } from "#access/principal.ts";
import type { BankAccountId } from "#features/bank-accounts/bank-account.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { TransferRoute } from "#features/tariffs/tariff.ts";
import type { StartState } from "#features/transfers/start-transfer.ts";
import type { TransferId, TransferState } from "#features/transfers/transfer.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { BatchWork } from "#ledger/batcher.ts";
import { arrayLiteral } from "#ledger/post-transfers.ts";
import { send } from "#platform/database.ts";
import type { Cx } from "#platform/tx.ts";

/** Somebody confirms a quote under a key. `id` and `ref` are those of the transfer that it becomes. */
export type Confirmation = {
  readonly institution: InstitutionId;
  readonly partnership: PartnershipId;
  readonly member: MemberId;
  readonly memberName: string;
  readonly key: string;
  readonly quote: string;
  readonly id: TransferId;
  readonly ref: string;
  readonly at: Instant;
  readonly ip: string;
};

/** Why nothing was confirmed. What is said here changed nothing, and leaves the key free. */
export const notConfirmed = [
  "key_reused",
  "quote_used",
  "unknown_quote",
  "expired",
  "not_allowed",
  "frozen",
  "closed",
  "to_closed",
  "bank_gone",
  "insufficient_funds",
  "out_of_range",
] as const;
export type NotConfirmed = (typeof notConfirmed)[number];
/** What the database says: `hold` and `repeat` are for the caller (see confirm-transfer.ts). */
export type ConfirmStatus = "done" | "replayed" | "hold" | "repeat" | NotConfirmed;

/** `ref` is that of the transfer that stands there, where there is one. */
export type Answered = { readonly status: ConfirmStatus; readonly ref: string; readonly state: TransferState };

const columns = [
  (item: Confirmation) => item.institution,
  (item: Confirmation) => item.partnership,
  (item: Confirmation) => item.member,
  (item: Confirmation) => item.memberName,
  (item: Confirmation) => item.key,
  (item: Confirmation) => item.quote,
  (item: Confirmation) => item.id,
  (item: Confirmation) => item.ref,
  (item: Confirmation) => item.at.toString(),
  (item: Confirmation) => item.ip,
] as const;

const lists = (items: readonly Confirmation[]) => columns.map((column) => arrayLiteral(items.map(column)));

async function ask(client: pg.ClientBase, items: readonly Confirmation[]): Promise<Answered[]> {
  const { rows } = await send<{ item: number; status: ConfirmStatus; ref: string; state: TransferState | null }>(
    client,
    `select item, status, ref, state from app.confirm_transfers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    lists(items),
  );
  const answers: Answered[] = [];
  for (const row of rows) {
    answers[row.item - 1] = { status: row.status, ref: row.ref, state: row.state ?? "completed" };
  }
  return answers;
}

/** Confirmations, one by itself or many in one call and one commit. */
export const confirmations: BatchWork<Confirmation, Answered> = {
  keyOf: (item) => `${item.institution} ${item.partnership} ${item.key}`,
  digestOf: (item) => item.quote,
  one: async (client, item) => (await ask(client, [item]))[0] as Answered,
  many: ask,
  replayed: (answer) => (answer.status === "done" ? { ...answer, status: "replayed" } : answer),
};

/** A confirmation with all that is known of it, and its quote locked until commit. */
export type Examined = {
  readonly status: ConfirmStatus | "ready";
  readonly id: TransferId;
  readonly ref: string;
  readonly wallet_id: WalletId;
  readonly route: TransferRoute;
  readonly to_wallet_id: WalletId | null;
  readonly to_partnership_id: PartnershipId | null;
  readonly bank_account_id: BankAccountId | null;
  readonly currency: Currency;
  readonly minor: bigint;
  readonly fee_minor: bigint;
  readonly starts_as: StartState;
};

/** Looks at one confirmation as the call for many does. */
export async function examine(cx: Cx, item: Confirmation): Promise<Examined | undefined> {
  const [a, b, c, d, e, f, g, h, i, j] = lists([item]);
  const { rows } = await sql<Examined>`select status, id, ref, wallet_id, route, to_wallet_id, to_partnership_id,
      bank_account_id, to_number, to_name, currency, minor, fee_minor, tariff_id, reference, prepared_at, starts_as
    from app.examine_confirmations(${a}, ${b}, ${c}, ${d}, ${e}, ${f}, ${g}, ${h}, ${i}, ${j})`.execute(cx.db);
  return rows[0];
}

/** Writes a transfer whose money was set aside, and that its quote was used. */
export async function insertHeld(cx: Cx, item: Confirmation, found: Examined): Promise<void> {
  const attempt = found.starts_as === "processing" ? { state: "pending", at: cx.now } : { state: "", at: "infinity" };
  await sql`insert into app.transfer (institution_id, id, partnership_id, ref, key, digest, wallet_id, route,
      to_wallet_id, to_partnership_id, bank_account_id, to_number, to_name, currency, minor, fee_minor, tariff_id,
      reference, state, attempt_state, look_at, requested_by, requested_by_name, prepared_at, created_at, updated_at)
    select institution_id, ${found.id}, partnership_id, ${found.ref}, ${item.key},
           sha256(convert_to(id, 'UTF8')), wallet_id, route, to_wallet_id, ${found.to_partnership_id}, bank_account_id,
           to_number, to_name, currency, minor, fee_minor, tariff_id, reference, ${found.starts_as}, ${attempt.state},
           ${attempt.at}::timestamptz, member_id, ${item.memberName}, created_at, ${item.at}::timestamptz,
           ${cx.now}::timestamptz
      from app.transfer_quote where institution_id = ${cx.institution.id} and id = ${item.quote}`.execute(cx.db);
  await sql`update app.transfer_quote set transfer_ref = ${found.ref}
    where institution_id = ${cx.institution.id} and id = ${item.quote}`.execute(cx.db);
}
