import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type {
  GivenDiscount,
  Payment,
  PaymentId,
  PaymentState,
  PlanId,
  ShownPayment,
} from "#features/payments/payment.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Ahead, Cx } from "#platform/tx.ts";

export type PaymentRecord = {
  id: string;
  external_id: string | null;
  customer_id: string;
  plan_id: string | null;
  item: string;
  note: string;
  list_minor: bigint;
  currency: string;
  due_date: PlainDate;
  state: string;
  allow_part: boolean;
  paid_minor: bigint;
  refunded_list_minor: bigint;
  refunded_cash_minor: bigint;
  paid_at: Instant | null;
  cancelled_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
  discount_minor: bigint;
  in_process: boolean;
};

/**
 * Whether an attempt to pay the payment `p` is in processing. The inner query does not look at `p`, so that it runs
 * once a statement and not once a row: attempts in processing are few where payments are many.
 */
export const inProcess = sql<boolean>`p.id in (select i.payment_id from app.payment_attempt a
  join app.checkout_item i on i.institution_id = a.institution_id and i.checkout_id = a.checkout_id
  where a.state = 'processing')`;

const withDiscount = sql`left join app.discount d on d.institution_id = p.institution_id and d.payment_id = p.id`;

/**
 * Rows to look for by the hundred. Joined, not `= any(…)`: with a long list the planner then looks each one up by its
 * index, where it would otherwise walk through all rows of the institution.
 */
const wanted = (keys: readonly string[]) => sql`unnest(${[...new Set(keys)]}::text[]) as wanted (key)`;

/** What `paymentOf` reads, of `app.payment p left join app.discount d`. */
export const paymentColumns = sql`p.id, p.external_id, p.customer_id, p.plan_id, p.item, p.note, p.list_minor,
  p.currency, p.due_date, p.state, p.allow_part, p.paid_minor, p.refunded_list_minor, p.refunded_cash_minor,
  p.paid_at, p.cancelled_at, p.created_at, p.updated_at, coalesce(d.minor, 0) as discount_minor,
  case when p.state in ('open', 'partially_paid') then ${inProcess} else false end as in_process`;

export const paymentTables = sql`app.payment p ${withDiscount}`;

