-- What customers owe, what arrives, and what was promised to partners.

create table app.payment_plan (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  customer_id text collate "C" not null,
  name text not null,
  created_at timestamptz not null,
  primary key (institution_id, id),
  foreign key (institution_id, customer_id) references app.customer
);

-- `list_minor` is the agreed price. Scheduled, due and overdue are read from `due_date`; `state` holds the rest.
create table app.payment (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  external_id text collate "C",
  customer_id text collate "C" not null,
  plan_id text collate "C",
  item text not null check (length(item) between 1 and 200),
  note text not null default '',
  list_minor bigint not null check (list_minor between 1 and 9007199254740991),
  currency text not null,
  due_date date not null,
  state text not null default 'open' check (state in
    ('draft', 'open', 'partially_paid', 'paid', 'partially_refunded', 'refunded', 'cancelled')),
  allow_part boolean not null default false,
  paid_minor bigint not null default 0 check (paid_minor between 0 and 9007199254740991),
  refunded_list_minor bigint not null default 0 check (refunded_list_minor between 0 and list_minor),
  refunded_cash_minor bigint not null default 0 check (refunded_cash_minor between 0 and 9007199254740991),
  paid_at timestamptz,
  cancelled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, external_id),
  foreign key (institution_id, customer_id) references app.customer,
  foreign key (institution_id, plan_id) references app.payment_plan
);
create index payment_by_customer on app.payment (institution_id, customer_id, due_date, id);
create index payment_by_due on app.payment (institution_id, due_date, id);
create index payment_by_plan on app.payment (institution_id, plan_id) where plan_id is not null;

-- The institution's own business: partners' role has no privilege here at all.
create table app.discount (
  institution_id text collate "C" not null,
  payment_id text collate "C" not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  reason text not null default '',
  given_by text not null,
  created_at timestamptz not null,
  primary key (institution_id, payment_id),
  foreign key (institution_id, payment_id) references app.payment
);

-- A partner's part of a payment, computed on the list amount (domain.md rule 1).
create table app.share (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  payment_id text collate "C" not null,
  partnership_id text collate "C" not null,
  kind text not null default 'percent' check (kind in ('percent')),
  rate_bps integer not null check (rate_bps between 1 and 10000),
  tax_mode text not null check (tax_mode in ('none', 'inclusive', 'exclusive')),
  tax_bps integer not null default 0 check (tax_bps between 0 and 10000),
  net_minor bigint not null check (net_minor >= 0),
  tax_minor bigint not null check (tax_minor >= 0),
  reversed_minor bigint not null default 0 check (reversed_minor between 0 and net_minor + tax_minor),
  state text not null default 'agreed' check (state in ('agreed', 'earned', 'in_payout', 'paid_out', 'reversed')),
  earned_at timestamptz,
  created_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, payment_id, partnership_id),
  foreign key (institution_id, payment_id) references app.payment,
  foreign key (institution_id, partnership_id) references app.partnership
);
create index share_by_partnership on app.share (institution_id, partnership_id);

-- A channel product is a payment method on offer. What it costs the institution stands in its own table.
create table app.channel_product (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  provider text not null,
  kind text not null check (kind in ('card', 'bank_transfer')),
  name text not null,
  state text not null default 'active' check (state in ('active', 'inactive', 'maintenance')),
  currencies text[] not null,
  surcharge_bps integer not null default 0 check (surcharge_bps between 0 and 1000),
  position integer not null default 0,
  created_at timestamptz not null,
  primary key (institution_id, id)
);

create table app.checkout (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  customer_id text collate "C" not null,
  currency text not null,
  total_minor bigint not null check (total_minor between 1 and 9007199254740991),
  state text not null default 'open' check (state in ('open', 'processing', 'paid', 'closed')),
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  foreign key (institution_id, customer_id) references app.customer
);
create index checkout_by_customer on app.checkout (institution_id, customer_id, id);

create table app.checkout_item (
  institution_id text collate "C" not null,
  checkout_id text collate "C" not null,
  payment_id text collate "C" not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  primary key (institution_id, checkout_id, payment_id),
  foreign key (institution_id, checkout_id) references app.checkout,
  foreign key (institution_id, payment_id) references app.payment
);
create index checkout_item_by_payment on app.checkout_item (institution_id, payment_id);

