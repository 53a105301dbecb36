-- Plain transfers: one account pays another, perhaps with a fee. A row in ledger.transfer each, which carries its own key,
-- and no journal: that, and no foreign keys where the functions below have looked already, makes them several times faster
-- than ledger.post. Whoever needs holds, or lines that stand and fall together, goes on using ledger.post.

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
-- Eight bytes are found twice as fast as an institution's id before them.
create unique index account_by_id on ledger.account (id);

-- What the foreign keys said, for every row but those of a function that has just locked both accounts and compared their
-- institution and currency itself (it says so by `portico.ledger`). Accounts and journals never go away (triggers refuse
-- it) and an account never moves, so one look is enough.
create function ledger.check_transfer() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform from ledger.account d, ledger.account c
    where d.id = new.debit_id and d.institution_id = new.institution_id and d.currency = new.currency
      and c.id = new.credit_id and c.institution_id = new.institution_id and c.currency = new.currency;
  if not found then
    raise exception 'a transfer stays in one institution and one currency' using errcode = '23503';
  end if;
  if new.key is null then
    perform from ledger.journal j where j.institution_id = new.institution_id and j.id = new.journal_id;
    if not found then
      raise exception 'a transfer without a key belongs to a journal' using errcode = '23503';
    end if;
  end if;
  return null;
end $$;
create trigger checked after insert on ledger.transfer for each row
  when (current_setting('portico.ledger', true) is distinct from 'checked') execute function ledger.check_transfer();

create function ledger.refuse_move() returns trigger language plpgsql as $$
begin
  raise exception 'an account keeps its institution, currency and name' using errcode = '42501';
end $$;
create trigger unmovable before update of institution_id, id, currency, kind, owner on ledger.account
  for each row execute function ledger.refuse_move();

-- The account that takes fees, opened when it is new; null where no account can be opened.
create function ledger.fee_account(p_institution text, p_currency text, p_now timestamptz) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  id bigint;
begin
  for round in 1..2 loop
    select a.id into id from ledger.account a
     where a.institution_id = p_institution and a.kind = 'income_fees' and a.owner = '' and a.currency = p_currency;
    exit when found or p_currency !~ '^[A-Z]{3}$';
    insert into ledger.account (institution_id, currency, kind, owner, opened_at, last_at)
      select i.id, p_currency, 'income_fees', '', p_now, p_now from app.institution i where i.id = p_institution
      on conflict do nothing;
  end loop;
  return id;
end $$;

-- Posts plain transfers; answers the status of each, in order. A refused one never fails its neighbours and leaves its key
-- free. Transfer n is (p_institution[n], p_key[n], …): from account p_debit[n] to p_credit[n], both by id and both of that
-- institution and currency, and with p_fee[n] > 0 that much more from p_debit[n] to the institution's fees; all or none.
-- The lists are of one length, and name each key once. Raises 23505 when another transaction used one of the keys
-- meanwhile on other accounts: run the transaction again.
--
-- It goes by the hope that all fit: what they change is added up before anything is locked, one UPDATE brings it to the
-- accounts that can bear it, and if those are all, the rows are written. Otherwise nothing of that happened, and
-- ledger.post_transfers_apart says what became of each.
create function ledger.post_transfers(
  p_now timestamptz, p_institution text[], p_key text[], p_digest uuid[], p_kind text[], p_currency text[],
  p_debit bigint[], p_credit bigint[], p_amount bigint[], p_fee bigint[],
  out status text[], out journal_id bigint[], out booked_at timestamptz
) language plpgsql security definer set search_path = pg_catalog, pg_temp
-- The tables grow while a cached plan lives: rows are always fetched by their keys, whatever the statistics say.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  largest constant bigint := 9007199254740991;
  items constant integer := cardinality(p_key);
  -- Those whose key was used before.
  used integer[]; used_journal bigint[]; used_same boolean[];
  -- The lines: item and number (null: line n is line 1 of item n), and where their accounts stand among `a_`.
  lines integer := items; l_item integer[]; l_line integer[];
  l_debit bigint[] := p_debit; l_credit bigint[] := p_credit; l_amount bigint[] := p_amount;
  l_d integer[]; l_c integer[];
  -- Number and balance after of each line's two flows, counted from what its account was before.
  d_seq bigint[]; d_after bigint[]; c_seq bigint[]; c_after bigint[];
  -- The accounts by id: what the lines change, how many flows they are, and the lowest they lead to by sending.
  a_id bigint[]; accounts integer; a_change bigint[]; a_flows bigint[]; a_low bigint[];
  -- The accounts as they were, where all lines could be borne.
  m_id bigint[]; m_balance bigint[]; m_seq bigint[]; m_institution text[]; m_currency text[]; fits boolean;
  says text; total bigint := 0; amount bigint; after bigint; seq bigint; d integer; c integer;
