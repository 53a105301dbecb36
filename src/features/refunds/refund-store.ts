import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Id } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type RefundId = Id<"rfd">;

export type RefundRow = {
  id: RefundId;
  payment_id: PaymentId;
  customer_id: CustomerId;
  list_minor: bigint;
  cash_minor: bigint;
  discount_minor: bigint;
  currency: Currency;
  kind: "provider" | "by_hand";
  state: "pending" | "succeeded" | "failed";
  provider: string;
  provider_ref: string;
  charge_ref: string;
  looks: number;
  reason: string;
  partner_reason: string;
  failure_reason: string;
  requested_by: string;
  created_at: Instant;
  settled_at: Instant | null;
};

const columns = sql`id, payment_id, customer_id, list_minor, cash_minor, discount_minor, currency, kind, state,
  provider,
  provider_ref, charge_ref, looks, reason, partner_reason, failure_reason, requested_by, created_at, settled_at`;

export async function insertRefund(
  cx: Cx,
  row: Omit<RefundRow, "looks" | "failure_reason" | "created_at">,
): Promise<void> {
  await sql`insert into app.refund (institution_id, id, payment_id, customer_id, list_minor, cash_minor,
    discount_minor, currency,
      kind, state, provider, provider_ref, charge_ref, look_at, reason, partner_reason,
      requested_by, created_at, settled_at)
    values (${cx.institution.id}, ${row.id}, ${row.payment_id}, ${row.customer_id}, ${row.list_minor},
      ${row.cash_minor},
      ${row.discount_minor}, ${row.currency}, ${row.kind}, ${row.state}, ${row.provider}, ${row.provider_ref},
      ${row.charge_ref}, ${cx.now}, ${row.reason}, ${row.partner_reason},
      ${row.requested_by}, ${cx.now}, ${row.settled_at})`.execute(cx.db);
}

/** The refunds of a payment, oldest first. */
export async function refundRows(cx: Cx, payment: PaymentId): Promise<RefundRow[]> {
  const { rows } = await sql<RefundRow>`select ${columns} from app.refund
    where institution_id = ${cx.institution.id} and payment_id = ${payment} order by id`.execute(cx.db);
  return rows;
}

export async function readRefundRow(cx: Cx, id: RefundId): Promise<RefundRow | undefined> {
  const { rows } = await sql<RefundRow>`select ${columns} from app.refund
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
  return rows[0];
}

export async function lockRefund(cx: Cx, id: RefundId): Promise<RefundRow | undefined> {
  const { rows } = await sql<RefundRow>`select ${columns} from app.refund
    where institution_id = ${cx.institution.id} and id = ${id} for update`.execute(cx.db);
  return rows[0];
}

export async function refundByProviderRef(cx: Cx, provider: string, ref: string): Promise<RefundRow | undefined> {
  const { rows } = await sql<RefundRow>`select ${columns} from app.refund
    where institution_id = ${cx.institution.id} and provider = ${provider} and provider_ref = ${ref}`.execute(cx.db);
  return rows[0];
}

/** Refunds on their way whose turn to be looked at has come. */
export async function refundsToLookAt(cx: Cx): Promise<RefundRow[]> {
  const { rows } = await sql<RefundRow>`select ${columns} from app.refund
    where institution_id = ${cx.institution.id} and state = 'pending' and look_at <= ${cx.now}
    order by look_at, id limit 100`.execute(cx.db);
  return rows;
}

export async function saveRefundState(
  cx: Cx,
  id: RefundId,
  change: { readonly state: RefundRow["state"]; readonly failureReason?: string },
): Promise<void> {
  await sql`update app.refund set state = ${change.state}, failure_reason = ${change.failureReason ?? ""},
    settled_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/** The provider's reference is known, or it did not answer: either way look again at `lookAt`. */
export async function saveRefundLook(cx: Cx, id: RefundId, ref: string | undefined, lookAt: Instant): Promise<void> {
  await sql`update app.refund set provider_ref = coalesce(${ref ?? null}, provider_ref), look_at = ${lookAt},
    looks = looks + 1
    where institution_id = ${cx.institution.id} and id = ${id} and state = 'pending'`.execute(cx.db);
}

/** A charge that paid (part of) a payment by card, and what of its money can still go back there. */
export type ChargeLeft = { readonly provider: string; readonly chargeRef: string; readonly left: bigint };

/**
 * The charges behind a payment, the largest rest first: what each put on this payment, less what went back to it
 * already or is on its way there.
 */
export async function chargesLeft(cx: Cx, payment: PaymentId): Promise<ChargeLeft[]> {
  const { rows } = await sql<{ provider: string; charge_ref: string; left_minor: bigint }>`
    select r.provider, r.provider_ref as charge_ref,
           (sum(a.minor) - coalesce((select sum(f.cash_minor) from app.refund f
              where f.institution_id = ${cx.institution.id} and f.payment_id = ${payment} and f.kind = 'provider'
                and f.provider = r.provider and f.charge_ref = r.provider_ref and f.state <> 'failed'),
                  0))::bigint as left_minor
      from app.allocation a
      join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
     where a.institution_id = ${cx.institution.id} and a.payment_id = ${payment} and r.kind = 'card'
     group by r.provider, r.provider_ref order by left_minor desc, r.provider_ref`.execute(cx.db);
  return rows.map((row) => ({ provider: row.provider, chargeRef: row.charge_ref, left: row.left_minor }));
}