create table app.payment_attempt (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  checkout_id text collate "C" not null,
  customer_id text collate "C" not null,
  channel_product_id text collate "C" not null,
  provider text not null,
  provider_ref text collate "C",
  reference text collate "C" not null,
  state text not null default 'pending' check (state in
    ('pending', 'requires_action', 'processing', 'succeeded', 'failed', 'returned')),
  currency text not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  surcharge_minor bigint not null default 0 check (surcharge_minor >= 0),
  credit_minor bigint not null default 0 check (credit_minor >= 0),
  failure_reason text not null default '',
  method_label text not null default '',
  action_url text not null default '',
  instructions jsonb,
  look_at timestamptz not null default 'epoch',
  looks integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  settled_at timestamptz,
  primary key (institution_id, id),
  unique (institution_id, provider, provider_ref),
  unique (institution_id, reference),
  foreign key (institution_id, checkout_id) references app.checkout,
  foreign key (institution_id, customer_id) references app.customer,
  foreign key (institution_id, channel_product_id) references app.channel_product
);
create index payment_attempt_by_checkout on app.payment_attempt (institution_id, checkout_id, id);
create index payment_attempt_by_customer on app.payment_attempt (institution_id, customer_id, id);
create index payment_attempt_open on app.payment_attempt (institution_id, look_at)
  where state in ('pending', 'requires_action', 'processing');

-- Money that arrived, once per provider reference: whichever of redirect, event and look-up comes first writes it.
create table app.money_received (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  provider text not null,
  provider_ref text collate "C" not null,
  kind text not null check (kind in ('card', 'bank_transfer', 'by_hand')),
  attempt_id text collate "C",
  customer_id text collate "C",
  currency text not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  surcharge_minor bigint not null default 0 check (surcharge_minor >= 0),
  reference text not null default '',
  payer_name text not null default '',
  method_label text not null default '',
  state text not null check (state in ('matched', 'unmatched', 'returned')),
  received_on date not null,
  recorded_by text not null default '',
  created_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, provider, provider_ref),
  foreign key (institution_id, attempt_id) references app.payment_attempt,
  foreign key (institution_id, customer_id) references app.customer
);
create index money_received_by_customer on app.money_received (institution_id, customer_id, id);
create index money_received_unmatched on app.money_received (institution_id, id) where state = 'unmatched';

create table app.allocation (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  received_id text collate "C",
  payment_id text collate "C" not null,
  customer_id text collate "C" not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  from_credit boolean not null default false,
  -- When part money was taken off the payment again (it was cancelled): the money is free credit from then on.
  freed_at timestamptz,
  created_at timestamptz not null,
  primary key (institution_id, id),
  foreign key (institution_id, received_id) references app.money_received,
  foreign key (institution_id, payment_id) references app.payment,
  foreign key (institution_id, customer_id) references app.customer
);
create index allocation_by_customer on app.allocation (institution_id, customer_id, payment_id, id);
create index allocation_by_payment on app.allocation (institution_id, payment_id, id);
create index allocation_by_received on app.allocation (institution_id, received_id);

-- Issued once, never changed: the snapshot holds every name, number and amount that the PDF shows.
create table app.receipt (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  number bigint not null,
  received_id text collate "C" not null,
  customer_id text collate "C" not null,
  snapshot jsonb not null,
  issued_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, number),
  unique (institution_id, received_id),
  foreign key (institution_id, received_id) references app.money_received,
  foreign key (institution_id, customer_id) references app.customer
);
create index receipt_by_customer on app.receipt (institution_id, customer_id, number);

create table app.receipt_payment (
  institution_id text collate "C" not null,
  receipt_id text collate "C" not null,
  payment_id text collate "C" not null,
  primary key (institution_id, receipt_id, payment_id),
  foreign key (institution_id, receipt_id) references app.receipt,
  foreign key (institution_id, payment_id) references app.payment
);
create index receipt_payment_by_payment on app.receipt_payment (institution_id, payment_id);

