-- The ledger: every unit of money, twice. One function writes it; nobody has a right to UPDATE or DELETE.
--
-- Sign: every balance is credit-normal. A transfer takes `amount` from the debit account and gives it to the credit account,
-- so what we owe or earned is positive, what we hold (provider, bank) and give away (discounts) is negative, and the
-- balances of one institution and currency always add up to zero.

create schema ledger;
comment on schema ledger is 'Accounts, journals, transfers, holds. Written by ledger.post only.';

-- What kinds of account there are (src/ledger/chart.ts says the same, and a test compares them). `owned`: the name has an
-- owner, as in customer:<id>. `opens_on_use`: the first transfer opens it. `min_balance` null: it may go below zero.
create table ledger.account_kind (
  kind text primary key,
  owned boolean not null,
  opens_on_use boolean not null,
  min_balance bigint
);
insert into ledger.account_kind (kind, owned, opens_on_use, min_balance) values
  ('provider', true, true, null), ('bank', false, true, null), ('unmatched', false, true, 0), ('customer', true, true, 0),
  ('partner', true, true, null), ('wallet', true, false, 0), ('payouts_in_transit', false, true, 0),
  ('income', false, true, null), ('income_fees', false, true, null), ('discounts_given', false, true, null),
  ('tax_payable', false, true, null);

-- Half of each page stays free and no index holds what a transfer changes, so every update is a HOT one.
create table ledger.account (
  institution_id text collate "C" not null references app.institution,
  id bigint generated always as identity,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  kind text collate "C" not null references ledger.account_kind,
  owner text collate "C" not null check (length(owner) <= 100),
  balance bigint not null default 0 check (balance between -9007199254740991 and 9007199254740991),
  held bigint not null default 0 check (held between 0 and 9007199254740991),
  min_balance bigint,
  seq bigint not null default 0 check (seq >= 0),
  state text not null default 'active' check (state in ('active', 'frozen', 'closed')),
  opened_at timestamptz not null,
  last_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, currency, id),
  unique (institution_id, kind, owner, currency),
  constraint account_not_under_minimum check (balance - held >= min_balance),
  constraint account_closed_is_empty check (state <> 'closed' or (balance = 0 and held = 0))
) with (fillfactor = 50);

create sequence ledger.journal_id;

-- One event: all of its transfers and holds, or none. The key is kept for ever; the digest says what it was used for.
create table ledger.journal (
  institution_id text collate "C" not null,
  id bigint not null,
  key text collate "C" not null check (length(key) between 1 and 200),
  digest bytea not null,
  kind text collate "C" not null check (length(kind) between 1 and 60),
  reference text collate "C" not null check (length(reference) <= 100),
  created_at timestamptz not null,
  primary key (institution_id, id),
  constraint journal_key unique (institution_id, key)
);
create index journal_by_reference on ledger.journal (institution_id, reference, id) where reference <> '';

-- Both sides stand in one row, so it balances by its shape; composite keys hold it inside one institution and one currency.
-- `debit_seq` and `credit_seq` number the flows of each account, `_after` is its balance behind them.
create table ledger.transfer (
  institution_id text collate "C" not null,
  journal_id bigint not null,
  line integer not null check (line > 0),
  currency text collate "C" not null,
  amount bigint not null check (amount between 1 and 9007199254740991),
  debit_id bigint not null,
  debit_seq bigint not null check (debit_seq > 0),
  debit_after bigint not null,
  credit_id bigint not null,
  credit_seq bigint not null check (credit_seq > 0),
  credit_after bigint not null,
  kind text collate "C" not null check (length(kind) between 1 and 60),
  created_at timestamptz not null,
  primary key (institution_id, journal_id, line),
  constraint transfer_debit_seq unique (debit_id, debit_seq),
  constraint transfer_credit_seq unique (credit_id, credit_seq),
  check (debit_id <> credit_id),
  foreign key (institution_id, journal_id) references ledger.journal,
  foreign key (institution_id, currency, debit_id) references ledger.account (institution_id, currency, id),
  foreign key (institution_id, currency, credit_id) references ledger.account (institution_id, currency, id)
);

