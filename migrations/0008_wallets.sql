-- Partner accounts: a workspace with members, wallets, tariffs, and the transfers that members make (W1-W6, S4, S5).

create function app.member_id() returns text language sql stable parallel safe
  return nullif(current_setting('portico.member', true), '');

-- Members ----------------------------------------------------------------------------------------------------------------

-- The account of one partnership; staff provision it (W1), nobody else.
create table app.workspace (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  name text not null check (length(name) between 1 and 200),
  provisioned_by text not null,
  created_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, partnership_id),
  foreign key (institution_id, partnership_id) references app.partnership
);

-- A person of a workspace. `language` '': the institution's. Suspended: no access for now; removed: no access, and a row for history.
create table app.member (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  name text not null check (length(name) between 1 and 200),
  email text not null,
  role text not null check (role in ('OWNER', 'ADMIN', 'OPERATOR', 'VIEWER')),
  language text not null default '',
  suspended_at timestamptz,
  removed_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  foreign key (institution_id, partnership_id) references app.workspace (institution_id, partnership_id)
);
create unique index member_address on app.member (institution_id, partnership_id, email) where removed_at is null;
create index member_by_email on app.member (institution_id, email) where removed_at is null;

-- Single use, for the address it was sent to; accepting makes the member. Expired is derived from `expires_at`.
create table app.invitation (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  name text not null check (length(name) between 1 and 200),
  email text not null,
  role text not null check (role in ('OWNER', 'ADMIN', 'OPERATOR', 'VIEWER')),
  token_hash bytea not null,
  state text not null default 'pending' check (state in ('pending', 'accepted', 'declined', 'withdrawn')),
  invited_by_kind text not null check (invited_by_kind in ('staff', 'member')),
  invited_by text not null,
  invited_by_name text not null,
  member_id text collate "C",
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  created_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, token_hash),
  foreign key (institution_id, partnership_id) references app.workspace (institution_id, partnership_id),
  foreign key (institution_id, member_id) references app.member
);
create unique index invitation_pending on app.invitation (institution_id, partnership_id, email) where state = 'pending';

-- Wallets ----------------------------------------------------------------------------------------------------------------

insert into ledger.account_kind (kind, owned, opens_on_use, min_balance) values ('adjustments', false, true, null);

-- In which currencies wallets can be opened. A transfer above `approval_minor` waits for staff; null: none does.
create table app.wallet_currency (
  institution_id text collate "C" not null references app.institution,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  enabled boolean not null default true,
  approval_minor bigint check (approval_minor between 0 and 9007199254740991),
  set_by text not null,
  updated_at timestamptz not null,
  primary key (institution_id, currency)
);

-- The balance is the ledger account wallet:<id>. `number` is random, with a check digit, so that it tells nothing of others; `purpose`
-- is what tariffs call the kind of the wallet. The state is the ledger account's too: both are written in one transaction.
create table app.wallet (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  number text collate "C" not null check (number ~ '^[0-9]{12}$'),
  currency text not null,
  purpose text not null check (purpose in ('general', 'commission', 'deposits', 'reserve')),
  state text not null default 'active' check (state in ('active', 'frozen', 'closed')),
  -- For the partner to read.
  state_why text not null default '' check (length(state_why) <= 300),
  -- The partner's payouts in this currency come here instead of going to its bank.
  takes_payouts boolean not null default false,
  opened_by text not null,
  opened_at timestamptz not null,
  state_at timestamptz,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, number),
  foreign key (institution_id, partnership_id) references app.workspace (institution_id, partnership_id),
  foreign key (institution_id, currency) references app.wallet_currency,
  check (state <> 'closed' or not takes_payouts)
);
create unique index wallet_one_a_purpose on app.wallet (institution_id, partnership_id, currency, purpose) where state <> 'closed';
create unique index wallet_for_payouts on app.wallet (institution_id, partnership_id, currency) where takes_payouts;

