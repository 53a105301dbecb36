import { sql } from "kysely";
import { expect } from "vitest";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { computeShare } from "#features/payments/compute-shares.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import { proveLedger } from "#ledger/proof.ts";
import { sandboxOf } from "#providers/providers.ts";
import type { Sandbox } from "#providers/sandbox/sandbox.ts";
import type { TestHouse } from "./house.ts";

export type Owed = {
  readonly list: bigint;
  readonly discount?: bigint;
  readonly shareBps?: number;
  readonly due?: string;
  readonly currency?: Currency;
  readonly allowPart?: boolean;
  readonly item?: string;
};

export type MoneyWorld = Awaited<ReturnType<typeof moneyWorld>>;

/** An institution with a partner, and hands to make customers who owe. */
export async function moneyWorld(h: TestHouse, given?: InstitutionId) {
  const institution = given ?? (await h.institution());
  const partner = newId("prt", h.clock.now(), h.random);
  const at = () => h.clock.now().toString();
  await h.admin.query(
    `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps, commission_tax,
       created_at, updated_at) values ($1, $2, 'Meridian', 'agent', 'Meridian Pty Ltd', 'AUD', 1000,
         'exclusive', $3, $3)`,
    [institution, partner, at()],
  );
  const customer = async (name = "Aiko"): Promise<CustomerId> => {
    const id = newId("cus", h.clock.now(), h.random);
    await h.admin.query(
      `insert into app.customer (institution_id, id, given_name, family_name, email, created_at, updated_at)
       values ($1, $2, $3, 'Tanaka', $4, $5, $5)`,
      [institution, id, name, `${id.slice(-8)}@students.example`, at()],
    );
    return id;
  };
  const payment = async (who: CustomerId, owed: Owed): Promise<PaymentId> => {
    const id = newId("pay", h.clock.now(), h.random);
    const { list, discount = 0n, shareBps = 0, currency = "AUD" } = owed;
    await h.admin.query(
      `insert into app.payment (institution_id, id, customer_id, item, list_minor, currency, due_date,
        allow_part, created_at,
         updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
      [
        institution,
        id,
        who,
        owed.item ?? "Tuition",
        list,
        currency,
        owed.due ?? "2026-12-05",
        owed.allowPart ?? false,
        at(),
      ],
    );
    if (discount > 0n) {
      await h.admin.query(
        `insert into app.discount (institution_id, payment_id, minor, given_by, created_at) values ($1, $2, $3,
          'test', $4)`,
        [institution, id, discount, at()],
      );
    }
    if (shareBps > 0) await addShare(h, institution, partner, id, money(list, currency), shareBps);
    return id;
  };
  return { institution, partner, customer, payment, sandbox: sandboxOf(h.house.providers) as Sandbox };
}

async function addShare(
  h: TestHouse,
  institution: InstitutionId,
  partner: string,
  payment: PaymentId,
  list: { minor: bigint; currency: Currency },
  rateBps: number,
): Promise<void> {
  const { net, tax } = computeShare(list, { rateBps, taxMode: "exclusive", taxBps: 1_000 });
  await h.admin.query(
    `insert into app.share (institution_id, id, payment_id, partnership_id, rate_bps, tax_mode, tax_bps,
      net_minor, tax_minor,
       created_at) values ($1, $2, $3, $4, $5, 'exclusive', 1000, $6, $7, $8)`,
    [
      institution,
      newId("shr", h.clock.now(), h.random),
      payment,
      partner,
      rateBps,
      net.minor,
      tax.minor,
      h.clock.now().toString(),
    ],
  );
}

/** One payment as the database has it. */
export async function paymentRow(h: TestHouse, id: PaymentId) {
  const { rows } = await h.admin.query<{
    state: string;
    paid_minor: bigint;
    refunded_list_minor: bigint;
    refunded_cash_minor: bigint;
  }>("select state, paid_minor, refunded_list_minor, refunded_cash_minor from app.payment where id = $1", [id]);
  return rows[0];
}

export async function count(
  h: TestHouse,
  table: string,
  where: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const { rows } = await h.admin.query<{ count: bigint }>(`select count(*) from ${table} where ${where}`, [...values]);
  return Number(rows[0]?.count ?? 0n);
}

/** Free credit of a customer, in minor units. */
export async function freeCredit(h: TestHouse, customer: CustomerId, currency = "AUD"): Promise<bigint> {
  const { rows } = await h.admin.query<{ free: bigint }>(
    "select balance - held as free from ledger.account where kind = 'customer' and owner = $1 and currency = $2",
    [customer, currency],
  );
  return rows[0]?.free ?? 0n;
}

/**
 * Every law of the ledger, and what ties our own tables to it: what is held is what arrived less what went back, what
 * is paid is what was allocated, nothing is above its price, free credit is what was allocated nowhere.
 */
export async function expectBooksInOrder(h: TestHouse, institution: InstitutionId): Promise<void> {
  const proof = await h.system(institution, proveLedger);
  expect(proof.broken).toEqual([]);
  const broken = await h.system(institution, async (cx) => {
    const { rows } = await sql<{ law: string; about: string }>`
      select 'held = arrived − refunded' as law, currency as about from (
        select currency, sum(minor + surcharge_minor) as total from app.money_received
         where institution_id = ${institution} group by currency) arrived
       full join (select currency, -sum(balance) as held from ledger.account
         where institution_id = ${institution} and kind in ('provider', 'bank') group by currency) held using (currency)
       full join (select currency, sum(cash_minor) as back from app.refund
         where institution_id = ${institution} and state = 'succeeded' group by currency) gone using (currency)
       where coalesce(total, 0) - coalesce(back, 0) <> coalesce(held, 0)
      union all
      select 'paid = Σ allocations', p.id from app.payment p
       where p.institution_id = ${institution} and p.paid_minor <> coalesce((select sum(a.minor) from app.allocation a
         where a.institution_id = p.institution_id and a.payment_id = p.id and a.freed_at is null), 0)
      union all
      select 'never above the price', p.id from app.payment p
        left join app.discount d on d.institution_id = p.institution_id and d.payment_id = p.id
       where p.institution_id = ${institution} and (p.paid_minor > p.list_minor - coalesce(d.minor, 0)
          or p.refunded_cash_minor > p.paid_minor or p.refunded_list_minor > p.list_minor)
      union all
      select 'paid in full = paid', p.id from app.payment p
        left join app.discount d on d.institution_id = p.institution_id and d.payment_id = p.id
       where p.institution_id = ${institution}
         and (p.paid_minor = p.list_minor - coalesce(d.minor, 0)) <> (p.state in ('paid', 'partially_refunded',
           'refunded'))
      union all
      select 'shares are earned with the payment', s.id from app.share s
        join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
       where p.institution_id = ${institution}
         and (s.state = 'agreed') <> (p.state in ('open', 'partially_paid', 'draft', 'cancelled'))
      union all
      select 'a customer''s balance = arrived − used for paid payments', a.owner from ledger.account a
       where a.institution_id = ${institution} and a.kind = 'customer' and a.balance <>
         coalesce((select sum(r.minor) from app.money_received r where r.institution_id = a.institution_id
            and r.customer_id = a.owner and r.currency = a.currency), 0)
         - coalesce((select sum(p.paid_minor) from app.payment p where p.institution_id = a.institution_id
            and p.customer_id = a.owner and p.currency = a.currency
            and p.state in ('paid', 'partially_refunded', 'refunded')), 0)
      union all
      select 'held = part money', a.owner from ledger.account a
       where a.institution_id = ${institution} and a.kind = 'customer' and a.held <>
         coalesce((select sum(p.paid_minor) from app.payment p where p.institution_id = a.institution_id
            and p.customer_id = a.owner and p.currency = a.currency and p.state = 'partially_paid'), 0)
      union all
      select 'every matched money has one receipt', r.id from app.money_received r
       where r.institution_id = ${institution} and r.state = 'matched'
         and (select count(*) from app.receipt c where c.institution_id = r.institution_id
           and c.received_id = r.id) <> 1
      union all
      select 'receipt numbers have no gap', ${institution}::text
       where (select coalesce(max(number),
         0) - count(*) from app.receipt where institution_id = ${institution}) <> 0`.execute(cx.db);
    return rows;
  });
  expect(broken).toEqual([]);
}
