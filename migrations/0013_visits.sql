-- A host that belongs to none of several institutions is told apart from a house where none was set up yet.

-- Opens a transaction for a visitor: the institution of this host, or the only one. Nothing where there is none yet;
-- a row without an institution where there are several and the host is none of theirs.
create or replace function app.open_visit(p_host text) returns table (institution jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  here app.institution;
begin
  select * into here from app.institution i where i.host = p_host;
  if not found then
    if not exists (select from app.institution) then return; end if;
    if (select count(*) from app.institution) > 1 then return query select null::jsonb; return; end if;
    select * into here from app.institution;
  end if;
  perform app.set_principal(here.id, '', '');
  return query select to_jsonb(here);
end $$;
