-- How a transaction learns who asks, and what each role may touch (access.md 1-5).

-- In PL/pgSQL, which keeps its plan: before version 18 an SQL function is planned again at every call.
create function app.set_principal(institution text, session text, customer text) returns void language plpgsql as $$
begin
  perform pg_catalog.set_config('portico.institution', institution, true),
          pg_catalog.set_config('portico.session', session, true),
          pg_catalog.set_config('portico.customer', customer, true);
end $$;

-- Opens a transaction for a signed-in person: one call checks the session, the grant behind it, and sets the walls.
-- No cache: an e-mail changed, a member suspended, a session ended = no row, and the next request is refused.
create function app.open_session(p_token_hash bytea, p_face text, p_now timestamptz) returns table (
  session_id text, institution jsonb, two_step_pending boolean, stepped_up_at timestamptz, email text,
  staff_id text, staff_name text, staff_role text, has_two_step boolean,
  customer_id text, customer_name text, language text, time_zone text
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  s app.session;
begin
  select * into s from app.session
   where token_hash = p_token_hash and face = p_face and ended_at is null and expires_at > p_now
     and last_seen_at + make_interval(secs => idle_seconds) > p_now;
  if not found then return; end if;
  perform app.set_principal(s.institution_id, s.id, coalesce(s.customer_id, ''));
  if s.last_seen_at < p_now - interval '1 minute' and current_setting('transaction_read_only') = 'off' then
    update app.session set last_seen_at = p_now where session.institution_id = s.institution_id and id = s.id;
  end if;
  if p_face = 'staff' then
    return query
      select s.id, to_jsonb(i), s.two_step_pending, s.stepped_up_at, s.email,
             m.id, m.name, m.role, m.totp_confirmed_at is not null, null::text, null::text, i.locale, i.time_zone
        from app.staff_member m join app.institution i on i.id = m.institution_id
       where m.institution_id = s.institution_id and m.id = s.staff_id and m.suspended_at is null and m.email = s.email;
  elsif p_face = 'customer' then
    return query
      select s.id, to_jsonb(i), false, s.stepped_up_at, s.email, null::text, null::text, null::text, false,
             c.id, btrim(c.given_name || ' ' || c.family_name), c.language, c.time_zone
        from app.customer c join app.institution i on i.id = c.institution_id
       where c.institution_id = s.institution_id and c.id = s.customer_id and c.email = s.email;
  end if;
end $$;

-- Siblings often share an address: whose pages a session shows is chosen after signing in, among the customers that have it.
create function app.customers_of_session() returns table (customer_id text, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, btrim(c.given_name || ' ' || c.family_name)
    from app.session s join app.customer c on c.institution_id = s.institution_id and c.email = s.email
   where s.institution_id = app.institution_id() and s.id = app.session_id() and s.face = 'customer'
   order by 2, 1
$$;
create function app.choose_customer(p_customer text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update app.session s set customer_id = p_customer
   where s.institution_id = app.institution_id() and s.id = app.session_id() and s.face = 'customer'
     and exists (select from app.customer c
                  where c.institution_id = s.institution_id and c.id = p_customer and c.email = s.email);
  return found;
end $$;

-- Opens a transaction for a visitor: the institution of this host, or the only one.
create function app.open_visit(p_host text) returns table (institution jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  here app.institution;
begin
  select * into here from app.institution i where i.host = p_host;
  if not found then
    if (select count(*) from app.institution) <> 1 then return; end if;
    select * into here from app.institution;
  end if;
  perform app.set_principal(here.id, '', '');
  return query select to_jsonb(here);
end $$;

-- Set-up makes the first institution and goes on inside it; once there is one, it makes no other.
create function app.begin_institution(p_id text, p_name text, p_is_demo boolean, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  lock table app.institution in share row exclusive mode;
  if exists (select from app.institution) then return false; end if;
  insert into app.institution (id, name, legal_name, is_demo, created_at) values (p_id, p_name, p_name, p_is_demo, p_now);
  perform app.set_principal(p_id, '', '');
  return true;
end $$;

-- Opens a transaction for the program's own work in one institution.
create function app.open_system(p_institution text) returns table (institution jsonb)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform app.set_principal(p_institution, '', '');
  return query select to_jsonb(i) from app.institution i where i.id = p_institution;
end $$;

-- Which institutions there are, for jobs that visit each in turn.
create function app.institution_ids() returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select id from app.institution order by id $$;

create function app.next_number(p_kind text, p_owner text) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into app.counter (institution_id, kind, owner, value) values (app.institution_id(), p_kind, p_owner, 1)
  on conflict (institution_id, kind, owner) do update set value = app.counter.value + 1 returning value
$$;

-- "Look now": wakes the worker inside the caller's transaction. The payload names the institution and nothing private.
create function app.wake(p_task text, p_payload json, p_key text, p_run_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform graphile_worker.portico_wake(p_task, p_payload, p_key, p_run_at);
end $$;

-- After thousands of rows at once: until the planner has counted them, lists would be read the slow way. Autovacuum does the
-- same a minute later; only an owner may, so this lends its hand and nothing else.
create function app.refresh_statistics() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  analyze app.partnership, app.contact, app.customer, app.payment, app.discount, app.share, app.checkout, app.checkout_item,
    app.payment_attempt, app.money_received, app.allocation, app.audit_entry;
end $$;

revoke execute on all functions in schema app from public;

grant usage on schema app to {{staff}}, {{customer}}, {{visitor}}, {{worker}};
grant usage on schema partner to {{partner}}, {{partner_write}};
grant usage on schema sandbox to {{worker}};
grant execute on function app.institution_id(), app.customer_id(), app.session_id()
  to {{staff}}, {{customer}}, {{visitor}}, {{worker}};
grant execute on function app.open_session(bytea, text, timestamptz) to {{staff}}, {{customer}};
grant execute on function app.customers_of_session(), app.choose_customer(text) to {{customer}};
grant execute on function app.open_visit(text), app.begin_institution(text, text, boolean, timestamptz) to {{visitor}};
grant execute on function app.open_system(text), app.institution_ids() to {{worker}};
grant execute on function app.refresh_statistics() to {{worker}};
grant execute on function app.next_number(text, text) to {{staff}}, {{worker}};
grant execute on function app.wake(text, json, text, timestamptz) to {{staff}}, {{customer}}, {{visitor}}, {{worker}};

-- Row-level security: everybody sees one institution; a customer, in it, one customer.
do $$
declare
  t record;
begin
  for t in
    select c.relname, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'customer_id') as has_customer,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'institution_id') as has_institution
      from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'
  loop
    execute format('alter table app.%I enable row level security', t.relname);
    if t.has_institution then
      execute format('create policy tenant on app.%I to {{staff}}, {{visitor}}, {{worker}}
        using (institution_id = (select nullif(current_setting(''portico.institution'', true), '''')))', t.relname);
    end if;
    if t.has_customer then
      execute format('create policy own on app.%I to {{customer}}
        using (institution_id = (select nullif(current_setting(''portico.institution'', true), ''''))
           and customer_id = (select nullif(current_setting(''portico.customer'', true), '''')))', t.relname);
    end if;
  end loop;
end $$;

create policy tenant on app.institution to {{staff}}, {{customer}}, {{visitor}}, {{worker}}
  using (id = (select nullif(current_setting('portico.institution', true), '')));
create policy own on app.customer to {{customer}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), ''))
     and id = (select nullif(current_setting('portico.customer', true), '')));

-- Rows that hang on a customer's row show to the customer through it.
do $$
declare
  child text; parent text; key text; pair text[];
begin
  foreach pair slice 1 in array array[
    ['discount', 'payment', 'payment_id'], ['checkout_item', 'checkout', 'checkout_id'], ['receipt_payment', 'receipt', 'receipt_id']]
  loop
    child := pair[1]; parent := pair[2]; key := pair[3];
    execute format('create policy own on app.%I to {{customer}}
      using (institution_id = (select nullif(current_setting(''portico.institution'', true), ''''))
         and exists (select from app.%I p where p.institution_id = %I.institution_id and p.id = %I.%I))',
      child, parent, child, child, key);
  end loop;
end $$;
create policy on_offer on app.channel_product for select to {{customer}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')));
-- In its own name only.
create policy writes on app.audit_entry for insert to {{customer}}
  with check (institution_id = (select nullif(current_setting('portico.institution', true), ''))
    and actor_kind = 'customer' and actor_id = (select nullif(current_setting('portico.customer', true), '')));

-- What a customer's page may begin: an open checkout of payments that are its own, and an attempt nobody has answered yet.
create policy begins on app.checkout as restrictive for insert to {{customer}} with check (state = 'open');
create policy begins on app.checkout_item as restrictive for insert to {{customer}}
  with check (exists (select from app.payment p
    where p.institution_id = checkout_item.institution_id and p.id = checkout_item.payment_id));
create policy begins on app.payment_attempt as restrictive for insert to {{customer}}
  with check (state = 'pending' and provider_ref is null and settled_at is null and exists (select from app.checkout c
    where c.institution_id = payment_attempt.institution_id and c.id = payment_attempt.checkout_id));

-- Grants. Staff and the worker write what their use cases write; nobody updates or deletes the audit log.
grant select, insert, update on
  app.institution, app.staff_member, app.recovery_code, app.session, app.partnership, app.contact, app.customer, app.payer,
  app.payment_plan, app.payment, app.discount, app.share, app.channel_product, app.checkout, app.checkout_item,
  app.payment_attempt, app.money_received, app.allocation, app.refund, app.outbox, app.mail, app.stored_file,
  app.import_run, app.import_bad_row, app.rate_limit, app.sign_in_link to {{staff}}, {{worker}};
grant delete on app.discount, app.share, app.payer, app.recovery_code to {{staff}}, {{worker}};
grant select, insert on app.audit_entry, app.receipt, app.receipt_payment to {{staff}}, {{worker}};
grant select on app.audit_seal, app.books_proof, app.provider_event, app.counter to {{staff}};
grant select, insert on app.audit_seal, app.books_proof to {{worker}};
grant select, insert, update on app.provider_event to {{worker}};
grant delete on app.mail, app.rate_limit, app.sign_in_link, app.outbox to {{worker}};
grant select, insert, delete on app.dev_mail to {{worker}};
grant select, insert, update on all tables in schema sandbox to {{worker}};

grant select on app.institution, app.customer, app.payment_plan, app.payment, app.channel_product, app.checkout,
  app.checkout_item, app.payment_attempt, app.money_received, app.allocation, app.receipt, app.receipt_payment, app.refund
  to {{customer}};
-- How much, and not why or by whom.
grant select (institution_id, payment_id, minor) on app.discount to {{customer}};
grant select (institution_id, id, face, email, customer_id, user_agent, ip, created_at, last_seen_at, idle_seconds, expires_at,
  ended_at) on app.session to {{customer}};
grant update (ended_at, ended_why) on app.session to {{customer}};
-- What becomes of an attempt is written by the program alone, once the provider was asked.
grant insert on app.checkout, app.payment_attempt to {{customer}};
grant insert on app.checkout_item, app.audit_entry to {{customer}};

-- The visitor's role serves sign-in and set-up only.
grant select on app.institution to {{visitor}};
grant insert on app.channel_product to {{visitor}};
-- What set-up says of the institution that it has just made.
grant update (country, time_zone, locale, currencies, registration_label, tax_name, tax_bps, contact_email)
  on app.institution to {{visitor}};
grant select, insert on app.sign_in_link, app.rate_limit, app.session to {{visitor}};
grant update (used_at, code_tries) on app.sign_in_link to {{visitor}};
grant update (count) on app.rate_limit to {{visitor}};
grant update (ended_at, ended_why) on app.session to {{visitor}};
-- No second factor is asked for, or kept, by this role.
grant select (institution_id, id, email, name, role, password_hash, suspended_at), insert,
  update (password_hash, password_changed_at) on app.staff_member to {{visitor}};
grant select (institution_id, id, email, given_name, family_name, language) on app.customer to {{visitor}};
grant insert on app.audit_entry, app.outbox, app.mail to {{visitor}};
grant insert, select on app.provider_event to {{visitor}};
grant select, delete on app.dev_mail to {{visitor}};
