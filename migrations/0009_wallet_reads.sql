-- Flows of wallets: who asks gets a page in the same time whatever the filter, the page, and the length of the history. How, and
-- what it costs: docs/decisions/0014-flows.md.

-- Kinds that are rare beside plain transfers have an index of their own: a plain transfer pays nothing for it.
create index flow_out_by_kind on ledger.transfer (debit_id, kind, debit_seq)
  where kind in ('transfer.fee', 'transfer.bank', 'adjustment');
create index flow_in_by_kind on ledger.transfer (credit_id, kind, credit_seq)
  where kind in ('transfer.returned', 'transfer.fee-returned', 'payout.wallet', 'adjustment');

-- Amounts and counterparties of long histories, written by a job after the flows themselves, so that posting does not pay for them.
-- `amount` is signed: what went out is negative. The band is the number of digits and the first of them, with the same sign.
create function ledger.amount_band(p_amount bigint) returns integer language sql immutable parallel safe
  return (sign(p_amount) * (length(abs(p_amount)::text) * 9 - 9 + left(abs(p_amount)::text, 1)::integer))::integer;
create table ledger.flow_mark (
  account_id bigint not null,
  seq bigint not null,
  amount bigint not null,
  band integer not null,
  other_id bigint not null,
  primary key (account_id, band, seq) include (amount)
);
create index flow_mark_by_amount on ledger.flow_mark (account_id, amount, seq);
create index flow_mark_by_other on ledger.flow_mark (account_id, other_id, seq) include (amount);
-- All flows up to and with this one are marked.
create table ledger.flow_marked (
  account_id bigint primary key,
  seq bigint not null check (seq >= 0)
);
alter table ledger.flow_mark enable row level security;
alter table ledger.flow_marked enable row level security;

