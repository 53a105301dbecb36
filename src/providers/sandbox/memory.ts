import { sql } from "kysely";
import type { InstitutionId } from "#access/principal.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import { wake } from "#platform/jobs.ts";
import { type Cx, type Ground, inTx } from "#platform/tx.ts";
import type { Charge, ChargeState, Credit, DeclineReason, ProviderEvent, ProviderRefund } from "#providers/provider.ts";

/**
 * The sandbox's own memory: the far side of the network. It opens its own connection for every call, so that nothing
 * of it ever shares, or is rolled back with, a transaction of ours.
 */
export async function farSide<T>(ground: Ground, institution: InstitutionId, work: (cx: Cx) => Promise<T>): Promise<T> {
  return await inTx(ground, { as: "system", institution, task: "sandbox" }, work);
}

export type ChargeRow = {
  ref: string;
  kind: "card" | "bank_transfer";
  currency: Currency;
  minor: bigint;
  reference: string;
  return_url: string;
  /** `open` waits for the payer, `confirm` for the confirmation step. */
  state: "open" | "confirm" | "processing" | "succeeded" | "failed";
  failure_reason: DeclineReason | "";
  method_label: string;
  /** When a charge in process has its outcome, or when it succeeded. */
  settles_at: Instant | null;
  refunded_minor: bigint;
  created_at: Instant;
};

const chargeColumns = sql`ref, kind, currency, minor, reference, return_url, state, failure_reason,
  method_label, settles_at,
  refunded_minor, created_at`;

/** How long a hosted card page waits for the payer. */
const cardMinutes = 60;

/** The charge under a reference or a key, locked, with whatever time has done to it meanwhile. */
export async function chargeRow(cx: Cx, by: { ref: string } | { key: string }): Promise<ChargeRow | undefined> {
  const which = "ref" in by ? sql`ref = ${by.ref}` : sql`idempotency_key = ${by.key}`;
  const { rows } = await sql<ChargeRow>`select ${chargeColumns} from sandbox.charge
    where institution_id = ${cx.institution.id} and ${which} for update`.execute(cx.db);
  const row = rows[0];
  if (!row) return undefined;
  const aged = age(row, cx.now);
  if (aged !== row) await saveCharge(cx, aged);
  return aged;
}

function age(row: ChargeRow, now: Instant): ChargeRow {
  if (row.state === "processing" && row.settles_at && Temporal.Instant.compare(row.settles_at, now) <= 0) {
    return { ...row, state: row.failure_reason === "" ? "succeeded" : "failed" };
  }
  const waits = (row.state === "open" || row.state === "confirm") && row.kind === "card";
  if (waits && Temporal.Instant.compare(row.created_at.add({ minutes: cardMinutes }), now) < 0) {
    return { ...row, state: "failed", failure_reason: "expired" };
  }
  return row;
}

export async function insertCharge(cx: Cx, key: string, row: ChargeRow): Promise<void> {
  await sql`insert into sandbox.charge (ref, institution_id, idempotency_key, kind, currency, minor, reference,
    return_url, state,
      created_at)
    values (${row.ref}, ${cx.institution.id}, ${key}, ${row.kind}, ${row.currency}, ${row.minor}, ${row.reference},
      ${row.return_url}, ${row.state}, ${cx.now}) on conflict (idempotency_key) do nothing`.execute(cx.db);
}

export async function saveCharge(cx: Cx, row: ChargeRow): Promise<void> {
  await sql`update sandbox.charge set state = ${row.state}, failure_reason = ${row.failure_reason},
      method_label = ${row.method_label}, settles_at = ${row.settles_at}, refunded_minor = ${row.refunded_minor}
    where institution_id = ${cx.institution.id} and ref = ${row.ref}`.execute(cx.db);
}

/** Bank transfers that still wait for money, newest first: for the sandbox's bank page. */
export async function openTransfers(cx: Cx): Promise<ChargeRow[]> {
  const { rows } = await sql<ChargeRow>`select ${chargeColumns} from sandbox.charge
    where institution_id = ${cx.institution.id} and kind = 'bank_transfer' and state = 'open'
    order by created_at desc limit 20`.execute(cx.db);
  return rows;
}

