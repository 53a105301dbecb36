-- Partners: who signs in for one, what it earns, and the walls around it (domain.md rule 20, access.md 4).

-- Whose partner portal this transaction serves. Not set = no rows.
create function app.partnership_id() returns text language sql stable parallel safe
  return nullif(current_setting('portico.partnership', true), '');
create function app.contact_id() returns text language sql stable parallel safe
  return nullif(current_setting('portico.contact', true), '');

-- Contacts and sessions --------------------------------------------------------------------------------------------------

alter table app.session add partnership_id text collate "C",
  add foreign key (institution_id, partnership_id) references app.partnership;

-- `access_on` false: switched off by the institution. `language` '': the institution's.
alter table app.contact add access_on boolean not null default true, add last_seen_at timestamptz,
  add language text not null default '';
create index contact_by_email on app.contact (institution_id, email) where removed_at is null;

alter table app.partnership
  add address text not null default '',
  add language text not null default '',
  add payout_schedule text not null default 'weekly' check (payout_schedule in ('daily', 'weekly', 'fortnightly', 'monthly')),
  add payouts_paused_at timestamptz,
  add payouts_paused_why text not null default '',
  add netting text not null default 'off' check (netting in ('off', 'proposed', 'agreed')),
  -- What a new payment starts with: `commission_bps` of the list amount or of another partner's share, or a fixed amount.
  add share_kind text not null default 'percent' check (share_kind in ('percent', 'flat', 'percent_of_share')),
  add share_flat_minor bigint check (share_flat_minor between 1 and 9007199254740991),
  add share_of_partnership_id text collate "C",
  add foreign key (institution_id, share_of_partnership_id) references app.partnership,
  add check ((share_kind = 'flat') = (share_flat_minor is not null)),
  add check ((share_kind = 'percent_of_share') = (share_of_partnership_id is not null) and share_of_partnership_id <> id);

-- Tax status with the day from which it holds; the newest day on or before a date counts at that date.
create table app.partner_tax_status (
  institution_id text collate "C" not null,
  partnership_id text collate "C" not null,
  from_date date not null,
  tax_registered boolean not null,
  tax_id text not null default '',
  set_by text not null,
  created_at timestamptz not null,
  primary key (institution_id, partnership_id, from_date),
  foreign key (institution_id, partnership_id) references app.partnership
);
-- What was known of partners before there were dates holds from the day they came in.
insert into app.partner_tax_status (institution_id, partnership_id, from_date, tax_registered, tax_id, set_by, created_at)
  select p.institution_id, p.id, (p.created_at at time zone i.time_zone)::date, p.tax_registered, p.tax_id, 'migration', p.created_at
    from app.partnership p join app.institution i on i.id = p.institution_id;

-- `sealed` holds the numbers as typed, under the row's id; `last4` is what anybody sees. Changed details are a new row.
create table app.bank_account (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  currency text not null,
  holder_name text not null,
  bank_name text not null default '',
  country text not null default 'AU',
  sealed bytea not null,
  last4 text not null check (length(last4) between 1 and 4),
  state text not null check (state in ('in_review', 'active', 'replaced', 'rejected', 'withdrawn')),
  rejected_why text not null default '',
  proposed_by_kind text not null check (proposed_by_kind in ('staff', 'partner')),
  proposed_by text not null,
  reviewed_by text,
  reviewed_at timestamptz,
  -- The cooling-off period of details that a partner changed ends here.
  usable_from timestamptz,
  created_at timestamptz not null,
  primary key (institution_id, id),
  foreign key (institution_id, partnership_id) references app.partnership
);
create unique index bank_account_active on app.bank_account (institution_id, partnership_id, currency) where state = 'active';
create unique index bank_account_in_review on app.bank_account (institution_id, partnership_id, currency)
  where state = 'in_review';

-- Shares -----------------------------------------------------------------------------------------------------------------

-- `base_minor` is what the rate was taken of: the list amount, or another share; null where there is no rate (flat, remainder).
-- A remainder is what other shares and the institution's own `own_bps` of the list amount leave: its margin, so it has a column
-- of its own, that no partner reads.
alter table app.share drop constraint share_kind_check, drop constraint share_rate_bps_check;
alter table app.share
  add constraint share_kind_check check (kind in ('percent', 'flat', 'percent_of_share', 'remainder')),
  add constraint share_rate_bps_check check (rate_bps between 0 and 10000),
  add own_bps integer not null default 0 check (own_bps between 0 and 10000),
  add check (case when kind = 'remainder' then rate_bps else own_bps end = 0),
  add customer_id text collate "C",
  add base_minor bigint check (base_minor between 0 and 9007199254740991),
  add of_partnership_id text collate "C",
  add position integer not null default 0,
  add foreign key (institution_id, customer_id) references app.customer,
  add foreign key (institution_id, of_partnership_id) references app.partnership;
create index share_by_customer on app.share (institution_id, partnership_id, customer_id);
create index share_unpaid on app.share (institution_id, partnership_id, id) where state = 'earned';

-- By what a partner's addresses name a customer: it tells nothing of the row's own id, or of when it was made.
create table app.shared_customer (
  institution_id text collate "C" not null,
  partnership_id text collate "C" not null,
  customer_id text collate "C" not null,
  ref text collate "C" not null,
  primary key (institution_id, partnership_id, customer_id),
  unique (institution_id, partnership_id, ref),
  foreign key (institution_id, partnership_id) references app.partnership,
  foreign key (institution_id, customer_id) references app.customer
);

-- Whatever writes a share: its customer and base are filled in, and the partner shares that customer from now on.
create function app.complete_share() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  p app.payment;
begin
  select * into p from app.payment where payment.institution_id = new.institution_id and id = new.payment_id;
  new.customer_id := p.customer_id;
  if new.kind = 'percent' then new.base_minor := p.list_minor; end if;
  insert into app.shared_customer (institution_id, partnership_id, customer_id, ref)
  values (new.institution_id, new.partnership_id, p.customer_id,
    left(encode(sha256(convert_to(new.partnership_id || ':' || p.customer_id, 'UTF8')), 'hex'), 20))
  on conflict do nothing;
  return new;
end $$;
create trigger complete before insert on app.share for each row execute function app.complete_share();
update app.share s set customer_id = p.customer_id, base_minor = p.list_minor
  from app.payment p where p.institution_id = s.institution_id and p.id = s.payment_id;
insert into app.shared_customer (institution_id, partnership_id, customer_id, ref)
  select distinct institution_id, partnership_id, customer_id,
         left(encode(sha256(convert_to(partnership_id || ':' || customer_id, 'UTF8')), 'hex'), 20) from app.share;
alter table app.share alter customer_id set not null;