-- Money put in or taken out by hand: proposed by one person, approved by another. `minor` is signed: + goes into the wallet.
create table app.wallet_adjustment (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  wallet_id text collate "C" not null,
  partnership_id text collate "C" not null,
  currency text not null,
  minor bigint not null check (minor between -9007199254740991 and 9007199254740991 and minor <> 0),
  -- For the partner to read.
  reason text not null check (length(reason) between 1 and 300),
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'rejected', 'withdrawn')),
  key text collate "C" not null,
  proposed_by text not null,
  proposed_by_name text not null,
  decided_by text,
  decided_by_name text not null default '',
  decided_why text not null default '',
  created_at timestamptz not null,
  decided_at timestamptz,
  primary key (institution_id, id),
  unique (institution_id, key),
  foreign key (institution_id, wallet_id) references app.wallet,
  foreign key (institution_id, partnership_id) references app.partnership,
  check ((state = 'proposed') = (decided_by is null)),
  check (state in ('proposed', 'withdrawn') or decided_by <> proposed_by)
);
create index wallet_adjustment_waiting on app.wallet_adjustment (institution_id, id) where state = 'proposed';
create index wallet_adjustment_of_wallet on app.wallet_adjustment (institution_id, wallet_id, id);

-- Tariffs ----------------------------------------------------------------------------------------------------------------

