-- What partners read of payout lines that are no share: which credit note or money a credit comes from, and its entries (P6, X2).

grant select (credit_of) on app.payout_line to {{partner}}, {{partner_write}};
create or replace view partner.payout_line with (security_invoker = true) as
  select payout_id, position, kind, share_id, reversal_id, invoice_id, currency, net_minor, tax_minor, created_at, credit_of
    from app.payout_line;

-- Lists of payouts tell what was netted and credited from what was earned. Such lines are few: they are read by this index alone.
create index payout_line_not_earned on app.payout_line (institution_id, payout_id) where kind in ('netting', 'credit');

-- What money of a partner was put on.
create index invoice_allocation_by_received on app.invoice_allocation (institution_id, received_id) where received_id is not null;

-- Below which amount a payout is carried over to the next one.
grant select (institution_id, currency, minimum_minor) on app.payout_limit to {{partner}}, {{partner_write}};
create policy partner_own on app.payout_limit for select to {{partner}}, {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')));
create view partner.payout_limit with (security_invoker = true) as select currency, minimum_minor from app.payout_limit;
grant select on partner.payout_limit to {{partner}}, {{partner_write}};

-- The entries behind a credit or what was netted: those on the partner's own account, and no others.
create function partner.entries_of_line(p_payout text, p_position integer)
returns table (kind text, at timestamptz, debit_minor bigint, credit_minor bigint, after_minor bigint, seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.kind, t.created_at,
         case when t.debit_id = a.id then t.amount else 0 end, case when t.credit_id = a.id then t.amount else 0 end,
         case when t.debit_id = a.id then t.debit_after else t.credit_after end,
         case when t.debit_id = a.id then t.debit_seq else t.credit_seq end
    from app.payout_line l
    join ledger.account a on a.institution_id = l.institution_id and a.kind = 'partner' and a.owner = l.partnership_id
     and a.currency = l.currency
    join lateral (
           select p.prefix || l.credit_of as key
             from unnest(array['credited:', 'received:', 'matched:']) p (prefix) where l.kind = 'credit'
           union all
           select 'invoice-paid:' || i.id from app.invoice_allocation i
            where l.kind = 'credit' and i.institution_id = l.institution_id and i.received_id = l.credit_of
           union all
           select 'invoice-paid:' || i.id from app.invoice_allocation i
            where l.kind = 'netting' and i.institution_id = l.institution_id and i.invoice_id = l.invoice_id
              and i.payout_id = l.payout_id) k on true
    join ledger.journal j on j.institution_id = l.institution_id and j.key = k.key
    join ledger.transfer t on t.institution_id = j.institution_id and t.journal_id = j.id and a.id in (t.debit_id, t.credit_id)
   where l.institution_id = app.institution_id() and l.partnership_id = app.partnership_id() and l.payout_id = p_payout
     and l.position = p_position
   order by 6
$$;
revoke execute on function partner.entries_of_line(text, integer) from public;
grant execute on function partner.entries_of_line(text, integer) to {{partner}}, {{partner_write}};