begin
  if items = 0 then
    status := '{}'; journal_id := '{}'; booked_at := p_now;
    return;
  end if;
  -- A key that is found now stays used. One that is used in this moment by somebody else is met by the unique index.
  select array_agg(n), array_agg(t.journal_id), array_agg(t.digest = p_digest[n]) into used, used_journal, used_same
    from generate_series(1, items) n,
         lateral (select t.journal_id, t.digest from ledger.transfer t
                   where t.institution_id = p_institution[n] and t.key = p_key[n] and t.line = 1 limit 1) t;
  status := array_fill('done'::text, array[items]);
  if used is not null or exists (select from unnest(p_fee) fee where fee <> 0) then
    for n in 1..coalesce(cardinality(used), 0) loop
      status[used[n]] := case when used_same[n] then 'replayed' else 'key_reused' end;
    end loop;
    with fees as materialized (
      select x.institution_id, x.currency, ledger.fee_account(x.institution_id, x.currency, p_now) as id
        from (select distinct p_institution[n], p_currency[n] from generate_series(1, items) n
               where p_fee[n] <> 0 and status[n] = 'done' order by 1, 2 offset 0) x(institution_id, currency))
    select array_agg(x.item), array_agg(x.line), array_agg(x.debit), array_agg(x.credit), array_agg(x.amount), count(*)
      into l_item, l_line, l_debit, l_credit, l_amount, lines
      from (select n, 1, p_debit[n], p_credit[n], p_amount[n] from generate_series(1, items) n where status[n] = 'done'
            union all
            select n, 2, p_debit[n], fees.id, p_fee[n] from generate_series(1, items) n, fees
             where status[n] = 'done' and p_fee[n] <> 0
               and fees.institution_id = p_institution[n] and fees.currency = p_currency[n]
            order by 1, 2) x(item, line, debit, credit, amount);
    booked_at := p_now;
  end if;

  begin
    if lines > 0 then
      select array_agg(x.id) into a_id
        from (select distinct u.id from (select unnest(l_debit) union all select unnest(l_credit)) u(id) order by u.id) x;
      accounts := cardinality(a_id);
      select array_agg(width_bucket(l_debit[n], s.ids)), array_agg(width_bucket(l_credit[n], s.ids)) into l_d, l_c
        from (select array_cat(a_id, '{}') as ids offset 0) s, generate_series(1, lines) n;
      a_change := array_fill(0::bigint, array[accounts]); a_flows := a_change;
      a_low := array_fill(largest, array[accounts]);
      d_seq := array_fill(null::bigint, array[lines]); d_after := d_seq; c_seq := d_seq; c_after := d_seq;
      for n in 1..lines loop
        d := l_d[n]; c := l_c[n]; amount := l_amount[n]; total := total + amount;
        after := a_change[d] - amount; seq := a_flows[d] + 1;
        a_change[d] := after; a_flows[d] := seq; d_after[n] := after; d_seq[n] := seq;
        if after < a_low[d] then a_low[d] := after; end if;
        after := a_change[c] + amount; seq := a_flows[c] + 1;
        a_change[c] := after; a_flows[c] := seq; c_after[n] := after; c_seq[n] := seq;
      end loop;

      -- Accounts are locked in id order, so two calls never wait on each other in a circle; the range that holds for
      -- every n tells the planner to expect few, so that it never turns the join around.
      with moved as (
        update ledger.account a
           set balance = a.balance + a_change[x.n], seq = a.seq + a_flows[x.n], last_at = greatest(a.last_at, p_now)
          from unnest(a_id) with ordinality x(id, n)
         where a.id = x.id and x.n between 1 and 1000000
           and (a.state = 'active' or a.state = 'frozen' and a_low[x.n] = largest)
           and a.balance - a.held + a_low[x.n] >= coalesce(a.min_balance, -largest) and a.balance + total <= largest
        returning a.id, a.balance - a_change[x.n] as balance, a.seq - a_flows[x.n] as seq, a.last_at, a.institution_id,
                  a.currency)
      select array_agg(m.id), array_agg(m.balance), array_agg(m.seq), array_agg(m.institution_id),
             array_agg(m.currency), max(m.last_at)
        into m_id, m_balance, m_seq, m_institution, m_currency, booked_at from moved m;
      if m_id is distinct from a_id then
        raise exception 'not all can be borne' using errcode = 'PT001';
      end if;
      select bool_and(m_institution[l_d[n]] = p_institution[i] and m_institution[l_c[n]] = p_institution[i]
                      and m_currency[l_d[n]] = p_currency[i] and m_currency[l_c[n]] = p_currency[i]) into fits
        from generate_series(1, lines) n, lateral (select coalesce(l_item[n], n)) x(i);
      if fits is not true then
        raise exception 'not all are in place' using errcode = 'PT001';
      end if;
      -- Time never runs backwards along an account, so a range of dates is a range of its flows.
      if booked_at > p_now then
        update ledger.account a set last_at = booked_at from unnest(a_id) with ordinality x(id, n)
         where a.id = x.id and x.n between 1 and 1000000 and a.last_at < booked_at;
      end if;
      select array_agg(nextval('ledger.journal_id')) into journal_id from generate_series(1, items) n;
      says := set_config('portico.ledger', 'checked', true);
      insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                                   credit_id, credit_seq, credit_after, kind, created_at, key, digest)
        select p_institution[i], journal_id[i], coalesce(l_line[n], 1), p_currency[i], l_amount[n],
               l_debit[n], m_seq[l_d[n]] + d_seq[n], m_balance[l_d[n]] + d_after[n],
               l_credit[n], m_seq[l_c[n]] + c_seq[n], m_balance[l_c[n]] + c_after[n],
               case l_line[n] when 2 then p_kind[i] || '.fee' else p_kind[i] end, booked_at, p_key[i], p_digest[i]
          from generate_series(1, lines) n, lateral (select coalesce(l_item[n], n)) x(i);
      says := set_config('portico.ledger', '', true);
    end if;
  exception when sqlstate 'PT001' or integrity_constraint_violation or data_exception then
    select p.status, p.journal_id, p.booked_at into status, journal_id, booked_at
      from ledger.post_transfers_apart(p_now, p_institution, p_key, p_digest, p_kind, p_currency, p_debit, p_credit,
                                            p_amount, p_fee) p;
    return;
  end;
  for n in 1..coalesce(cardinality(used), 0) loop
    journal_id[used[n]] := used_journal[n];
  end loop;
