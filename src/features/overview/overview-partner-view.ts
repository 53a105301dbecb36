import { sql } from "kysely";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** An invoice raised on the partner that is not paid in full. */
export type OwedInvoice = {
  readonly number: bigint;
  readonly dueDate: PlainDate | undefined;
  readonly total: Money;
  readonly owed: Money;
};

/** What the partner owes, the nearest due date first. */
export async function owedInvoices(cx: Cx): Promise<OwedInvoice[]> {
  const { rows } = await sql<{
    number: bigint;
    currency: string;
    due_date: PlainDate | null;
    total_minor: bigint;
    owed: bigint;
  }>`select number, currency, due_date, total_minor, total_minor - paid_minor - credited_minor + returned_minor as owed
      from partner.invoice where kind = 'invoice' and state in ('issued', 'partially_paid')
     order by due_date, number limit 200`.execute(cx.db);
  return rows.map((row) => ({
    number: row.number,
    dueDate: row.due_date ?? undefined,
    total: money(row.total_minor, row.currency as Currency),
    owed: money(row.owed, row.currency as Currency),
  }));
}

/** What waits for the partner beside payouts and invoices. */
export type Waiting = {
  /** Currencies whose newest bank details were not accepted, with no account in use either. */
  readonly rejected: readonly { readonly currency: string; readonly why: string }[];
  readonly selfBilling: boolean;
};

export async function partnerWaiting(cx: Cx): Promise<Waiting> {
  const [rejected, proposed] = await Promise.all([
    sql<{ currency: string; state: string; why: string }>`
      select distinct on (currency) currency, state, rejected_why as why from partner.bank_account
       order by currency, created_at desc, id desc`.execute(cx.db),
    sql`select from partner.self_billing_agreement where state = 'proposed'`.execute(cx.db),
  ]);
  return {
    rejected: rejected.rows.filter((row) => row.state === "rejected").map(({ currency, why }) => ({ currency, why })),
    selfBilling: proposed.rows.length > 0,
  };
}
