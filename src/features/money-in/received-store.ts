import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { AllocationId, Arrival, ReceivedId } from "#features/money-in/arrival.ts";
import { isPartner, type PayerId } from "#features/money-in/payer.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { type Id, newId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** Writes money that arrived, once per provider and reference. Answers undefined when it is known already. */
export async function insertReceived(cx: Cx, arrival: Arrival): Promise<ReceivedId | undefined> {
  const id = newId("rcv", cx.now, cx.random);
  const { payer } = arrival;
  const [customer, partnership] = payer && isPartner(payer) ? [null, payer] : [payer ?? null, null];
  const { rows } = await sql<{ id: ReceivedId }>`insert into app.money_received
      (institution_id, id, provider, provider_ref, kind, attempt_id, customer_id, partnership_id, currency, minor,
        surcharge_minor, reference, payer_name, method_label, state, received_on, recorded_by, created_at)
    values (${cx.institution.id}, ${id}, ${arrival.provider}, ${arrival.providerRef ?? id}, ${arrival.kind},
      ${arrival.attempt ?? null}, ${customer}, ${partnership}, ${arrival.amount.currency}, ${arrival.amount.minor},
      ${arrival.surcharge.minor}, ${arrival.reference}, ${arrival.payerName}, ${arrival.methodLabel},
      ${arrival.payer ? "matched" : "unmatched"}, ${arrival.receivedOn}, ${arrival.recordedBy}, ${cx.now})
    on conflict (institution_id, provider, provider_ref) do nothing returning id`.execute(cx.db);
  return rows[0]?.id;
}

export type ReceivedRow = {
  id: ReceivedId;
  provider: string;
  kind: Arrival["kind"];
  attempt_id: Id<"att"> | null;
  customer_id: CustomerId | null;
  currency: Currency;
  minor: bigint;
  surcharge_minor: bigint;
  reference: string;
  payer_name: string;
  method_label: string;
  state: "matched" | "unmatched" | "returned";
  received_on: PlainDate;
  created_at: Instant;
};

const columns = sql`id, provider, kind, attempt_id, customer_id, currency, minor, surcharge_minor, reference,
  payer_name, method_label, state, received_on, created_at`;

/** One row, locked. */
export async function lockReceived(cx: Cx, id: string): Promise<ReceivedRow | undefined> {
  const { rows } = await sql<ReceivedRow>`select ${columns} from app.money_received
    where institution_id = ${cx.institution.id} and id = ${id} for update`.execute(cx.db);
  return rows[0];
}

