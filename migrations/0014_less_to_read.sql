-- Flows read less, and two kinds of transfers that can't be are refused by word: what 0007 and 0009 made, with the words that change.

-- Kept beside the name: masking one takes as long as all else that is looked up for a flow. Who writes names masks them.
grant execute on function app.mask_name(text) to {{staff}}, {{worker}};
alter table app.partnership add column masked_name text not null generated always as (app.mask_name(name)) stored;

do $$
declare
  edit record; was text;
begin
  for edit in select * from (values
    -- A moment without end is no moment, and who takes the fees is no side of what pays one.
    ('ledger.post_transfers', $w$  if items = 0 then
    status := '{}'; journal_id := '{}'; booked_at := p_now;$w$, $w$  if items = 0 or not isfinite(p_now) then
    status := array_fill('malformed'::text, array[items]); journal_id := array_fill(null::bigint, array[items]);
    booked_at := p_now;$w$),
    ('ledger.post_transfers', 'select n, 2, p_debit[n], fees.id, p_fee[n] from',
      'select n, 2, p_debit[n], case when fees.id = p_credit[n] then p_debit[n] else fees.id end, p_fee[n] from'),
    ('ledger.post_transfer', 'length(p_kind) between 1 and 56 and p_amount', 'length(p_kind) between 1 and 56 and isfinite(p_now) and p_amount'),
    ('ledger.post_transfer', 'f.id is null or f.state = ''closed'')', 'f.id is null or f.state = ''closed'' or f.id in (d.id, c.id))'),
    -- Of amounts that few flows have, fewer are fetched at once; amounts alone are looked at in the index.
    ('ledger.flows_older', 'bool_and(m.n < 301)', 'bool_and(m.n < 101)'),
    ('ledger.flows_newer', 'bool_and(m.n < 301)', 'bool_and(m.n < 101)'),
    ('ledger.flows_older', 'limit 301) m) m', 'limit 101) m) m'),
    ('ledger.flows_newer', 'limit 301) m) m', 'limit 101) m) m'),
    ('ledger.flows_older', $w$abs(m.amount) <= p_most)
                 order by m.seq desc limit case when b.checked then$w$, $w$abs(m.amount) <= p_most)
                 order by m.seq desc limit case when b.checked and p_kinds is not null then$w$),
    ('ledger.flows_newer', $w$abs(m.amount) <= p_most)
                 order by m.seq asc limit case when b.checked then$w$, $w$abs(m.amount) <= p_most)
                 order by m.seq asc limit case when b.checked and p_kinds is not null then$w$),
    -- One look is dearer than a short one and cheaper than both.
    ('ledger.flow_page', $w$ 2 * p_limit);
      if not part.complete then
        part := ledger.flows_by(newer, way, p_account, low, split + 1, p_out, p_in, p_kinds, p_least, p_most, p_other,
          p_limit - cardinality(flows), budget);
      end if;$w$, ' budget);'),
    ('app.flows_of_wallet', 'app.mask_name(p.name)', 'p.masked_name'),
    ('partner.wallet_pending', 'app.mask_name(p.name)', 'p.masked_name')
  ) e(name, old, new) loop
    was := pg_get_functiondef(edit.name::regproc);
    if (length(was) - length(replace(was, edit.old, ''))) / length(edit.old) <> 1 then
      raise exception '% does not say once: %', edit.name, edit.old;
    end if;
    execute replace(was, edit.old, edit.new);
  end loop;
end $$;