-- All that a partner may learn of where a payment stands comes from its own share, its due date, and this.
alter table app.payment add in_force boolean not null generated always as (state not in ('draft', 'cancelled')) stored;

-- What the partners read of a refund; what its customer reads is another matter.
alter table app.refund add partner_reason text not null default '';

-- What a refund takes back of a share; one a share and refund. `reason` is for the partner to read.
create table app.share_reversal (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  share_id text collate "C" not null,
  partnership_id text collate "C" not null,
  refund_id text collate "C" not null,
  currency text not null,
  net_minor bigint not null check (net_minor between 0 and 9007199254740991),
  tax_minor bigint not null check (tax_minor between 0 and 9007199254740991),
  reason text not null default '',
  -- Whether it stands in a payout.
  gathered boolean not null default false,
  created_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, share_id, refund_id),
  foreign key (institution_id, share_id) references app.share,
  foreign key (institution_id, partnership_id) references app.partnership,
  foreign key (institution_id, refund_id) references app.refund,
  check (net_minor + tax_minor > 0)
);
create index share_reversal_ungathered on app.share_reversal (institution_id, id) where not gathered;
create index share_reversal_by_partnership on app.share_reversal (institution_id, partnership_id, id);

-- The staff overview sums what is owed and what arrived; what was paid long ago costs it nothing.
create index payment_owed on app.payment (institution_id, due_date, id) where state in ('open', 'partially_paid');
create index money_received_by_day on app.money_received (institution_id, received_on) include (currency, minor)
  where state = 'matched';

-- Payouts ----------------------------------------------------------------------------------------------------------------

