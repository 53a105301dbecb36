-- Invitations to partner accounts (W1): whoever holds the token looks at it, accepts or declines; the visitor's role
-- reads and writes no member and no invitation itself.

-- Of the mail, and of the member that it makes; '': the institution's.
alter table app.invitation add language text not null default '';
create index invitation_of_account on app.invitation (institution_id, partnership_id, id);

-- What the page behind a link says. Looking spends nothing. `is_member`: the address is of an active member already.
create function app.invitation_at(p_token_hash bytea) returns table (
  id text, partnership_id text, partnership_name text, name text, email text, role text, state text, invited_by_name text,
  expires_at timestamptz, is_member boolean
) language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select v.id, v.partnership_id, p.name, v.name, v.email, v.role, v.state, v.invited_by_name, v.expires_at,
         exists (select from app.member m where m.institution_id = v.institution_id and m.partnership_id = v.partnership_id
                   and m.email = v.email and m.removed_at is null)
    from app.invitation v
    join app.partnership p on p.institution_id = v.institution_id and p.id = v.partnership_id
   where v.institution_id = app.institution_id() and v.token_hash = p_token_hash
$$;

-- Makes the member, once: whoever comes second waits for the first, and finds it accepted. A member who is there with
-- this address is never touched. Answers whether it did.
create function app.accept_invitation(p_token_hash bytea, p_member text, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v app.invitation%rowtype;
begin
  select * into v from app.invitation i
   where i.institution_id = app.institution_id() and i.token_hash = p_token_hash and i.state = 'pending' and i.expires_at > p_now
     for update;
  if not found then return false; end if;
  insert into app.member (institution_id, id, partnership_id, name, email, role, language, created_at, updated_at)
    values (v.institution_id, p_member, v.partnership_id, v.name, v.email, v.role, v.language, p_now, p_now)
    on conflict (institution_id, partnership_id, email) where removed_at is null do nothing;
  if not found then return false; end if;
  update app.invitation i set state = 'accepted', answered_at = p_now, member_id = p_member
   where i.institution_id = v.institution_id and i.id = v.id;
  return true;
end $$;

create function app.decline_invitation(p_token_hash bytea, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update app.invitation i set state = 'declined', answered_at = p_now
   where i.institution_id = app.institution_id() and i.token_hash = p_token_hash and i.state = 'pending' and i.expires_at > p_now;
  return found;
end $$;

-- Whom the development page signs in; nobody outside the demo data.
create function app.demo_member() returns table (id text, partnership_id text, email text, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, m.partnership_id, m.email, m.name
    from app.member m
    join app.institution i on i.id = m.institution_id and i.is_demo
    join app.partnership p on p.institution_id = m.institution_id and p.id = m.partnership_id
   where m.institution_id = app.institution_id() and m.removed_at is null and m.suspended_at is null
   order by p.name = 'Meridian Education' desc, m.role = 'OWNER' desc, m.id limit 1
$$;

drop policy visitor_tells on app.outbox;
create policy visitor_tells on app.outbox as restrictive for insert to {{visitor}}
  with check (event in ('sign-in.requested', 'sign-in.locked', 'member.joined'));

revoke execute on function app.invitation_at(bytea), app.accept_invitation(bytea, text, timestamptz),
  app.decline_invitation(bytea, timestamptz), app.demo_member() from public;
grant execute on function app.invitation_at(bytea), app.accept_invitation(bytea, text, timestamptz) to {{visitor}}, {{worker}};
grant execute on function app.decline_invitation(bytea, timestamptz), app.demo_member() to {{visitor}};