export async function readReceivedRow(cx: Cx, id: string): Promise<ReceivedRow | undefined> {
  const { rows } = await sql<ReceivedRow>`select ${columns} from app.money_received
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
  return rows[0];
}

/** Money that nobody knows yet whose it is, oldest first. */
export async function unmatchedRows(cx: Cx, limit: number): Promise<ReceivedRow[]> {
  const { rows } = await sql<ReceivedRow>`select ${columns} from app.money_received
    where institution_id = ${cx.institution.id} and state = 'unmatched' order by id limit ${limit}`.execute(cx.db);
  return rows;
}

export async function receivedRowsOf(cx: Cx, customer: CustomerId, limit: number): Promise<ReceivedRow[]> {
  const { rows } = await sql<ReceivedRow>`select ${columns} from app.money_received
    where institution_id = ${cx.institution.id} and customer_id = ${customer} order by id desc limit ${limit}`.execute(
    cx.db,
  );
  return rows;
}

export async function selectKnown(cx: Cx, provider: string, references: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ provider_ref: string }>`select provider_ref from app.money_received
    where institution_id = ${cx.institution.id} and provider = ${provider}
      and provider_ref = any(${references})`.execute(cx.db);
  return new Set(rows.map((row) => row.provider_ref));
}

export async function saveMatched(cx: Cx, id: ReceivedId, payer: PayerId): Promise<void> {
  const [customer, partnership] = isPartner(payer) ? [null, payer] : [payer, null];
  await sql`update app.money_received set state = 'matched', customer_id = ${customer}, partnership_id = ${partnership},
      matched_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

export async function sumForAttempt(
  cx: Cx,
  attempt: Id<"att">,
): Promise<{ total: bigint; surcharge: bigint; count: number }> {
  const { rows } = await sql<{ total: bigint; surcharge: bigint; count: bigint }>`
    select coalesce(sum(minor + surcharge_minor), 0)::bigint as total,
           coalesce(sum(surcharge_minor), 0)::bigint as surcharge, count(*) as count
      from app.money_received where institution_id = ${cx.institution.id} and attempt_id = ${attempt}`.execute(cx.db);
  const row = rows[0];
  return { total: row?.total ?? 0n, surcharge: row?.surcharge ?? 0n, count: Number(row?.count ?? 0n) };
}

export async function allocationsOfAttempt(cx: Cx, attempt: Id<"att">): Promise<Map<PaymentId, bigint>> {
  const { rows } = await sql<{ payment_id: PaymentId; minor: bigint }>`
    select a.payment_id, sum(a.minor)::bigint as minor from app.allocation a
      join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
     where a.institution_id = ${cx.institution.id} and r.attempt_id = ${attempt} and a.freed_at is null
     group by a.payment_id`.execute(cx.db);
  return new Map(rows.map((row) => [row.payment_id, row.minor]));
}

export type AllocationRow = { id: AllocationId; payment_id: PaymentId; minor: bigint; from_credit: boolean };

/** Writes what goes to which payment. */
export async function insertAllocations(
  cx: Cx,
  customer: CustomerId,
  received: ReceivedId | undefined,
  rows: readonly AllocationRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into app.allocation
      (institution_id, id, received_id, payment_id, customer_id, minor, from_credit, created_at)
    select ${cx.institution.id}, a.id, case when a.from_credit then null else ${received ?? null}::text end,
      a.payment_id, ${customer}, a.minor, a.from_credit, ${cx.now}
      from unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.payment_id)}::text[],
                  ${rows.map((row) => row.minor)}::bigint[], ${rows.map((row) => row.from_credit)}::boolean[])
        as a (id, payment_id, minor, from_credit)`.execute(cx.db);
}

/** Marks the part money of a payment as taken off it again. */
export async function freeAllocations(cx: Cx, payment: PaymentId): Promise<void> {
  await sql`update app.allocation set freed_at = ${cx.now}
    where institution_id = ${cx.institution.id} and payment_id = ${payment} and freed_at is null`.execute(cx.db);
  await sql`update app.payment set paid_minor = 0, state = 'open', updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${payment} and state = 'partially_paid'`.execute(cx.db);
}

/** Waits for whoever moves money of this payer, and keeps others waiting until commit. */
export async function lockMoneyOf(cx: Cx, payer: PayerId): Promise<void> {
  const whose = `${cx.institution.id}:${payer}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${whose}, 41))`.execute(cx.db);
}

export type CustomerAllocation = {
  minor: bigint;
  currency: Currency;
  from_credit: boolean;
  created_at: Instant;
  received_on: PlainDate | null;
  kind: Arrival["kind"] | null;
  method_label: string | null;
  received_id: ReceivedId | null;
  receipt_id: Id<"rcp"> | null;
  receipt_number: bigint | null;
};

/** What went to a payment, oldest first, with the receipt of the money. */
export async function allocationRows(cx: Cx, payment: PaymentId): Promise<CustomerAllocation[]> {
  const { rows } = await sql<CustomerAllocation>`
    select a.minor, p.currency, a.from_credit, a.created_at, r.received_on, r.kind, r.method_label, a.received_id,
           rc.id as receipt_id, rc.number as receipt_number
      from app.allocation a
      join app.payment p on p.institution_id = a.institution_id and p.id = a.payment_id
      left join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
      left join app.receipt rc on rc.institution_id = a.institution_id and rc.received_id = a.received_id
     where a.institution_id = ${cx.institution.id} and a.payment_id = ${payment} and a.freed_at is null
     order by a.id`.execute(cx.db);
  return rows;
}
