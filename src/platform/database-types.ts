// Written by `npm run schema` from the migrations; a test compares it with the database.
// Change a migration instead.
import type { ColumnType, Generated } from "kysely";
import type { Instant, PlainDate } from "#kernel/time.ts";

export type Json = ColumnType<unknown, string, string>;
type Always<T> = ColumnType<T, never, never>;

export type AppAllocation = {
  institution_id: string;
  id: string;
  received_id: string | null;
  payment_id: string;
  customer_id: string;
  minor: bigint;
  from_credit: Generated<boolean>;
  freed_at: Instant | null;
  created_at: Instant;
};

export type AppAuditEntry = {
  institution_id: string;
  seq: Always<bigint>;
  id: string;
  at: Instant;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  acting_as: Generated<string>;
  event: string;
  subject: Generated<string>;
  data: Generated<Json>;
  ip: Generated<string>;
};

export type AppAuditSeal = {
  institution_id: string;
  through_seq: bigint;
  entries: bigint;
  hash: Buffer;
  sealed_at: Instant;
};

export type AppBooksProof = {
  institution_id: string;
  id: Always<bigint>;
  at: Instant;
  ok: boolean;
  report: Json;
};

export type AppChannelProduct = {
  institution_id: string;
  id: string;
  provider: string;
  kind: "card" | "bank_transfer";
  name: string;
  state: Generated<"active" | "inactive" | "maintenance">;
  currencies: string[];
  surcharge_bps: Generated<number>;
  position: Generated<number>;
  created_at: Instant;
};

export type AppCheckout = {
  institution_id: string;
  id: string;
  customer_id: string;
  currency: string;
  total_minor: bigint;
  state: Generated<"open" | "processing" | "paid" | "closed">;
  created_by: string;
  created_at: Instant;
  updated_at: Instant;
};

export type AppCheckoutItem = {
  institution_id: string;
  checkout_id: string;
  payment_id: string;
  minor: bigint;
};

export type AppContact = {
  institution_id: string;
  id: string;
  partnership_id: string;
  name: string;
  email: string;
  phone: Generated<string>;
  rights: Generated<string[]>;
  removed_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
};

export type AppCounter = {
  institution_id: string;
  kind: string;
  owner: Generated<string>;
  value: Generated<bigint>;
};

export type AppCustomer = {
  institution_id: string;
  id: string;
  external_id: string | null;
  given_name: Generated<string>;
  family_name: Generated<string>;
  email: string | null;
  phone: Generated<string>;
  language: Generated<string>;
  time_zone: Generated<string>;
  partnership_id: string | null;
  created_at: Instant;
  updated_at: Instant;
};

export type AppDevMail = {
  institution_id: string;
  id: string;
  at: Instant;
  to_email: string;
  subject: string;
  text_body: string;
  html_body: string;
};

export type AppDiscount = {
  institution_id: string;
  payment_id: string;
  minor: bigint;
  reason: Generated<string>;
  given_by: string;
  created_at: Instant;
};

export type AppImportBadRow = {
  institution_id: string;
  import_id: string;
  line: number;
  column_name: string;
  reason: string;
  value: Generated<string>;
};

export type AppImportRun = {
  institution_id: string;
  id: string;
  kind: "partnerships" | "contacts" | "customers" | "payments";
  file_name: string;
  storage_key: string;
  bytes: Generated<bigint>;
  found: Generated<Json>;
  state: "uploaded" | "queued" | "running" | "done" | "failed";
  mapping: Generated<Json>;
  total_rows: Generated<number>;
  done_rows: Generated<number>;
  created_rows: Generated<number>;
  updated_rows: Generated<number>;
  unchanged_rows: Generated<number>;
  bad_rows: Generated<number>;
  message: Generated<string>;
  runner: Generated<string>;
  beat_at: Instant | null;
  created_by: string;
  created_at: Instant;
  queued_at: Instant | null;
  started_at: Instant | null;
  finished_at: Instant | null;
};

