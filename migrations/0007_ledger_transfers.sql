-- Plain transfers: one account pays another, perhaps with a fee. A row in ledger.transfer each, which carries its own key,
-- and no journal: that, and checks of whole statements where there were foreign keys, makes them several times faster than
-- ledger.post. Whoever needs holds, or several lines that stand and fall together, goes on using ledger.post.

-- A plain transfer has `key` and `digest` on each of its lines (1, and 2 = its fee); transfers of a journal have neither,
-- since their journal has them. `transfer:` begins every key of the one kind and none of the other, so each key can stand
-- in one unique index only; what follows it is what the transfer is about, as `reference` is in a journal.
alter table ledger.transfer
  add column key text collate "C",
  add column digest uuid,
  drop constraint transfer_pkey,
  drop constraint transfer_institution_id_journal_id_fkey,
  drop constraint transfer_institution_id_currency_debit_id_fkey,
  drop constraint transfer_institution_id_currency_credit_id_fkey,
  add constraint transfer_is_plain_or_of_journal check (
    case when key is null then digest is null
         else digest is not null and line <= 2 and key ^@ 'transfer:' and length(key) between 10 and 200 end);
create unique index transfer_of_journal on ledger.transfer (institution_id, journal_id, line) where key is null;
create unique index transfer_key on ledger.transfer (institution_id, key, line) where key is not null;
alter table ledger.journal add constraint journal_key_is_no_transfers check (not key ^@ 'transfer:');

-- As strict as the foreign keys were, for a third of their price: one look at all rows of a statement. Accounts and
-- journals never go away (triggers refuse it) and an account never changes its place, so one look is enough.
create function ledger.check_transfers() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off
as $$
declare
  inserted bigint; placed bigint;
begin
  select count(*), count((select 1 from ledger.account a where a.institution_id = n.institution_id
                              and a.currency = n.currency and a.id = n.debit_id)
                       + (select 1 from ledger.account a where a.institution_id = n.institution_id
                              and a.currency = n.currency and a.id = n.credit_id)
                       + case when n.key is null then (select 1 from ledger.journal j
                            where j.institution_id = n.institution_id and j.id = n.journal_id) else 1 end)
    into inserted, placed from added n;
  if placed <> inserted then
    raise exception 'a transfer belongs to two accounts of its institution and currency, and without a key to a journal'
      using errcode = '23503';
  end if;
  return null;
end $$;
create trigger checked after insert on ledger.transfer referencing new table as added
  for each statement execute function ledger.check_transfers();

create function ledger.refuse_move() returns trigger language plpgsql as $$
begin
  raise exception 'an account keeps its institution, currency and name' using errcode = '42501';
end $$;
create trigger unmovable before update of institution_id, id, currency, kind, owner on ledger.account
  for each row execute function ledger.refuse_move();

-- The ids of the accounts that take fees, of these institutions and currencies; they are opened here when they are new.
create function ledger.open_fee_accounts(p_institution text[], p_currency text[], p_now timestamptz)
returns void language sql set search_path = pg_catalog, pg_temp
begin atomic
  insert into ledger.account (institution_id, currency, kind, owner, min_balance, opened_at, last_at)
    select distinct n.institution_id, n.currency, 'income_fees', '', null::bigint, p_now, p_now
      from unnest(p_institution, p_currency) n(institution_id, currency)
     where n.currency ~ '^[A-Z]{3}$'
       and not exists (select from ledger.account a where a.institution_id = n.institution_id and a.kind = 'income_fees'
                          and a.owner = '' and a.currency = n.currency)
     order by n.institution_id, n.currency
    on conflict do nothing;
end;