-- The institution's own rules; no row = these defaults. Weekdays are 1 (Monday) to 7.
create table app.payout_settings (
  institution_id text collate "C" primary key references app.institution,
  holding_days integer not null default 2 check (holding_days between 0 and 60),
  weekday integer not null default 4 check (weekday between 1 and 7),
  cut_off text not null default '16:00' check (cut_off ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  review_all boolean not null default true,
  cooling_off_days integer not null default 2 check (cooling_off_days between 0 and 30),
  paused_at timestamptz,
  paused_why text not null default ''
);
create table app.payout_limit (
  institution_id text collate "C" not null references app.institution,
  currency text not null,
  minimum_minor bigint not null default 0 check (minimum_minor between 0 and 9007199254740991),
  -- A payout above it needs a second person; null: none does.
  second_person_minor bigint check (second_person_minor between 0 and 9007199254740991),
  -- Who raised the limit, and from where: for that person the former one holds on, until somebody else saves it.
  raised_by text,
  raised_from_minor bigint,
  check ((raised_by is null) = (raised_from_minor is null)),
  primary key (institution_id, currency)
);

-- `number` counts within a partnership (domain.md rule 13). `total_minor` = Σ lines. `hold_reason` and `failure_reason` are keys of
-- one list each; pages have the words.
create table app.payout (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  number bigint not null check (number > 0),
  currency text not null,
  state text not null check (state in
    ('scheduled', 'in_review', 'on_hold', 'processing', 'sent', 'paid', 'failed', 'returned', 'cancelled')),
  scheduled_for date not null,
  net_minor bigint not null default 0 check (net_minor between -9007199254740991 and 9007199254740991),
  tax_minor bigint not null default 0 check (tax_minor between -9007199254740991 and 9007199254740991),
  total_minor bigint not null default 0 check (total_minor between -9007199254740991 and 9007199254740991),
  payments integer not null default 0,
  bank_account_id text collate "C",
  hold_reason text not null default '',
  -- Why staff held it; for staff only.
  hold_note text not null default '',
  failure_reason text not null default '',
  -- Cancelled because this payout (its number) took its lines.
  carried_to bigint,
  approved_by text,
  approved_at timestamptz,
  second_approved_by text,
  second_approved_at timestamptz,
  sent_at timestamptz,
  paid_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (institution_id, id),
  unique (institution_id, partnership_id, number),
  foreign key (institution_id, partnership_id) references app.partnership,
  foreign key (institution_id, bank_account_id) references app.bank_account,
  check (total_minor = net_minor + tax_minor)
);
create index payout_by_state on app.payout (institution_id, state, scheduled_for, id);
create index payout_by_date on app.payout (institution_id, scheduled_for, id);
create index payout_of_partner on app.payout (institution_id, partnership_id, scheduled_for, number);
create index payout_of_partner_by_state on app.payout (institution_id, partnership_id, state, scheduled_for, number);
create index payout_paid on app.payout (institution_id, partnership_id, paid_at) include (state, currency, total_minor) where state = 'paid';
create index payout_failed on app.payout (institution_id, partnership_id, currency) where state in ('failed', 'returned');
-- The one that shares earned now are added to.
create unique index payout_gathering on app.payout (institution_id, partnership_id, currency, scheduled_for)
  where state = 'scheduled';

-- What a payout is made of. Amounts are signed: a reversal takes away. `position` counts within the payout, from 1.
create table app.payout_line (
  institution_id text collate "C" not null,
  payout_id text collate "C" not null,
  position integer not null check (position > 0),
  partnership_id text collate "C" not null,
  kind text not null check (kind in ('share', 'reversal', 'netting', 'credit')),
  share_id text collate "C",
  reversal_id text collate "C",
  invoice_id text collate "C",
  -- What a credit comes from: money received, or a credit note. For staff only.
  credit_of text collate "C",
  currency text not null,
  net_minor bigint not null check (net_minor between -9007199254740991 and 9007199254740991),
  tax_minor bigint not null check (tax_minor between -9007199254740991 and 9007199254740991),
  created_at timestamptz not null,
  primary key (institution_id, payout_id, position),
  foreign key (institution_id, payout_id) references app.payout,
  foreign key (institution_id, partnership_id) references app.partnership,
  foreign key (institution_id, share_id) references app.share,
  foreign key (institution_id, reversal_id) references app.share_reversal,
  check ((kind = 'share') = (share_id is not null and reversal_id is null)),
  check ((kind = 'reversal') = (reversal_id is not null)),
  check ((kind = 'credit') = (credit_of is not null))
);
-- Each share and each reversal is paid out once.
create unique index payout_line_share on app.payout_line (institution_id, share_id) where kind = 'share';
create unique index payout_line_credit on app.payout_line (institution_id, credit_of) where kind = 'credit';
create unique index payout_line_reversal on app.payout_line (institution_id, reversal_id) where kind = 'reversal';

create table app.payout_attempt (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  payout_id text collate "C" not null,
  partnership_id text collate "C" not null,
  bank_account_id text collate "C" not null,
  provider text not null,
  provider_ref text collate "C",
  currency text not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  state text not null check (state in ('pending', 'processing', 'sent', 'succeeded', 'failed', 'returned')),
  failure_reason text not null default '',
  look_at timestamptz not null default 'epoch',
  looks integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  settled_at timestamptz,
  primary key (institution_id, id),
  unique (institution_id, provider, provider_ref),
  foreign key (institution_id, payout_id) references app.payout,
  foreign key (institution_id, partnership_id) references app.partnership,
  foreign key (institution_id, bank_account_id) references app.bank_account
);
create index payout_attempt_by_payout on app.payout_attempt (institution_id, payout_id, id);
create index payout_attempt_open on app.payout_attempt (institution_id, look_at)
  where state in ('pending', 'processing', 'sent', 'succeeded') and look_at < 'infinity';
create unique index payout_attempt_one on app.payout_attempt (institution_id, payout_id)
  where state in ('pending', 'processing', 'sent', 'succeeded');
-- The far side's memory of payouts (see sandbox.charge).
create table sandbox.payout (
  ref text collate "C" primary key,
  institution_id text collate "C" not null,
  idempotency_key text collate "C" not null unique,
  currency text not null,
  minor bigint not null,
  holder_name text not null,
  account text not null,
  reference text not null,
  -- What becomes of it, and when: taken on, then paid or refused, then perhaps returned.
  failure_reason text not null default '',
  settles_at timestamptz,
  returns_at timestamptz,
  created_at timestamptz not null
);
grant select, insert, update on sandbox.payout to {{worker}};

-- Invoices ---------------------------------------------------------------------------------------------------------------

-- Raised on a partner (`invoice`), issued in its name (`self_billed`), or correcting one of them (`credit_note`). A draft has no number
-- and no snapshot; from issue on the snapshot is what every page and PDF shows. `number` counts within kind and partnership.
create table app.invoice (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  kind text not null check (kind in ('invoice', 'self_billed', 'credit_note')),
  -- What a credit note corrects.
  corrects_id text collate "C",
  number bigint check (number > 0),
  state text not null default 'draft' check (state in ('draft', 'issued', 'partially_paid', 'paid', 'void', 'disputed')),
  currency text not null,
  issue_date date,
  due_date date,
  notes text not null default '' check (length(notes) <= 4000),
  net_minor bigint not null default 0 check (net_minor between 0 and 9007199254740991),
  tax_minor bigint not null default 0 check (tax_minor between 0 and 9007199254740991),
  total_minor bigint not null default 0 check (total_minor between 0 and 9007199254740991),
  paid_minor bigint not null default 0 check (paid_minor between 0 and 9007199254740991),
  -- What credit notes took off it.
  credited_minor bigint not null default 0 check (credited_minor between 0 and 9007199254740991),
  credited_tax_minor bigint not null default 0 check (credited_tax_minor between 0 and credited_minor),
  -- What of `paid_minor` a credit note gave back: the partner's account has it.
  returned_minor bigint not null default 0 check (returned_minor between 0 and paid_minor),
  share_id text collate "C",
  reversal_id text collate "C",
  snapshot jsonb,
  dispute_reason text not null default '',
  disputed_by text,
  disputed_at timestamptz,
  -- What staff answered, for the partner to read.
  dispute_answer text not null default '' check (length(dispute_answer) <= 2000),
  dispute_answered_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  issued_at timestamptz,
  paid_at timestamptz,
  voided_at timestamptz,
  primary key (institution_id, id),
  unique (institution_id, partnership_id, kind, number),
  foreign key (institution_id, partnership_id) references app.partnership,
  foreign key (institution_id, corrects_id) references app.invoice,
  foreign key (institution_id, share_id) references app.share,
  foreign key (institution_id, reversal_id) references app.share_reversal,
  check (total_minor = net_minor + tax_minor),
  check ((state = 'draft') = (number is null) and (state = 'draft') = (snapshot is null)),
  check (paid_minor - returned_minor + credited_minor <= total_minor)
);
create index invoice_by_partnership on app.invoice (institution_id, partnership_id, kind, number);
create index invoice_by_state on app.invoice (institution_id, state, due_date, id);
-- Only what a dispute was answered with a full credit note for is issued anew.
create unique index invoice_of_share on app.invoice (institution_id, share_id)
  where kind = 'self_billed' and credited_minor < total_minor;
create unique index credit_note_of_reversal on app.invoice (institution_id, reversal_id) where kind = 'credit_note';
alter table app.payout_line add foreign key (institution_id, invoice_id) references app.invoice;

create table app.invoice_line (
  institution_id text collate "C" not null,
  invoice_id text collate "C" not null,
  position integer not null check (position > 0),
  description text not null check (length(description) between 1 and 300),
  quantity integer not null default 1 check (quantity between 1 and 1000000),
  unit_minor bigint not null check (unit_minor between 0 and 9007199254740991),
  tax_bps integer not null default 0 check (tax_bps between 0 and 10000),
  net_minor bigint not null check (net_minor between 0 and 9007199254740991),
  tax_minor bigint not null check (tax_minor between 0 and 9007199254740991),
  primary key (institution_id, invoice_id, position),
  foreign key (institution_id, invoice_id) references app.invoice
);

-- Self-billing -----------------------------------------------------------------------------------------------------------

-- What each country wants to be said, as data. No institution's rows.
create table app.country_wording (
  country text primary key,
  title text not null,
  notice text not null,
  agreement text not null,
  agreement_months integer,
  -- Whether the supplier must be registered for tax at the date of the invoice.
  needs_registration boolean not null default true,
  source text not null
);
insert into app.country_wording (country, title, notice, agreement, agreement_months, needs_registration, source) values
('AU', 'Recipient created tax invoice',
 'This is a recipient created tax invoice. The GST shown is payable by the supplier.',
 '{institution} (the recipient) and {partner} (the supplier) agree:
1. The recipient issues recipient created tax invoices and adjustment notes for what the supplier earns from it.
2. The supplier does not issue tax invoices for these supplies.
3. The supplier is registered for GST at the date of this agreement, and tells the recipient if it stops being registered.
4. The recipient is registered for GST at the date of this agreement, and tells the supplier if it stops being registered.
5. The recipient gives the supplier a copy of each invoice and adjustment note within 28 days, and keeps one.
6. Either may end this agreement in writing. It ends as well when one of the two stops being registered for GST.',
 null, true, 'Australian Taxation Office: GSTR 2000/10, and the determinations under section 29-70(3) of the GST Act'),
('GB', 'Self-billed VAT invoice', 'The VAT shown is your output tax due to HMRC',
 '{institution} (the customer) and {partner} (the supplier) agree on self-billing:
1. The supplier agrees that the customer issues self-billed invoices for all supplies covered by this agreement, for {months} months from the day on which the supplier accepts it.
2. The supplier accepts each self-billed invoice, and does not issue VAT invoices for these supplies.
3. The supplier tells the customer at once if it changes its VAT number, stops being registered for VAT, or sells its business or part of it.
4. The customer tells the supplier if it hands the issuing of self-billed invoices to somebody else.
5. The customer issues self-billed invoices only while this agreement is in force and the supplier is registered for VAT.',
 12, true, 'HM Revenue and Customs: VAT Notice 700/62, sections 3 and 4'),
('NZ', 'Buyer created taxable supply information',
 'Buyer created taxable supply information. The GST shown is payable by the supplier.',
 '{institution} (the buyer) and {partner} (the supplier) agree:
1. Both are registered for GST, and each tells the other if it stops being registered.
2. The buyer provides the taxable supply information for what the supplier earns from it; the supplier does not.
3. They agree on this because the buyer works out what each payment earns, and can tell the price before the supplier can.
4. Both keep a copy of the taxable supply information.
5. Either may end this agreement in writing.',
 null, true, 'Inland Revenue: buyer-created taxable supply information; Goods and Services Tax Act 1985, section 19K'),
-- For every other country: what the European VAT directive asks for, article 224 and 226 (10a), without its tax law.
('*', 'Self-billed invoice', 'Self-billing. The tax shown is payable by the supplier.',
 '{institution} (the customer) and {partner} (the supplier) agree on self-billing:
1. The customer issues invoices in the name and on behalf of the supplier for what the supplier earns from it.
2. The supplier accepts each of these invoices, or disputes it within a reasonable time, and issues none of its own for them.
3. The supplier tells the customer of every change of its tax number or its registration for tax.
4. The supplier answers for the tax shown.
5. Either may end this agreement in writing.',
 24, false, 'Council Directive 2006/112/EC, articles 224 and 226 (10a); the institution checks the law of its country');

create table app.self_billing_agreement (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  partnership_id text collate "C" not null,
  country text not null references app.country_wording,
  -- The words as they were proposed: a later change of the wording changes no agreement.
  body text not null,
  state text not null check (state in ('proposed', 'accepted', 'expired', 'revoked')),
  proposed_by text not null,
  proposed_at timestamptz not null,
  accepted_by text,
  accepted_name text not null default '',
  accepted_email text not null default '',
  accepted_ip text not null default '',
  accepted_agent text not null default '',
  accepted_at timestamptz,
  valid_until date,
  ended_at timestamptz,
  primary key (institution_id, id),
  foreign key (institution_id, partnership_id) references app.partnership
);
create unique index self_billing_agreement_open on app.self_billing_agreement (institution_id, partnership_id)
  where state in ('proposed', 'accepted');

-- Partners pay through the same checkout as customers --------------------------------------------------------------------

alter table app.checkout alter customer_id drop not null, add partnership_id text collate "C",
  add foreign key (institution_id, partnership_id) references app.partnership,
  add check (num_nonnulls(customer_id, partnership_id) = 1);
alter table app.payment_attempt alter customer_id drop not null, add partnership_id text collate "C",
  add foreign key (institution_id, partnership_id) references app.partnership,
  add check (num_nonnulls(customer_id, partnership_id) = 1);
-- `matched_at`: when somebody said whose it is; null where that was known as it came.
alter table app.money_received add partnership_id text collate "C", add matched_at timestamptz,
  add foreign key (institution_id, partnership_id) references app.partnership,
  add check (num_nonnulls(customer_id, partnership_id) <= 1);
create table app.checkout_invoice (
  institution_id text collate "C" not null,
  checkout_id text collate "C" not null,
  invoice_id text collate "C" not null,
  minor bigint not null check (minor between 1 and 9007199254740991),
  primary key (institution_id, checkout_id, invoice_id),
  foreign key (institution_id, checkout_id) references app.checkout,
  foreign key (institution_id, invoice_id) references app.invoice
);
create table app.invoice_allocation (
  institution_id text collate "C" not null,
  id text collate "C" not null,
  received_id text collate "C",
  invoice_id text collate "C" not null,
  partnership_id text collate "C" not null,
  -- Netted against this payout instead of paid.
  payout_id text collate "C",
  minor bigint not null check (minor between 1 and 9007199254740991),
  created_at timestamptz not null,
  primary key (institution_id, id),
  foreign key (institution_id, received_id) references app.money_received,
  foreign key (institution_id, invoice_id) references app.invoice,
  foreign key (institution_id, partnership_id) references app.partnership,
  foreign key (institution_id, payout_id) references app.payout,
  check (num_nonnulls(received_id, payout_id) = 1)
);
create index invoice_allocation_by_invoice on app.invoice_allocation (institution_id, invoice_id, id);

create or replace function app.refresh_statistics() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  analyze app.partnership, app.contact, app.customer, app.payment, app.discount, app.share, app.shared_customer,
    app.share_reversal, app.checkout, app.checkout_item, app.payment_attempt, app.money_received, app.allocation, app.payout,
    app.payout_line, app.invoice, app.invoice_line, app.audit_entry;
end $$;

-- Statements -------------------------------------------------------------------------------------------------------------

create index share_by_earned on app.share (institution_id, partnership_id, earned_at) where earned_at is not null;

-- What moved on a partner's account and leaves no other row behind: each sending of a payout and what came of it (its row holds
-- the last one only), and what a credit note gave back of an invoice that was paid. Amounts are signed; only the triggers write it.
create table app.partner_movement (
  institution_id text collate "C" not null,
  id bigint generated always as identity,
  partnership_id text collate "C" not null,
  currency text not null,
  at timestamptz not null,
  kind text not null check (kind in ('payout_sent', 'payout_back', 'given_back')),
  payout_id text collate "C",
  invoice_id text collate "C",
  minor bigint not null check (minor between -9007199254740991 and 9007199254740991 and minor <> 0),
  reason text not null default '',
  primary key (institution_id, id),
  foreign key (institution_id, partnership_id) references app.partnership,
  foreign key (institution_id, payout_id) references app.payout,
  foreign key (institution_id, invoice_id) references app.invoice,
  check (num_nonnulls(payout_id, invoice_id) = 1)
);
create index partner_movement_in_time on app.partner_movement (institution_id, partnership_id, currency, at);
create index partner_movement_of_payout on app.partner_movement (institution_id, payout_id);

