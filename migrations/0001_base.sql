-- The tenant, its people, and the walls between them.
-- A role between double braces stands for that role of this database (access.md 1): the migrator writes its quoted name.

create schema app;
create schema partner;
comment on schema app is 'Portico''s tables. Nothing lives in public.';
comment on schema partner is 'Views for partners; the role that serves them reads nothing else.';

-- Who asks, for the current transaction; set by app.open_session and its sisters. Not set = no rows.
create function app.institution_id() returns text language sql stable parallel safe
  return nullif(current_setting('portico.institution', true), '');
create function app.customer_id() returns text language sql stable parallel safe
  return nullif(current_setting('portico.customer', true), '');
create function app.session_id() returns text language sql stable parallel safe
  return nullif(current_setting('portico.session', true), '');

create table app.institution (
  id text collate "C" primary key,
  name text not null check (length(name) between 1 and 200),
  legal_name text not null,
  registration_label text not null default 'ABN',
  registration_number text not null default '',
  country text not null default 'AU',
  time_zone text not null default 'Australia/Sydney',
  locale text not null default 'en-AU',
  currencies text[] not null default '{AUD}',
  host text,
  brand_colour text not null default '#0d5c4b' check (brand_colour ~ '^#[0-9a-f]{6}$'),
  contact_email text not null default '',
  contact_phone text not null default '',
  address text not null default '',
  tax_name text not null default 'GST',
  tax_bps integer not null default 1000 check (tax_bps between 0 and 10000),
  due_window_days integer not null default 30 check (due_window_days between 0 and 365),
  is_demo boolean not null default false,
  live_at timestamptz,
  created_at timestamptz not null
);

create table app.staff_member (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  email text not null,
  name text not null,
  role text not null check (role in ('OWNER', 'ADMIN', 'OPERATOR', 'VIEWER')),
  password_hash text,
  password_changed_at timestamptz,
  totp_sealed bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint not null default 0,
  failed_tries integer not null default 0,
  locked_until timestamptz,
  suspended_at timestamptz,
  created_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, email)
);

create table app.recovery_code (
  institution_id text collate "C" not null,
  staff_id text collate "C" not null,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (institution_id, staff_id, code_hash),
  foreign key (institution_id, staff_id) references app.staff_member
);

create table app.partnership (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  external_id text collate "C",
  name text not null,
  kind text not null check (kind in ('agent', 'school', 'master_agent', 'sub_agent', 'sales_rep')),
  legal_name text not null,
  tax_id text not null default '',
  tax_registered boolean not null default false,
  currency text not null,
  commission_bps integer not null check (commission_bps between 0 and 10000),
  commission_tax text not null check (commission_tax in ('inclusive', 'exclusive')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, external_id)
);

create table app.contact (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  name text not null,
  email text not null,
  phone text not null default '',
  rights text[] not null default '{view,pay}',
  removed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, partnership_id, email),
  foreign key (institution_id, partnership_id) references app.partnership
);

create table app.customer (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  external_id text collate "C",
  given_name text not null default '',
  family_name text not null default '',
  email text,
  phone text not null default '',
  language text not null default 'en-AU',
  time_zone text not null default 'Australia/Sydney',
  partnership_id text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, external_id),
  foreign key (institution_id, partnership_id) references app.partnership,
  check (given_name <> '' or family_name <> '')
);
create index customer_by_email on app.customer (institution_id, email) where email is not null;
create index customer_by_name on app.customer (institution_id, (lower(family_name || ' ' || given_name)) collate "C", id);

create table app.payer (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  customer_id text collate "C" not null,
  email text not null,
  rights text[] not null default '{view,pay}',
  expires_at timestamptz,
  created_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, customer_id, email),
  foreign key (institution_id, customer_id) references app.customer
);

