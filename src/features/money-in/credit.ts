import { sql } from "kysely";
import type { Customer, CustomerId } from "#access/principal.ts";
import type { Currency, Money } from "#kernel/money.ts";
import { money } from "#kernel/money.ts";
import { customerCredit } from "#ledger/balances.ts";
import type { Ahead, Cx } from "#platform/tx.ts";

/**
 * What a customer overpaid and may use, per currency of the institution; zeros are left out. Customers ask for their
 * own.
 */
export async function creditOf(cx: Cx, customer: CustomerId): Promise<Money[]> {
  const { currencies } = cx.institution;
  const found =
    cx.principal.kind === "customer"
      ? await creditIn(cx, currencies)
      : await Promise.all(currencies.map((currency) => customerCredit(cx, customer, currency)));
  return found.filter((free) => free.minor > 0n);
}

async function creditIn(cx: Cx, currencies: readonly Currency[]): Promise<Money[]> {
  const { rows } = await sql<{ currency: Currency; minor: bigint }>`
    select c.currency, ledger.customer_credit(c.currency) as minor
      from unnest(${currencies}::text[]) as c (currency)`.execute(cx.db);
  return rows.map((row) => money(row.minor, row.currency));
}

/**
 * The credit of the customer whose transaction this is, in the institution's currencies; zeros are left out. Asked
 * before it is known who asks.
 */
export async function ownCredit(cx: Ahead, who: Promise<Pick<Cx<Customer>, "institution">>): Promise<Money[]> {
  const asked = sql<{ currency: Currency; minor: bigint }>`select currency, minor from ledger.own_credit()`.execute(
    cx.db,
  );
  const [{ rows }, { institution }] = await Promise.all([asked, who]);
  return institution.currencies.flatMap((currency) => {
    const row = rows.find((one) => one.currency === currency);
    return row ? [money(row.minor, currency)] : [];
  });
}

/**
 * Free credit of one currency less what attempts under way have been promised already (`except` leaves one of them
 * out). Never below zero.
 */
export async function creditOnOffer(cx: Cx, customer: CustomerId, currency: Currency, except = ""): Promise<Money> {
  const free = await customerCredit(cx, customer, currency);
  const { rows } = await sql<{ promised: bigint }>`select coalesce(sum(credit_minor), 0)::bigint as promised
    from app.payment_attempt where institution_id = ${cx.institution.id} and customer_id = ${customer}
     and currency = ${currency} and id <> ${except} and state in ('pending', 'requires_action', 'processing')`.execute(
    cx.db,
  );
  const left = free.minor - (rows[0]?.promised ?? 0n);
  return money(left > 0n ? left : 0n, currency);
}