-- Marks at most `p_most` flows of wallets with more than 2,000 that are not marked, and answers how many it did.
create function ledger.mark_flows(p_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  wallet record; marked bigint; done integer := 0; until bigint;
begin
  for wallet in
    select a.id, a.seq from ledger.account a left join ledger.flow_marked m on m.account_id = a.id
     where a.institution_id = app.institution_id() and a.kind = 'wallet' and a.seq > 2000
       and a.seq - coalesce(m.seq, 0) > 500
     order by a.id
  loop
    exit when done >= p_most;
    insert into ledger.flow_marked (account_id, seq) values (wallet.id, 0) on conflict do nothing;
    select m.seq into marked from ledger.flow_marked m where m.account_id = wallet.id for update skip locked;
    continue when not found or marked >= wallet.seq;
    until := least(wallet.seq, marked + p_most - done);
    insert into ledger.flow_mark (account_id, seq, amount, band, other_id)
      select wallet.id, f.seq, f.amount, ledger.amount_band(f.amount), f.other_id
        from (select t.debit_seq as seq, -t.amount as amount, t.credit_id as other_id from ledger.transfer t
               where t.debit_id = wallet.id and t.debit_seq > marked and t.debit_seq <= until
              union all
              select t.credit_seq, t.amount, t.debit_id from ledger.transfer t
               where t.credit_id = wallet.id and t.credit_seq > marked and t.credit_seq <= until) f
       order by 4, 2;
    update ledger.flow_marked m set seq = until where m.account_id = wallet.id;
    done := done + (until - marked)::integer;
  end loop;
  return done;
end $$;

-- The functions that follow plan as whoever calls them has set: app.flows_of_wallet and ledger.balances_at.

-- When a flow was booked; null where there is none of that number.
create function ledger.flow_time(p_account bigint, p_seq bigint) returns timestamptz language plpgsql stable as $$
declare
  at timestamptz;
begin
  select t.created_at into at from ledger.transfer t where t.debit_id = p_account and t.debit_seq = p_seq;
  if not found then
    select t.created_at into at from ledger.transfer t where t.credit_id = p_account and t.credit_seq = p_seq;
  end if;
  return at;
end $$;

-- How many flows of an account were booked before a moment. Time never runs backwards along an account, so this is a search
-- between two flows that closes in: by guessing from how far the moment lies between their times, and by halves in turn.
create function ledger.flows_before(p_account bigint, p_at timestamptz) returns bigint language plpgsql stable as $$
declare
  low bigint := 0; high bigint; middle bigint; low_at timestamptz; high_at timestamptz; at timestamptz; round integer := 0;
begin
  select a.seq, a.opened_at, a.last_at into high, low_at, high_at from ledger.account a
   where a.institution_id = app.institution_id() and a.id = p_account;
  if not found or high = 0 then return 0; end if;
  if p_at > high_at then return high; end if;
  high := high + 1;
  while high - low > 1 loop
    round := round + 1;
    middle := (low + high) / 2;
    if round % 3 > 0 and p_at > low_at and high_at > p_at then
      middle := low + ((high - low) * (extract(epoch from p_at - low_at) / extract(epoch from high_at - low_at)))::bigint;
      middle := greatest(low + 1, least(high - 1, middle));
    end if;
    select t.created_at into at from ledger.transfer t where t.debit_id = p_account and t.debit_seq = middle;
    if not found then
      select t.created_at into at from ledger.transfer t where t.credit_id = p_account and t.credit_seq = middle;
    end if;
    if at < p_at then low := middle; low_at := at; else high := middle; high_at := at; end if;
  end loop;
  return low;
end $$;

create type ledger.flow as (seq bigint, outgoing boolean, kind text, amount bigint, after bigint, other_id bigint,
  journal_id bigint, key text, at timestamptz);

-- Flows of an account between two numbers (both left out) that pass a filter: at most `p_limit`, the newest first, looking at no
-- more than some `p_budget` rows. `reached` is the last flow that was looked at: where fewer than `p_limit` are found, whoever asks goes on
-- behind it, and nothing is left out. Written once and made twice: flows_older, and flows_newer, which goes the other way.
-- The ways: `walk` along the account's own flows; `kind`, one range of an index a kind; `other`, by the marks of the counterparty;
-- `mark`, by the bands of the amounts, or by the one amount.
do $$
declare
  text text := $text$
create function ledger.flows_OLDER(
  p_way text, p_account bigint, p_low bigint, p_high bigint, p_out boolean, p_in boolean, p_kinds text[], p_least bigint,
  p_most bigint, p_other bigint, p_limit integer, p_budget integer, out flows ledger.flow[], out reached bigint
) language plpgsql stable as $body$
#variable_conflict use_column
declare
  filtered constant boolean := p_least is not null or p_most is not null or p_other is not null;
  -- One branch a kind and side, or a band and sign: how many rows of it are read, and whether each still has to be checked.
  b_key text[]; b_band integer[]; b_checked boolean[]; b_rows integer;
  largest bigint := 9007199254740991;
  few boolean; few_amount bigint[]; few_seq bigint[];
begin
  if p_way = 'walk' then
    -- Flows are numbered without gaps, so both sides together are a range; one side alone is counted off.
    reached := case when p_out and p_in then FURTHEST(LAST, START STEP p_budget) else coalesce(
      (select t.debit_seq from ledger.transfer t where p_out and t.debit_id = p_account and t.debit_seq > p_low
          and t.debit_seq < p_high order by t.debit_seq DESC offset p_budget - 1 limit 1),
      (select t.credit_seq from ledger.transfer t where p_in and t.credit_id = p_account and t.credit_seq > p_low
          and t.credit_seq < p_high order by t.credit_seq DESC offset p_budget - 1 limit 1), LAST) end;
    select array_agg(row(c.seq, c.outgoing, c.kind, c.amount, c.after, c.other_id, c.journal_id, c.key, c.at)::ledger.flow) into flows
      from (select c.* from (
             (select t.debit_seq as seq, true as outgoing, t.kind, t.amount, t.debit_after as after, t.credit_id as other_id,
                     t.journal_id, t.key, t.created_at as at
                from ledger.transfer t
               where p_out and t.debit_id = p_account and t.debit_seq > p_low and t.debit_seq < p_high and t.debit_seq REACHES reached
               order by t.debit_seq DESC)
             union all
             (select t.credit_seq, false, t.kind, t.amount, t.credit_after, t.debit_id, t.journal_id, t.key, t.created_at
                from ledger.transfer t
               where p_in and t.credit_id = p_account and t.credit_seq > p_low and t.credit_seq < p_high
                 and t.credit_seq REACHES reached
               order by t.credit_seq DESC)) c
            where (p_kinds is null or c.kind = any (p_kinds)) and (p_least is null or c.amount >= p_least)
              and (p_most is null or c.amount <= p_most) and (p_other is null or c.other_id = p_other)
            order by c.seq DESC limit p_limit) c;

  elsif p_way = 'kind' then
    b_rows := case when filtered then p_budget / cardinality(p_kinds) else p_limit end;
    reached := LAST;
    if filtered then
      select coalesce(AGGREGATE(x.edge), reached) into reached from (
        select (select t.debit_seq from ledger.transfer t where p_out and t.debit_id = p_account and t.kind = k.kind
                   and t.kind in ('transfer.fee', 'transfer.bank', 'adjustment') and t.debit_seq > p_low and t.debit_seq < p_high
                 order by t.debit_seq DESC offset b_rows - 1 limit 1) as edge from unnest(p_kinds) k(kind)
        union all
        select (select t.credit_seq from ledger.transfer t where p_in and t.credit_id = p_account and t.kind = k.kind
                   and t.kind in ('transfer.returned', 'transfer.fee-returned', 'payout.wallet', 'adjustment')
                   and t.credit_seq > p_low and t.credit_seq < p_high
                 order by t.credit_seq DESC offset b_rows - 1 limit 1) from unnest(p_kinds) k(kind)) x;
    end if;
    select array_agg(row(c.seq, c.outgoing, c.kind, c.amount, c.after, c.other_id, c.journal_id, c.key, c.at)::ledger.flow) into flows
      from (select c.* from (
              select f.* from unnest(p_kinds) k(kind), lateral (
                select t.debit_seq as seq, true as outgoing, t.kind, t.amount, t.debit_after as after, t.credit_id as other_id,
                       t.journal_id, t.key, t.created_at as at
                  from ledger.transfer t
                 where p_out and t.debit_id = p_account and t.kind = k.kind and t.kind in ('transfer.fee', 'transfer.bank', 'adjustment')
                   and t.debit_seq > p_low and t.debit_seq < p_high
                 order by t.debit_seq DESC limit b_rows) f
              union all
              select f.* from unnest(p_kinds) k(kind), lateral (
                select t.credit_seq, false, t.kind, t.amount, t.credit_after, t.debit_id, t.journal_id, t.key, t.created_at
                  from ledger.transfer t
                 where p_in and t.credit_id = p_account and t.kind = k.kind
                   and t.kind in ('transfer.returned', 'transfer.fee-returned', 'payout.wallet', 'adjustment')
                   and t.credit_seq > p_low and t.credit_seq < p_high
                 order by t.credit_seq DESC limit b_rows) f) c
            where c.seq REACHES reached and (p_least is null or c.amount >= p_least) and (p_most is null or c.amount <= p_most)
              and (p_other is null or c.other_id = p_other)
            order by c.seq DESC limit p_limit) c;

  elsif p_way = 'other' then
    -- How far this comes depends on the account's own flows alone: whoever asks learns nothing of what else the counterparty does.
    reached := coalesce((select m.seq from ledger.flow_mark m where m.account_id = p_account and m.other_id = p_other
       and m.seq > p_low and m.seq < p_high order by m.seq DESC offset p_budget - 1 limit 1), LAST);
    select array_agg(row(c.seq, c.outgoing, c.kind, c.amount, c.after, c.other_id, c.journal_id, c.key, c.at)::ledger.flow) into flows
      from (select f.* from (
              select m.seq, m.amount from ledger.flow_mark m
               where m.account_id = p_account and m.other_id = p_other and m.seq > p_low and m.seq < p_high and m.seq REACHES reached
                 and (m.amount < 0 and p_out or m.amount > 0 and p_in)
                 and (p_least is null or abs(m.amount) >= p_least) and (p_most is null or abs(m.amount) <= p_most)
               order by m.seq DESC) m, lateral (
              select t.debit_seq as seq, true as outgoing, t.kind, t.amount, t.debit_after as after, t.credit_id as other_id,
                     t.journal_id, t.key, t.created_at as at
                from ledger.transfer t where m.amount < 0 and t.debit_id = p_account and t.debit_seq = m.seq
              union all
              select t.credit_seq, false, t.kind, t.amount, t.credit_after, t.debit_id, t.journal_id, t.key, t.created_at
                from ledger.transfer t where m.amount > 0 and t.credit_id = p_account and t.credit_seq = m.seq) f
            where p_kinds is null or f.kind = any (p_kinds)
            order by m.seq DESC limit p_limit) c;

  else
    -- Where few flows have such an amount in all the history, those are all there is to look at.
    select array_agg(m.amount), array_agg(m.seq), bool_and(m.n < 301) into few_amount, few_seq, few
      from (select m.amount, m.seq, count(*) over (partition by s.sign) as n
              from (values (-1, p_out), (1, p_in)) s(sign, asked), lateral (
                select m.amount, m.seq from ledger.flow_mark m
                 where s.asked and m.account_id = p_account
                   and m.amount >= (case when s.sign < 0 then -coalesce(p_most, largest) else coalesce(p_least, 1) end)
                   and m.amount <= (case when s.sign < 0 then -coalesce(p_least, 1) else coalesce(p_most, largest) end)
                 order by m.amount limit 301) m) m;
    if coalesce(few, true) then
      reached := LAST;
      select array_agg(row(c.seq, c.outgoing, c.kind, c.amount, c.after, c.other_id, c.journal_id, c.key, c.at)::ledger.flow) into flows
        from (select f.* from (select * from unnest(few_amount, few_seq) m(amount, seq)
                                where m.seq > p_low and m.seq < p_high order by m.seq DESC) m, lateral (
                select t.debit_seq as seq, true as outgoing, t.kind, t.amount, t.debit_after as after, t.credit_id as other_id,
                       t.journal_id, t.key, t.created_at as at
                  from ledger.transfer t where m.amount < 0 and t.debit_id = p_account and t.debit_seq = m.seq
                union all
                select t.credit_seq, false, t.kind, t.amount, t.credit_after, t.debit_id, t.journal_id, t.key, t.created_at
                  from ledger.transfer t where m.amount > 0 and t.credit_id = p_account and t.credit_seq = m.seq) f
              where p_kinds is null or f.kind = any (p_kinds)
              order by m.seq DESC limit p_limit) c;
      flows := coalesce(flows, '{}');
      return;
    end if;
    select least(coalesce(p_most, largest), greatest(
             (select m.amount from ledger.flow_mark m where m.account_id = p_account order by m.amount desc limit 1),
             (select -m.amount from ledger.flow_mark m where m.account_id = p_account order by m.amount limit 1))) into largest;
    -- Bands that lie in the range as a whole need no look at their amounts; the two at its ends do.
    select array_agg(x.band), array_agg(x.checked) into b_band, b_checked from (
      select s.sign * n.band as band,
             p_kinds is not null or p_most is distinct from p_least and (
               p_least is not null and n.band = ledger.amount_band(p_least)
               or p_most is not null and n.band = ledger.amount_band(p_most)) as checked
        from (values (-1, p_out), (1, p_in)) s(sign, asked),
             generate_series(ledger.amount_band(coalesce(p_least, 1)), ledger.amount_band(largest)) n(band)
       where s.asked) x;
    b_rows := greatest(p_limit, p_budget / greatest(1, (select count(*) from unnest(b_checked) c(checked) where c.checked)));
    if p_least = p_most then
      select coalesce(AGGREGATE(x.edge), LAST) into reached
        from (select (select m.seq from ledger.flow_mark m
                       where m.account_id = p_account and m.amount = (case when b.band < 0 then -p_least else p_least end)
                         and m.seq > p_low and m.seq < p_high and b.checked
                       order by m.seq DESC offset b_rows - 1 limit 1) as edge from unnest(b_band, b_checked) b(band, checked)) x;
    else
      select coalesce(AGGREGATE(x.edge), LAST) into reached
        from (select (select m.seq from ledger.flow_mark m where m.account_id = p_account and m.band = b.band
                         and m.seq > p_low and m.seq < p_high and b.checked
                       order by m.seq DESC offset b_rows - 1 limit 1) as edge from unnest(b_band, b_checked) b(band, checked)) x;
    end if;
    select array_agg(row(c.seq, c.outgoing, c.kind, c.amount, c.after, c.other_id, c.journal_id, c.key, c.at)::ledger.flow) into flows
      from (select f.* from (
              select m.seq, m.amount from unnest(b_band, b_checked) b(band, checked), lateral (
                select m.seq, m.amount from ledger.flow_mark m
                 where p_least = p_most and m.account_id = p_account and m.amount = (case when b.band < 0 then -p_least else p_least end)
                   and m.seq > p_low and m.seq < p_high and m.seq REACHES reached
                 order by m.seq DESC limit case when b.checked then b_rows else p_limit end) m
              union all
              select m.seq, m.amount from unnest(b_band, b_checked) b(band, checked), lateral (
                select m.seq, m.amount from ledger.flow_mark m
                 where p_least is distinct from p_most and m.account_id = p_account and m.band = b.band
                   and m.seq > p_low and m.seq < p_high and m.seq REACHES reached
                   and (p_least is null or abs(m.amount) >= p_least) and (p_most is null or abs(m.amount) <= p_most)
                 order by m.seq DESC limit case when b.checked then b_rows else p_limit end) m
              order by 1 DESC) m, lateral (
              select t.debit_seq as seq, true as outgoing, t.kind, t.amount, t.debit_after as after, t.credit_id as other_id,
                     t.journal_id, t.key, t.created_at as at
                from ledger.transfer t where m.amount < 0 and t.debit_id = p_account and t.debit_seq = m.seq
              union all
              select t.credit_seq, false, t.kind, t.amount, t.credit_after, t.debit_id, t.journal_id, t.key, t.created_at
                from ledger.transfer t where m.amount > 0 and t.credit_id = p_account and t.credit_seq = m.seq) f
            where p_kinds is null or f.kind = any (p_kinds)
            order by m.seq DESC limit p_limit) c;
  end if;
  flows := coalesce(flows, '{}');
end $body$
$text$;
  words text[]; made text;
begin
  foreach words slice 1 in array array[['older', 'desc', 'greatest', 'max', '>=', 'p_high -', 'p_low + 1'],
                                       ['newer', 'asc', 'least', 'min', '<=', 'p_low +', 'p_high - 1']] loop
    made := text;
    for n in 1..7 loop
      made := replace(made, (array['OLDER', 'DESC', 'FURTHEST', 'AGGREGATE', 'REACHES', 'START STEP', 'LAST'])[n], words[n]);
    end loop;
    execute made;
  end loop;
end $$;

create function ledger.flows_by(
  p_newer boolean, p_way text, p_account bigint, p_low bigint, p_high bigint, p_out boolean, p_in boolean, p_kinds text[], p_least bigint,
  p_most bigint, p_other bigint, p_limit integer, p_budget integer,
  -- `complete`: up to the end of the range, or as many as were asked for.
  out flows ledger.flow[], out reached bigint, out complete boolean
) language plpgsql stable as $$
#variable_conflict use_column
begin
  if p_newer then
    select f.flows, f.reached into flows, reached
      from ledger.flows_newer(p_way, p_account, p_low, p_high, p_out, p_in, p_kinds, p_least, p_most, p_other, p_limit, p_budget) f;
    complete := cardinality(flows) >= p_limit or reached = p_high - 1;
  else
    select f.flows, f.reached into flows, reached
      from ledger.flows_older(p_way, p_account, p_low, p_high, p_out, p_in, p_kinds, p_least, p_most, p_other, p_limit, p_budget) f;
    complete := cardinality(flows) >= p_limit or reached = p_low + 1;
  end if;
end $$;

-- A page of flows of an account, by the best way for what is asked. `p_from` and `p_until` are moments (until is left out),
-- `p_before` and `p_after` numbers of flows; with `p_after` the page goes towards the newer ones. `further` is where to go on
-- where the page was not filled and the search stopped before the end; else null.
create function ledger.flow_page(
  p_account bigint, p_from timestamptz, p_until timestamptz, p_before bigint, p_after bigint, p_out boolean, p_in boolean,
  p_kinds text[], p_least bigint, p_most bigint, p_other bigint, p_limit integer, out flows ledger.flow[], out further bigint
) language plpgsql stable as $$
#variable_conflict use_column
declare
  newer constant boolean := p_after is not null;
  rare constant boolean := p_kinds is not null and not 'transfer' = any (p_kinds);
  way constant text := case when p_other is not null then 'other' when p_least is not null or p_most is not null then 'mark' end;
  budget constant integer := greatest(1500, 2 * p_limit);
  low bigint := 0; high bigint; split bigint; part record;
begin
  flows := '{}';
  select a.seq + 1 into high from ledger.account a
   where a.institution_id = app.institution_id() and a.id = p_account;
  if not found or p_kinds = '{}' or not (p_out or p_in) or p_least > p_most then return; end if;
  if p_from is not null then low := ledger.flows_before(p_account, p_from); end if;
  if p_until is not null then high := least(high, ledger.flows_before(p_account, p_until) + 1); end if;
  low := greatest(low, p_after); high := least(high, p_before);
  if high - low <= 1 then return; end if;

  if rare then
    part := ledger.flows_by(newer, 'kind', p_account, low, high, p_out, p_in, p_kinds, p_least, p_most, p_other, p_limit, 4 * p_limit);
    if not part.complete then
      part := ledger.flows_by(newer, 'kind', p_account, low, high, p_out, p_in, p_kinds, p_least, p_most, p_other, p_limit,
        greatest(1000, 4 * p_limit));
    end if;
    flows := part.flows; further := case when not part.complete then part.reached end;
    return;
  end if;
  -- Where much of it passes, a short walk fills the page, whatever the filter.
  part := ledger.flows_by(newer, 'walk', p_account, low, high, p_out, p_in, p_kinds, p_least, p_most, p_other, p_limit, 2 * p_limit);
  if part.complete then
    flows := part.flows;
    return;
  end if;
  -- The newest flows are not marked yet: there it walks.
  split := case when way is null then 0
                else coalesce((select m.seq from ledger.flow_marked m where m.account_id = p_account), 0) end;
  split := least(greatest(split, low), high - 1);
  for leg in 1..2 loop
    if (leg = 1) = newer and split > low then
      part := ledger.flows_by(newer, way, p_account, low, split + 1, p_out, p_in, p_kinds, p_least, p_most, p_other,
        p_limit - cardinality(flows), 2 * p_limit);
      if not part.complete then
        part := ledger.flows_by(newer, way, p_account, low, split + 1, p_out, p_in, p_kinds, p_least, p_most, p_other,
          p_limit - cardinality(flows), budget);
      end if;
    elsif (leg = 2) = newer and split < high - 1 then
      part := ledger.flows_by(newer, 'walk', p_account, split, high, p_out, p_in, p_kinds, p_least, p_most, p_other,
        p_limit - cardinality(flows), budget);
    else
      continue;
    end if;
    flows := flows || part.flows;
    further := case when not part.complete then part.reached end;
    exit when not part.complete or cardinality(flows) >= p_limit;
  end loop;
end $$;

-- What people read: flows with what they are about ---------------------------------------------------------------------------

create function ledger.wallet_account(p_wallet text, p_currency text) returns bigint language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select a.id from ledger.account a where a.institution_id = app.institution_id() and a.kind = 'wallet' and a.owner = p_wallet
     and a.currency = p_currency;
end;

-- `P•••••• P•••••••`: what others than its partner and staff see of the name of a holder.
create function app.mask_name(p_name text) returns text language sql immutable parallel safe
  return regexp_replace(regexp_replace(btrim(p_name), '\s+', ' ', 'g'), '(?<=\S)\S', '•', 'g');

-- A page of flows of the wallet, each with its counterparty and what it is about; one row with no `seq` where there are none. For
-- `p_partner` (its own partnership; null for staff) other holders are masked, and what only staff may follow is left out.
create function app.flows_of_wallet(
  p_wallet text, p_currency text, p_partner text, p_from timestamptz, p_until timestamptz, p_before bigint, p_after bigint, p_out boolean,
  p_in boolean, p_kinds text[], p_least bigint, p_most bigint, p_number text, p_limit integer
) returns table (further bigint, reached_at timestamptz, seq bigint, outgoing boolean, kind text, minor bigint, after_minor bigint,
  at timestamptz, other text, number text, name text, note text, transfer_ref text, payout_number bigint, about text)
language plpgsql stable set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_material = off set enable_bitmapscan = off set jit = off
as $$
#variable_conflict use_column
declare
  institution constant text := app.institution_id();
  account_id bigint := ledger.wallet_account(p_wallet, p_currency); found_other bigint; found_page record;
  reached timestamptz;
begin
  if p_number is not null then
    select ledger.wallet_account(w.id, w.currency) into found_other from app.wallet w
     where w.institution_id = institution and w.number = p_number and w.currency = p_currency;
    -- A number of no wallet is looked for as any other: what comes back, and how far it came, is the same.
    found_other := coalesce(found_other, -1);
  end if;
  found_page := ledger.flow_page(account_id, p_from, p_until, p_before, p_after, p_out, p_in, p_kinds,
    p_least, p_most, found_other, p_limit);
  if found_page.further is not null then reached := ledger.flow_time(account_id, found_page.further); end if;
  return query
    select found_page.further, reached, f.seq, f.outgoing, f.kind, f.amount, f.after, f.at,
           case o.kind when 'wallet' then 'wallet' when 'bank' then 'bank' else 'institution' end,
           coalesce(w.number, '•••• ' || b.last4, ''),
           case when w.partnership_id is null then coalesce(b.bank_name, '')
                when p_partner is null or w.partnership_id = p_partner then p.name else app.mask_name(p.name) end,
           coalesce(t.reference, j.reason, ''),
           case when p_partner is null or t.partnership_id = p_partner then t.ref end,
           y.number, case when p_partner is null then r.about end
      from (select) one
      left join unnest(found_page.flows) with ordinality f(seq, outgoing, kind, amount, after, other_id, journal_id, key, at, place) on true
      left join ledger.account o on o.institution_id = institution and o.id = f.other_id
      left join lateral (select coalesce(substr(f.key, 10), (select n.reference from ledger.journal n
                          where f.key is null and n.institution_id = institution and n.id = f.journal_id)) as about offset 0) r on true
      left join app.wallet w on o.kind = 'wallet' and w.institution_id = institution and w.id = o.owner
      left join app.partnership p on p.institution_id = institution and p.id = w.partnership_id
      left join lateral (select x.partnership_id, x.ref, x.reference, x.bank_account_id from app.transfer x
                          where f.kind ^@ 'transfer' and x.institution_id = institution and x.id = r.about offset 0) t on true
      left join lateral (select x.bank_name, x.last4 from app.bank_account x
                          where o.kind = 'bank' and x.institution_id = institution and x.id = t.bank_account_id offset 0) b on true
      left join lateral (select x.reason from app.wallet_adjustment x
                          where f.kind = 'adjustment' and x.institution_id = institution and x.id = r.about offset 0) j on true
      left join lateral (select x.number from app.payout x
                          where f.kind ^@ 'payout' and x.institution_id = institution and x.id = r.about offset 0) y on true
     order by f.place;
end $$;

-- The balance of an account at each of these moments.
create function ledger.balances_at(p_account bigint, p_moments timestamptz[]) returns bigint[]
language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  balances bigint[] := '{}'; moment timestamptz; flow bigint;
begin
  foreach moment in array p_moments loop
    flow := ledger.flows_before(p_account, moment);
    balances := balances || coalesce(
      (select t.debit_after from ledger.transfer t where t.debit_id = p_account and t.debit_seq = flow),
      (select t.credit_after from ledger.transfer t where t.credit_id = p_account and t.credit_seq = flow), 0);
  end loop;
  return balances;
end $$;

-- For staff -------------------------------------------------------------------------------------------------------------------

create function app.wallet_flows(
  p_wallet text, p_from timestamptz, p_until timestamptz, p_before bigint, p_after bigint, p_out boolean, p_in boolean, p_kinds text[],
  p_least bigint, p_most bigint, p_number text, p_limit integer
) returns table (further bigint, reached_at timestamptz, seq bigint, outgoing boolean, kind text, minor bigint, after_minor bigint,
  at timestamptz, other text, number text, name text, note text, transfer_ref text, payout_number bigint, about text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select f.* from app.wallet x, app.flows_of_wallet(x.id, x.currency, null, p_from, p_until, p_before, p_after, p_out, p_in,
      p_kinds, p_least, p_most, p_number, p_limit) f
    where x.institution_id = app.institution_id() and x.id = p_wallet;
end $$;
create function app.wallet_balances_at(p_wallet text, p_moments timestamptz[]) returns bigint[]
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select ledger.balances_at(ledger.wallet_account(w.id, w.currency), p_moments)
    from app.wallet w where w.institution_id = app.institution_id() and w.id = p_wallet;
end;

-- For partners: of their own wallets, by number ---------------------------------------------------------------------------------

create function partner.wallet_flows(
  p_wallet text, p_from timestamptz, p_until timestamptz, p_before bigint, p_after bigint, p_out boolean, p_in boolean, p_kinds text[],
  p_least bigint, p_most bigint, p_number text, p_limit integer
) returns table (further bigint, reached_at timestamptz, seq bigint, outgoing boolean, kind text, minor bigint, after_minor bigint,
  at timestamptz, other text, number text, name text, note text, transfer_ref text, payout_number bigint, about text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select f.* from app.wallet x, app.flows_of_wallet(x.id, x.currency, x.partnership_id, p_from, p_until, p_before, p_after,
      p_out, p_in, p_kinds, p_least, p_most, p_number, p_limit) f
    where x.institution_id = app.institution_id() and x.partnership_id = app.partnership_id() and x.number = p_wallet;
end $$;

create function partner.wallet_balances() returns table (number text, balance_minor bigint, held_minor bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select w.number, a.balance, a.held
    from app.wallet w
    join ledger.account a on a.institution_id = w.institution_id and a.kind = 'wallet' and a.owner = w.id and a.currency = w.currency
   where w.institution_id = app.institution_id() and w.partnership_id = app.partnership_id();
end;

create function partner.wallet_balances_at(p_wallet text, p_moments timestamptz[]) returns bigint[]
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select ledger.balances_at(ledger.wallet_account(w.id, w.currency), p_moments)
    from app.wallet w where w.institution_id = app.institution_id() and w.partnership_id = app.partnership_id() and w.number = p_wallet;
end;

-- What is set aside in a wallet now, and for which of its own transfers; the latest first.
create function partner.wallet_pending(p_wallet text)
returns table (minor bigint, fee_minor bigint, at timestamptz, transfer_ref text, state text, route text, number text, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select h.amount, coalesce(t.fee_minor, 0), h.placed_at, t.ref, t.state, t.route, coalesce(o.number, '•••• ' || b.last4, ''),
         case when o.id is null then coalesce(b.bank_name, '') when o.partnership_id = w.partnership_id then p.name
              else app.mask_name(p.name) end
    from app.wallet w
    join ledger.hold h on h.institution_id = w.institution_id and h.account_id = ledger.wallet_account(w.id, w.currency)
     and h.state = 'open'
    left join app.transfer t on t.institution_id = w.institution_id and t.id = h.name and t.partnership_id = w.partnership_id
    left join app.wallet o on o.institution_id = w.institution_id and o.id = t.to_wallet_id
    left join app.partnership p on p.institution_id = w.institution_id and p.id = o.partnership_id
    left join app.bank_account b on b.institution_id = w.institution_id and b.id = t.bank_account_id
   where w.institution_id = app.institution_id() and w.partnership_id = app.partnership_id() and w.number = p_wallet
   order by h.placed_by desc limit 50;
end;

-- Everything that was booked in the same matter as one flow (a transfer with its fee and what came back of it): entries of that
-- wallet alone.
create function partner.wallet_entries(p_wallet text, p_seq bigint)
returns table (seq bigint, outgoing boolean, kind text, minor bigint, after_minor bigint, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  with own as (select w.institution_id, ledger.wallet_account(w.id, w.currency) as account_id from app.wallet w
                where w.institution_id = app.institution_id() and w.partnership_id = app.partnership_id() and w.number = p_wallet),
       flow as (select o.*, t.journal_id, t.key from own o, lateral (
                  select t.journal_id, t.key from ledger.transfer t where t.debit_id = o.account_id and t.debit_seq = p_seq
                  union all
                  select t.journal_id, t.key from ledger.transfer t where t.credit_id = o.account_id and t.credit_seq = p_seq) t),
       matter as (select f.*, coalesce(substr(f.key, 10), (select nullif(j.reference, '') from ledger.journal j
                            where f.key is null and j.institution_id = f.institution_id and j.id = f.journal_id)) as about from flow f),
       entry as (select m.account_id, t.* from matter m join ledger.transfer t on t.institution_id = m.institution_id
                    and t.key = 'transfer:' || m.about
                 union
                 select m.account_id, t.* from matter m join ledger.transfer t on t.institution_id = m.institution_id and t.key is null
                    and t.journal_id in (select m.journal_id union all select j.id from ledger.journal j
                          where j.institution_id = m.institution_id and j.reference = m.about and j.reference <> ''))
  select case when e.debit_id = e.account_id then e.debit_seq else e.credit_seq end, e.debit_id = e.account_id, e.kind, e.amount,
         case when e.debit_id = e.account_id then e.debit_after else e.credit_after end, e.created_at
    from entry e where e.account_id in (e.debit_id, e.credit_id) order by 1 limit 50;
end;

create view partner.wallet with (security_invoker = true) as
  select id, number, currency, purpose, state, state_why, takes_payouts, opened_at, state_at from app.wallet;
grant select on partner.wallet to {{partner}}, {{partner_write}};

revoke execute on all functions in schema ledger, partner from public;
revoke execute on function app.mask_name(text), app.flows_of_wallet, app.wallet_flows, app.wallet_balances_at from public;
grant execute on function ledger.mark_flows(integer) to {{worker}};
grant execute on function app.wallet_flows, app.wallet_balances_at to {{staff}}, {{worker}};
grant execute on function partner.wallet_flows, partner.wallet_balances(), partner.wallet_balances_at, partner.wallet_pending(text),
  partner.wallet_entries(text, bigint) to {{partner}}, {{partner_write}};