export type AppInstitution = {
  id: string;
  name: string;
  legal_name: string;
  registration_label: Generated<string>;
  registration_number: Generated<string>;
  country: Generated<string>;
  time_zone: Generated<string>;
  locale: Generated<string>;
  currencies: Generated<string[]>;
  host: string | null;
  brand_colour: Generated<string>;
  contact_email: Generated<string>;
  contact_phone: Generated<string>;
  address: Generated<string>;
  tax_name: Generated<string>;
  tax_bps: Generated<number>;
  due_window_days: Generated<number>;
  is_demo: Generated<boolean>;
  live_at: Instant | null;
  created_at: Instant;
};

export type AppMail = {
  institution_id: string;
  id: string;
  kind: string;
  to_email: string;
  locale: string;
  sealed: Buffer | null;
  dedupe_key: string | null;
  state: Generated<"queued" | "sent" | "failed" | "dropped">;
  tries: Generated<number>;
  last_error: Generated<string>;
  try_at: Instant;
  drop_at: Instant | null;
  created_at: Instant;
  sent_at: Instant | null;
};

export type AppMoneyReceived = {
  institution_id: string;
  id: string;
  provider: string;
  provider_ref: string;
  kind: "card" | "bank_transfer" | "by_hand";
  attempt_id: string | null;
  customer_id: string | null;
  currency: string;
  minor: bigint;
  surcharge_minor: Generated<bigint>;
  reference: Generated<string>;
  payer_name: Generated<string>;
  method_label: Generated<string>;
  state: "matched" | "unmatched" | "returned";
  received_on: PlainDate;
  recorded_by: Generated<string>;
  created_at: Instant;
};

export type AppOutbox = {
  institution_id: string;
  id: string;
  event: string;
  subject: string;
  data: Generated<Json>;
  created_at: Instant;
  done_at: Instant | null;
  tries: Generated<number>;
  last_error: Generated<string>;
};

export type AppPartnership = {
  institution_id: string;
  id: string;
  external_id: string | null;
  name: string;
  kind: "agent" | "school" | "master_agent" | "sub_agent" | "sales_rep";
  legal_name: string;
  tax_id: Generated<string>;
  tax_registered: Generated<boolean>;
  currency: string;
  commission_bps: number;
  commission_tax: "inclusive" | "exclusive";
  created_at: Instant;
  updated_at: Instant;
};

export type AppPayer = {
  institution_id: string;
  id: string;
  customer_id: string;
  email: string;
  rights: Generated<string[]>;
  expires_at: Instant | null;
  created_at: Instant;
};

export type AppPayment = {
  institution_id: string;
  id: string;
  external_id: string | null;
  customer_id: string;
  plan_id: string | null;
  item: string;
  note: Generated<string>;
  list_minor: bigint;
  currency: string;
  due_date: PlainDate;
  state: Generated<"draft" | "open" | "partially_paid" | "paid" | "partially_refunded" | "refunded" | "cancelled">;
  allow_part: Generated<boolean>;
  paid_minor: Generated<bigint>;
  refunded_list_minor: Generated<bigint>;
  refunded_cash_minor: Generated<bigint>;
  paid_at: Instant | null;
  cancelled_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
};

export type AppPaymentAttempt = {
  institution_id: string;
  id: string;
  checkout_id: string;
  customer_id: string;
  channel_product_id: string;
  provider: string;
  provider_ref: string | null;
  reference: string;
  state: Generated<"pending" | "requires_action" | "processing" | "succeeded" | "failed" | "returned">;
  currency: string;
  minor: bigint;
  surcharge_minor: Generated<bigint>;
  credit_minor: Generated<bigint>;
  failure_reason: Generated<string>;
  method_label: Generated<string>;
  action_url: Generated<string>;
  instructions: Json | null;
  look_at: Generated<Instant>;
  looks: Generated<number>;
  created_at: Instant;
  updated_at: Instant;
  settled_at: Instant | null;
};

export type AppPaymentPlan = {
  institution_id: string;
  id: string;
  customer_id: string;
  name: string;
  created_at: Instant;
};