end $$;

-- The same for lists of which something is refused. Each half is tried as a whole again, and what is left of it in the end
-- one by one: slower, and each gets its own answer, as if they had come one after the other.
create function ledger.post_transfers_apart(
  p_now timestamptz, p_institution text[], p_key text[], p_digest uuid[], p_kind text[], p_currency text[],
  p_debit bigint[], p_credit bigint[], p_amount bigint[], p_fee bigint[],
  out status text[], out journal_id bigint[], out booked_at timestamptz
) language plpgsql set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off
as $$
#variable_conflict use_column
declare
  items constant integer := cardinality(p_key);
  half constant integer := items / 2;
  one record;
begin
  booked_at := p_now;
  -- All accounts first, in id order, so that two calls never wait on each other in a circle.
  perform from (select u.id from unnest(p_debit || p_credit) u(id)
                union
                select ledger.fee_account(p_institution[n], p_currency[n], p_now)
                  from generate_series(1, items) n where p_fee[n] > 0
                order by id offset 0) x,
               lateral (select from ledger.account a where a.id = x.id for no key update) a;
  if items > 30 then
    for part in 0..1 loop
      select p.* into one
        from (select case part when 0 then 1 else half + 1 end as a, case part when 0 then half else items end as z) x,
             lateral ledger.post_transfers(p_now, p_institution[a:z], p_key[a:z], p_digest[a:z], p_kind[a:z],
                                           p_currency[a:z], p_debit[a:z], p_credit[a:z], p_amount[a:z], p_fee[a:z]) p;
      status := status || one.status; journal_id := journal_id || one.journal_id;
      booked_at := greatest(booked_at, one.booked_at);
    end loop;
    return;
  end if;
  for n in 1..items loop
    select p.* into one from ledger.post_transfer(p_now, p_institution[n], p_key[n], p_digest[n], p_kind[n], p_currency[n],
                                                  p_debit[n], p_credit[n], p_amount[n], p_fee[n]) p;
    status[n] := one.status; journal_id[n] := one.journal_id; booked_at := greatest(booked_at, one.booked_at);
  end loop;