-- Money set aside: out of available, still in the balance, until it is used (posted) or given back (voided).
create table ledger.hold (
  institution_id text collate "C" not null,
  account_id bigint not null,
  currency text collate "C" not null,
  name text collate "C" not null check (length(name) between 1 and 160),
  amount bigint not null check (amount between 1 and 9007199254740991),
  reference text collate "C" not null check (length(reference) <= 100),
  state text not null default 'open' check (state in ('open', 'posted', 'voided')),
  placed_by bigint not null,
  placed_at timestamptz not null,
  expires_at timestamptz,
  closed_by bigint,
  closed_at timestamptz,
  primary key (institution_id, account_id, name),
  check ((state = 'open') = (closed_by is null) and (closed_by is null) = (closed_at is null)),
  foreign key (institution_id, currency, account_id) references ledger.account (institution_id, currency, id),
  foreign key (institution_id, placed_by) references ledger.journal,
  foreign key (institution_id, closed_by) references ledger.journal
);
create index hold_open_by_reference on ledger.hold (institution_id, reference) where state = 'open';
create index hold_expiring on ledger.hold (institution_id, expires_at) where state = 'open';
create index hold_by_journal on ledger.hold (institution_id, placed_by);
create index hold_by_closing on ledger.hold (institution_id, closed_by) where closed_by is not null;

-- Not even the owner changes what was written.
create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: the ledger is only ever added to', tg_op, tg_table_name using errcode = '42501';
end $$;
create trigger unchangeable before update or delete or truncate on ledger.transfer execute function ledger.refuse_change();
create trigger unchangeable before update or delete or truncate on ledger.journal execute function ledger.refuse_change();
create trigger undeletable before delete or truncate on ledger.account execute function ledger.refuse_change();
create trigger undeletable before delete or truncate on ledger.hold execute function ledger.refuse_change();

-- The institutions that this transaction may post for: its own. Whoever is to post for several gets its answer here.
create function ledger.may_post_for() returns text[] language sql stable as $$ select array[app.institution_id()] $$;