-- What a transfer costs: by kind of wallet ('' = any), currency and route, from one day on until another takes its place or
-- `until_date` (the last day). What has begun is never changed, only ended; what has not can be withdrawn.
create table app.tariff (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  purpose text not null check (purpose in ('', 'general', 'commission', 'deposits', 'reserve')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  route text not null check (route in ('wallet', 'bank')),
  from_date date not null,
  until_date date check (until_date >= from_date),
  minimum_minor bigint not null default 0 check (minimum_minor between 0 and 9007199254740991),
  maximum_minor bigint check (maximum_minor between minimum_minor and 9007199254740991),
  set_by text not null,
  set_by_name text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  withdrawn_at timestamptz,
  primary key (institution_id, id)
);
create index tariff_in_force on app.tariff (institution_id, currency, route, purpose, from_date);
-- The tier with the highest `from_minor` that is not above the amount counts for the whole of it.
create table app.tariff_tier (
  institution_id text collate "C" not null,
  tariff_id text collate "C" not null,
  from_minor bigint not null check (from_minor between 0 and 9007199254740991),
  fixed_minor bigint not null check (fixed_minor between 0 and 9007199254740991),
  rate_bps integer not null check (rate_bps between 0 and 10000),
  primary key (institution_id, tariff_id, from_minor),
  foreign key (institution_id, tariff_id) references app.tariff
);

-- Transfers --------------------------------------------------------------------------------------------------------------

-- Prepared, not confirmed: what it will cost, for ten minutes. It moves nothing.
create table app.transfer_quote (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  wallet_id text collate "C" not null,
  member_id text collate "C" not null,
  route text not null check (route in ('wallet', 'bank')),
  to_wallet_id text collate "C",
  bank_account_id text collate "C",
  currency text not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  fee_minor bigint not null check (fee_minor between 0 and 9007199254740991),
  tariff_id text collate "C",
  reference text not null check (length(reference) <= 140),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (institution_id, id),
  foreign key (institution_id, wallet_id) references app.wallet,
  foreign key (institution_id, to_wallet_id) references app.wallet,
  foreign key (institution_id, bank_account_id) references app.bank_account,
  foreign key (institution_id, member_id) references app.member,
  foreign key (institution_id, tariff_id) references app.tariff,
  check ((route = 'wallet') = (to_wallet_id is not null) and (route = 'bank') = (bank_account_id is not null))
);

-- Confirmed under the key that was made with the form: the key lives as long as the row. `ref` is random, for addresses and people.
-- The ledger's key is transfer:<partnership>:<key>; the reference of its journals is the id.
create table app.transfer (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  ref text collate "C" not null check (length(ref) between 8 and 20),
  key text collate "C" not null check (length(key) between 8 and 100),
  digest bytea not null,
  wallet_id text collate "C" not null,
  route text not null check (route in ('wallet', 'bank')),
  to_wallet_id text collate "C",
  to_partnership_id text collate "C",
  bank_account_id text collate "C",
  currency text not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  fee_minor bigint not null check (fee_minor between 0 and 9007199254740991),
  tariff_id text collate "C",
  reference text not null default '' check (length(reference) <= 140),
  state text not null check (state in ('pending_approval', 'processing', 'completed', 'failed', 'cancelled')),
  -- A key of one list (rule 11's, and rejected, returned, insufficient_funds, frozen …); pages have the words.
  failure_reason text not null default '',
  -- What staff said when they rejected it, for the partner to read.
  failure_note text not null default '' check (length(failure_note) <= 300),
  requested_by text collate "C" not null,
  requested_by_name text not null,
  decided_by text,
  decided_by_name text not null default '',
  decided_at timestamptz,
  -- The far side of a bank transfer. One attempt a transfer: what fails comes back, and is a new transfer.
  provider text not null default '',
  provider_ref text collate "C",
  attempt_state text not null default '' check (attempt_state in ('', 'pending', 'sent', 'succeeded', 'failed', 'returned')),
  look_at timestamptz not null default 'infinity',
  looks integer not null default 0,
  prepared_at timestamptz not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  completed_at timestamptz,
  failed_at timestamptz,
  cancelled_at timestamptz,
  returned_at timestamptz,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  constraint transfer_key unique (institution_id, partnership_id, key),
  unique (institution_id, partnership_id, ref),
  unique (institution_id, provider, provider_ref),
  foreign key (institution_id, wallet_id) references app.wallet,
  foreign key (institution_id, to_wallet_id) references app.wallet,
  foreign key (institution_id, bank_account_id) references app.bank_account,
  foreign key (institution_id, requested_by) references app.member,
  foreign key (institution_id, tariff_id) references app.tariff,
  check ((route = 'wallet') = (to_wallet_id is not null) and (route = 'wallet') = (to_partnership_id is not null)
    and (route = 'bank') = (bank_account_id is not null)),
  check (wallet_id <> to_wallet_id)
);
create index transfer_waiting on app.transfer (institution_id, id) where state = 'pending_approval';
create index transfer_to_look_at on app.transfer (institution_id, look_at) where look_at < 'infinity';

-- A payout that went to a wallet.
alter table app.payout add wallet_id text collate "C", add foreign key (institution_id, wallet_id) references app.wallet;

-- Live pages -------------------------------------------------------------------------------------------------------------

do $$
declare
  name text;
begin
  foreach name in array array['wallet', 'wallet_adjustment'] loop
    execute format('create trigger wakes_after_insert after insert on app.%I referencing new table as written
      for each statement execute function app.wake_partners()', name);
    execute format('create trigger wakes_after_update after update on app.%I referencing new table as written
      for each statement execute function app.wake_partners()', name);
  end loop;
end $$;
create function app.wake_both_sides() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('portico_partner', p.id)
    from (select partnership_id as id from written union select to_partnership_id from written where to_partnership_id is not null) p;
  return null;
end $$;
create trigger wakes_after_insert after insert on app.transfer referencing new table as written
  for each statement execute function app.wake_both_sides();
create trigger wakes_after_update after update on app.transfer referencing new table as written
  for each statement execute function app.wake_both_sides();

-- Who opens the partner portal: contacts and members; somebody who is both has the sum ------------------------------------

-- Which partnerships an address opens, as what.
create function app.partner_grants(p_institution text, p_email text)
returns table (partnership_id text, contact_id text, member_id text, language text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(k.partnership_id, m.partnership_id), k.id, m.id, coalesce(nullif(k.language, ''), nullif(m.language, ''))
    from (select * from app.contact c
           where c.institution_id = p_institution and c.email = p_email and c.removed_at is null and c.access_on) k
    full join (select * from app.member x
           where x.institution_id = p_institution and x.email = p_email and x.removed_at is null and x.suspended_at is null) m
      on m.partnership_id = k.partnership_id
$$;

-- The same for whoever signs in at the institution of this transaction.
create function app.grants_at(p_email text) returns table (partnership_id text, person_id text, language text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select g.partnership_id, coalesce(g.contact_id, g.member_id), g.language from app.partner_grants(app.institution_id(), p_email) g
$$;

drop function app.open_partner_session(bytea, timestamptz);
-- No cache: a contact or member removed, suspended or whose address changed gives nothing, and the next request is refused.
create function app.open_partner_session(p_token_hash bytea, p_now timestamptz) returns table (
  session_id text, institution_id text, institution_version integer, stepped_up_at timestamptz, email text,
  partnership_id text, partnership_name text, contact_id text, rights text[], member_id text, role text, person_name text,
  language text, time_zone text, several boolean
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seen_at timestamptz;
  contact_seen_at timestamptz;
  member_seen_at timestamptz;
begin
  select s.id, s.institution_id, i.version, s.stepped_up_at, s.email, p.id, p.name, k.id, coalesce(k.rights, '{}'), m.id, m.role,
         coalesce(m.name, k.name), coalesce(nullif(k.language, ''), nullif(m.language, ''), i.locale), i.time_zone,
         exists (select from app.contact o where o.institution_id = s.institution_id and o.email = s.email
                   and o.partnership_id <> p.id and o.removed_at is null and o.access_on)
           or exists (select from app.member o where o.institution_id = s.institution_id and o.email = s.email
                   and o.partnership_id <> p.id and o.removed_at is null and o.suspended_at is null),
         s.last_seen_at, k.last_seen_at, m.last_seen_at
    into session_id, institution_id, institution_version, stepped_up_at, email, partnership_id, partnership_name,
         contact_id, rights, member_id, role, person_name, language, time_zone, several, seen_at, contact_seen_at, member_seen_at
    from app.session s
    join app.partnership p on p.institution_id = s.institution_id and p.id = s.partnership_id
    join app.institution i on i.id = s.institution_id
    left join app.contact k on k.institution_id = s.institution_id and k.partnership_id = s.partnership_id and k.email = s.email
     and k.removed_at is null and k.access_on
    left join app.member m on m.institution_id = s.institution_id and m.partnership_id = s.partnership_id and m.email = s.email
     and m.removed_at is null and m.suspended_at is null
   where s.token_hash = p_token_hash and s.face = 'partner' and s.ended_at is null and s.expires_at > p_now
     and s.last_seen_at + make_interval(secs => s.idle_seconds) > p_now
     and (k.id is not null or m.id is not null);
  if not found then return; end if;
  perform set_config('portico.institution', institution_id, true), set_config('portico.session', session_id, true),
          set_config('portico.customer', '', true), set_config('portico.partnership', partnership_id, true),
          set_config('portico.contact', coalesce(contact_id, ''), true), set_config('portico.member', coalesce(member_id, ''), true),
          set_config('portico.email', email, true);
  if current_setting('transaction_read_only') <> 'off' then return next; return; end if;
  if seen_at < p_now - interval '1 minute' then
    update app.session s set last_seen_at = p_now
     where s.institution_id = open_partner_session.institution_id and s.id = session_id;
  end if;
  if contact_id is not null and coalesce(contact_seen_at < p_now - interval '1 minute', true) then
    update app.contact k set last_seen_at = p_now
     where k.institution_id = open_partner_session.institution_id and k.id = contact_id;
  end if;
  if member_id is not null and coalesce(member_seen_at < p_now - interval '1 minute', true) then
    update app.member m set last_seen_at = p_now
     where m.institution_id = open_partner_session.institution_id and m.id = member_id;
  end if;
  return next;
end $$;

create or replace function app.partnerships_of_session() returns table (partnership_id text, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.id, p.name
    from app.session s
    cross join app.partner_grants(s.institution_id, s.email) g
    join app.partnership p on p.institution_id = s.institution_id and p.id = g.partnership_id
   where s.institution_id = app.institution_id() and s.id = app.session_id() and s.face = 'partner'
   order by 2, 1
$$;
create or replace function app.choose_partnership(p_partnership text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update app.session s set partnership_id = p_partnership
   where s.institution_id = app.institution_id() and s.id = app.session_id() and s.face = 'partner'
     and exists (select from app.partner_grants(s.institution_id, s.email) g where g.partnership_id = p_partnership);
  return found;
end $$;

-- Walls ------------------------------------------------------------------------------------------------------------------

do $$
declare
  name text;
begin
  foreach name in array array['workspace', 'member', 'invitation', 'wallet_currency', 'wallet', 'wallet_adjustment', 'tariff',
    'tariff_tier', 'transfer_quote', 'transfer']
  loop
    execute format('alter table app.%I enable row level security', name);
    execute format('create policy tenant on app.%I to {{staff}}, {{visitor}}, {{worker}}
      using (institution_id = (select nullif(current_setting(''portico.institution'', true), '''')))', name);
    execute format('grant select, insert, update on app.%I to {{staff}}, {{worker}}', name);
  end loop;
  foreach name in array array['workspace', 'member', 'wallet', 'transfer_quote', 'transfer']
  loop
    execute format('create policy partner_own on app.%I to {{partner}}, {{partner_write}}
      using (institution_id = (select nullif(current_setting(''portico.institution'', true), ''''))
         and partnership_id = (select nullif(current_setting(''portico.partnership'', true), '''')))', name);
  end loop;
end $$;
-- Only the program writes what its tariffs cost and what members ask for.
revoke insert, update on app.transfer_quote from {{staff}};
revoke insert on app.transfer from {{staff}};
revoke update on app.tariff_tier from {{staff}}, {{worker}};
grant delete on app.transfer_quote to {{worker}};
-- Where things stand is written; what they are about never changes: how much, from where, to where, whose.
do $$
declare
  line text[]; list text[][] := array[
    ['workspace', 'name'],
    ['member', 'role, suspended_at, removed_at, last_seen_at, updated_at'],
    ['invitation', 'token_hash, state, sent_at, expires_at, answered_at'],
    ['wallet', 'state, state_why, state_at, takes_payouts, updated_at'],
    ['wallet_adjustment', 'state, decided_by, decided_by_name, decided_why, decided_at'],
    ['tariff', 'until_date, ended_at, withdrawn_at'],
    ['transfer', 'state, failure_reason, failure_note, decided_by, decided_by_name, decided_at, provider, provider_ref, attempt_state,
      look_at, looks, sent_at, completed_at, failed_at, cancelled_at, returned_at, updated_at']];
begin
  foreach line slice 1 in array list loop
    execute format('revoke update on app.%I from {{staff}}, {{worker}}', line[1]);
    execute format('grant update (%s) on app.%I to {{staff}}, {{worker}}', line[2], line[1]);
  end loop;
end $$;
revoke update on app.transfer_quote from {{worker}};

-- Whoever acts is a contact, a member, or both.
drop policy partner_writes on app.audit_entry;
create policy partner_writes on app.audit_entry for insert to {{partner_write}}
  with check (institution_id = (select nullif(current_setting('portico.institution', true), ''))
    and actor_kind = 'partner' and actor_id in ((select nullif(current_setting('portico.contact', true), '')),
      (select nullif(current_setting('portico.member', true), ''))));

revoke execute on function app.member_id(), app.partner_grants(text, text), app.grants_at(text), app.open_partner_session(bytea, timestamptz),
  app.wake_both_sides() from public;
grant execute on function app.member_id() to {{staff}}, {{worker}}, {{partner}}, {{partner_write}};
grant execute on function app.open_partner_session(bytea, timestamptz) to {{partner}}, {{partner_write}};
grant execute on function app.grants_at(text) to {{visitor}}, {{worker}};

do $$
declare
  line text[]; list text[][] := array[
    ['workspace', 'institution_id, id, partnership_id, name'],
    ['member', 'institution_id, id, partnership_id, name, email, role, language, suspended_at, removed_at'],
    ['wallet', 'institution_id, id, partnership_id, number, currency, purpose, state, state_why, takes_payouts, opened_at, state_at'],
    ['transfer_quote', 'institution_id, id, partnership_id, wallet_id, member_id, route, to_wallet_id, bank_account_id, currency,
      minor, fee_minor, reference, created_at, expires_at'],
    ['transfer', 'institution_id, id, partnership_id, ref, key, wallet_id, route, to_wallet_id, bank_account_id, currency, minor,
      fee_minor, reference, state, failure_reason, failure_note, requested_by, requested_by_name, decided_at, prepared_at, created_at,
      sent_at, completed_at, failed_at, cancelled_at, returned_at']];
begin
  foreach line slice 1 in array list loop
    execute format('grant select (%s) on app.%I to {{partner}}, {{partner_write}}', line[2], line[1]);
  end loop;
end $$;

create view partner.workspace with (security_invoker = true) as select id, name from app.workspace;
create view partner.member with (security_invoker = true) as
  select id, name, email, role, suspended_at is not null as suspended from app.member where removed_at is null;
grant select on partner.workspace, partner.member to {{partner}}, {{partner_write}};