export type AppProviderEvent = {
  institution_id: string;
  provider: string;
  event_id: string;
  type: string;
  body: Json;
  received_at: Instant;
  processed_at: Instant | null;
  outcome: Generated<string>;
};

export type AppRateLimit = {
  institution_id: string;
  key: string;
  window_start: Instant;
  count: number;
};

export type AppReceipt = {
  institution_id: string;
  id: string;
  number: bigint;
  received_id: string;
  customer_id: string;
  snapshot: Json;
  issued_at: Instant;
};

export type AppReceiptPayment = {
  institution_id: string;
  receipt_id: string;
  payment_id: string;
};

export type AppRecoveryCode = {
  institution_id: string;
  staff_id: string;
  code_hash: Buffer;
  used_at: Instant | null;
};

export type AppRefund = {
  institution_id: string;
  id: string;
  payment_id: string;
  customer_id: string;
  list_minor: bigint;
  cash_minor: bigint;
  discount_minor: Generated<bigint>;
  currency: string;
  kind: "provider" | "by_hand";
  state: "pending" | "succeeded" | "failed";
  provider: Generated<string>;
  provider_ref: Generated<string>;
  reason: Generated<string>;
  failure_reason: Generated<string>;
  charge_ref: Generated<string>;
  look_at: Generated<Instant>;
  looks: Generated<number>;
  requested_by: string;
  created_at: Instant;
  settled_at: Instant | null;
};

export type AppSession = {
  institution_id: string;
  id: string;
  token_hash: Buffer;
  face: "staff" | "customer" | "partner";
  email: string;
  staff_id: string | null;
  customer_id: string | null;
  two_step_pending: Generated<boolean>;
  stepped_up_at: Instant | null;
  user_agent: Generated<string>;
  ip: Generated<string>;
  created_at: Instant;
  last_seen_at: Instant;
  idle_seconds: number;
  expires_at: Instant;
  ended_at: Instant | null;
  ended_why: string | null;
};

export type AppShare = {
  institution_id: string;
  id: string;
  payment_id: string;
  partnership_id: string;
  kind: Generated<"percent">;
  rate_bps: number;
  tax_mode: "none" | "inclusive" | "exclusive";
  tax_bps: Generated<number>;
  net_minor: bigint;
  tax_minor: bigint;
  reversed_minor: Generated<bigint>;
  state: Generated<"agreed" | "earned" | "in_payout" | "paid_out" | "reversed">;
  earned_at: Instant | null;
  created_at: Instant;
};

export type AppSignInLink = {
  institution_id: string;
  id: string;
  face: "staff" | "customer" | "partner";
  purpose: "sign_in" | "set_password";
  email: string;
  token_hash: Buffer;
  code_hash: Buffer;
  browser_hash: Buffer;
  code_tries: Generated<number>;
  return_to: Generated<string>;
  created_at: Instant;
  expires_at: Instant;
  used_at: Instant | null;
};

export type AppStaffMember = {
  institution_id: string;
  id: string;
  email: string;
  name: string;
  role: "OWNER" | "ADMIN" | "OPERATOR" | "VIEWER";
  password_hash: string | null;
  password_changed_at: Instant | null;
  totp_sealed: Buffer | null;
  totp_confirmed_at: Instant | null;
  totp_last_step: Generated<bigint>;
  failed_tries: Generated<number>;
  locked_until: Instant | null;
  suspended_at: Instant | null;
  created_at: Instant;
};

export type AppStoredFile = {
  institution_id: string;
  id: string;
  storage_key: string;
  name: string;
  media_type: string;
  bytes: bigint;
  created_at: Instant;
};

export type LedgerAccount = {
  institution_id: string;
  id: Always<bigint>;
  currency: string;
  kind: string;
  owner: string;
  balance: Generated<bigint>;
  held: Generated<bigint>;
  min_balance: bigint | null;
  seq: Generated<bigint>;
  state: Generated<"active" | "frozen" | "closed">;
  opened_at: Instant;
  last_at: Instant;
};