-- Posts plain transfers; answers the status of each, in order. A refused one never fails its neighbours and leaves its key
-- free. Transfer n is (p_institution[n], p_key[n], …): from account p_debit[n] to p_credit[n], both by id and both of that
-- institution and currency, and with p_fee[n] > 0 that much more from p_debit[n] to the institution's fees; all or none.
-- Each key is named once in a call. The lists are of one length.
-- Raises 23505 when another transaction used one of the keys meanwhile on other accounts: run the transaction again.
create function ledger.post_transfers(
  p_now timestamptz, p_institution text[], p_key text[], p_digest uuid[], p_kind text[], p_currency text[],
  p_debit bigint[], p_credit bigint[], p_amount bigint[], p_fee bigint[],
  out status text[], out journal_id bigint[], out booked_at timestamptz
) language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  largest constant bigint := 9007199254740991;
  items constant integer := cardinality(p_key);
  with_fees boolean;
  -- The accounts in id order. `least` is what the balance must not go under by sending, `most` what it must not exceed.
  a_id bigint[]; a_institution text[]; a_currency text[]; a_state text[];
  a_balance bigint[]; a_least bigint[]; a_most bigint[]; a_seq bigint[]; a_min bigint[]; a_held bigint[];
  -- Where the two accounts of each item stand in those lists; null when it is refused whatever they hold.
  i_debit integer[]; i_credit integer[]; i_fees integer[]; i_same boolean[];
  d integer; k integer; f integer; amount bigint; fee bigint; sent bigint; got bigint; charged bigint;
  d_seq bigint[]; d_after bigint[]; c_seq bigint[]; c_after bigint[];
  f_item integer[] := '{}'; f_debit_after bigint[] := '{}'; f_seq bigint[] := '{}'; f_after bigint[] := '{}';
  done integer := 0; last_at timestamptz;
