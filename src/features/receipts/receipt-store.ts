import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { ReceiptSnapshot } from "./receipt.ts";

export type ReceiptId = Id<"rcp">;
export type ReceivedId = Id<"rcv">;

export type ReceivedRow = {
  readonly kind: ReceiptSnapshot["method"];
  readonly currency: string;
  readonly minor: bigint;
  readonly surcharge_minor: bigint;
  readonly reference: string;
  readonly payer_name: string;
  readonly method_label: string;
  readonly received_on: PlainDate;
  readonly customer_id: CustomerId | null;
  readonly customer_name: string | null;
  readonly customer_email: string | null;
  readonly customer_external_id: string | null;
};

/** The money that came in, with the customer it belongs to. */
export async function readReceived(cx: Cx, received: ReceivedId): Promise<ReceivedRow | undefined> {
  const { rows } = await sql<ReceivedRow>`
    select r.kind, r.currency, r.minor, r.surcharge_minor, r.reference, r.payer_name, r.method_label, r.received_on,
           r.customer_id, btrim(c.given_name || ' ' || c.family_name) as customer_name, c.email as customer_email,
           c.external_id as customer_external_id
      from app.money_received r
      left join app.customer c on c.institution_id = r.institution_id and c.id = r.customer_id
     where r.institution_id = ${cx.institution.id} and r.id = ${received}`.execute(cx.db);
  return rows[0];
}

export type AllocatedRow = {
  readonly payment_id: Id<"pay">;
  readonly item: string;
  readonly due_date: PlainDate;
  readonly minor: bigint;
  readonly owed: bigint;
};

/** What the money went to, oldest due first, and what each item still owes with all that was ever allocated to it. */
export async function readAllocated(cx: Cx, received: ReceivedId): Promise<readonly AllocatedRow[]> {
  const { rows } = await sql<AllocatedRow>`
    select p.id as payment_id, p.item, p.due_date, sum(a.minor)::bigint as minor,
           greatest(0, p.list_minor - coalesce(d.minor, 0) - (
             select sum(every.minor) from app.allocation every
              where every.institution_id = p.institution_id and every.payment_id = p.id
                and every.freed_at is null))::bigint as owed
      from app.allocation a
      join app.payment p on p.institution_id = a.institution_id and p.id = a.payment_id
      left join app.discount d on d.institution_id = p.institution_id and d.payment_id = p.id
     where a.institution_id = ${cx.institution.id} and a.received_id = ${received}
     group by p.institution_id, p.id, d.minor
     order by p.due_date, p.id`.execute(cx.db);
  return rows;
}

export async function nextReceiptNumber(cx: Cx): Promise<bigint> {
  const { rows } = await sql<{ number: bigint }>`select app.next_number('receipt', '') as number`.execute(cx.db);
  if (!rows[0]) throw new Error("no number was given");
  return rows[0].number;
}

export type ReceiptRow = {
  readonly id: ReceiptId;
  readonly customer_id: CustomerId;
  readonly snapshot: ReceiptSnapshot;
  readonly issued_at: Instant;
};

export async function insertReceipt(cx: Cx, row: ReceiptRow & { received: ReceivedId; number: bigint }): Promise<void> {
  await sql`insert into app.receipt (institution_id, id, number, received_id, customer_id, snapshot, issued_at)
    values (${cx.institution.id}, ${row.id}, ${row.number}, ${row.received}, ${row.customer_id},
      ${JSON.stringify(row.snapshot)}, ${row.issued_at})`.execute(cx.db);
  for (const line of row.snapshot.lines) {
    await sql`insert into app.receipt_payment (institution_id, receipt_id, payment_id)
      values (${cx.institution.id}, ${row.id}, ${line.payment})`.execute(cx.db);
  }
}

export async function receiptOfReceived(cx: Cx, received: ReceivedId): Promise<ReceiptRow | undefined> {
  const { rows } = await sql<ReceiptRow>`select id, customer_id, snapshot, issued_at from app.receipt
    where institution_id = ${cx.institution.id} and received_id = ${received}`.execute(cx.db);
  return rows[0];
}

export async function readReceiptRow(cx: Cx, id: string): Promise<ReceiptRow | undefined> {
  const { rows } = await sql<ReceiptRow>`select id, customer_id, snapshot, issued_at from app.receipt
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
  return rows[0];
}

/** Receipts that name one of these payments, with the payment; oldest first. */
export async function receiptsNaming(cx: Cx, payments: readonly string[]) {
  const { rows } = await sql<ReceiptRow & { payment_id: string }>`
    select rp.payment_id, r.id, r.customer_id, r.snapshot, r.issued_at
      from app.receipt_payment rp
      join app.receipt r on r.institution_id = rp.institution_id and r.id = rp.receipt_id
     where rp.institution_id = ${cx.institution.id} and rp.payment_id = any(${payments})
     order by r.number`.execute(cx.db);
  return rows;
}

export async function receiptsOfCustomer(cx: Cx, customer: string, limit: number): Promise<readonly ReceiptRow[]> {
  const { rows } = await sql<ReceiptRow>`select id, customer_id, snapshot, issued_at from app.receipt
    where institution_id = ${cx.institution.id} and customer_id = ${customer}
    order by number desc limit ${limit}`.execute(cx.db);
  return rows;
}

export async function customerLanguageOf(cx: Cx, customer: CustomerId): Promise<string> {
  const { rows } = await sql<{ language: string }>`select language from app.customer
    where institution_id = ${cx.institution.id} and id = ${customer}`.execute(cx.db);
  return rows[0]?.language ?? cx.institution.locale;
}
