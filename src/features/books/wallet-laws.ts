import { type RawBuilder, sql } from "kysely";
import { type CrossRow, differs } from "#features/books/cross-laws.ts";

/** What transfers, adjustments and payouts say is in wallets and what fees came to, against what the ledger says. */
export function walletLaws(institution: string): RawBuilder<CrossRow>[] {
  return [
    differs("wallets-money", walletMoney(institution), walletAccounts(institution, sql`balance`)),
    differs(
      "transfers-held",
      sql`select 'wallet:' || wallet_id as name, currency, sum(minor + fee_minor) as minor from app.transfer
           where institution_id = ${institution} and state in ('pending_approval', 'processing')
           group by wallet_id, currency`,
      walletAccounts(institution, sql`held`),
    ),
    transfersBooked(institution),
    differs(
      "fees-charged",
      sql`select 'income_fees' as name, currency, sum(minor) as minor from (
            select currency, surcharge_minor as minor from app.money_received where institution_id = ${institution}
            union all
            select currency, fee_minor from app.transfer
             where institution_id = ${institution} and state = 'completed') x group by currency`,
      sql`select id, kind as name, currency, balance as minor from ledger.account
           where institution_id = ${institution} and kind = 'income_fees'`,
    ),
  ];
}

const walletAccounts = (institution: string, column: RawBuilder<unknown>) => sql`
  select id, concat_ws(':', kind, owner) as name, currency, ${column} as minor from ledger.account
   where institution_id = ${institution} and kind = 'wallet'`;

/** Payouts and approved adjustments put money in; transfers that are over moved it, or came back to another wallet. */
function walletMoney(institution: string): RawBuilder<unknown> {
  return sql`select name, currency, sum(minor) as minor from (
      select 'wallet:' || wallet_id as name, currency, total_minor as minor from app.payout
       where institution_id = ${institution} and wallet_id is not null
      union all
      select 'wallet:' || wallet_id, currency, minor from app.wallet_adjustment
       where institution_id = ${institution} and state = 'approved'
      union all
      select 'wallet:' || wallet_id, currency, -(minor + fee_minor) from app.transfer
       where institution_id = ${institution} and (state = 'completed' or returned_to is not null)
      union all
      select 'wallet:' || returned_to, currency, minor + fee_minor from app.transfer
       where institution_id = ${institution} and returned_to is not null
      union all
      select 'wallet:' || to_wallet_id, currency, minor from app.transfer
       where institution_id = ${institution} and state = 'completed' and route = 'wallet') x
     group by name, currency`;
}

/** Held, then completed, arrived (and perhaps returned) or released: each step stands once, and no other does. */
function transfersBooked(institution: string): RawBuilder<CrossRow> {
  return sql<CrossRow>`
    with booked as (
      select split_part(j.key, ':', 2) as id, string_agg(split_part(j.key, ':', 3), ' ' order by j.id) as steps
        from ledger.journal j
       where j.institution_id = ${institution} and j.key ^@ 'transfer-step:' group by 1)
    select 'transfers-booked' as law, coalesce(t.currency, '') as currency,
           format('app.transfer %s', coalesce(t.id, b.id)) as row,
           format('%s, but the ledger has: %s', coalesce(t.state, 'not there'), coalesce(b.steps, 'nothing')) as detail
      from (select * from app.transfer where institution_id = ${institution}) t
      full join booked b on b.id = t.id
     where not coalesce(b.steps, '') = any (case
             when t.state in ('pending_approval', 'processing') then array['held']
             when t.state = 'completed' and t.route = 'wallet' then array['', 'held completed']
             when t.state = 'completed' then array['held arrived']
             when t.state = 'failed' then array['held released', 'held arrived returned']
             when t.state = 'cancelled' then array['held released'] else array[]::text[] end) limit 20`;
}