create table app.refund (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  payment_id text collate "C" not null,
  customer_id text collate "C" not null,
  list_minor bigint not null check (list_minor between 0 and 9007199254740991),
  cash_minor bigint not null check (cash_minor between 0 and 9007199254740991),
  -- What of the discount is no longer given (domain.md rule 6).
  discount_minor bigint not null default 0 check (discount_minor >= 0),
  currency text not null,
  kind text not null check (kind in ('provider', 'by_hand')),
  state text not null check (state in ('pending', 'succeeded', 'failed')),
  provider text not null default '',
  provider_ref text collate "C" not null default '',
  reason text not null default '',
  failure_reason text not null default '',
  -- The charge it goes back to, and when to look at the provider again.
  charge_ref text collate "C" not null default '',
  look_at timestamptz not null default 'epoch',
  looks integer not null default 0,
  requested_by text not null,
  created_at timestamptz not null,
  settled_at timestamptz,
  check (list_minor + cash_minor >= 1),
  primary key (institution_id, id),
  foreign key (institution_id, payment_id) references app.payment,
  foreign key (institution_id, customer_id) references app.customer
);
create index refund_by_payment on app.refund (institution_id, payment_id, id);
create index refund_pending on app.refund (institution_id, id) where state = 'pending';

create table app.provider_event (
  institution_id text collate "C" not null references app.institution,
  provider text not null,
  event_id text collate "C" not null,
  type text not null,
  body jsonb not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  outcome text not null default '',
  primary key (institution_id, provider, event_id)
);
create index provider_event_waiting on app.provider_event (institution_id, received_at) where processed_at is null;

-- One file on its way in. `found` says what was read at upload: delimiter, newline, headers, first rows. `mapping` says which
-- column of the file feeds which of ours. `runner` names the job that works on it: a job that finds another name stops.
create table app.import_run (
  institution_id text collate "C" not null references app.institution,
  id text collate "C" not null,
  kind text not null check (kind in ('partnerships', 'contacts', 'customers', 'payments')),
  file_name text not null,
  storage_key text not null,
  bytes bigint not null default 0,
  found jsonb not null default '{}',
  state text not null check (state in ('uploaded', 'queued', 'running', 'done', 'failed')),
  mapping jsonb not null default '{}',
  total_rows integer not null default 0,
  done_rows integer not null default 0,
  created_rows integer not null default 0,
  updated_rows integer not null default 0,
  unchanged_rows integer not null default 0,
  bad_rows integer not null default 0,
  message text not null default '',
  runner text not null default '',
  beat_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  queued_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (institution_id, id)
);
-- One import at a time in an institution; the others wait their turn.
create unique index import_run_running on app.import_run (institution_id) where state = 'running';
create index import_run_waiting on app.import_run (institution_id, queued_at) where state = 'queued';

create table app.import_bad_row (
  institution_id text collate "C" not null,
  import_id text collate "C" not null,
  line integer not null,
  column_name text not null,
  reason text not null,
  value text not null default '',
  primary key (institution_id, import_id, line, column_name),
  foreign key (institution_id, import_id) references app.import_run
);

-- The far side of the network, played by the sandbox: its own memory of charges, refunds and bank credits.
create schema sandbox;
create table sandbox.charge (
  ref text collate "C" primary key,
  institution_id text collate "C" not null,
  idempotency_key text collate "C" not null unique,
  kind text not null,
  currency text not null,
  minor bigint not null,
  reference text not null,
  return_url text not null,
  state text not null,
  failure_reason text not null default '',
  method_label text not null default '',
  settles_at timestamptz,
  refunded_minor bigint not null default 0,
  created_at timestamptz not null
);
create table sandbox.event (
  id text collate "C" primary key,
  institution_id text collate "C" not null,
  type text not null,
  body jsonb not null,
  due_at timestamptz not null,
  delivered_at timestamptz,
  tries integer not null default 0
);
create table sandbox.credit (
  ref text collate "C" primary key,
  institution_id text collate "C" not null,
  currency text not null,
  minor bigint not null,
  reference text not null,
  payer_name text not null,
  received_on date not null,
  created_at timestamptz not null
);
create table sandbox.refund (
  ref text collate "C" primary key,
  institution_id text collate "C" not null,
  idempotency_key text collate "C" not null unique,
  charge_ref text collate "C" not null references sandbox.charge,
  minor bigint not null,
  state text not null,
  created_at timestamptz not null
);
