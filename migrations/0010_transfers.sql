-- Transfers that members confirm (W5, W6): one call and one commit for many of them, and the lists they are found in.

-- What the member saw of where it goes: the number of the wallet or the last four digits of the bank account, and its holder, masked
-- where that is somebody else, or the bank. A quote is used once: `transfer_ref` says by which transfer.
alter table app.transfer_quote
  add column to_number text collate "C" not null default '' check (length(to_number) <= 20),
  add column to_name text not null default '' check (length(to_name) <= 300),
  add column transfer_ref text collate "C";
alter table app.transfer
  add column to_number text collate "C" not null default '' check (length(to_number) <= 20),
  add column to_name text not null default '' check (length(to_name) <= 300),
  -- Most transfers have no far side at all.
  drop constraint transfer_institution_id_provider_provider_ref_key;
create unique index transfer_provider_ref on app.transfer (institution_id, provider, provider_ref) where provider_ref is not null;
create index transfer_quote_over on app.transfer_quote (institution_id, expires_at);

-- Ids are made from the moment of confirming, so each of these is in the order of time, and a range of days is a range of ids.
create index transfer_of_partner on app.transfer (institution_id, partnership_id, id);
create index transfer_of_wallet on app.transfer (institution_id, wallet_id, id);
create index transfer_to_number on app.transfer (institution_id, partnership_id, to_number, id);
create index transfer_of_amount on app.transfer (institution_id, partnership_id, minor, id);
create index transfer_not_completed on app.transfer (institution_id, partnership_id, state, id) where state <> 'completed';
create index transfer_to_bank on app.transfer (institution_id, partnership_id, id) where route = 'bank';

-- Confirming -------------------------------------------------------------------------------------------------------------

-- One confirmation that was asked for, with everything that is known of it. `status` is ready, or why not: replayed, key_reused,
-- quote_used (each with id and ref of the transfer that is there), unknown_quote, expired, not_allowed, frozen, closed, to_closed,
-- bank_gone; repeat: the same key or quote stands before it in this call, so ask again once that is done.
create type app.confirmation as (
  item integer, status text, institution_id text, partnership_id text, member_id text, member_name text, key text, quote_id text,
  id text, ref text, at timestamptz, ip text, wallet_id text, route text, to_wallet_id text, to_partnership_id text,
  bank_account_id text, to_number text, to_name text, currency text, minor bigint, fee_minor bigint, tariff_id text, reference text,
  prepared_at timestamptz, starts_as text, debit bigint, credit bigint);