/** What the contract says of a row. */
export function chargeOf(cx: Cx, row: ChargeRow): Charge {
  return { ref: row.ref, amount: money(row.minor, row.currency), reference: row.reference, ...stateOf(cx, row) };
}

function stateOf(cx: Cx, row: ChargeRow): ChargeState {
  if (row.state === "succeeded") {
    return { state: "succeeded", methodLabel: row.method_label, receivedAt: row.settles_at ?? row.created_at };
  }
  if (row.state === "processing") return { state: "processing" };
  if (row.state === "failed") return { state: "failed", reason: row.failure_reason || "could_not_process" };
  const card = row.kind === "card";
  return {
    state: "requires_action",
    actionUrl: card ? `/sandbox/pay/${row.ref}` : undefined,
    instructions: card
      ? undefined
      : {
          accountName: cx.institution.legalName || cx.institution.name,
          bank: "Sandbox Bank",
          accountNumber: "062-000 1234 5678",
          reference: row.reference,
        },
  };
}

type CreditRow = {
  ref: string;
  currency: Currency;
  minor: bigint;
  reference: string;
  payer_name: string;
  received_on: PlainDate;
  created_at: Instant;
};

export async function insertCredit(cx: Cx, row: CreditRow): Promise<void> {
  await sql`insert into sandbox.credit (ref, institution_id, currency, minor, reference, payer_name,
    received_on, created_at)
    values (${row.ref}, ${cx.institution.id}, ${row.currency}, ${row.minor}, ${row.reference}, ${row.payer_name},
      ${row.received_on}, ${row.created_at})`.execute(cx.db);
}

/** Credits by reference of their own, or all since an instant; oldest first, 500 at most. */
export async function credits(cx: Cx, by: { ref: string } | { since: Instant }): Promise<Credit[]> {
  const which = "ref" in by ? sql`ref = ${by.ref}` : sql`created_at >= ${by.since}`;
  const { rows } = await sql<CreditRow>`select ref, currency, minor, reference, payer_name, received_on, created_at
    from sandbox.credit where institution_id = ${cx.institution.id} and ${which}
    order by created_at, ref limit 500`.execute(cx.db);
  return rows.map((row) => ({
    ref: row.ref,
    amount: money(row.minor, row.currency),
    reference: row.reference,
    payerName: row.payer_name,
    receivedOn: row.received_on,
  }));
}

type RefundRow = { ref: string; state: ProviderRefund["state"] };

export async function refundRow(cx: Cx, by: { ref: string } | { key: string }): Promise<ProviderRefund | undefined> {
  const which = "ref" in by ? sql`ref = ${by.ref}` : sql`idempotency_key = ${by.key}`;
  const { rows } = await sql<RefundRow>`select ref, state from sandbox.refund
    where institution_id = ${cx.institution.id} and ${which}`.execute(cx.db);
  const row = rows[0];
  if (!row) return undefined;
  return row.state === "failed" ? { ...row, reason: "could_not_process" } : row;
}

export async function insertRefund(
  cx: Cx,
  row: { ref: string; key: string; chargeRef: string; minor: bigint; state: ProviderRefund["state"] },
): Promise<void> {
  await sql`insert into sandbox.refund (ref, institution_id, idempotency_key, charge_ref, minor, state, created_at)
    values (${row.ref}, ${cx.institution.id}, ${row.key}, ${row.chargeRef}, ${row.minor}, ${row.state},
      ${cx.now})`.execute(cx.db);
}

/** Keeps an event for delivery at `dueAt`, and wakes the job that delivers. */
export async function keepEvent(cx: Cx, id: string, event: Omit<ProviderEvent, "id">, dueAt: Instant): Promise<void> {
  const body = JSON.stringify({ id, type: event.type, ref: event.ref });
  await sql`insert into sandbox.event (id, institution_id, type, body, due_at)
    values (${id}, ${cx.institution.id}, ${event.type}, ${body}, ${dueAt})`.execute(cx.db);
  wake(cx, "sandbox.deliver", {}, Temporal.Instant.compare(dueAt, cx.now) > 0 ? { runAt: dueAt } : {});
}