create table app.session (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  token_hash bytea not null unique,
  face text not null check (face in ('staff', 'customer', 'partner')),
  email text not null,
  staff_id text collate "C",
  customer_id text collate "C",
  two_step_pending boolean not null default false,
  stepped_up_at timestamptz,
  user_agent text not null default '',
  ip text not null default '',
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  idle_seconds integer not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_why text,
  primary key (institution_id, id),
  foreign key (institution_id, staff_id) references app.staff_member,
  foreign key (institution_id, customer_id) references app.customer
);
create index session_by_email on app.session (institution_id, email) where ended_at is null;

create table app.sign_in_link (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  face text not null check (face in ('staff', 'customer', 'partner')),
  purpose text not null check (purpose in ('sign_in', 'set_password')),
  email text not null,
  token_hash bytea not null,
  code_hash bytea not null,
  browser_hash bytea not null,
  code_tries integer not null default 0,
  return_to text not null default '',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (institution_id, id),
  unique (institution_id, token_hash)
);
create index sign_in_link_by_browser on app.sign_in_link (institution_id, browser_hash);

create table app.rate_limit (
  institution_id text collate "C" not null,
  key text collate "C" not null,
  window_start timestamptz not null,
  count integer not null,
  primary key (institution_id, key, window_start)
);

-- Append-only. `seq` orders the chain; one job seals ranges of it, so writers never queue on its head.
create table app.audit_entry (
  institution_id text collate "C" not null references app.institution,
  seq bigint generated always as identity,
  id text collate "C" not null,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  acting_as text not null default '',
  event text not null,
  subject text not null default '',
  data jsonb not null default '{}',
  ip text not null default '',
  primary key (institution_id, id)
);
create index audit_entry_by_seq on app.audit_entry (institution_id, seq);
create index audit_entry_by_subject on app.audit_entry (institution_id, subject, seq);

create table app.audit_seal (
  institution_id text collate "C" not null references app.institution,
  through_seq bigint not null,
  entries bigint not null,
  hash bytea not null,
  sealed_at timestamptz not null,
  primary key (institution_id, through_seq)
);

-- News for those above: written in the transaction that made it, read by jobs.
create table app.outbox (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  event text not null,
  subject text not null,
  data jsonb not null default '{}',
  created_at timestamptz not null,
  done_at timestamptz,
  tries integer not null default 0,
  last_error text not null default '',
  primary key (institution_id, id)
);
create index outbox_waiting on app.outbox (institution_id, id) where done_at is null;

-- A mail on its way. Its words may hold a sign-in link, so they are sealed, and wiped once it is sent.
create table app.mail (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  kind text not null,
  to_email text not null,
  locale text not null,
  sealed bytea,
  dedupe_key text collate "C",
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'dropped')),
  tries integer not null default 0,
  last_error text not null default '',
  -- The next try, on our clock. A job that takes the mail moves it ahead, so that no other takes it meanwhile.
  try_at timestamptz not null,
  -- From then on it is not worth sending: a sign-in link that has expired.
  drop_at timestamptz,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (institution_id, id),
  unique (institution_id, dedupe_key)
);
create index mail_waiting on app.mail (institution_id, try_at, id) where state = 'queued';

-- Where mail lands when no SMTP server is configured. Development only.
create table app.dev_mail (
  institution_id text collate "C" not null,
  id text collate "C" primary key,
  at timestamptz not null,
  to_email text not null,
  subject text not null,
  text_body text not null,
  html_body text not null
);

-- Numbers without gaps: the row is locked last, in the transaction that issues the document.
create table app.counter (
  institution_id text collate "C" not null references app.institution,
  kind text collate "C" not null,
  owner text collate "C" not null default '',
  value bigint not null default 0,
  primary key (institution_id, kind, owner)
);

create table app.stored_file (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  storage_key text not null,
  name text not null,
  media_type text not null,
  bytes bigint not null,
  created_at timestamptz not null,
  primary key (institution_id, id)
);

create table app.books_proof (
  institution_id text collate "C" not null references app.institution,
  id bigint generated always as identity,
  at timestamptz not null,
  ok boolean not null,
  report jsonb not null,
  primary key (institution_id, id)
);
