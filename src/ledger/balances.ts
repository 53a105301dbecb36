import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import { assert } from "#kernel/assert.ts";
import { type Currency, isCurrency, type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { type AccountKind, type AccountRef, account } from "#ledger/chart.ts";
import type { Cx } from "#platform/tx.ts";

/** An account as it stands: `available` = `balance` − `held`. Credit-normal (see chart.ts). */
export type Balance = {
  readonly account: AccountRef;
  readonly balance: Money;
  readonly held: Money;
  readonly available: Money;
  readonly state: "active" | "frozen" | "closed";
};

/** The balance of one account; zeros when nothing ever touched it. */
export async function balanceOf(cx: Cx, ref: AccountRef, currency: Currency): Promise<Balance> {
  const row = await balanceRows(cx)
    .where("currency", "=", currency)
    .where("kind", "=", ref.kind)
    .where("owner", "=", ref.owner)
    .executeTakeFirst();
  if (row) return toBalance(row);
  const zero = money(0n, currency);
  return { account: ref, balance: zero, held: zero, available: zero, state: "active" };
}

/** The accounts of one kind together; of providers, each by itself under its name. Credit-normal (see chart.ts). */
export type Total = { readonly kind: AccountKind; readonly provider: string; readonly balance: Money };

/**
 * The balances of all accounts by currency and kind: they add up to zero in each currency. For an overview of the
 * books.
 */
export async function totals(cx: Cx): Promise<Total[]> {
  const { rows } = await sql<{ currency: string; kind: AccountKind; provider: string; minor: string }>`
    select currency, kind, case when kind = 'provider' then owner else '' end as provider, sum(balance)::text as minor
      from ledger.account where institution_id = ${cx.institution.id}
     group by 1, 2, 3 having sum(balance) <> 0 order by 1, 2, 3`.execute(cx.db);
  return rows.map(({ currency, kind, provider, minor }) => {
    assert(isCurrency(currency), `the ledger holds ${currency}`);
    return { kind, provider, balance: money(BigInt(minor), currency) };
  });
}

/**
 * What a customer overpaid and may use for the next payment: available of its account. A transaction of the customer
 * asks through a function that knows only its own.
 */
export async function customerCredit(cx: Cx, customer: CustomerId, currency: Currency): Promise<Money> {
  if (cx.principal.kind !== "customer") return (await balanceOf(cx, account.customer(customer), currency)).available;
  assert(cx.principal.customer === customer, "a customer asks for its own credit");
  const { rows } = await sql<{ minor: bigint }>`select ledger.customer_credit(${currency}) as minor`.execute(cx.db);
  return money(rows[0]?.minor ?? 0n, currency);
}

/** Opens an account that doesn't open on use (a wallet). Opening it again changes nothing. */
export async function openAccount(cx: Cx, ref: AccountRef, currency: Currency): Promise<void> {
  await sql`select ledger.open_account(${currency}, ${ref.kind}, ${ref.owner}, ${cx.now})`.execute(cx.db);
}

/**
 * Freezes (receives, does not send), unfreezes or closes an account. Throws `ledger.refused` when there is no such
 * account, it is closed already, or it is to be closed and not empty.
 */
export async function setAccountState(
  cx: Cx,
  ref: AccountRef,
  currency: Currency,
  state: Balance["state"],
): Promise<void> {
  const { rows } = await sql<{ changed: boolean }>`
    select ledger.set_account_state(${currency}, ${ref.kind}, ${ref.owner}, ${state}) as changed`.execute(cx.db);
  if (!rows[0]?.changed) {
    throw new Problem("ledger.refused", "The account is closed, not empty, or does not exist.");
  }
}

function balanceRows(cx: Cx) {
  return cx.db
    .selectFrom("ledger.account")
    .select(["currency", "kind", "owner", "balance", "held", "state"])
    .where("institution_id", "=", cx.institution.id);
}

type BalanceRow = Awaited<ReturnType<ReturnType<typeof balanceRows>["execute"]>>[number];

function toBalance(row: BalanceRow): Balance {
  assert(isCurrency(row.currency), `the ledger holds ${row.currency}`);
  return {
    account: { kind: row.kind as AccountKind, owner: row.owner },
    balance: money(row.balance, row.currency),
    held: money(row.held, row.currency),
    available: money(row.balance - row.held, row.currency),
    state: row.state,
  };
}
