import { sql } from "kysely";
import type { Customer, CustomerId } from "#access/principal.ts";
import type { Currency, Money } from "#kernel/money.ts";
import { money } from "#kernel/money.ts";
import { customerCredit } from "#ledger/balances.ts";
import type { Ahead, Cx } from "#platform/tx.ts";

/** What a customer overpaid, promised to a payment or not, in the institution's currencies; zeros are left out. */
export async function creditOf(cx: Cx, customer: CustomerId): Promise<Money[]> {
  const found = await Promise.all(cx.institution.currencies.map((currency) => customerCredit(cx, customer, currency)));
  return found.filter((free) => free.minor > 0n);
}

/**
 * Whether attempt `a` still has a claim on the credit that it was promised: it is open, the credit has not gone along
 * with its first money, and a payment of its checkout can still take some. What is paid or cancelled never owes again,
 * so no credit is promised to two attempts that can both use it.
 */
const hasClaim = sql`a.state in ('pending', 'requires_action', 'processing') and a.credit_minor > 0
  and exists (select from app.checkout_item i
    join app.payment p on p.institution_id = i.institution_id and p.id = i.payment_id
    where i.institution_id = a.institution_id and i.checkout_id = a.checkout_id
      and p.state in ('open', 'partially_paid'))
  and not exists (select from app.money_received r where r.institution_id = a.institution_id
    and r.customer_id = a.customer_id and r.attempt_id = a.id)`;

/**
 * The credit that the customer whose transaction this is can pay with now, less what attempts under way have been
 * promised, in the institution's currencies; zeros are left out. Asked before it is known who asks.
 */
export async function ownCredit(cx: Ahead, who: Promise<Pick<Cx<Customer>, "institution">>): Promise<Money[]> {
  const asked = sql<{ currency: Currency; minor: bigint }>`select c.currency, (c.minor - coalesce((
      select sum(a.credit_minor) from app.payment_attempt a
       where a.customer_id = app.customer_id() and a.currency = c.currency and ${hasClaim}), 0))::bigint as minor
    from ledger.own_credit() c`.execute(cx.db);
  const [{ rows }, { institution }] = await Promise.all([asked, who]);
  return institution.currencies.flatMap((currency) => {
    const row = rows.find((one) => one.currency === currency);
    return row && row.minor > 0n ? [money(row.minor, currency)] : [];
  });
}

/**
 * Free credit of one currency less what attempts under way have been promised already (`except` leaves one of them
 * out). Never below zero.
 */
export async function creditOnOffer(cx: Cx, customer: CustomerId, currency: Currency, except = ""): Promise<Money> {
  const free = await customerCredit(cx, customer, currency);
  const { rows } = await sql<{ promised: bigint }>`select coalesce(sum(a.credit_minor), 0)::bigint as promised
    from app.payment_attempt a where a.institution_id = ${cx.institution.id} and a.customer_id = ${customer}
     and a.currency = ${currency} and a.id <> ${except} and ${hasClaim}`.execute(cx.db);
  const left = free.minor - (rows[0]?.promised ?? 0n);
  return money(left > 0n ? left : 0n, currency);
}