export type LedgerAccountKind = {
  kind: string;
  owned: boolean;
  opens_on_use: boolean;
  min_balance: bigint | null;
};

export type LedgerHold = {
  institution_id: string;
  account_id: bigint;
  currency: string;
  name: string;
  amount: bigint;
  reference: string;
  state: Generated<"open" | "posted" | "voided">;
  placed_by: bigint;
  placed_at: Instant;
  expires_at: Instant | null;
  closed_by: bigint | null;
  closed_at: Instant | null;
};

export type LedgerJournal = {
  institution_id: string;
  id: bigint;
  key: string;
  digest: Buffer;
  kind: string;
  reference: string;
  created_at: Instant;
};

export type LedgerTransfer = {
  institution_id: string;
  journal_id: bigint;
  line: number;
  currency: string;
  amount: bigint;
  debit_id: bigint;
  debit_seq: bigint;
  debit_after: bigint;
  credit_id: bigint;
  credit_seq: bigint;
  credit_after: bigint;
  kind: string;
  created_at: Instant;
};

export type SandboxCharge = {
  ref: string;
  institution_id: string;
  idempotency_key: string;
  kind: string;
  currency: string;
  minor: bigint;
  reference: string;
  return_url: string;
  state: string;
  failure_reason: Generated<string>;
  method_label: Generated<string>;
  settles_at: Instant | null;
  refunded_minor: Generated<bigint>;
  created_at: Instant;
};

export type SandboxCredit = {
  ref: string;
  institution_id: string;
  currency: string;
  minor: bigint;
  reference: string;
  payer_name: string;
  received_on: PlainDate;
  created_at: Instant;
};

export type SandboxEvent = {
  id: string;
  institution_id: string;
  type: string;
  body: Json;
  due_at: Instant;
  delivered_at: Instant | null;
  tries: Generated<number>;
};

export type SandboxRefund = {
  ref: string;
  institution_id: string;
  idempotency_key: string;
  charge_ref: string;
  minor: bigint;
  state: string;
  created_at: Instant;
};

export type DB = {
  "app.allocation": AppAllocation;
  "app.audit_entry": AppAuditEntry;
  "app.audit_seal": AppAuditSeal;
  "app.books_proof": AppBooksProof;
  "app.channel_product": AppChannelProduct;
  "app.checkout": AppCheckout;
  "app.checkout_item": AppCheckoutItem;
  "app.contact": AppContact;
  "app.counter": AppCounter;
  "app.customer": AppCustomer;
  "app.dev_mail": AppDevMail;
  "app.discount": AppDiscount;
  "app.import_bad_row": AppImportBadRow;
  "app.import_run": AppImportRun;
  "app.institution": AppInstitution;
  "app.mail": AppMail;
  "app.money_received": AppMoneyReceived;
  "app.outbox": AppOutbox;
  "app.partnership": AppPartnership;
  "app.payer": AppPayer;
  "app.payment": AppPayment;
  "app.payment_attempt": AppPaymentAttempt;
  "app.payment_plan": AppPaymentPlan;
  "app.provider_event": AppProviderEvent;
  "app.rate_limit": AppRateLimit;
  "app.receipt": AppReceipt;
  "app.receipt_payment": AppReceiptPayment;
  "app.recovery_code": AppRecoveryCode;
  "app.refund": AppRefund;
  "app.session": AppSession;
  "app.share": AppShare;
  "app.sign_in_link": AppSignInLink;
  "app.staff_member": AppStaffMember;
  "app.stored_file": AppStoredFile;
  "ledger.account": LedgerAccount;
  "ledger.account_kind": LedgerAccountKind;
  "ledger.hold": LedgerHold;
  "ledger.journal": LedgerJournal;
  "ledger.transfer": LedgerTransfer;
  "sandbox.charge": SandboxCharge;
  "sandbox.credit": SandboxCredit;
  "sandbox.event": SandboxEvent;
  "sandbox.refund": SandboxRefund;
};
