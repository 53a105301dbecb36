import { type RawBuilder, sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { ChannelProductId, Method } from "#features/channel-products/methods.ts";
import type { Attempt, AttemptId, AttemptState, CheckoutId } from "#features/checkouts/checkout.ts";
import { isPartner, payerOf } from "#features/money-in/payer.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { BankInstructions, DeclineReason } from "#providers/provider.ts";

type Row = {
  id: AttemptId;
  checkout_id: CheckoutId;
  customer_id: CustomerId | null;
  partnership_id: PartnershipId | null;
  channel_product_id: ChannelProductId;
  kind: Method["kind"];
  provider: string;
  provider_ref: string | null;
  reference: string;
  state: AttemptState;
  currency: Currency;
  minor: bigint;
  surcharge_minor: bigint;
  credit_minor: bigint;
  failure_reason: DeclineReason | "";
  method_label: string;
  action_url: string;
  instructions: BankInstructions | null;
  looks: number;
  created_at: Instant;
  settled_at: Instant | null;
};

const columns = sql`a.id, a.checkout_id, a.customer_id, a.partnership_id, a.channel_product_id, p.kind, a.provider,
  a.provider_ref, a.reference,
  a.state, a.currency, a.minor, a.surcharge_minor, a.credit_minor, a.failure_reason, a.method_label, a.action_url,
  a.instructions, a.looks, a.created_at, a.settled_at`;
const open = sql`a.state in ('pending', 'requires_action', 'processing')`;

async function select(cx: Cx, rest: RawBuilder<unknown>): Promise<Attempt[]> {
  const { rows } = await sql<Row>`select ${columns} from app.payment_attempt a
      join app.channel_product p on p.institution_id = a.institution_id and p.id = a.channel_product_id
     where a.institution_id = ${cx.institution.id} and ${rest}`.execute(cx.db);
  return rows.map(toAttempt);
}

export async function readAttempt(cx: Cx, id: AttemptId): Promise<Attempt | undefined> {
  return (await select(cx, sql`a.id = ${id}`))[0];
}

/** One attempt, locked: whoever settles it holds it. Take the customer's lock first. */
export async function lockAttempt(cx: Cx, id: AttemptId): Promise<Attempt | undefined> {
  return (await select(cx, sql`a.id = ${id} for update of a`))[0];
}

export async function attemptByProviderRef(cx: Cx, provider: string, ref: string): Promise<Attempt | undefined> {
  return (await select(cx, sql`a.provider = ${provider} and a.provider_ref = ${ref}`))[0];
}

/** The attempts that carry one of these references. */
export async function attemptsByReference(cx: Cx, references: readonly string[]): Promise<Attempt[]> {
  return references.length === 0 ? [] : await select(cx, sql`a.reference = any(${references})`);
}

/**
 * The attempts of a checkout: the one that paid it first, else the one under way (there is one at most), else the
 * newest.
 */
export async function attemptsOfCheckout(cx: Cx, checkout: string): Promise<Attempt[]> {
  return await select(
    cx,
    sql`a.checkout_id = ${checkout}
      order by a.state = 'succeeded' desc, ${open} desc, a.created_at desc, a.id desc`,
  );
}

/** Attempts under way for any of these payments, oldest first. */
export async function openAttemptsFor(cx: Cx, payments: readonly PaymentId[]): Promise<Attempt[]> {
  return await select(
    cx,
    sql`${open} and a.checkout_id in (select i.checkout_id from app.checkout_item i
      where i.institution_id = a.institution_id and i.payment_id = any(${payments})) order by a.id`,
  );
}

/** Attempts under way whose turn to be looked at has come, at most 200. */
export async function attemptsToLookAt(cx: Cx): Promise<Attempt[]> {
  return await select(cx, sql`${open} and a.look_at <= ${cx.now} order by a.look_at, a.id limit 200`);
}

/** Bank transfers under way in a currency: who might have sent money without a reference. Newest first. */
export async function openTransfersIn(cx: Cx, currency: Currency): Promise<Attempt[]> {
  return await select(
    cx,
    sql`a.state in ('requires_action', 'processing', 'failed') and p.kind = 'bank_transfer' and a.currency = ${currency}
      order by a.id desc limit 500`,
  );
}

/** Writes an attempt. False when its reference is taken already: take another. */
export async function insertAttempt(cx: Cx, attempt: Attempt, lookAt: Instant): Promise<boolean> {
  const { payer } = attempt;
  const [customer, partnership] = isPartner(payer) ? [null, payer] : [payer, null];
  const { rows } = await sql`insert into app.payment_attempt
      (institution_id, id, checkout_id, customer_id, partnership_id, channel_product_id, provider, reference, state,
       currency, minor, surcharge_minor, credit_minor, look_at, created_at, updated_at)
    values (${cx.institution.id}, ${attempt.id}, ${attempt.checkout}, ${customer}, ${partnership}, ${attempt.method},
      ${attempt.provider}, ${attempt.reference}, ${attempt.state}, ${attempt.amount.currency}, ${attempt.amount.minor},
      ${attempt.surcharge.minor}, ${attempt.credit.minor}, ${lookAt}, ${cx.now}, ${cx.now})
    on conflict (institution_id, reference) do nothing returning id`.execute(cx.db);
  return rows.length === 1;
}

export type AttemptChange = {
  readonly state: AttemptState;
  readonly providerRef?: string;
  readonly reason?: DeclineReason | "";
  readonly methodLabel?: string;
  readonly actionUrl?: string;
  readonly instructions?: BankInstructions;
  readonly lookAt?: Instant;
  readonly looks?: number;
  readonly settled?: boolean;
};

export async function saveAttempt(cx: Cx, id: AttemptId, change: AttemptChange): Promise<void> {
  const keep = (value: unknown, column: string) => sql`coalesce(${value ?? null}, ${sql.ref(column)})`;
  await sql`update app.payment_attempt set state = ${change.state}, updated_at = ${cx.now},
      provider_ref = ${keep(change.providerRef, "provider_ref")},
      failure_reason = ${change.reason ?? ""},
      method_label = ${keep(change.methodLabel, "method_label")},
      action_url = ${keep(change.actionUrl, "action_url")},
      instructions = coalesce(${change.instructions ? JSON.stringify(change.instructions) : null}::jsonb, instructions),
      look_at = ${keep(change.lookAt, "look_at")}, looks = ${keep(change.looks, "looks")},
      settled_at = ${change.settled ? cx.now : sql`settled_at`}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

function toAttempt(row: Row): Attempt {
  return {
    id: row.id,
    checkout: row.checkout_id,
    payer: payerOf(row),
    method: row.channel_product_id,
    kind: row.kind,
    provider: row.provider,
    providerRef: row.provider_ref ?? undefined,
    reference: row.reference,
    state: row.state,
    amount: money(row.minor, row.currency),
    surcharge: money(row.surcharge_minor, row.currency),
    credit: money(row.credit_minor, row.currency),
    reason: row.failure_reason,
    methodLabel: row.method_label,
    actionUrl: row.action_url,
    instructions: row.instructions ?? undefined,
    looks: row.looks,
    createdAt: row.created_at,
    settledAt: row.settled_at ?? undefined,
  };
}
