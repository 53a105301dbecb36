import { sql } from "kysely";
import { type AttemptId, type AttemptState, type CheckoutId, openStates } from "#features/checkouts/checkout.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Ahead, Cx } from "#platform/tx.ts";
import type { DeclineReason } from "#providers/provider.ts";

/** What there is to say beside a payment about the latest attempt to pay it. */
export type AttemptNote = {
  readonly state: "processing" | "awaiting_transfer" | "failed";
  readonly at: Instant;
  /** Why it failed; empty otherwise. */
  readonly reason: DeclineReason | "";
  readonly checkout: CheckoutId;
  readonly attempt: AttemptId;
  readonly methodLabel: string;
  readonly reference: string;
  /** What was chosen of this payment, in minor units of its currency. */
  readonly chosen: bigint;
  /** Whether a part of an awaited transfer has come. */
  readonly hasArrived: boolean;
};

type NoteRow = {
  payment_id: PaymentId;
  id: AttemptId;
  checkout_id: CheckoutId;
  kind: "card" | "bank_transfer";
  state: AttemptState;
  failure_reason: DeclineReason | "";
  method_label: string;
  reference: string;
  updated_at: Instant;
  chosen: bigint;
  has_arrived: boolean;
};

/** What became of a customer's attempts to pay, by payment. */
export type Attempts = {
  readonly notes: ReadonlyMap<PaymentId, AttemptNote>;
  /** Payments with an attempt in processing, be it the latest or not. */
  readonly processing: ReadonlySet<PaymentId>;
};

/**
 * The latest attempt for each payment of a customer, where there is something to say: it is on its way, a transfer is
 * waited for, or it failed. An attempt that the payer gave up, or that ran out of time, is no news. For the customer
 * whose transaction this is.
 */
export async function attemptNotes(cx: Ahead): Promise<ReadonlyMap<PaymentId, AttemptNote>> {
  return (await attemptsToPay(cx)).notes;
}

/** The same with what is in processing. Which attempt is the latest is chosen here: a customer has a handful. */
export async function attemptsToPay(cx: Ahead): Promise<Attempts> {
  const { rows } = await sql<NoteRow>`select i.payment_id, a.id, a.checkout_id, a.state, a.failure_reason,
           a.method_label, a.reference, a.updated_at, i.minor as chosen,
           a.state = 'requires_action' and exists (select from app.money_received r
             where r.institution_id = a.institution_id and r.customer_id = a.customer_id and r.attempt_id = a.id)
             as has_arrived, (select p.kind from app.channel_product p
             where p.institution_id = a.institution_id and p.id = a.channel_product_id) as kind
      from app.payment_attempt a
      join app.checkout_item i on i.institution_id = a.institution_id and i.checkout_id = a.checkout_id
     where a.customer_id = app.customer_id()
     order by a.state in ('pending', 'requires_action', 'processing') desc, a.created_at desc, a.id desc`.execute(
    cx.db,
  );
  const notes = new Map<PaymentId, AttemptNote>();
  const processing = new Set<PaymentId>();
  const seen = new Set<PaymentId>();
  for (const row of rows) {
    if (row.state === "processing") processing.add(row.payment_id);
    if (seen.has(row.payment_id)) continue;
    seen.add(row.payment_id);
    const state = noteState(row);
    if (state === undefined) continue;
    notes.set(row.payment_id, {
      state,
      at: row.updated_at,
      reason: row.failure_reason,
      checkout: row.checkout_id,
      attempt: row.id,
      methodLabel: row.method_label,
      reference: row.reference,
      chosen: row.chosen,
      hasArrived: row.has_arrived,
    });
  }
  return { notes, processing };
}

function noteState(row: NoteRow): AttemptNote["state"] | undefined {
  if (row.state === "pending" || row.state === "processing") return "processing";
  if (row.state === "requires_action") return row.kind === "bank_transfer" ? "awaiting_transfer" : undefined;
  const quiet = row.failure_reason === "cancelled_by_payer" || row.failure_reason === "expired";
  return row.state === "failed" && !quiet ? "failed" : undefined;
}

/** One try to pay, for a timeline. `amount` and `surcharge` together were charged, for all that was chosen then. */
export type AttemptView = {
  readonly id: AttemptId;
  readonly checkout: CheckoutId;
  readonly state: AttemptState;
  readonly isOpen: boolean;
  readonly kind: "card" | "bank_transfer";
  readonly reason: DeclineReason | "";
  readonly amount: Money;
  readonly surcharge: Money;
  readonly methodLabel: string;
  readonly reference: string;
  readonly createdAt: Instant;
  readonly settledAt: Instant | undefined;
};

type Row = Omit<NoteRow, "chosen" | "has_arrived"> & {
  currency: Currency;
  minor: bigint;
  surcharge_minor: bigint;
  created_at: Instant;
  settled_at: Instant | null;
};

/** Every attempt to pay a payment, oldest first. Customers see their own. */
export async function attemptsOf(cx: Cx, payment: PaymentId): Promise<AttemptView[]> {
  const { rows } =
    await sql<Row>`select a.id, a.checkout_id, p.kind, a.state, a.failure_reason, a.method_label, a.reference,
           a.currency, a.minor, a.surcharge_minor, a.created_at, a.settled_at
      from app.checkout_item i
      join app.payment_attempt a on a.institution_id = i.institution_id and a.checkout_id = i.checkout_id
      join app.channel_product p on p.institution_id = a.institution_id and p.id = a.channel_product_id
     where i.institution_id = ${cx.institution.id} and i.payment_id = ${payment} order by a.id`.execute(cx.db);
  return rows.map((row) => ({
    id: row.id,
    checkout: row.checkout_id,
    state: row.state,
    isOpen: openStates.includes(row.state),
    kind: row.kind,
    reason: row.failure_reason,
    amount: money(row.minor, row.currency),
    surcharge: money(row.surcharge_minor, row.currency),
    methodLabel: row.method_label,
    reference: row.reference,
    createdAt: row.created_at,
    settledAt: row.settled_at ?? undefined,
  }));
}