-- Locks the quotes, in their order, and only then looks who used them: two confirmations of one quote never pass side by side.
create function app.examine_confirmations(
  p_institution text[], p_partnership text[], p_member text[], p_member_name text[], p_key text[], p_quote text[], p_id text[],
  p_ref text[], p_at timestamptz[], p_ip text[]
) returns setof app.confirmation language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off
as $$
begin
  perform from (
    select q.id from unnest(p_institution, p_quote) n(institution_id, id)
      join app.transfer_quote q on q.institution_id = n.institution_id and q.id = n.id
     order by q.institution_id, q.id for no key update of q) locked;
  return query
    select n.item::integer,
           case when n.repeated then 'repeat'
                when t.id is not null then
                  case when t.digest = sha256(convert_to(n.quote_id, 'UTF8')) then 'replayed' else 'key_reused' end
                when q.id is null then 'unknown_quote'
                when q.transfer_ref is not null then 'quote_used'
                when q.expires_at <= n.at then 'expired'
                when m.id is null then 'not_allowed'
                when w.state <> 'active' then w.state
                when o.state = 'closed' then 'to_closed'
                when q.route = 'bank' and b.id is null then 'bank_gone'
                else 'ready' end,
           n.institution_id, n.partnership_id, n.member_id, n.member_name, n.key, n.quote_id, coalesce(t.id, n.id),
           coalesce(t.ref, q.transfer_ref, n.ref), n.at, n.ip, q.wallet_id, q.route, q.to_wallet_id, o.partnership_id,
           q.bank_account_id, q.to_number, q.to_name, q.currency, q.minor, q.fee_minor, q.tariff_id, q.reference, q.created_at,
           coalesce(t.state, case when q.minor > c.approval_minor then 'pending_approval'
                                  when q.route = 'bank' then 'processing' else 'completed' end),
           d.id, k.id
      from (select u.*, count(*) over (partition by u.institution_id, u.partnership_id, u.key order by u.item) > 1
                     or count(*) over (partition by u.institution_id, u.quote_id order by u.item) > 1 as repeated
              from unnest(p_institution, p_partnership, p_member, p_member_name, p_key, p_quote, p_id, p_ref, p_at, p_ip)
                   with ordinality u(institution_id, partnership_id, member_id, member_name, key, quote_id, id, ref, at, ip, item)) n
      -- The first key from this one on: only the index of keys has that order, so a planner that knows the table as empty takes no other.
      left join lateral (
             select x.institution_id, x.partnership_id, x.key, x.id, x.ref, x.state, x.digest from app.transfer x
              where (x.institution_id, x.partnership_id, x.key) >= (n.institution_id, n.partnership_id, n.key)
              order by x.institution_id, x.partnership_id, x.key limit 1) t
        on t.institution_id = n.institution_id and t.partnership_id = n.partnership_id and t.key = n.key
      left join app.transfer_quote q on q.institution_id = n.institution_id and q.id = n.quote_id
       and q.partnership_id = n.partnership_id and q.member_id = n.member_id
      left join app.member m on m.institution_id = n.institution_id and m.id = n.member_id and m.partnership_id = n.partnership_id
       and m.removed_at is null and m.suspended_at is null and m.role in ('OWNER', 'ADMIN', 'OPERATOR')
      left join app.wallet w on w.institution_id = n.institution_id and w.id = q.wallet_id
      left join app.wallet o on o.institution_id = n.institution_id and o.id = q.to_wallet_id
      left join app.wallet_currency c on c.institution_id = n.institution_id and c.currency = q.currency
      left join app.bank_account b on b.institution_id = n.institution_id and b.id = q.bank_account_id and b.state = 'active'
       and coalesce(b.usable_from <= n.at, true)
       and not exists (select from app.bank_account r where r.institution_id = b.institution_id
             and r.partnership_id = b.partnership_id and r.currency = b.currency and r.state = 'in_review')
      left join ledger.account d on d.institution_id = n.institution_id and d.kind = 'wallet' and d.owner = q.wallet_id
       and d.currency = q.currency
      left join ledger.account k on k.institution_id = n.institution_id and k.kind = 'wallet' and k.owner = q.to_wallet_id
       and k.currency = q.currency;
end $$;

-- What the ledger takes for the same transfer again (transferDigest in src/ledger/transfer.ts says the same).
create function app.transfer_digest(p_id text, p_wallet text, p_to_wallet text, p_currency text, p_minor bigint, p_fee bigint)
returns uuid language sql stable parallel safe
begin atomic
  select encode(substr(sha256(convert_to('transfer' || chr(31) || p_id || chr(10)
    || concat_ws(chr(31), 't', 'wallet:' || p_wallet, 'wallet:' || p_to_wallet, p_currency, p_minor, 'transfer')
    || case when p_fee > 0
            then chr(10) || concat_ws(chr(31), 't', 'wallet:' || p_wallet, 'income_fees', p_currency, p_fee, 'transfer.fee')
            else '' end, 'UTF8')), 1, 16), 'hex')::uuid;
end;