-- Sent takes the payout off the account; failed or returned puts back what was taken.
create function app.note_payout_movement() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  taken bigint;
begin
  if tg_op = 'UPDATE' and old.state = new.state then return null; end if;
  select coalesce(sum(minor), 0) into taken from app.partner_movement m
   where m.institution_id = new.institution_id and m.payout_id = new.id;
  if taken = 0 and new.sent_at is not null and new.total_minor <> 0
     and (new.state in ('sent', 'paid') or tg_op = 'INSERT') then
    insert into app.partner_movement (institution_id, partnership_id, currency, at, kind, payout_id, minor)
    values (new.institution_id, new.partnership_id, new.currency, new.sent_at, 'payout_sent', new.id, -new.total_minor);
    taken := -new.total_minor;
  end if;
  if taken <> 0 and new.state in ('failed', 'returned') then
    insert into app.partner_movement (institution_id, partnership_id, currency, at, kind, payout_id, minor, reason)
    values (new.institution_id, new.partnership_id, new.currency, coalesce(new.failed_at, new.updated_at), 'payout_back',
      new.id, -taken, new.failure_reason);
  end if;
  return null;
end $$;
create trigger moves after insert or update of state on app.payout
  for each row execute function app.note_payout_movement();

create function app.note_given_back() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.partner_movement (institution_id, partnership_id, currency, at, kind, invoice_id, minor)
  values (new.institution_id, new.partnership_id, new.currency, new.updated_at, 'given_back', new.id,
    new.returned_minor - old.returned_minor);
  return null;