begin
  if items = 0 then
    status := '{}'; journal_id := '{}'; booked_at := p_now;
    return;
  end if;
  with_fees := exists (select from unnest(p_fee) x(fee) where x.fee > 0);
  if with_fees then
    perform ledger.open_fee_accounts(p_institution, p_currency, p_now);
  end if;

  -- All accounts are locked in id order, so two calls never wait on each other in a circle.
  select array_agg(x.id), array_agg(x.institution_id), array_agg(x.currency), array_agg(x.state), array_agg(x.balance),
         array_agg(case when x.state = 'active' then coalesce(x.min_balance + x.held, -largest) else largest + 1 end),
         array_agg(case when x.state = 'closed' then -largest - 1 else largest end), array_agg(x.seq), max(x.last_at)
    into a_id, a_institution, a_currency, a_state, a_balance, a_least, a_most, a_seq, last_at
    from (select a.*
            from (select n.institution_id, n.id from (select u.institution_id, u.id from unnest(p_institution, p_debit) u(institution_id, id)
                  union select u.institution_id, u.id from unnest(p_institution, p_credit) u(institution_id, id)
                  union select n.institution_id, o.id
                          from unnest(p_institution, p_currency, p_fee) n(institution_id, currency, fee)
                          join ledger.account o on o.institution_id = n.institution_id and o.kind = 'income_fees'
                                               and o.owner = '' and o.currency = n.currency
                         where with_fees and n.fee > 0) n order by n.id offset 0) n,
                 lateral (select * from ledger.account a
                           where a.institution_id = n.institution_id and a.id = n.id for no key update) a offset 0) x;
  -- Time never runs backwards along an account, so a range of dates is a range of its flows.
  booked_at := greatest(p_now, last_at);

  -- Only now, behind the locks, is it certain which keys were used.
  select array_agg(case when a_institution[n.debit] = n.institution_id and a_currency[n.debit] = n.currency
                         and a_id[n.debit] = n.debit_id then n.debit end order by n.ord),
         array_agg(case when a_institution[n.credit] = n.institution_id and a_currency[n.credit] = n.currency
                         and a_id[n.credit] = n.credit_id and n.debit <> n.credit then n.credit end order by n.ord),
         array_agg(t.journal_id order by n.ord), array_agg(t.digest = n.digest order by n.ord)
    into i_debit, i_credit, journal_id, i_same
    from (select u.*, width_bucket(u.debit_id, s.ids) as debit, width_bucket(u.credit_id, s.ids) as credit
            from (select array_cat(coalesce(a_id, '{0}'), '{}') as ids offset 0) s,
                 unnest(p_institution, p_key, p_digest, p_currency, p_debit, p_credit) with ordinality
                 u(institution_id, key, digest, currency, debit_id, credit_id, ord)) n
    left join lateral (select t.journal_id, t.digest from ledger.transfer t
                        where t.institution_id = n.institution_id and t.key = n.key and t.line = 1 limit 1) t on true;
  if with_fees then
    select array_agg((select x.ord::integer from unnest(a_id) with ordinality x(id, ord) where x.id = o.id) order by n.ord)
      into i_fees
      from unnest(p_institution, p_currency) with ordinality n(institution_id, currency, ord)
      left join ledger.account o on o.institution_id = n.institution_id and o.kind = 'income_fees' and o.owner = ''
                                and o.currency = n.currency;
  end if;
  d_seq := array_fill(null::bigint, array[items]); d_after := d_seq; c_seq := d_seq; c_after := d_seq;
  status := array_fill('done'::text, array[items]);

  for i in 1..items loop
    d := i_debit[i]; k := i_credit[i]; amount := p_amount[i]; fee := coalesce(p_fee[i], 0);
    sent := a_balance[d] - amount; got := a_balance[k] + amount;
    if sent - fee >= a_least[d] and got <= a_most[k] and amount between 1 and largest and fee = 0
       and journal_id[i] is null then
      a_balance[d] := sent; a_seq[d] := a_seq[d] + 1; d_after[i] := sent; d_seq[i] := a_seq[d];
      a_balance[k] := got; a_seq[k] := a_seq[k] + 1; c_after[i] := got; c_seq[i] := a_seq[k];
      journal_id[i] := nextval('ledger.journal_id'); done := done + 1;
      continue;
    end if;
    -- Seldom: a fee, a key that was used, or a refusal.
    f := i_fees[i];
    status[i] := case
      when journal_id[i] is not null then case when i_same[i] then 'replayed' else 'key_reused' end
      when (p_key[i] ^@ 'transfer:' and length(p_key[i]) between 10 and 200 and p_digest[i] is not null
            and length(p_kind[i]) between 1 and 56 and amount between 1 and largest and fee between 0 and largest
            and p_debit[i] <> p_credit[i]) is not true then 'malformed'
      when d is null or k is null then case
        when exists (select from unnest(a_id, a_institution) x(id, institution_id)
                      where x.id = p_debit[i] and x.institution_id = p_institution[i])
         and exists (select from unnest(a_id, a_institution) x(id, institution_id)
                      where x.id = p_credit[i] and x.institution_id = p_institution[i])
        then 'wrong_currency' else 'unknown_account' end
      when a_state[d] = 'closed' or a_state[k] = 'closed' then 'closed'
      when a_state[d] <> 'active' then a_state[d]
      when fee > 0 and (f is null or f = d or f = k or a_state[f] = 'closed') then 'malformed'
      when sent - fee < a_least[d] then case when a_least[d] = -largest then 'out_of_range' else 'insufficient_funds' end
      when got > a_most[k] or fee > 0 and a_balance[f] + fee > largest then 'out_of_range'
      else 'done' end;
    continue when status[i] <> 'done';
    charged := a_balance[f] + fee;
    a_balance[d] := sent - fee; d_after[i] := sent; d_seq[i] := a_seq[d] + 1; a_seq[d] := a_seq[d] + 2;
    a_balance[k] := got; a_seq[k] := a_seq[k] + 1; c_after[i] := got; c_seq[i] := a_seq[k];
    a_balance[f] := charged; a_seq[f] := a_seq[f] + 1;
    f_item := f_item || i; f_debit_after := f_debit_after || (sent - fee); f_seq := f_seq || a_seq[f];
    f_after := f_after || charged;
    journal_id[i] := nextval('ledger.journal_id'); done := done + 1;
  end loop;

  if done = 0 then
    return;
  end if;
  insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                               credit_id, credit_seq, credit_after, kind, created_at, key, digest)
    select x.institution_id, x.journal_id, 1, x.currency, x.amount, x.debit, x.debit_seq, x.debit_after,
           x.credit, x.credit_seq, x.credit_after, x.kind, booked_at, x.key, x.digest
      from unnest(p_institution, journal_id, p_currency, p_amount, p_debit, d_seq, d_after, p_credit, c_seq, c_after,
                  p_kind, p_key, p_digest)
           x(institution_id, journal_id, currency, amount, debit, debit_seq, debit_after, credit, credit_seq,
             credit_after, kind, key, digest)
     where x.debit_seq is not null;
  if cardinality(f_item) > 0 then
    insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                                 credit_id, credit_seq, credit_after, kind, created_at, key, digest)
      select p_institution[x.item], journal_id[x.item], 2, p_currency[x.item], p_fee[x.item], p_debit[x.item],
             d_seq[x.item] + 1, x.debit_after, a_id[i_fees[x.item]], x.seq, x.after, p_kind[x.item] || '.fee', booked_at,
             p_key[x.item], p_digest[x.item]
        from unnest(f_item, f_debit_after, f_seq, f_after) x(item, debit_after, seq, after);
  end if;
  update ledger.account a set balance = x.balance, seq = x.seq, last_at = booked_at
    from unnest(a_institution, a_id, a_balance, a_seq) x(institution_id, id, balance, seq)
   where a.institution_id = x.institution_id and a.id = x.id and a.seq <> x.seq;