-- Confirms transfers: those that go at once, from wallet to wallet, are booked and written down in this call, each by itself, with
-- the quote they used, their entry in the audit log and the news of them. Answers each: done, why not (as above, or the ledger's
-- insufficient_funds, out_of_range …: nothing changed and the key is free), or hold: it waits for staff or goes to the bank, and is
-- confirmed by itself. The caller is the program; each item names the institution, partnership and member that the request was let
-- in for. Raises 23505 or 40001 where a key was used meanwhile: call again.
create function app.confirm_transfers(
  p_institution text[], p_partnership text[], p_member text[], p_member_name text[], p_key text[], p_quote text[], p_id text[],
  p_ref text[], p_at timestamptz[], p_ip text[]
) returns table (item integer, status text, id text, ref text, state text)
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  asked app.confirmation[]; ready app.confirmation[]; one app.confirmation; posted text[]; booked_at timestamptz; place text;
begin
  asked := array(select e from app.examine_confirmations(p_institution, p_partnership, p_member, p_member_name, p_key, p_quote,
                                                         p_id, p_ref, p_at, p_ip) e);
  ready := array(select e from unnest(asked) e where e.status = 'ready' and e.starts_as = 'completed');
  if cardinality(ready) = 1 then
    one := ready[1];
    select array[p.status], p.booked_at into posted, booked_at
      from ledger.post_transfer(one.at, one.institution_id, 'transfer:' || one.id,
        app.transfer_digest(one.id, one.wallet_id, one.to_wallet_id, one.currency, one.minor, one.fee_minor),
        'transfer', one.currency, one.debit, one.credit, one.minor, one.fee_minor) p;
  elsif cardinality(ready) > 1 then
    select p.status, p.booked_at into posted, booked_at
      from (select max(e.at) as at, array_agg(e.institution_id order by e.item) as institutions,
                   array_agg('transfer:' || e.id order by e.item) as keys,
                   array_agg(app.transfer_digest(e.id, e.wallet_id, e.to_wallet_id, e.currency, e.minor, e.fee_minor)
                             order by e.item) as digests,
                   array_agg('transfer'::text order by e.item) as kinds, array_agg(e.currency order by e.item) as currencies,
                   array_agg(e.debit order by e.item) as debits, array_agg(e.credit order by e.item) as credits,
                   array_agg(e.minor order by e.item) as amounts, array_agg(e.fee_minor order by e.item) as fees
              from unnest(ready) e) a,
           ledger.post_transfers(a.at, a.institutions, a.keys, a.digests, a.kinds, a.currencies, a.debits, a.credits, a.amounts,
                                 a.fees) p;
    ready := array(select e from unnest(ready) e order by e.item);
  end if;
  if 'done' = any (posted) then
    perform app.write_confirmed(ready, posted, booked_at);
    foreach place in array array(select distinct e.institution_id from unnest(ready) e) loop
      perform app.wake('outbox.deliver', json_build_object('institution', place), null, now());
    end loop;
  end if;
  return query
    select e.item, case when e.status = 'ready' then 'hold' else e.status end, e.id, e.ref, e.starts_as from unnest(asked) e
     where e.status <> 'ready' or e.starts_as <> 'completed';
  for at in 1 .. cardinality(ready) loop
    one := ready[at];
    item := one.item; status := posted[at]; id := one.id; ref := one.ref; state := 'completed';
    return next;
  end loop;
end $$;

