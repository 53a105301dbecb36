-- Opening a session is part of every page, so it asks once and brings back little: one function a face, one query in it.

-- Counts the changes of an institution's settings, so that a process may keep them until they change.
alter table app.institution add version integer not null default 1;
create function app.count_version() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.version := old.version + 1;
  return new;
end $$;
create trigger count_version before update on app.institution for each row execute function app.count_version();

-- The settings of the institution that a transaction was opened in, whoever opened it.
create function app.own_institution() returns jsonb language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select to_jsonb(i) from app.institution i where i.id = app.institution_id() $$;

drop function app.open_session(bytea, text, timestamptz);

-- No cache: an e-mail changed, a member suspended, a session ended = no row, no walls opened, and the next request is refused.
create function app.open_staff_session(p_token_hash bytea, p_now timestamptz) returns table (
  session_id text, institution_id text, institution_version integer, two_step_pending boolean, stepped_up_at timestamptz,
  email text, staff_id text, staff_name text, staff_role text, has_two_step boolean
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seen_at timestamptz;
begin
  select s.id, s.institution_id, i.version, s.two_step_pending, s.stepped_up_at, s.email, m.id, m.name, m.role,
         m.totp_confirmed_at is not null, s.last_seen_at
    into session_id, institution_id, institution_version, two_step_pending, stepped_up_at, email, staff_id, staff_name,
         staff_role, has_two_step, seen_at
    from app.session s
    join app.staff_member m on m.institution_id = s.institution_id and m.id = s.staff_id and m.suspended_at is null
     and m.email = s.email
    join app.institution i on i.id = s.institution_id
   where s.token_hash = p_token_hash and s.face = 'staff' and s.ended_at is null and s.expires_at > p_now
     and s.last_seen_at + make_interval(secs => s.idle_seconds) > p_now;
  if not found then return; end if;
  perform set_config('portico.institution', institution_id, true), set_config('portico.session', session_id, true),
          set_config('portico.customer', '', true);
  if seen_at < p_now - interval '1 minute' and current_setting('transaction_read_only') = 'off' then
    update app.session s set last_seen_at = p_now
     where s.institution_id = open_staff_session.institution_id and s.id = session_id;
  end if;
  return next;
end $$;

create function app.open_customer_session(p_token_hash bytea, p_now timestamptz) returns table (
  session_id text, institution_id text, institution_version integer, stepped_up_at timestamptz, email text,
  customer_id text, customer_name text, language text, time_zone text
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seen_at timestamptz;
begin
  select s.id, s.institution_id, i.version, s.stepped_up_at, s.email, c.id, btrim(c.given_name || ' ' || c.family_name),
         c.language, c.time_zone, s.last_seen_at
    into session_id, institution_id, institution_version, stepped_up_at, email, customer_id, customer_name,
         language, time_zone, seen_at
    from app.session s
    join app.customer c on c.institution_id = s.institution_id and c.id = s.customer_id and c.email = s.email
    join app.institution i on i.id = s.institution_id
   where s.token_hash = p_token_hash and s.face = 'customer' and s.ended_at is null and s.expires_at > p_now
     and s.last_seen_at + make_interval(secs => s.idle_seconds) > p_now;
  if not found then return; end if;
  perform set_config('portico.institution', institution_id, true), set_config('portico.session', session_id, true),
          set_config('portico.customer', customer_id, true);
  if seen_at < p_now - interval '1 minute' and current_setting('transaction_read_only') = 'off' then
    update app.session s set last_seen_at = p_now
     where s.institution_id = open_customer_session.institution_id and s.id = session_id;
  end if;
  return next;
end $$;

-- What the customer whose transaction this is overpaid and may use, in every currency where it is something.
create function ledger.own_credit() returns table (currency text, minor bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select a.currency, a.balance - a.held from ledger.account a
    where a.institution_id = app.institution_id() and a.kind = 'customer' and a.owner = app.customer_id()
      and a.balance > a.held;
end $$;

revoke execute on function app.count_version(), app.own_institution(), app.open_staff_session(bytea, timestamptz),
  app.open_customer_session(bytea, timestamptz), ledger.own_credit() from public;
grant execute on function app.own_institution() to {{staff}}, {{customer}}, {{partner}}, {{partner_write}};
grant execute on function app.open_staff_session(bytea, timestamptz) to {{staff}};
grant execute on function app.open_customer_session(bytea, timestamptz), ledger.own_credit() to {{customer}};