end $$;

-- One plain transfer, as ledger.post_transfers does many: several times cheaper than a list of one.
create function ledger.post_transfer(
  p_now timestamptz, p_institution text, p_key text, p_digest uuid, p_kind text, p_currency text,
  p_debit bigint, p_credit bigint, p_amount bigint, p_fee bigint,
  out status text, out journal_id bigint, out booked_at timestamptz
) language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  largest constant bigint := 9007199254740991;
  d ledger.account; c ledger.account; f ledger.account; acc ledger.account; fees bigint; same boolean;
  fee constant bigint := coalesce(p_fee, 0);
begin
  booked_at := p_now;
  if fee > 0 then
    perform ledger.open_fee_accounts(array[p_institution], array[p_currency], p_now);
    select a.id into fees from ledger.account a
     where a.institution_id = p_institution and a.kind = 'income_fees' and a.owner = '' and a.currency = p_currency;
  end if;
  for acc in
    select * from ledger.account a where a.institution_id = p_institution and a.id in (p_debit, p_credit, fees)
     order by a.id for no key update
  loop
    if acc.id = p_debit then d := acc; elsif acc.id = p_credit then c := acc; else f := acc; end if;
    booked_at := greatest(booked_at, acc.last_at);
  end loop;
  select t.journal_id, t.digest = p_digest into journal_id, same from ledger.transfer t
   where t.institution_id = p_institution and t.key = p_key and t.line = 1;
  status := case
    when found then case when same then 'replayed' else 'key_reused' end
    when (p_key ^@ 'transfer:' and length(p_key) between 10 and 200 and p_digest is not null
          and length(p_kind) between 1 and 56 and p_amount between 1 and largest and fee between 0 and largest
          and p_debit <> p_credit) is not true then 'malformed'
    when d.id is null or c.id is null then 'unknown_account'
    when (d.currency = p_currency and c.currency = p_currency) is not true then 'wrong_currency'
    when d.state = 'closed' or c.state = 'closed' then 'closed'
    when d.state <> 'active' then d.state
    when fee > 0 and (f.id is null or f.state = 'closed') then 'malformed'
    when d.balance - d.held - p_amount - fee < d.min_balance then 'insufficient_funds'
    when d.balance - p_amount - fee < -largest or c.balance + p_amount > largest or fee > 0 and f.balance + fee > largest
    then 'out_of_range'
    else 'done' end;
  if status <> 'done' then
    return;
  end if;
  journal_id := nextval('ledger.journal_id');
  insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                               credit_id, credit_seq, credit_after, kind, created_at, key, digest)
  values (p_institution, journal_id, 1, p_currency, p_amount, d.id, d.seq + 1, d.balance - p_amount,
          c.id, c.seq + 1, c.balance + p_amount, p_kind, booked_at, p_key, p_digest);
  if fee > 0 then
    insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                                 credit_id, credit_seq, credit_after, kind, created_at, key, digest)
    values (p_institution, journal_id, 2, p_currency, fee, d.id, d.seq + 2, d.balance - p_amount - fee,
            f.id, f.seq + 1, f.balance + fee, p_kind || '.fee', booked_at, p_key, p_digest);
    update ledger.account a set balance = f.balance + fee, seq = f.seq + 1, last_at = booked_at
     where a.institution_id = p_institution and a.id = f.id;
  end if;
  update ledger.account a set balance = d.balance - p_amount - fee, seq = d.seq + case when fee > 0 then 2 else 1 end,
                              last_at = booked_at
   where a.institution_id = p_institution and a.id = d.id;
  update ledger.account a set balance = c.balance + p_amount, seq = c.seq + 1, last_at = booked_at
   where a.institution_id = p_institution and a.id = c.id;
end $$;

revoke execute on all functions in schema ledger from public;
grant execute on function ledger.post_transfers, ledger.post_transfer to {{worker}};