end $$;

-- One plain transfer, as ledger.post_transfers does many: several times cheaper than a list of one.
create function ledger.post_transfer(
  p_now timestamptz, p_institution text, p_key text, p_digest uuid, p_kind text, p_currency text,
  p_debit bigint, p_credit bigint, p_amount bigint, p_fee bigint,
  out status text, out journal_id bigint, out booked_at timestamptz
) language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  largest constant bigint := 9007199254740991;
  fee constant bigint := coalesce(p_fee, 0);
  fees bigint; d ledger.account; c ledger.account; f ledger.account; earlier record; says text;
begin
  -- Accounts are locked in id order.
  if fee > 0 then
    fees := ledger.fee_account(p_institution, p_currency, p_now);
    perform from ledger.account a where a.id in (p_debit, p_credit, fees) order by a.id for no key update;
    select * into f from ledger.account a where a.id = fees;
  end if;
  if p_debit < p_credit then
    select * into d from ledger.account a where a.id = p_debit for no key update;
  end if;
  select * into c from ledger.account a where a.id = p_credit for no key update;
  if d.id is null then
    select * into d from ledger.account a where a.id = p_debit for no key update;
  end if;
  booked_at := greatest(p_now, d.last_at, c.last_at, f.last_at);
  status := case
    when (p_key ^@ 'transfer:' and length(p_key) between 10 and 200 and p_digest is not null
          and length(p_kind) between 1 and 56 and p_amount between 1 and largest and fee between 0 and largest
          and p_debit <> p_credit) is not true then 'malformed'
    when (d.institution_id = p_institution and c.institution_id = p_institution) is not true then 'unknown_account'
    when (d.currency = p_currency and c.currency = p_currency) is not true then 'wrong_currency'
    when d.state = 'closed' or c.state = 'closed' then 'closed'
    when d.state <> 'active' then d.state
    when fee > 0 and (f.id is null or f.state = 'closed') then 'malformed'
    when d.balance - d.held - p_amount - fee < d.min_balance then 'insufficient_funds'
    when d.balance - p_amount - fee < -largest or c.balance + p_amount > largest or f.balance + fee > largest
    then 'out_of_range'
    else 'done' end;
  if status = 'done' then
    journal_id := nextval('ledger.journal_id');
    says := set_config('portico.ledger', 'checked', true);
    insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                                 credit_id, credit_seq, credit_after, kind, created_at, key, digest)
    values (p_institution, journal_id, 1, p_currency, p_amount, d.id, d.seq + 1, d.balance - p_amount,
            c.id, c.seq + 1, c.balance + p_amount, p_kind, booked_at, p_key, p_digest)
    on conflict (institution_id, key, line) where key is not null do nothing;
    says := set_config('portico.ledger', '', true);
  end if;
  -- Only now, behind the locks, is it certain whether the key was used; if it was, nothing else counts.
  if status <> 'done' or not found then
    select t.journal_id, case when t.digest = p_digest then 'replayed' else 'key_reused' end as answer, t.created_at
      into earlier from ledger.transfer t
     where t.institution_id = p_institution and t.key = p_key and t.line = 1;
    if found then
      journal_id := earlier.journal_id; status := earlier.answer; booked_at := earlier.created_at;
    elsif status = 'done' then
      raise exception 'ledger.post_transfer: the key is being used' using errcode = '40001';
    end if;
    return;
  end if;
  if fee > 0 then
    says := set_config('portico.ledger', 'checked', true);
    insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                                 credit_id, credit_seq, credit_after, kind, created_at, key, digest)
    values (p_institution, journal_id, 2, p_currency, fee, d.id, d.seq + 2, d.balance - p_amount - fee,
            f.id, f.seq + 1, f.balance + fee, p_kind || '.fee', booked_at, p_key, p_digest);
    says := set_config('portico.ledger', '', true);
  end if;
  update ledger.account a
     set balance = a.balance + case a.id when d.id then -p_amount - fee when c.id then p_amount else fee end,
         seq = a.seq + case when a.id = d.id and fee > 0 then 2 else 1 end, last_at = booked_at
   where a.id in (d.id, c.id, f.id);
end $$;

revoke execute on all functions in schema ledger from public;
grant execute on function ledger.post_transfers, ledger.post_transfer to {{worker}};