end $$;
create trigger gives_back after update of returned_minor on app.invoice for each row
  when (new.returned_minor <> old.returned_minor) execute function app.note_given_back();
revoke execute on function app.note_payout_movement(), app.note_given_back() from public;

-- Live pages -------------------------------------------------------------------------------------------------------------

-- Wakes the open pages of each partner whose rows a statement wrote; they read again what they may see.
create function app.wake_partners() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('portico_partner', p.id)
    from (select distinct partnership_id as id from written where partnership_id is not null) p;
  return null;
end $$;
do $$
declare
  name text;
begin
  foreach name in array array['share_reversal', 'payout', 'payout_line', 'bank_account', 'invoice', 'invoice_allocation',
    'self_billing_agreement'] loop
    execute format('create trigger wakes_after_insert after insert on app.%I referencing new table as written
      for each statement execute function app.wake_partners()', name);
  end loop;
  foreach name in array array['share', 'payout', 'payout_line', 'bank_account', 'invoice', 'self_billing_agreement'] loop
    execute format('create trigger wakes_after_update after update on app.%I referencing new table as written
      for each statement execute function app.wake_partners()', name);
  end loop;
end $$;
revoke execute on function app.wake_partners() from public;

-- Who opens the partner portal -------------------------------------------------------------------------------------------

-- No cache: a contact removed, switched off or whose address changed has no row, and the next request is refused.
create function app.open_partner_session(p_token_hash bytea, p_now timestamptz) returns table (
  session_id text, institution_id text, institution_version integer, stepped_up_at timestamptz, email text,
  partnership_id text, partnership_name text, contact_id text, contact_name text, rights text[], language text, time_zone text,
  several boolean
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  seen_at timestamptz;
  contact_seen_at timestamptz;
begin
  select s.id, s.institution_id, i.version, s.stepped_up_at, s.email, p.id, p.name, k.id, k.name, k.rights,
         coalesce(nullif(k.language, ''), i.locale), i.time_zone,
         exists (select from app.contact o where o.institution_id = k.institution_id and o.email = k.email and o.id <> k.id
                   and o.removed_at is null and o.access_on),
         s.last_seen_at, k.last_seen_at
    into session_id, institution_id, institution_version, stepped_up_at, email, partnership_id, partnership_name,
         contact_id, contact_name, rights, language, time_zone, several, seen_at, contact_seen_at
    from app.session s
    join app.contact k on k.institution_id = s.institution_id and k.partnership_id = s.partnership_id and k.email = s.email
     and k.removed_at is null and k.access_on
    join app.partnership p on p.institution_id = k.institution_id and p.id = k.partnership_id
    join app.institution i on i.id = s.institution_id
   where s.token_hash = p_token_hash and s.face = 'partner' and s.ended_at is null and s.expires_at > p_now
     and s.last_seen_at + make_interval(secs => s.idle_seconds) > p_now;
  if not found then return; end if;
  perform set_config('portico.institution', institution_id, true), set_config('portico.session', session_id, true),
          set_config('portico.customer', '', true), set_config('portico.partnership', partnership_id, true),
          set_config('portico.contact', contact_id, true), set_config('portico.email', email, true);
  if seen_at < p_now - interval '1 minute' and current_setting('transaction_read_only') = 'off' then
    update app.session s set last_seen_at = p_now
     where s.institution_id = open_partner_session.institution_id and s.id = session_id;
  end if;
  if coalesce(contact_seen_at < p_now - interval '1 minute', true) and current_setting('transaction_read_only') = 'off' then
    update app.contact k set last_seen_at = p_now
     where k.institution_id = open_partner_session.institution_id and k.id = contact_id;
  end if;
  return next;
end $$;

-- One address may serve several partnerships: which one a session shows is chosen after signing in.
create function app.partnerships_of_session() returns table (partnership_id text, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.id, p.name
    from app.session s
    join app.contact c on c.institution_id = s.institution_id and c.email = s.email and c.removed_at is null and c.access_on
    join app.partnership p on p.institution_id = c.institution_id and p.id = c.partnership_id
   where s.institution_id = app.institution_id() and s.id = app.session_id() and s.face = 'partner'
   order by 2, 1
$$;
create function app.choose_partnership(p_partnership text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update app.session s set partnership_id = p_partnership
   where s.institution_id = app.institution_id() and s.id = app.session_id() and s.face = 'partner'
     and exists (select from app.contact c
                  where c.institution_id = s.institution_id and c.partnership_id = p_partnership and c.email = s.email
                    and c.removed_at is null and c.access_on);
  return found;
end $$;

-- A contact's fresh proof is a link to its address, asked for by the session that it proves (access.md 10).
alter table app.sign_in_link drop constraint sign_in_link_purpose_check;
alter table app.sign_in_link add constraint sign_in_link_purpose_check check (purpose in ('sign_in', 'set_password', 'step_up'));
-- Marks the session that asks as freshly proven by a link that was spent just now; false when it was not.
create function app.prove_session(p_link text, p_now timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update app.session s set stepped_up_at = p_now
   where s.institution_id = app.institution_id() and s.id = app.session_id() and s.face = 'partner' and s.ended_at is null
     and exists (select from app.sign_in_link l
                  where l.institution_id = s.institution_id and l.id = p_link and l.face = 'partner' and l.purpose = 'step_up'
                    and l.email = s.email and l.used_at = p_now);
  return found;
end $$;

-- The ledger entries of one share of the partner that asks: of its own account, and of nobody else's.
create function partner.entries_of_share(p_share text)
returns table (kind text, at timestamptz, debit_minor bigint, credit_minor bigint, after_minor bigint, seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.kind, t.created_at,
         case when t.debit_id = a.id then t.amount else 0 end, case when t.credit_id = a.id then t.amount else 0 end,
         case when t.debit_id = a.id then t.debit_after else t.credit_after end,
         case when t.debit_id = a.id then t.debit_seq else t.credit_seq end
    from app.share s
    join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
    join ledger.account a on a.institution_id = s.institution_id and a.kind = 'partner' and a.owner = s.partnership_id
     and a.currency = p.currency
    join ledger.journal j on j.institution_id = s.institution_id and j.reference in (
           select s.payment_id union all
           select r.refund_id from app.share_reversal r where r.institution_id = s.institution_id and r.share_id = s.id)
    join ledger.transfer t on t.institution_id = j.institution_id and t.journal_id = j.id and a.id in (t.debit_id, t.credit_id)
   where s.institution_id = app.institution_id() and s.partnership_id = app.partnership_id() and s.id = p_share
   order by 6
$$;

-- Walls ------------------------------------------------------------------------------------------------------------------

do $$
declare
  name text;
begin
  foreach name in array array['partner_tax_status', 'bank_account', 'shared_customer', 'share_reversal', 'payout_settings',
    'payout_limit', 'payout', 'payout_line', 'payout_attempt', 'invoice', 'invoice_line', 'self_billing_agreement',
    'checkout_invoice', 'invoice_allocation', 'partner_movement']
  loop
    execute format('alter table app.%I enable row level security', name);
    execute format('create policy tenant on app.%I to {{staff}}, {{visitor}}, {{worker}}
      using (institution_id = (select nullif(current_setting(''portico.institution'', true), '''')))', name);
    execute format('grant select, insert, update on app.%I to {{staff}}, {{worker}}', name);
  end loop;
  -- A partner sees its own rows.
  foreach name in array array['contact', 'share', 'shared_customer', 'share_reversal', 'bank_account', 'payout', 'payout_line', 'invoice',
    'self_billing_agreement', 'checkout', 'payment_attempt', 'invoice_allocation', 'money_received', 'partner_tax_status',
    'partner_movement']
  loop
    execute format('create policy partner_own on app.%I to {{partner}}, {{partner_write}}
      using (institution_id = (select nullif(current_setting(''portico.institution'', true), ''''))
         and partnership_id = (select nullif(current_setting(''portico.partnership'', true), '''')))', name);
  end loop;
end $$;
alter table app.country_wording enable row level security;
create policy everybody on app.country_wording for select to {{staff}}, {{worker}}, {{partner}}, {{partner_write}} using (true);
grant select on app.country_wording to {{staff}}, {{worker}};
revoke insert, update on app.partner_movement from {{staff}}, {{worker}};
grant delete on app.invoice_line to {{staff}}, {{worker}};
grant delete on app.invoice to {{staff}}, {{worker}};
-- What was issued stays: only drafts, and their lines, can be thrown away.
create policy drafts_only on app.invoice as restrictive for delete to {{staff}}, {{worker}} using (state = 'draft');
create policy drafts_only on app.invoice_line as restrictive for delete to {{staff}}, {{worker}}
  using (exists (select from app.invoice i where i.institution_id = invoice_line.institution_id and i.id = invoice_line.invoice_id
    and i.state = 'draft'));

create policy partner_own on app.institution for select to {{partner}}, {{partner_write}}
  using (id = (select nullif(current_setting('portico.institution', true), '')));
create policy partner_own on app.partnership for select to {{partner}}, {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), ''))
     and id = (select nullif(current_setting('portico.partnership', true), '')));
create policy partner_own on app.customer for select to {{partner}}, {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), ''))
     and exists (select from app.share s where s.institution_id = customer.institution_id and s.customer_id = customer.id
       and s.partnership_id = (select nullif(current_setting('portico.partnership', true), ''))));
create policy partner_own on app.payment for select to {{partner}}, {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), ''))
     and exists (select from app.share s where s.institution_id = payment.institution_id and s.payment_id = payment.id
       and s.partnership_id = (select nullif(current_setting('portico.partnership', true), ''))));
create policy partner_own on app.invoice_line for select to {{partner}}, {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), ''))
     and exists (select from app.invoice i where i.institution_id = invoice_line.institution_id
       and i.id = invoice_line.invoice_id));
-- What is not issued yet is the institution's own business.
create policy partner_issued on app.invoice as restrictive for select to {{partner}}, {{partner_write}} using (state <> 'draft');
create policy partner_own on app.checkout_invoice to {{partner}}, {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), ''))
     and exists (select from app.checkout c where c.institution_id = checkout_invoice.institution_id
       and c.id = checkout_invoice.checkout_id));
create policy partner_offer on app.channel_product for select to {{partner}}, {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')));
create policy partner_own on app.session to {{partner}}, {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')) and face = 'partner'
     and email = (select nullif(current_setting('portico.email', true), '')));

-- The links that prove a session of its address once more, and the counts that keep them few.
create policy partner_proves on app.sign_in_link to {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')) and face = 'partner'
     and purpose = 'step_up' and email = (select nullif(current_setting('portico.email', true), '')));
create policy partner_counts on app.rate_limit to {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), '')));

-- In its own name, and only what begins something: what becomes of it is written by the program.
create policy partner_writes on app.audit_entry for insert to {{partner_write}}
  with check (institution_id = (select nullif(current_setting('portico.institution', true), ''))
    and actor_kind = 'partner' and actor_id = (select nullif(current_setting('portico.contact', true), '')));
-- What is told is acted on, with money too, so these two roles tell what their own pages tell and nothing else.
create policy partner_tells on app.outbox for insert to {{partner_write}}
  with check (institution_id = (select nullif(current_setting('portico.institution', true), ''))
    and event in ('sign-in.requested', 'bank-details.proposed', 'bank-details.withdrawn', 'self-billing.agreement-accepted',
      'invoice.disputed'));
create policy visitor_tells on app.outbox as restrictive for insert to {{visitor}}
  with check (event in ('sign-in.requested', 'sign-in.locked'));
create policy partner_begins on app.checkout as restrictive for insert to {{partner_write}}
  with check (state = 'open' and customer_id is null);
create policy partner_begins on app.payment_attempt as restrictive for insert to {{partner_write}}
  with check (state = 'pending' and provider_ref is null and settled_at is null and exists (select from app.checkout c
    where c.institution_id = payment_attempt.institution_id and c.id = payment_attempt.checkout_id));
create policy partner_begins on app.checkout_invoice as restrictive for insert to {{partner_write}}
  with check (exists (select from app.invoice i
    where i.institution_id = checkout_invoice.institution_id and i.id = checkout_invoice.invoice_id and i.kind = 'invoice'));
-- It accepts what was proposed, and disputes what was issued in its name: each once, and as itself.
create policy partner_accepts on app.self_billing_agreement as restrictive for update to {{partner_write}}
  using (state = 'proposed')
  with check (state = 'accepted' and accepted_by = (select nullif(current_setting('portico.contact', true), '')));
create policy partner_disputes on app.invoice as restrictive for update to {{partner_write}}
  using (kind = 'self_billed' and state = 'issued')
  with check (kind = 'self_billed' and state = 'disputed'
    and disputed_by = (select nullif(current_setting('portico.contact', true), '')));
create policy partner_proposes on app.bank_account as restrictive for insert to {{partner_write}}
  with check (state = 'in_review' and proposed_by_kind = 'partner' and reviewed_by is null and usable_from is null);
-- It answers what the institution proposed; it proposes nothing itself.
create policy partner_answers on app.partnership for update to {{partner_write}}
  using (institution_id = (select nullif(current_setting('portico.institution', true), ''))
     and id = (select nullif(current_setting('portico.partnership', true), '')) and netting <> 'off')
  with check (netting in ('agreed', 'off'));
create policy partner_withdraws on app.bank_account as restrictive for update to {{partner_write}}
  using (state = 'in_review' and proposed_by_kind = 'partner') with check (state = 'withdrawn');

-- Until it is said otherwise below, nobody calls a function that this migration made.
revoke execute on all functions in schema app, partner from public;

-- The allow-list: every column that a partner's role may read stands here, and a test compares it with the catalogue.
grant usage on schema app to {{partner}}, {{partner_write}};
grant execute on function app.institution_id(), app.partnership_id(), app.contact_id(), app.session_id()
  to {{partner}}, {{partner_write}};
grant execute on function app.partnership_id(), app.contact_id() to {{staff}}, {{worker}};
grant execute on function app.open_partner_session(bytea, timestamptz), app.partnerships_of_session()
  to {{partner}}, {{partner_write}};
grant execute on function app.choose_partnership(text), app.prove_session(text, timestamptz),
  app.wake(text, json, text, timestamptz) to {{partner_write}};
revoke execute on function app.prove_session(text, timestamptz) from public;
revoke execute on function partner.entries_of_share(text) from public;
grant execute on function partner.entries_of_share(text) to {{partner}}, {{partner_write}};
revoke execute on function app.complete_share() from public;

do $$
declare
  line text[]; list text[][] := array[
    ['institution', 'id, name, legal_name, registration_label, registration_number, country, time_zone, locale, currencies,
      brand_colour, contact_email, contact_phone, address, tax_name, tax_bps'],
    ['partnership', 'institution_id, id, name, kind, legal_name, address, tax_id, tax_registered, currency, commission_bps,
      commission_tax, payout_schedule, payouts_paused_at, netting'],
    ['partner_tax_status', 'institution_id, partnership_id, from_date, tax_registered, tax_id'],
    ['contact', 'institution_id, id, partnership_id, name, email, phone, rights, access_on, removed_at, language'],
    ['customer', 'institution_id, id, given_name, family_name'],
    ['shared_customer', 'institution_id, partnership_id, customer_id, ref'],
    ['payment', 'institution_id, id, customer_id, item, due_date, currency, in_force'],
    ['share', 'institution_id, id, payment_id, partnership_id, customer_id, kind, base_minor, rate_bps, tax_mode, tax_bps, net_minor,
      tax_minor, reversed_minor, state, earned_at'],
    ['share_reversal', 'institution_id, id, share_id, partnership_id, currency, net_minor, tax_minor, reason, created_at'],
    ['bank_account', 'institution_id, id, partnership_id, currency, holder_name, bank_name, country, last4, state, rejected_why,
      proposed_by_kind, reviewed_at, usable_from, created_at'],
    ['payout', 'institution_id, id, partnership_id, number, currency, state, scheduled_for, net_minor, tax_minor, total_minor, payments,
      bank_account_id, hold_reason, failure_reason, carried_to, sent_at, paid_at, failed_at, created_at'],
    ['payout_line', 'institution_id, payout_id, position, partnership_id, kind, share_id, reversal_id, invoice_id, currency, net_minor,
      tax_minor, created_at'],
    ['invoice', 'institution_id, id, partnership_id, kind, corrects_id, number, state, currency, issue_date, due_date, notes, net_minor,
      tax_minor, total_minor, paid_minor, credited_minor, returned_minor, share_id, reversal_id, snapshot, dispute_reason, disputed_at, dispute_answer,
      dispute_answered_at, issued_at,
      paid_at, voided_at'],
    ['invoice_line', 'institution_id, invoice_id, position, description, quantity, unit_minor, tax_bps, net_minor, tax_minor'],
    ['money_received', 'institution_id, id, partnership_id, attempt_id, kind, currency, minor, surcharge_minor, method_label,
      received_on, matched_at, created_at'],
    ['invoice_allocation', 'institution_id, id, received_id, invoice_id, partnership_id, payout_id, minor, created_at'],
    ['partner_movement', 'institution_id, id, partnership_id, currency, at, kind, payout_id, invoice_id, minor, reason'],
    ['country_wording', 'country, title, notice, agreement, agreement_months, needs_registration'],
    ['self_billing_agreement', 'institution_id, id, partnership_id, country, body, state, proposed_at, accepted_name, accepted_email,
      accepted_at, valid_until, ended_at'],
    ['channel_product', 'institution_id, id, provider, kind, name, state, currencies, surcharge_bps, position'],
    ['checkout', 'institution_id, id, partnership_id, currency, total_minor, state, created_by, created_at, updated_at'],
    ['checkout_invoice', 'institution_id, checkout_id, invoice_id, minor'],
    ['payment_attempt', 'institution_id, id, checkout_id, partnership_id, channel_product_id, provider, provider_ref, reference, state,
      currency, minor, surcharge_minor, failure_reason, method_label, action_url, instructions, created_at, updated_at, settled_at'],
    ['session', 'institution_id, id, face, email, partnership_id, user_agent, ip, created_at, last_seen_at, idle_seconds, expires_at,
      ended_at']];
begin
  foreach line slice 1 in array list loop
    execute format('grant select (%s) on app.%I to {{partner}}, {{partner_write}}', line[2], line[1]);
  end loop;
end $$;
grant insert on app.checkout, app.checkout_invoice, app.payment_attempt, app.bank_account, app.audit_entry, app.outbox
  to {{partner_write}};
grant update (state) on app.bank_account to {{partner_write}};
grant update (netting) on app.partnership to {{partner_write}};
grant update (ended_at, ended_why) on app.session to {{partner_write}};
grant update (state, accepted_by, accepted_name, accepted_email, accepted_ip, accepted_agent, accepted_at, valid_until)
  on app.self_billing_agreement to {{partner_write}};
grant update (state, dispute_reason, disputed_by, disputed_at, updated_at) on app.invoice to {{partner_write}};
grant select (institution_id, id, face, purpose, email, token_hash, code_hash, browser_hash, code_tries, return_to, expires_at, used_at),
  insert, update (used_at, code_tries) on app.sign_in_link to {{partner_write}};
grant select, insert, update (count) on app.rate_limit to {{partner_write}};

-- Whom an address opens the partner portal for, when it signs in.
grant select (institution_id, id, partnership_id, email, name, removed_at, access_on, language) on app.contact to {{visitor}};
grant select (institution_id, id, name) on app.partnership to {{visitor}};

-- What partners read: views by their names for things, over the columns above and nothing else ------------------------------

-- The partnership that asks.
create view partner.partnership with (security_invoker = true) as
  select id, name, kind, legal_name, address, tax_id, tax_registered, currency, commission_bps, commission_tax, payout_schedule,
         payouts_paused_at is not null as paused, netting
    from app.partnership;
create view partner.contact with (security_invoker = true) as
  select id, name, email, phone, rights, language from app.contact where removed_at is null and access_on;
-- Where its address is signed in.
create view partner.session with (security_invoker = true) as
  select id, user_agent, ip, created_at, last_seen_at, idle_seconds, expires_at from app.session where ended_at is null;
create view partner.tax_status with (security_invoker = true) as
  select from_date, tax_registered, tax_id from app.partner_tax_status;
-- Customers with at least one payment in force that has a share of the partner.
create view partner.customer with (security_invoker = true) as
  select k.ref, c.given_name, c.family_name, k.customer_id
    from app.shared_customer k join app.customer c on c.institution_id = k.institution_id and c.id = k.customer_id
   where exists (select from app.share s join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
                  where s.institution_id = k.institution_id and s.partnership_id = k.partnership_id
                    and s.customer_id = k.customer_id and p.in_force);
-- The partner's shares with all that it may know of their payments. Paid and refunded come from the share, never from the payment.
create view partner.share with (security_invoker = true) as
  select s.id, k.ref as customer_ref, c.given_name, c.family_name, p.item, p.due_date, p.currency, s.kind, s.base_minor, s.rate_bps,
         s.tax_mode, s.tax_bps, s.net_minor, s.tax_minor, s.reversed_minor, s.state, s.earned_at
    from app.share s
    join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
    join app.customer c on c.institution_id = s.institution_id and c.id = s.customer_id
    join app.shared_customer k on k.institution_id = s.institution_id and k.partnership_id = s.partnership_id
     and k.customer_id = s.customer_id
   where p.in_force;
-- What was earned and when, without the names: sums over many years need no more.
create view partner.earning with (security_invoker = true) as
  select s.id, p.currency, s.net_minor, s.tax_minor, s.earned_at
    from app.share s join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
   where s.earned_at is not null;
create view partner.movement with (security_invoker = true) as
  select id, currency, at, kind, payout_id, invoice_id, minor, reason from app.partner_movement;
create view partner.share_reversal with (security_invoker = true) as
  select id, share_id, currency, net_minor, tax_minor, reason, created_at from app.share_reversal;
create view partner.bank_account with (security_invoker = true) as
  select id, currency, holder_name, bank_name, country, last4, state, rejected_why, proposed_by_kind, reviewed_at, usable_from, created_at
    from app.bank_account;
create view partner.payout with (security_invoker = true) as
  select o.id, o.number, o.currency, o.state, o.scheduled_for, o.net_minor, o.tax_minor, o.total_minor, o.payments, o.hold_reason,
         o.failure_reason, o.carried_to, o.sent_at, o.paid_at, o.failed_at, o.created_at, o.bank_account_id, b.bank_name, b.last4,
         b.holder_name
    from app.payout o left join app.bank_account b on b.institution_id = o.institution_id and b.id = o.bank_account_id;
-- What sums of payouts are made from: without the account, so that an index alone answers.
create view partner.payout_sum with (security_invoker = true) as
  select currency, state, total_minor, paid_at from app.payout;
create view partner.payout_line with (security_invoker = true) as
  select payout_id, position, kind, share_id, reversal_id, invoice_id, currency, net_minor, tax_minor, created_at
    from app.payout_line;
create view partner.invoice with (security_invoker = true) as
  select id, kind, corrects_id, number, state, currency, issue_date, due_date, notes, net_minor, tax_minor, total_minor, paid_minor,
         credited_minor, returned_minor, share_id, reversal_id, snapshot, dispute_reason, disputed_at, dispute_answer,
         dispute_answered_at, issued_at, paid_at, voided_at
    from app.invoice where state <> 'draft';
create view partner.invoice_line with (security_invoker = true) as
  select invoice_id, position, description, quantity, unit_minor, tax_bps, net_minor, tax_minor from app.invoice_line;
-- What was put on an invoice: money of the partner, or a part of a payout.
create view partner.invoice_payment with (security_invoker = true) as
  select a.id, a.invoice_id, a.received_id, a.payout_id, o.number as payout_number, a.minor, a.created_at, r.received_on, r.kind, r.method_label
    from app.invoice_allocation a
    left join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
    left join app.payout o on o.institution_id = a.institution_id and o.id = a.payout_id;
create view partner.checkout with (security_invoker = true) as
  select id, currency, total_minor, state from app.checkout;
create view partner.checkout_invoice with (security_invoker = true) as
  select checkout_id, invoice_id, minor from app.checkout_invoice;
create view partner.attempt with (security_invoker = true) as
  select a.id, a.checkout_id, a.channel_product_id, p.kind, a.provider, a.provider_ref, a.reference, a.state, a.currency, a.minor,
         a.surcharge_minor, a.failure_reason, a.method_label, a.action_url, a.instructions, a.created_at, a.settled_at
    from app.payment_attempt a
    join app.channel_product p on p.institution_id = a.institution_id and p.id = a.channel_product_id;
create view partner.money_received with (security_invoker = true) as
  select id, attempt_id, kind, currency, minor, surcharge_minor, method_label, received_on,
         coalesce(matched_at, created_at) as created_at from app.money_received;
create view partner.self_billing_agreement with (security_invoker = true) as
  select id, country, body, state, proposed_at, accepted_name, accepted_email, accepted_at, valid_until, ended_at
    from app.self_billing_agreement;
create view partner.country_wording with (security_invoker = true) as
  select country, title, notice, agreement_months, needs_registration from app.country_wording;
create view partner.method with (security_invoker = true) as
  select id, provider, kind, name, state, currencies, surcharge_bps, position from app.channel_product;
grant select on all tables in schema partner to {{partner}}, {{partner_write}};