/** The payment of a row. */
export function paymentOf(row: PaymentRecord): Payment {
  const currency = row.currency as Currency;
  return {
    id: row.id as PaymentId,
    externalId: row.external_id ?? undefined,
    customerId: row.customer_id as CustomerId,
    planId: (row.plan_id ?? undefined) as PlanId | undefined,
    item: row.item,
    note: row.note,
    list: money(row.list_minor, currency),
    discount: money(row.discount_minor, currency),
    paid: money(row.paid_minor, currency),
    refundedList: money(row.refunded_list_minor, currency),
    refundedCash: money(row.refunded_cash_minor, currency),
    dueDate: row.due_date,
    state: row.state as PaymentState,
    allowPart: row.allow_part,
    inProcess: row.in_process,
    paidAt: row.paid_at ?? undefined,
    cancelledAt: row.cancelled_at ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/**
 * Payments by id, in id order. With `lock` the rows are locked in that order first, so that two never wait on each
 * other.
 */
export async function selectPayments(cx: Cx, ids: readonly string[], lock: boolean): Promise<Payment[]> {
  if (ids.length === 0) return [];
  if (lock) await lockRows(cx, ids);
  const { rows } = await sql<PaymentRecord>`select ${paymentColumns}
    from ${wanted(ids)} join app.payment p on p.id = wanted.key ${withDiscount} order by p.id`.execute(cx.db);
  return rows.map(paymentOf);
}

// A statement of its own: what is read after it is read with the rows already ours.
async function lockRows(cx: Cx, ids: readonly string[]): Promise<void> {
  await sql`select from ${wanted(ids)} join app.payment p on p.id = wanted.key
    order by p.id for no key update of p`.execute(cx.db);
}

/** Payments by the institution's own references, locked until commit, in id order. */
export async function lockByExternalIds(cx: Cx, references: readonly string[]): Promise<Payment[]> {
  const { rows } = await sql<{ id: string }>`
    select p.id from ${wanted(references)} join app.payment p on p.external_id = wanted.key
     order by p.id for no key update of p`.execute(cx.db);
  return await selectPayments(
    cx,
    rows.map((row) => row.id),
    false,
  );
}

/** Payments of a customer, oldest due first; `owing` leaves out what is settled. */
export async function selectOfCustomer(cx: Cx, customer: string, owing: boolean): Promise<Payment[]> {
  const { rows } = await sql<PaymentRecord>`select ${paymentColumns} from ${paymentTables}
    where p.customer_id = ${customer} ${owing ? sql`and p.state in ('open', 'partially_paid')` : sql``}
    order by p.due_date, p.id limit 2000`.execute(cx.db);
  return rows.map(paymentOf);
}

/** A payment for its customer's own lists, but for what its attempts say of it. */
export type ListedForCustomer = Omit<ShownPayment, "inProcess"> & { readonly planName: string | undefined };

type ListedRecord = Pick<
  PaymentRecord,
  | "id"
  | "plan_id"
  | "item"
  | "list_minor"
  | "currency"
  | "due_date"
  | "state"
  | "paid_minor"
  | "refunded_cash_minor"
  | "paid_at"
> & { discount_minor: bigint | null; plan_name: string | null };

/**
 * What the customer whose transaction this is was asked to pay, oldest due first, without drafts. It reads what the
 * lists show and no more: they are opened more than any other page.
 */
export async function selectListed(cx: Ahead): Promise<ListedForCustomer[]> {
  const { rows } = await sql<ListedRecord>`select p.id, p.plan_id, p.item, p.list_minor, p.currency, p.due_date,
      p.state, p.paid_minor, p.refunded_cash_minor, p.paid_at, d.minor as discount_minor,
      case when p.plan_id is not null then (select l.name from app.payment_plan l
        where l.institution_id = p.institution_id and l.id = p.plan_id) end as plan_name
    from ${paymentTables} where p.customer_id = app.customer_id() and p.state <> 'draft'
    order by p.due_date, p.id limit 2000`.execute(cx.db);
  return rows.map((row) => {
    const currency = row.currency as Currency;
    return {
      id: row.id as PaymentId,
      planId: (row.plan_id ?? undefined) as PlanId | undefined,
      planName: row.plan_name ?? undefined,
      item: row.item,
      list: money(row.list_minor, currency),
      discount: money(row.discount_minor ?? 0n, currency),
      paid: money(row.paid_minor, currency),
      refundedCash: money(row.refunded_cash_minor, currency),
      dueDate: row.due_date,
      state: row.state as PaymentState,
      paidAt: row.paid_at ?? undefined,
    };
  });
}

const recordset = sql`(id text, external_id text, customer_id text, plan_id text, item text, note text,
  list_minor bigint, currency text, due_date date, state text, allow_part boolean, cancelled_at timestamptz)`;

function toRecords(payments: readonly Payment[]): string {
  return JSON.stringify(
    payments.map((one) => ({
      id: one.id,
      external_id: one.externalId ?? null,
      customer_id: one.customerId,
      plan_id: one.planId ?? null,
      item: one.item,
      note: one.note,
      list_minor: one.list.minor.toString(),
      currency: one.list.currency,
      due_date: one.dueDate.toString(),
      state: one.state,
      allow_part: one.allowPart,
      cancelled_at: one.cancelledAt?.toString() ?? null,
    })),
  );
}

/** Inserts many with one statement (discounts and shares apart); answers the ids that were new. */
export async function insertPayments(cx: Cx, payments: readonly Payment[]): Promise<ReadonlySet<string>> {
  if (payments.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    insert into app.payment (institution_id, id, external_id, customer_id, plan_id, item, note, list_minor, currency,
      due_date, state, allow_part, cancelled_at, created_at, updated_at)
    select app.institution_id(), r.*, ${cx.now}::timestamptz, ${cx.now}::timestamptz
      from jsonb_to_recordset(${toRecords(payments)}::jsonb) as r ${recordset}
    on conflict (institution_id, id) do nothing returning id`.execute(cx.db);
  return new Set(rows.map((row) => row.id));
}

/** Writes what staff may change of many with one statement: never what was paid. */
export async function updatePayments(cx: Cx, payments: readonly Payment[]): Promise<void> {
  if (payments.length === 0) return;
  await sql`update app.payment p
      set item = r.item, note = r.note, list_minor = r.list_minor, currency = r.currency, due_date = r.due_date,
        state = r.state, allow_part = r.allow_part, cancelled_at = r.cancelled_at, updated_at = ${cx.now}
     from jsonb_to_recordset(${toRecords(payments)}::jsonb) as r ${recordset}
    where p.id = r.id`.execute(cx.db);
}

/** A discount as it is to be; zero takes it away. */
export type DiscountRow = {
  readonly id: PaymentId;
  readonly discount: Money;
  readonly reason: string;
  readonly givenBy: string;
};

/** Writes the discounts of many: one statement for those to keep, one for those to take away. */
export async function saveDiscounts(cx: Cx, rows: readonly DiscountRow[]): Promise<void> {
  const gone = rows.filter((row) => row.discount.minor === 0n).map((row) => row.id);
  const kept = rows.filter((row) => row.discount.minor > 0n);
  if (gone.length > 0) await sql`delete from app.discount where payment_id = any(${gone}::text[])`.execute(cx.db);
  if (kept.length === 0) return;
  await sql`insert into app.discount (institution_id, payment_id, minor, reason, given_by, created_at)
    select app.institution_id(), r.id, r.minor, r.reason, r.given_by, ${cx.now}::timestamptz
      from unnest(${kept.map((row) => row.id)}::text[], ${kept.map((row) => row.discount.minor.toString())}::bigint[],
                  ${kept.map((row) => row.reason)}::text[], ${kept.map((row) => row.givenBy)}::text[])
                  as r (id, minor, reason, given_by)
    on conflict (institution_id, payment_id)
    do update set minor = excluded.minor, reason = excluded.reason, given_by = excluded.given_by,
      created_at = excluded.created_at`.execute(cx.db);
}

export type PaidRow = { readonly id: PaymentId; readonly paid: Money; readonly full: boolean };

/** Writes what has been paid of many with one statement. */
export async function updatePaid(cx: Cx, rows: readonly PaidRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`update app.payment p
      set paid_minor = r.paid, updated_at = ${cx.now},
          state = case when r.full_ then 'paid' when r.paid > 0 then 'partially_paid' else 'open' end,
          paid_at = case when r.full_ then ${cx.now}::timestamptz end
     from unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.paid.minor.toString())}::bigint[],
                 ${rows.map((row) => row.full)}::boolean[]) as r (id, paid, full_)
    where p.id = r.id`.execute(cx.db);
}

/** Adds a refund to what was refunded of a payment. */
export async function addRefund(cx: Cx, id: PaymentId, list: Money, cash: Money): Promise<void> {
  await sql`update app.payment
      set refunded_list_minor = refunded_list_minor + ${list.minor},
        refunded_cash_minor = refunded_cash_minor + ${cash.minor},
          state = case when refunded_list_minor + ${list.minor} = list_minor then 'refunded'
            else 'partially_refunded' end,
          updated_at = ${cx.now}
    where id = ${id}`.execute(cx.db);
}

/** Creates the plan that instalments belong to; false when this id is there already. */
export async function insertPlan(cx: Cx, id: PlanId, customer: string, name: string): Promise<boolean> {
  const { rows } = await sql`insert into app.payment_plan (institution_id, id, customer_id, name, created_at)
    values (app.institution_id(), ${id}, ${customer}, ${name}, ${cx.now})
    on conflict (institution_id, id) do nothing returning id`.execute(cx.db);
  return rows.length > 0;
}

/** The discount's reason and who gave it; undefined without a discount. */
export async function selectDiscount(cx: Cx, id: string): Promise<GivenDiscount | undefined> {
  const { rows } = await sql<{ reason: string; given_by: string; given_at: Instant }>`
    select d.reason, coalesce(m.name, d.given_by) as given_by, d.created_at as given_at
      from app.discount d
      left join app.staff_member m on m.institution_id = d.institution_id and m.id = d.given_by
     where d.payment_id = ${id}`.execute(cx.db);
  return rows[0] && { reason: rows[0].reason, givenBy: rows[0].given_by, givenAt: rows[0].given_at };
}

/** Whether another payment has this reference. */
export async function isReferenceTaken(cx: Cx, reference: string, except: string): Promise<boolean> {
  const { rows } = await sql`select from app.payment where external_id = ${reference} and id <> ${except}`.execute(
    cx.db,
  );
  return rows.length > 0;
}

/** Until commit nobody else passes with the same key. */
export async function lockForm(cx: Cx, key: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`form:${cx.institution.id}:${key}`}, 0))`.execute(cx.db);
}