-- Everything of the transfers that the ledger has booked: `posted` says which of them.
create function app.write_confirmed(p_ready app.confirmation[], p_posted text[], p_booked_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off
as $$
declare
  done app.confirmation[] := '{}';
begin
  for at in 1 .. cardinality(p_ready) loop
    if p_posted[at] in ('replayed', 'key_reused') then
      raise exception 'app.confirm_transfers: % was booked meanwhile', (p_ready[at]).id using errcode = '40001';
    end if;
    if p_posted[at] = 'done' then done := done || p_ready[at]; end if;
  end loop;
  insert into app.transfer (institution_id, id, partnership_id, ref, key, digest, wallet_id, route, to_wallet_id, to_partnership_id,
      to_number, to_name, currency, minor, fee_minor, tariff_id, reference, state, requested_by, requested_by_name, prepared_at,
      created_at, completed_at, updated_at)
    select e.institution_id, e.id, e.partnership_id, e.ref, e.key, sha256(convert_to(e.quote_id, 'UTF8')), e.wallet_id, e.route,
           e.to_wallet_id, e.to_partnership_id, e.to_number, e.to_name, e.currency, e.minor, e.fee_minor, e.tariff_id, e.reference,
           'completed', e.member_id, e.member_name, e.prepared_at, e.at, p_booked_at, e.at
      from unnest(done) e;
  update app.transfer_quote q set transfer_ref = e.ref
    from unnest(done) e where q.institution_id = e.institution_id and q.id = e.quote_id;
  insert into app.audit_entry (institution_id, id, at, actor_kind, actor_id, actor_name, event, subject, data, ip)
    select e.institution_id, 'aud_' || substr(e.id, 5), e.at, 'partner', e.member_id, e.member_name, 'transfer.confirmed', e.id,
           app.transfer_news(e), e.ip
      from unnest(done) e;
  insert into app.outbox (institution_id, id, event, subject, data, created_at)
    select e.institution_id, 'out_' || substr(e.id, 5), 'transfer.completed', e.id, app.transfer_news(e), e.at from unnest(done) e;
end $$;

create function app.transfer_news(e app.confirmation) returns jsonb language sql stable parallel safe
begin atomic
  select jsonb_build_object('ref', e.ref, 'partnership', e.partnership_id, 'route', e.route, 'currency', e.currency,
    'amount', e.minor::text, 'fee', e.fee_minor::text, 'wallet', e.wallet_id, 'toWallet', e.to_wallet_id,
    'toPartnership', e.to_partnership_id, 'bankAccount', e.bank_account_id, 'state', e.starts_as);
end;

-- What partners see ------------------------------------------------------------------------------------------------------

-- The ledger entries of one transfer of the partner that asks: of its own wallets, and of nobody else's.
create function partner.entries_of_transfer(p_transfer text)
returns table (wallet_id text, kind text, at timestamptz, minor bigint, after_minor bigint, seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select w.id, t.kind, t.created_at, case when t.debit_id = a.id then -t.amount else t.amount end,
         case when t.debit_id = a.id then t.debit_after else t.credit_after end,
         case when t.debit_id = a.id then t.debit_seq else t.credit_seq end
    from app.transfer x
    join app.wallet w on w.institution_id = x.institution_id and w.partnership_id = x.partnership_id
     and w.id in (x.wallet_id, x.to_wallet_id)
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

-- Its wallets, as transfers name them.
create view partner.transfer_wallet with (security_invoker = true) as
  select id, number, currency, purpose, state from app.wallet;
create view partner.transfer_quote with (security_invoker = true) as
  select id, member_id, wallet_id, route, to_number, to_name, currency, minor, fee_minor, reference, transfer_ref, created_at,
         expires_at
    from app.transfer_quote;
create view partner.transfer with (security_invoker = true) as
  select id, ref, wallet_id, route, to_wallet_id, to_number, to_name, currency, minor, fee_minor, reference, state, failure_reason,
         failure_note, requested_by_name, decided_at, prepared_at, created_at, sent_at, completed_at, failed_at, cancelled_at,
         returned_at
    from app.transfer;

-- Walls ------------------------------------------------------------------------------------------------------------------

revoke execute on function app.examine_confirmations, app.transfer_digest, app.confirm_transfers, app.write_confirmed,
  app.transfer_news, partner.entries_of_transfer(text) from public;
grant execute on function app.examine_confirmations, app.confirm_transfers to {{worker}};
grant execute on function partner.entries_of_transfer(text) to {{partner}}, {{partner_write}};
grant select (to_number, to_name, transfer_ref) on app.transfer_quote to {{partner}}, {{partner_write}};
grant select (to_number, to_name) on app.transfer to {{partner}}, {{partner_write}};
grant update (transfer_ref) on app.transfer_quote to {{worker}};
grant select on partner.transfer_wallet, partner.transfer_quote, partner.transfer to {{partner}}, {{partner_write}};