-- Posts journals, each all or none, in one round trip; answers the status of each. A refused journal never fails its
-- neighbours and leaves its key free. The lists are columns: account n is (p_acc_institution[n], p_acc_currency[n], …), each
-- account named once; journal n is (p_institution[n], p_key[n], …). Lines point at both by position and stand in order of their
-- journals: t = transfers, c = holds to close, h = holds to place, in which order each journal runs them.
-- Raises 40001 when another transaction used one of the keys meanwhile on other accounts: run the transaction again.
create function ledger.post(
  p_now timestamptz,
  p_acc_institution text[], p_acc_currency text[], p_acc_kind text[], p_acc_owner text[],
  p_institution text[], p_key text[], p_digest bytea[], p_kind text[], p_reference text[],
  p_t_item integer[], p_t_debit integer[], p_t_credit integer[], p_t_amount bigint[], p_t_kind text[],
  p_c_item integer[], p_c_account integer[], p_c_name text[], p_c_state text[],
  p_h_item integer[], p_h_account integer[], p_h_amount bigint[], p_h_name text[], p_h_reference text[],
  p_h_expires_at timestamptz[]
) returns table (item integer, status text, journal_id bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
-- The tables grow while a cached plan lives: rows are always fetched by their keys, whatever the statistics say.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  largest constant bigint := 9007199254740991;
  mine constant text[] := ledger.may_post_for();
  accounts constant integer := cardinality(p_acc_kind);
  items constant integer := cardinality(p_key);
  lines constant integer := cardinality(p_t_item);
  at timestamptz := p_now;
  -- The accounts, as they stand after the lines so far. `a_state` of one that is not there says why it is refused.
  a_id bigint[] := array_fill(null::bigint, array[accounts]);
  a_balance bigint[] := a_id; a_held bigint[] := a_id; a_min bigint[] := a_id; a_seq bigint[] := a_id;
  a_state text[] := array_fill(null::text, array[accounts]);
  previous bigint := 0; acc record;
  -- The journals.
  i_status text[]; i_journal bigint[]; i_same boolean[]; i_first integer[];
  i_done integer[] := array_fill(null::integer, array[items]);
  -- The transfers: number and balance after, on both sides.
  t_line integer[] := array_fill(null::integer, array[lines]);
  d_seq bigint[] := array_fill(null::bigint, array[lines]); d_after bigint[] := d_seq;
  c_seq bigint[] := d_seq; c_after bigint[] := d_seq;
  -- The holds.
  closed text[] := '{}'; closed_before integer; closed_amount bigint[] := '{}';
  placed text[] := '{}'; placed_before integer; placed_amount bigint[] := '{}'; freed bigint[]; mark text; found_hold record;
  t integer := 1; c integer := 1; h integer := 1; t_start integer; c_start integer; h_start integer;
  d integer; k integer; amount bigint; fault text; done integer := 0; written integer;
begin
  -- Accounts that open on use are opened before any is locked, and accounts are locked in id order, so two calls never wait
  -- on each other in a circle.
  for round in 1..2 loop
    select array_agg(a.id order by n.ord) into a_id
      from unnest(p_acc_institution, p_acc_currency, p_acc_kind, p_acc_owner)
           with ordinality n(institution_id, currency, kind, owner, ord)
      left join ledger.account a on a.institution_id = n.institution_id and a.kind = n.kind and a.owner = n.owner
                                and a.currency = n.currency and n.institution_id = any (mine);
    exit when array_position(a_id, null) is null or round = 2;
    insert into ledger.account (institution_id, currency, kind, owner, min_balance, opened_at, last_at)
      select n.institution_id, n.currency, n.kind, n.owner, r.min_balance, at, at
        from unnest(p_acc_institution, p_acc_currency, p_acc_kind, p_acc_owner, a_id)
             n(institution_id, currency, kind, owner, id)
        join ledger.account_kind r on r.kind = n.kind and r.opens_on_use and r.owned = (n.owner <> '')
       where n.id is null and n.institution_id = any (mine) and n.currency ~ '^[A-Z]{3}$' and length(n.owner) <= 100
       order by n.institution_id collate "C", n.currency collate "C", n.kind collate "C", n.owner collate "C"
      on conflict do nothing;
  end loop;
  for acc in
    select n.ord::integer as ord, a.id, a.balance, a.held, a.min_balance, a.seq, a.state, a.last_at
      from unnest(p_acc_institution, a_id) with ordinality n(institution_id, id, ord)
      join ledger.account a on a.institution_id = n.institution_id and a.id = n.id
     order by a.id for no key update of a
  loop
    if acc.id = previous then raise exception 'ledger.post: an account is named twice'; end if;
    previous := acc.id;
    a_balance[acc.ord] := acc.balance; a_held[acc.ord] := acc.held; a_min[acc.ord] := acc.min_balance;
    a_seq[acc.ord] := acc.seq; a_state[acc.ord] := acc.state;
    -- Time never runs backwards along an account, so a range of dates is a range of its flows.
    at := greatest(at, acc.last_at);
  end loop;
  if array_position(a_id, null) is not null then
    select array_agg(coalesce(a_state[n.ord::integer], case when exists (
             select from ledger.account a where a.institution_id = n.institution_id and n.institution_id = any (mine)
                and a.kind = n.kind and a.owner = n.owner) then 'wrong_currency' else 'unknown_account' end) order by n.ord)
      into a_state
      from unnest(p_acc_institution, p_acc_kind, p_acc_owner) with ordinality n(institution_id, kind, owner, ord);
  end if;

  -- Only now, behind the locks, is it certain which keys were used. A key may also come twice in one call.
  select array_agg(case when n.institution_id = any (mine) then
                     case when length(n.key) between 1 and 200 and n.digest is not null and length(n.kind) between 1 and 60
                           and length(n.reference) <= 100 then null else 'malformed' end
                   else 'foreign_institution' end order by n.ord),
         array_agg(j.id order by n.ord), array_agg(j.digest = n.digest order by n.ord), array_agg(n.first order by n.ord)
    into i_status, i_journal, i_same, i_first
    from (select u.*, (min(u.ord) over (partition by u.institution_id, u.key))::integer as first
            from unnest(p_institution, p_key, p_digest, p_kind, p_reference)
                 with ordinality u(institution_id, key, digest, kind, reference, ord)) n
    left join ledger.journal j on j.institution_id = n.institution_id and j.key = n.key and n.institution_id = any (mine);

  for i in 1..items loop
    t_start := t; c_start := c; h_start := h; closed_before := cardinality(closed); placed_before := cardinality(placed);
    fault := i_status[i]; freed := '{}';
    if fault is null and i_journal[i] is not null then
      fault := case when i_same[i] then 'replayed' else 'key_reused' end;
    elsif fault is null and i_done[i_first[i]] is not null then
      fault := case when p_digest[i] = p_digest[i_done[i_first[i]]] then 'replayed' else 'key_reused' end;
      i_journal[i] := i_journal[i_done[i_first[i]]];
    end if;

    while c <= cardinality(p_c_item) and p_c_item[c] = i loop
      if fault is null then
        k := p_c_account[c]; mark := k || ':' || p_c_name[c];
        select x.amount as amount, x.state as state into found_hold from ledger.hold x
         where x.institution_id = p_institution[i] and x.account_id = a_id[k] and x.name = p_c_name[c];
        if not found then
          -- It may have been placed a moment ago, by another journal of this call.
          select placed_amount[x.n] as amount, 'open' as state into found_hold from (select array_position(placed, mark) as n) x;
        end if;
        fault := case when found_hold.amount is null then 'unknown_hold'
                      when found_hold.state <> 'open' or mark = any (closed) then 'hold_closed'
                      when (p_c_state[c] in ('posted', 'voided')) is not true then 'malformed' end;
        exit when fault is not null;
        closed := closed || mark; closed_amount[c] := found_hold.amount; a_held[k] := a_held[k] - found_hold.amount;
        if p_c_state[c] = 'posted' then freed[k] := coalesce(freed[k], 0) + found_hold.amount; end if;
      end if;
      c := c + 1;
    end loop;

    while t <= lines and p_t_item[t] = i loop
      if fault is null then
        d := p_t_debit[t]; k := p_t_credit[t]; amount := p_t_amount[t];
        fault := case
          when (amount between 1 and largest and d between 1 and accounts and k between 1 and accounts and d <> k) is not true
               or length(coalesce(p_t_kind[t], '-')) not between 1 and 60 then 'malformed'
          when p_acc_institution[d] <> p_institution[i] or p_acc_institution[k] <> p_institution[i] then 'unknown_account'
          when a_id[d] is null then a_state[d]
          when a_id[k] is null then a_state[k]
          when p_acc_currency[d] <> p_acc_currency[k] then 'wrong_currency'
          when a_state[d] = 'closed' or a_state[k] = 'closed' then 'closed'
          -- A frozen account receives and does not send, but for money that was on its way before.
          when a_state[d] = 'frozen' and amount > coalesce(freed[d], 0) then 'frozen'
          when a_balance[d] - a_held[d] - amount < a_min[d] then 'insufficient_funds'
          when a_balance[d] - amount < -largest or a_balance[k] + amount > largest then 'out_of_range' end;
        exit when fault is not null;
        if a_state[d] = 'frozen' then freed[d] := freed[d] - amount; end if;
        a_balance[d] := a_balance[d] - amount; a_seq[d] := a_seq[d] + 1; d_after[t] := a_balance[d]; d_seq[t] := a_seq[d];
        a_balance[k] := a_balance[k] + amount; a_seq[k] := a_seq[k] + 1; c_after[t] := a_balance[k]; c_seq[t] := a_seq[k];
        t_line[t] := t - t_start + 1;
      end if;
      t := t + 1;
    end loop;

    while h <= cardinality(p_h_item) and p_h_item[h] = i loop
      if fault is null then
        k := p_h_account[h]; amount := p_h_amount[h]; mark := k || ':' || p_h_name[h];
        fault := case
          when (amount between 1 and largest and k between 1 and accounts and length(p_h_name[h]) between 1 and 160
                and length(p_h_reference[h]) <= 100) is not true then 'malformed'
          when p_acc_institution[k] <> p_institution[i] then 'unknown_account'
          when a_id[k] is null then a_state[k]
          when a_state[k] <> 'active' then a_state[k]
          when a_balance[k] - a_held[k] - amount < a_min[k] then 'insufficient_funds'
          when a_held[k] + amount > largest then 'out_of_range'
          when mark = any (placed) then 'hold_exists' end;
        if fault is null then
          perform from ledger.hold x
            where x.institution_id = p_institution[i] and x.account_id = a_id[k] and x.name = p_h_name[h];
          if found then fault := 'hold_exists'; end if;
        end if;
        exit when fault is not null;
        placed := placed || mark; placed_amount[cardinality(placed)] := amount; a_held[k] := a_held[k] + amount;
      end if;
      h := h + 1;
    end loop;

    if fault is null and t = t_start and c = c_start and h = h_start then fault := 'malformed'; end if;
    if fault is null then
      done := done + 1; i_status[i] := 'done'; i_journal[i] := nextval('ledger.journal_id'); i_done[i_first[i]] := i;
      continue;
    end if;

    -- Refused (or done before): take back what its first lines did, and step over the rest of them.
    i_status[i] := fault;
    for n in c_start .. c_start + cardinality(closed) - closed_before - 1 loop
      a_held[p_c_account[n]] := a_held[p_c_account[n]] + closed_amount[n];
    end loop;
    for n in t_start .. t - 1 loop
      exit when t_line[n] is null;
      d := p_t_debit[n]; k := p_t_credit[n]; t_line[n] := null;
      a_balance[d] := a_balance[d] + p_t_amount[n]; a_seq[d] := a_seq[d] - 1;
      a_balance[k] := a_balance[k] - p_t_amount[n]; a_seq[k] := a_seq[k] - 1;
    end loop;
    for n in h_start .. h_start + cardinality(placed) - placed_before - 1 loop
      a_held[p_h_account[n]] := a_held[p_h_account[n]] - p_h_amount[n];
    end loop;
    closed := closed[1:closed_before]; placed := placed[1:placed_before];
    while p_c_item[c] = i loop c := c + 1; end loop;
    while p_t_item[t] = i loop t := t + 1; end loop;
    while p_h_item[h] = i loop h := h + 1; end loop;
  end loop;
  if t <= lines or c <= cardinality(p_c_item) or h <= cardinality(p_h_item) then
    raise exception 'ledger.post: the lines are not in order of their journals';
  end if;

  if done > 0 then
    insert into ledger.journal (institution_id, id, key, digest, kind, reference, created_at)
      select p_institution[n], i_journal[n], p_key[n], p_digest[n], p_kind[n], p_reference[n], at
        from generate_series(1, items) n where i_status[n] = 'done'
       order by p_institution[n] collate "C", p_key[n] collate "C"
      on conflict on constraint journal_key do nothing;
    get diagnostics written = row_count;
    if written < done then
      raise exception 'ledger.post: a key was used meanwhile' using errcode = '40001';
    end if;
    insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq, debit_after,
                                 credit_id, credit_seq, credit_after, kind, created_at)
      select p_institution[x.item], i_journal[x.item], x.line, p_acc_currency[x.debit], x.amount,
             a_id[x.debit], x.debit_seq, x.debit_after, a_id[x.credit], x.credit_seq, x.credit_after,
             coalesce(x.kind, p_kind[x.item]), at
        from unnest(p_t_item, t_line, p_t_debit, p_t_credit, p_t_amount, p_t_kind, d_seq, d_after, c_seq, c_after)
             x(item, line, debit, credit, amount, kind, debit_seq, debit_after, credit_seq, credit_after)
       where x.line is not null;
    update ledger.account a set balance = x.balance, held = x.held, seq = x.seq, last_at = at
      from unnest(p_acc_institution, a_id, a_balance, a_held, a_seq) x(institution_id, id, balance, held, seq)
     where a.institution_id = x.institution_id and a.id = x.id and (a.seq <> x.seq or a.held <> x.held);
    if cardinality(placed) > 0 then
      insert into ledger.hold (institution_id, account_id, currency, name, amount, reference, placed_by, placed_at, expires_at)
        select p_institution[x.item], a_id[x.account], p_acc_currency[x.account], x.name, x.amount, x.reference,
               i_journal[x.item], at, x.expires_at
          from unnest(p_h_item, p_h_account, p_h_amount, p_h_name, p_h_reference, p_h_expires_at)
               x(item, account, amount, name, reference, expires_at)
         where i_status[x.item] = 'done';
    end if;
    if cardinality(closed) > 0 then
      update ledger.hold o set state = x.state, closed_by = i_journal[x.item], closed_at = at
        from unnest(p_c_item, p_c_account, p_c_name, p_c_state) x(item, account, name, state)
       where i_status[x.item] = 'done' and o.institution_id = p_institution[x.item] and o.account_id = a_id[x.account]
         and o.name = x.name;
    end if;
  end if;
  return query select n, i_status[n], i_journal[n] from generate_series(1, items) n;
