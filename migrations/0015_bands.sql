-- Filters by amount look at the bands that an account has, not at all that it could have: one transfer of a fortune among small ones
-- made every page probe all the bands between. Marking notes which there are.

alter table ledger.flow_marked add column bands integer[] not null default '{}';
update ledger.flow_marked m set bands = array(
  select distinct f.band from ledger.flow_mark f where f.account_id = m.account_id order by 1);

-- Marks at most `p_most` flows of wallets with more than 2,000 that are not marked, and answers how many it did.
create or replace function ledger.mark_flows(p_most integer) returns integer
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
    with made as (
      insert into ledger.flow_mark (account_id, seq, amount, band, other_id)
      select wallet.id, f.seq, f.amount, ledger.amount_band(f.amount), f.other_id
        from (select t.debit_seq as seq, -t.amount as amount, t.credit_id as other_id from ledger.transfer t
               where t.debit_id = wallet.id and t.debit_seq > marked and t.debit_seq <= until
              union all
              select t.credit_seq, t.amount, t.debit_id from ledger.transfer t
               where t.credit_id = wallet.id and t.credit_seq > marked and t.credit_seq <= until) f
       order by 4, 2 returning band)
    update ledger.flow_marked m set seq = until, bands = array(select unnest(m.bands) union select band from made order by 1)
     where m.account_id = wallet.id;
    done := done + (until - marked)::integer;
  end loop;
  return done;
end $$;

do $$
declare
  name text; text text; edit record;
begin
  foreach name in array array['ledger.flows_older', 'ledger.flows_newer'] loop
    text := pg_get_functiondef(name::regproc);
    for edit in select * from (values
    ('few boolean; few_amount bigint[]; few_seq bigint[];', $w$few boolean;
  -- The bands at the ends of the range, and whether the range begins or ends within its band.
  least_band constant integer := ledger.amount_band(coalesce(p_least, 1));
  most_band constant integer := ledger.amount_band(coalesce(p_most, largest));
  least_cuts constant boolean := p_least::text !~ '^[1-9]0*$'; most_cuts constant boolean := (p_most + 1)::text !~ '^[1-9]0*$';$w$),
    -- Whether there are more than a hundred is one look at an index; fetching them to count them was a dozen times that.
    ($w$    select array_agg(m.amount), array_agg(m.seq), bool_and(m.n < 101) into few_amount, few_seq, few
      from (select m.amount, m.seq, count(*) over (partition by s.sign) as n
              from (values (-1, p_out), (1, p_in)) s(sign, asked), lateral (
                select m.amount, m.seq from ledger.flow_mark m
                 where s.asked and m.account_id = p_account
                   and m.amount >= (case when s.sign < 0 then -coalesce(p_most, largest) else coalesce(p_least, 1) end)
                   and m.amount <= (case when s.sign < 0 then -coalesce(p_least, 1) else coalesce(p_most, largest) end)
                 order by m.amount limit 101) m) m;
    if coalesce(few, true) then$w$, $w$    few := (not p_out or (select m.seq from ledger.flow_mark m where m.account_id = p_account
                and m.amount >= -coalesce(p_most, largest) and m.amount <= -coalesce(p_least, 1)
              order by m.amount offset 100 limit 1) is null)
       and (not p_in or (select m.seq from ledger.flow_mark m where m.account_id = p_account
                and m.amount >= coalesce(p_least, 1) and m.amount <= coalesce(p_most, largest)
              order by m.amount offset 100 limit 1) is null);
    if few then$w$),
    ('(select * from unnest(few_amount, few_seq) m(amount, seq)', $w$(select m.* from (values (-1, p_out), (1, p_in)) s(sign, asked), lateral (
                  select m.amount, m.seq from ledger.flow_mark m
                   where s.asked and m.account_id = p_account
                     and m.amount >= (case when s.sign < 0 then -coalesce(p_most, largest) else coalesce(p_least, 1) end)
                     and m.amount <= (case when s.sign < 0 then -coalesce(p_least, 1) else coalesce(p_most, largest) end)
                   order by m.amount limit 101) m$w$),
    ($w$    select least(coalesce(p_most, largest), greatest(
             (select m.amount from ledger.flow_mark m where m.account_id = p_account order by m.amount desc limit 1),
             (select -m.amount from ledger.flow_mark m where m.account_id = p_account order by m.amount limit 1))) into largest;
$w$, ''),
    ($w$      select s.sign * n.band as band,
             p_kinds is not null or p_most is distinct from p_least and (
               p_least is not null and n.band = ledger.amount_band(p_least)
               or p_most is not null and n.band = ledger.amount_band(p_most)) as checked
        from (values (-1, p_out), (1, p_in)) s(sign, asked),
             generate_series(ledger.amount_band(coalesce(p_least, 1)), ledger.amount_band(largest)) n(band)
       where s.asked) x;$w$, $w$      select n.band, p_kinds is not null or p_most is distinct from p_least and (
               least_cuts and abs(n.band) = least_band or most_cuts and abs(n.band) = most_band) as checked
        from ledger.flow_marked m, unnest(m.bands) n(band)
       where m.account_id = p_account and (n.band < 0 and p_out or n.band > 0 and p_in)
         and abs(n.band) between least_band and most_band) x;$w$)
    ) e(old, new) loop
      if (length(text) - length(replace(text, edit.old, ''))) / length(edit.old) <> 1 then
        raise exception '% does not say once: %', name, edit.old;
      end if;
      text := replace(text, edit.old, edit.new);
    end loop;
    execute text;
  end loop;

  -- A kind that most flows are of is looked for in a few of them first.
  text := replace(pg_get_functiondef('ledger.flow_page'::regproc), 'greatest(1500, 2 * p_limit)', 'greatest(1000, 2 * p_limit)');
  text := replace(text, $w$
        p_limit - cardinality(flows), budget);
    elsif (leg = 2)$w$, $w$
        p_limit - cardinality(flows), case when p_kinds is null then budget else least(budget, 4 * p_limit) end);
      if not part.complete and p_kinds is not null then
        part := ledger.flows_by(newer, way, p_account, low, split + 1, p_out, p_in, p_kinds, p_least, p_most, p_other,
          p_limit - cardinality(flows), budget);
      end if;
    elsif (leg = 2)$w$);
  if text not like '%else least(budget%' or text not like '%greatest(1000, 2%' then raise exception 'ledger.flow_page is another'; end if;
  execute text;
end $$;
