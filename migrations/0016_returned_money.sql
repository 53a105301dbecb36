-- Money that a bank sends back after the wallet it had left was closed goes to another wallet of its partner.

alter table app.transfer add column returned_to text collate "C" check (returned_to is null or returned_at is not null),
  add foreign key (institution_id, returned_to) references app.wallet (institution_id, id);
create index transfer_returned_to on app.transfer (institution_id, partnership_id, returned_to, id) where returned_to is not null;
grant update (returned_to) on app.transfer to {{worker}};
grant select (returned_to) on app.transfer to {{partner}}, {{partner_write}};

create or replace view partner.transfer with (security_invoker = true) as
  select id, ref, wallet_id, route, to_wallet_id, to_number, to_name, currency, minor, fee_minor, reference, state, failure_reason,
         failure_note, requested_by_name, decided_at, prepared_at, created_at, sent_at, completed_at, failed_at, cancelled_at,
         returned_at, returned_to
    from app.transfer;

-- The ledger entries of one transfer of the partner that asks: of its own wallets, and of nobody else's.
create or replace function partner.entries_of_transfer(p_transfer text)
returns table (wallet_id text, kind text, at timestamptz, minor bigint, after_minor bigint, seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select w.id, t.kind, t.created_at, case when t.debit_id = a.id then -t.amount else t.amount end,
         case when t.debit_id = a.id then t.debit_after else t.credit_after end,
         case when t.debit_id = a.id then t.debit_seq else t.credit_seq end
    from app.transfer x
    join app.wallet w on w.institution_id = x.institution_id and w.partnership_id = x.partnership_id
     and w.id in (x.wallet_id, x.to_wallet_id, x.returned_to)
    join ledger.account a on a.institution_id = w.institution_id and a.kind = 'wallet' and a.owner = w.id and a.currency = w.currency
    join lateral (
           select l.* from ledger.transfer l where l.institution_id = x.institution_id and l.key = 'transfer:' || x.id
           union all
           select l.* from ledger.journal j
             join ledger.transfer l on l.institution_id = j.institution_id and l.journal_id = j.id and l.key is null
            where j.institution_id = x.institution_id and j.reference = x.id) t on a.id in (t.debit_id, t.credit_id)
   where x.institution_id = app.institution_id() and x.partnership_id = app.partnership_id() and x.id = p_transfer
   order by 3, 1, 6
$$;