end $$;

-- Opens an account by name (wallets don't open on use); opening it again changes nothing.
create function ledger.open_account(p_currency text, p_kind text, p_owner text, p_now timestamptz) returns void
language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  insert into ledger.account (institution_id, currency, kind, owner, min_balance, opened_at, last_at)
    select app.institution_id(), p_currency, r.kind, p_owner, r.min_balance, p_now, p_now
      from ledger.account_kind r where r.kind = p_kind and r.owned = (p_owner <> '')
    on conflict do nothing;
end;

-- Freezes, unfreezes or closes an account; a closed one stays so, and only an empty one can be closed. Answers whether it did.
create function ledger.set_account_state(p_currency text, p_kind text, p_owner text, p_state text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update ledger.account set state = p_state
   where institution_id = app.institution_id() and currency = p_currency and kind = p_kind and owner = p_owner
     and state <> 'closed' and (p_state <> 'closed' or (balance = 0 and held = 0));
  return found;
end $$;

-- The free credit of the customer who asks, in minor units: all that the customers' role may read here.
create function ledger.customer_credit(p_currency text) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce((select a.balance - a.held from ledger.account a
                    where a.institution_id = app.institution_id() and a.currency = p_currency and a.kind = 'customer'
                      and a.owner = app.customer_id()), 0);
end;

revoke execute on all functions in schema ledger from public;
grant usage on schema ledger to {{staff}}, {{worker}}, {{customer}};
grant execute on function ledger.customer_credit(text) to {{customer}};
grant execute on function ledger.post, ledger.open_account, ledger.set_account_state to {{staff}}, {{worker}};
grant select on ledger.account_kind, ledger.account, ledger.journal, ledger.transfer, ledger.hold to {{staff}}, {{worker}};

alter table ledger.account enable row level security;
alter table ledger.journal enable row level security;
alter table ledger.transfer enable row level security;
alter table ledger.hold enable row level security;
create policy tenant on ledger.account for select to {{staff}}, {{worker}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')));
create policy tenant on ledger.journal for select to {{staff}}, {{worker}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')));
create policy tenant on ledger.transfer for select to {{staff}}, {{worker}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')));
create policy tenant on ledger.hold for select to {{staff}}, {{worker}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')));
