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

export type AppBankAccount = {
  institution_id: string;
  id: string;
  partnership_id: string;
  currency: string;
  holder_name: string;
  bank_name: Generated<string>;
  country: Generated<string>;
  sealed: Buffer;
  last4: string;
  state: "in_review" | "active" | "replaced" | "rejected" | "withdrawn";
  rejected_why: Generated<string>;
  proposed_by_kind: "staff" | "partner";
  proposed_by: string;
  reviewed_by: string | null;
  reviewed_at: Instant | null;
  usable_from: Instant | null;
  created_at: Instant;
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
  customer_id: string | null;
  currency: string;
  total_minor: bigint;
  state: Generated<"open" | "processing" | "paid" | "closed">;
  created_by: string;
  created_at: Instant;
  updated_at: Instant;
  partnership_id: string | null;
};

export type AppCheckoutInvoice = {
  institution_id: string;
  checkout_id: string;
  invoice_id: string;
  minor: bigint;
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
  access_on: Generated<boolean>;
  last_seen_at: Instant | null;
  language: Generated<string>;
};

export type AppCounter = {
  institution_id: string;
  kind: string;
  owner: Generated<string>;
  value: Generated<bigint>;
};

export type AppCountryWording = {
  country: string;
  title: string;
  notice: string;
  agreement: string;
  agreement_months: number | null;
  needs_registration: Generated<boolean>;
  source: string;
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
  version: Generated<number>;
};

export type AppInvitation = {
  institution_id: string;
  id: string;
  partnership_id: string;
  name: string;
  email: string;
  role: "OWNER" | "ADMIN" | "OPERATOR" | "VIEWER";
  token_hash: Buffer;
  state: Generated<"pending" | "accepted" | "declined" | "withdrawn">;
  invited_by_kind: "staff" | "member";
  invited_by: string;
  invited_by_name: string;
  member_id: string | null;
  sent_at: Instant;
  expires_at: Instant;
  answered_at: Instant | null;
  created_at: Instant;
  language: Generated<string>;
};

export type AppInvoice = {
  institution_id: string;
  id: string;
  partnership_id: string;
  kind: "invoice" | "self_billed" | "credit_note";
  corrects_id: string | null;
  number: bigint | null;
  state: Generated<"draft" | "issued" | "partially_paid" | "paid" | "void" | "disputed">;
  currency: string;
  issue_date: PlainDate | null;
  due_date: PlainDate | null;
  notes: Generated<string>;
  net_minor: Generated<bigint>;
  tax_minor: Generated<bigint>;
  total_minor: Generated<bigint>;
  paid_minor: Generated<bigint>;
  credited_minor: Generated<bigint>;
  credited_tax_minor: Generated<bigint>;
  returned_minor: Generated<bigint>;
  share_id: string | null;
  reversal_id: string | null;
  snapshot: Json | null;
  dispute_reason: Generated<string>;
  disputed_by: string | null;
  disputed_at: Instant | null;
  dispute_answer: Generated<string>;
  dispute_answered_at: Instant | null;
  created_by: string;
  created_at: Instant;
  updated_at: Instant;
  issued_at: Instant | null;
  paid_at: Instant | null;
  voided_at: Instant | null;
};

export type AppInvoiceAllocation = {
  institution_id: string;
  id: string;
  received_id: string | null;
  invoice_id: string;
  partnership_id: string;
  payout_id: string | null;
  minor: bigint;
  created_at: Instant;
};

export type AppInvoiceLine = {
  institution_id: string;
  invoice_id: string;
  position: number;
  description: string;
  quantity: Generated<number>;
  unit_minor: bigint;
  tax_bps: Generated<number>;
  net_minor: bigint;
  tax_minor: bigint;
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

export type AppMember = {
  institution_id: string;
  id: string;
  partnership_id: string;
  name: string;
  email: string;
  role: "OWNER" | "ADMIN" | "OPERATOR" | "VIEWER";
  language: Generated<string>;
  suspended_at: Instant | null;
  removed_at: Instant | null;
  last_seen_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
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
  partnership_id: string | null;
  matched_at: Instant | null;
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

export type AppPartnerMovement = {
  institution_id: string;
  id: Always<bigint>;
  partnership_id: string;
  currency: string;
  at: Instant;
  kind: "payout_sent" | "payout_back" | "given_back";
  payout_id: string | null;
  invoice_id: string | null;
  minor: bigint;
  reason: Generated<string>;
};

export type AppPartnerTaxStatus = {
  institution_id: string;
  partnership_id: string;
  from_date: PlainDate;
  tax_registered: boolean;
  tax_id: Generated<string>;
  set_by: string;
  created_at: Instant;
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
  address: Generated<string>;
  language: Generated<string>;
  payout_schedule: Generated<"daily" | "weekly" | "fortnightly" | "monthly">;
  payouts_paused_at: Instant | null;
  payouts_paused_why: Generated<string>;
  netting: Generated<"off" | "proposed" | "agreed">;
  share_kind: Generated<"percent" | "flat" | "percent_of_share">;
  share_flat_minor: bigint | null;
  share_of_partnership_id: string | null;
  masked_name: Always<string>;
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
  in_force: Always<boolean>;
};

export type AppPaymentAttempt = {
  institution_id: string;
  id: string;
  checkout_id: string;
  customer_id: string | null;
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
  partnership_id: string | null;
};

export type AppPaymentPlan = {
  institution_id: string;
  id: string;
  customer_id: string;
  name: string;
  created_at: Instant;
};

export type AppPayout = {
  institution_id: string;
  id: string;
  partnership_id: string;
  number: bigint;
  currency: string;
  state: "scheduled" | "in_review" | "on_hold" | "processing" | "sent" | "paid" | "failed" | "returned" | "cancelled";
  scheduled_for: PlainDate;
  net_minor: Generated<bigint>;
  tax_minor: Generated<bigint>;
  total_minor: Generated<bigint>;
  payments: Generated<number>;
  bank_account_id: string | null;
  hold_reason: Generated<string>;
  hold_note: Generated<string>;
  failure_reason: Generated<string>;
  carried_to: bigint | null;
  approved_by: string | null;
  approved_at: Instant | null;
  second_approved_by: string | null;
  second_approved_at: Instant | null;
  sent_at: Instant | null;
  paid_at: Instant | null;
  failed_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
  wallet_id: string | null;
};

export type AppPayoutAttempt = {
  institution_id: string;
  id: string;
  payout_id: string;
  partnership_id: string;
  bank_account_id: string;
  provider: string;
  provider_ref: string | null;
  currency: string;
  minor: bigint;
  state: "pending" | "processing" | "sent" | "succeeded" | "failed" | "returned";
  failure_reason: Generated<string>;
  look_at: Generated<Instant>;
  looks: Generated<number>;
  created_at: Instant;
  updated_at: Instant;
  settled_at: Instant | null;
};

export type AppPayoutLimit = {
  institution_id: string;
  currency: string;
  minimum_minor: Generated<bigint>;
  second_person_minor: bigint | null;
  raised_by: string | null;
  raised_from_minor: bigint | null;
};

export type AppPayoutLine = {
  institution_id: string;
  payout_id: string;
  position: number;
  partnership_id: string;
  kind: "share" | "reversal" | "netting" | "credit";
  share_id: string | null;
  reversal_id: string | null;
  invoice_id: string | null;
  credit_of: string | null;
  currency: string;
  net_minor: bigint;
  tax_minor: bigint;
  created_at: Instant;
};

export type AppPayoutSettings = {
  institution_id: string;
  holding_days: Generated<number>;
  weekday: Generated<number>;
  cut_off: Generated<string>;
  review_all: Generated<boolean>;
  cooling_off_days: Generated<number>;
  paused_at: Instant | null;
  paused_why: Generated<string>;
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
  partner_reason: Generated<string>;
};

export type AppSelfBillingAgreement = {
  institution_id: string;
  id: string;
  partnership_id: string;
  country: string;
  body: string;
  state: "proposed" | "accepted" | "expired" | "revoked";
  proposed_by: string;
  proposed_at: Instant;
  accepted_by: string | null;
  accepted_name: Generated<string>;
  accepted_email: Generated<string>;
  accepted_ip: Generated<string>;
  accepted_agent: Generated<string>;
  accepted_at: Instant | null;
  valid_until: PlainDate | null;
  ended_at: Instant | null;
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
  partnership_id: string | null;
};

export type AppShare = {
  institution_id: string;
  id: string;
  payment_id: string;
  partnership_id: string;
  kind: Generated<"percent" | "flat" | "percent_of_share" | "remainder">;
  rate_bps: number;
  tax_mode: "none" | "inclusive" | "exclusive";
  tax_bps: Generated<number>;
  net_minor: bigint;
  tax_minor: bigint;
  reversed_minor: Generated<bigint>;
  state: Generated<"agreed" | "earned" | "in_payout" | "paid_out" | "reversed">;
  earned_at: Instant | null;
  created_at: Instant;
  own_bps: Generated<number>;
  customer_id: string;
  base_minor: bigint | null;
  of_partnership_id: string | null;
  position: Generated<number>;
};

export type AppShareReversal = {
  institution_id: string;
  id: string;
  share_id: string;
  partnership_id: string;
  refund_id: string;
  currency: string;
  net_minor: bigint;
  tax_minor: bigint;
  reason: Generated<string>;
  gathered: Generated<boolean>;
  created_at: Instant;
};

export type AppSharedCustomer = {
  institution_id: string;
  partnership_id: string;
  customer_id: string;
  ref: string;
};

export type AppSignInLink = {
  institution_id: string;
  id: string;
  face: "staff" | "customer" | "partner";
  purpose: "sign_in" | "set_password" | "step_up";
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

export type AppTariff = {
  institution_id: string;
  id: string;
  purpose: "::text, " | "::text, " | "::text, " | "::text, ";
  currency: string;
  route: "wallet" | "bank";
  from_date: PlainDate;
  until_date: PlainDate | null;
  minimum_minor: Generated<bigint>;
  maximum_minor: bigint | null;
  set_by: string;
  set_by_name: string;
  created_at: Instant;
  ended_at: Instant | null;
  withdrawn_at: Instant | null;
};

export type AppTariffTier = {
  institution_id: string;
  tariff_id: string;
  from_minor: bigint;
  fixed_minor: bigint;
  rate_bps: number;
};

export type AppTransfer = {
  institution_id: string;
  id: string;
  partnership_id: string;
  ref: string;
  key: string;
  digest: Buffer;
  wallet_id: string;
  route: "wallet" | "bank";
  to_wallet_id: string | null;
  to_partnership_id: string | null;
  bank_account_id: string | null;
  currency: string;
  minor: bigint;
  fee_minor: bigint;
  tariff_id: string | null;
  reference: Generated<string>;
  state: "pending_approval" | "processing" | "completed" | "failed" | "cancelled";
  failure_reason: Generated<string>;
  failure_note: Generated<string>;
  requested_by: string;
  requested_by_name: string;
  decided_by: string | null;
  decided_by_name: Generated<string>;
  decided_at: Instant | null;
  provider: Generated<string>;
  provider_ref: string | null;
  attempt_state: Generated<"::text, " | "::text, " | "::text, " | "::text, " | "::text, ">;
  look_at: Generated<Instant>;
  looks: Generated<number>;
  prepared_at: Instant;
  created_at: Instant;
  sent_at: Instant | null;
  completed_at: Instant | null;
  failed_at: Instant | null;
  cancelled_at: Instant | null;
  returned_at: Instant | null;
  updated_at: Instant;
  to_number: Generated<string>;
  to_name: Generated<string>;
  returned_to: string | null;
};

export type AppTransferQuote = {
  institution_id: string;
  id: string;
  partnership_id: string;
  wallet_id: string;
  member_id: string;
  route: "wallet" | "bank";
  to_wallet_id: string | null;
  bank_account_id: string | null;
  currency: string;
  minor: bigint;
  fee_minor: bigint;
  tariff_id: string | null;
  reference: string;
  created_at: Instant;
  expires_at: Instant;
  to_number: Generated<string>;
  to_name: Generated<string>;
  transfer_ref: string | null;
};

export type AppWallet = {
  institution_id: string;
  id: string;
  partnership_id: string;
  number: string;
  currency: string;
  purpose: "general" | "commission" | "deposits" | "reserve";
  state: Generated<"active" | "frozen" | "closed">;
  state_why: Generated<string>;
  takes_payouts: Generated<boolean>;
  opened_by: string;
  opened_at: Instant;
  state_at: Instant | null;
  updated_at: Instant;
  payouts_by: string | null;
};

export type AppWalletAdjustment = {
  institution_id: string;
  id: string;
  wallet_id: string;
  partnership_id: string;
  currency: string;
  minor: bigint;
  reason: string;
  state: Generated<"proposed" | "approved" | "rejected" | "withdrawn">;
  key: string;
  proposed_by: string;
  proposed_by_name: string;
  decided_by: string | null;
  decided_by_name: Generated<string>;
  decided_why: Generated<string>;
  created_at: Instant;
  decided_at: Instant | null;
};

export type AppWalletCurrency = {
  institution_id: string;
  currency: string;
  enabled: Generated<boolean>;
  approval_minor: bigint | null;
  set_by: string;
  updated_at: Instant;
};

export type AppWorkspace = {
  institution_id: string;
  id: string;
  partnership_id: string;
  name: string;
  provisioned_by: string;
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

export type LedgerFlowMark = {
  account_id: bigint;
  seq: bigint;
  amount: bigint;
  band: number;
  other_id: bigint;
};

export type LedgerFlowMarked = {
  account_id: bigint;
  seq: bigint;
  bands: Generated<number[]>;
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
  key: string | null;
  digest: string | null;
};

export type PartnerAttempt = {
  id: string | null;
  checkout_id: string | null;
  channel_product_id: string | null;
  kind: string | null;
  provider: string | null;
  provider_ref: string | null;
  reference: string | null;
  state: string | null;
  currency: string | null;
  minor: bigint | null;
  surcharge_minor: bigint | null;
  failure_reason: string | null;
  method_label: string | null;
  action_url: string | null;
  instructions: Json | null;
  created_at: Instant | null;
  settled_at: Instant | null;
};

export type PartnerBankAccount = {
  id: string | null;
  currency: string | null;
  holder_name: string | null;
  bank_name: string | null;
  country: string | null;
  last4: string | null;
  state: string | null;
  rejected_why: string | null;
  proposed_by_kind: string | null;
  reviewed_at: Instant | null;
  usable_from: Instant | null;
  created_at: Instant | null;
};

export type PartnerCheckout = {
  id: string | null;
  currency: string | null;
  total_minor: bigint | null;
  state: string | null;
};

export type PartnerCheckoutInvoice = {
  checkout_id: string | null;
  invoice_id: string | null;
  minor: bigint | null;
};

export type PartnerContact = {
  id: string | null;
  name: string | null;
  email: string | null;
  phone: string | null;
  rights: string[] | null;
  language: string | null;
};

export type PartnerCountryWording = {
  country: string | null;
  title: string | null;
  notice: string | null;
  agreement_months: number | null;
  needs_registration: boolean | null;
};

export type PartnerCustomer = {
  ref: string | null;
  given_name: string | null;
  family_name: string | null;
  customer_id: string | null;
};

export type PartnerEarning = {
  id: string | null;
  currency: string | null;
  net_minor: bigint | null;
  tax_minor: bigint | null;
  earned_at: Instant | null;
};

export type PartnerInvoice = {
  id: string | null;
  kind: string | null;
  corrects_id: string | null;
  number: bigint | null;
  state: string | null;
  currency: string | null;
  issue_date: PlainDate | null;
  due_date: PlainDate | null;
  notes: string | null;
  net_minor: bigint | null;
  tax_minor: bigint | null;
  total_minor: bigint | null;
  paid_minor: bigint | null;
  credited_minor: bigint | null;
  returned_minor: bigint | null;
  share_id: string | null;
  reversal_id: string | null;
  snapshot: Json | null;
  dispute_reason: string | null;
  disputed_at: Instant | null;
  dispute_answer: string | null;
  dispute_answered_at: Instant | null;
  issued_at: Instant | null;
  paid_at: Instant | null;
  voided_at: Instant | null;
};

export type PartnerInvoiceLine = {
  invoice_id: string | null;
  position: number | null;
  description: string | null;
  quantity: number | null;
  unit_minor: bigint | null;
  tax_bps: number | null;
  net_minor: bigint | null;
  tax_minor: bigint | null;
};

export type PartnerInvoicePayment = {
  id: string | null;
  invoice_id: string | null;
  received_id: string | null;
  payout_id: string | null;
  payout_number: bigint | null;
  minor: bigint | null;
  created_at: Instant | null;
  received_on: PlainDate | null;
  kind: string | null;
  method_label: string | null;
};

export type PartnerMember = {
  id: string | null;
  name: string | null;
  email: string | null;
  role: string | null;
  suspended: boolean | null;
};

export type PartnerMethod = {
  id: string | null;
  provider: string | null;
  kind: string | null;
  name: string | null;
  state: string | null;
  currencies: string[] | null;
  surcharge_bps: number | null;
  position: number | null;
};

export type PartnerMoneyReceived = {
  id: string | null;
  attempt_id: string | null;
  kind: string | null;
  currency: string | null;
  minor: bigint | null;
  surcharge_minor: bigint | null;
  method_label: string | null;
  received_on: PlainDate | null;
  created_at: Instant | null;
};

export type PartnerMovement = {
  id: bigint | null;
  currency: string | null;
  at: Instant | null;
  kind: string | null;
  payout_id: string | null;
  invoice_id: string | null;
  minor: bigint | null;
  reason: string | null;
};

export type PartnerPartnership = {
  id: string | null;
  name: string | null;
  kind: string | null;
  legal_name: string | null;
  address: string | null;
  tax_id: string | null;
  tax_registered: boolean | null;
  currency: string | null;
  commission_bps: number | null;
  commission_tax: string | null;
  payout_schedule: string | null;
  paused: boolean | null;
  netting: string | null;
};

export type PartnerPayout = {
  id: string | null;
  number: bigint | null;
  currency: string | null;
  state: string | null;
  scheduled_for: PlainDate | null;
  net_minor: bigint | null;
  tax_minor: bigint | null;
  total_minor: bigint | null;
  payments: number | null;
  hold_reason: string | null;
  failure_reason: string | null;
  carried_to: bigint | null;
  sent_at: Instant | null;
  paid_at: Instant | null;
  failed_at: Instant | null;
  created_at: Instant | null;
  bank_account_id: string | null;
  bank_name: string | null;
  last4: string | null;
  holder_name: string | null;
  wallet_number: string | null;
};

export type PartnerPayoutLimit = {
  currency: string | null;
  minimum_minor: bigint | null;
};

export type PartnerPayoutLine = {
  payout_id: string | null;
  position: number | null;
  kind: string | null;
  share_id: string | null;
  reversal_id: string | null;
  invoice_id: string | null;
  currency: string | null;
  net_minor: bigint | null;
  tax_minor: bigint | null;
  created_at: Instant | null;
  credit_of: string | null;
};

export type PartnerPayoutSum = {
  currency: string | null;
  state: string | null;
  total_minor: bigint | null;
  paid_at: Instant | null;
};

export type PartnerPayoutWallet = {
  currency: string | null;
  number: string | null;
};

export type PartnerSelfBillingAgreement = {
  id: string | null;
  country: string | null;
  body: string | null;
  state: string | null;
  proposed_at: Instant | null;
  accepted_name: string | null;
  accepted_email: string | null;
  accepted_at: Instant | null;
  valid_until: PlainDate | null;
  ended_at: Instant | null;
};

export type PartnerSession = {
  id: string | null;
  user_agent: string | null;
  ip: string | null;
  created_at: Instant | null;
  last_seen_at: Instant | null;
  idle_seconds: number | null;
  expires_at: Instant | null;
};

export type PartnerShare = {
  id: string | null;
  customer_ref: string | null;
  given_name: string | null;
  family_name: string | null;
  item: string | null;
  due_date: PlainDate | null;
  currency: string | null;
  kind: string | null;
  base_minor: bigint | null;
  rate_bps: number | null;
  tax_mode: string | null;
  tax_bps: number | null;
  net_minor: bigint | null;
  tax_minor: bigint | null;
  reversed_minor: bigint | null;
  state: string | null;
  earned_at: Instant | null;
};

export type PartnerShareReversal = {
  id: string | null;
  share_id: string | null;
  currency: string | null;
  net_minor: bigint | null;
  tax_minor: bigint | null;
  reason: string | null;
  created_at: Instant | null;
};

export type PartnerTaxStatus = {
  from_date: PlainDate | null;
  tax_registered: boolean | null;
  tax_id: string | null;
};

export type PartnerTransfer = {
  id: string | null;
  ref: string | null;
  wallet_id: string | null;
  route: string | null;
  to_wallet_id: string | null;
  to_number: string | null;
  to_name: string | null;
  currency: string | null;
  minor: bigint | null;
  fee_minor: bigint | null;
  reference: string | null;
  state: string | null;
  failure_reason: string | null;
  failure_note: string | null;
  requested_by_name: string | null;
  decided_at: Instant | null;
  prepared_at: Instant | null;
  created_at: Instant | null;
  sent_at: Instant | null;
  completed_at: Instant | null;
  failed_at: Instant | null;
  cancelled_at: Instant | null;
  returned_at: Instant | null;
  returned_to: string | null;
};

export type PartnerTransferQuote = {
  id: string | null;
  member_id: string | null;
  wallet_id: string | null;
  route: string | null;
  to_number: string | null;
  to_name: string | null;
  currency: string | null;
  minor: bigint | null;
  fee_minor: bigint | null;
  reference: string | null;
  transfer_ref: string | null;
  created_at: Instant | null;
  expires_at: Instant | null;
};

export type PartnerTransferWallet = {
  id: string | null;
  number: string | null;
  currency: string | null;
  purpose: string | null;
  state: string | null;
};

export type PartnerWallet = {
  id: string | null;
  number: string | null;
  currency: string | null;
  purpose: string | null;
  state: string | null;
  state_why: string | null;
  takes_payouts: boolean | null;
  opened_at: Instant | null;
  state_at: Instant | null;
};

export type PartnerWorkspace = {
  id: string | null;
  name: string | null;
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

export type SandboxPayout = {
  ref: string;
  institution_id: string;
  idempotency_key: string;
  currency: string;
  minor: bigint;
  holder_name: string;
  account: string;
  reference: string;
  failure_reason: Generated<string>;
  settles_at: Instant | null;
  returns_at: Instant | null;
  created_at: Instant;
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
  "app.bank_account": AppBankAccount;
  "app.books_proof": AppBooksProof;
  "app.channel_product": AppChannelProduct;
  "app.checkout": AppCheckout;
  "app.checkout_invoice": AppCheckoutInvoice;
  "app.checkout_item": AppCheckoutItem;
  "app.contact": AppContact;
  "app.counter": AppCounter;
  "app.country_wording": AppCountryWording;
  "app.customer": AppCustomer;
  "app.dev_mail": AppDevMail;
  "app.discount": AppDiscount;
  "app.import_bad_row": AppImportBadRow;
  "app.import_run": AppImportRun;
  "app.institution": AppInstitution;
  "app.invitation": AppInvitation;
  "app.invoice": AppInvoice;
  "app.invoice_allocation": AppInvoiceAllocation;
  "app.invoice_line": AppInvoiceLine;
  "app.mail": AppMail;
  "app.member": AppMember;
  "app.money_received": AppMoneyReceived;
  "app.outbox": AppOutbox;
  "app.partner_movement": AppPartnerMovement;
  "app.partner_tax_status": AppPartnerTaxStatus;
  "app.partnership": AppPartnership;
  "app.payer": AppPayer;
  "app.payment": AppPayment;
  "app.payment_attempt": AppPaymentAttempt;
  "app.payment_plan": AppPaymentPlan;
  "app.payout": AppPayout;
  "app.payout_attempt": AppPayoutAttempt;
  "app.payout_limit": AppPayoutLimit;
  "app.payout_line": AppPayoutLine;
  "app.payout_settings": AppPayoutSettings;
  "app.provider_event": AppProviderEvent;
  "app.rate_limit": AppRateLimit;
  "app.receipt": AppReceipt;
  "app.receipt_payment": AppReceiptPayment;
  "app.recovery_code": AppRecoveryCode;
  "app.refund": AppRefund;
  "app.self_billing_agreement": AppSelfBillingAgreement;
  "app.session": AppSession;
  "app.share": AppShare;
  "app.share_reversal": AppShareReversal;
  "app.shared_customer": AppSharedCustomer;
  "app.sign_in_link": AppSignInLink;
  "app.staff_member": AppStaffMember;
  "app.stored_file": AppStoredFile;
  "app.tariff": AppTariff;
  "app.tariff_tier": AppTariffTier;
  "app.transfer": AppTransfer;
  "app.transfer_quote": AppTransferQuote;
  "app.wallet": AppWallet;
  "app.wallet_adjustment": AppWalletAdjustment;
  "app.wallet_currency": AppWalletCurrency;
  "app.workspace": AppWorkspace;
  "ledger.account": LedgerAccount;
  "ledger.account_kind": LedgerAccountKind;
  "ledger.flow_mark": LedgerFlowMark;
  "ledger.flow_marked": LedgerFlowMarked;
  "ledger.hold": LedgerHold;
  "ledger.journal": LedgerJournal;
  "ledger.transfer": LedgerTransfer;
  "partner.attempt": PartnerAttempt;
  "partner.bank_account": PartnerBankAccount;
  "partner.checkout": PartnerCheckout;
  "partner.checkout_invoice": PartnerCheckoutInvoice;
  "partner.contact": PartnerContact;
  "partner.country_wording": PartnerCountryWording;
  "partner.customer": PartnerCustomer;
  "partner.earning": PartnerEarning;
  "partner.invoice": PartnerInvoice;
  "partner.invoice_line": PartnerInvoiceLine;
  "partner.invoice_payment": PartnerInvoicePayment;
  "partner.member": PartnerMember;
  "partner.method": PartnerMethod;
  "partner.money_received": PartnerMoneyReceived;
  "partner.movement": PartnerMovement;
  "partner.partnership": PartnerPartnership;
  "partner.payout": PartnerPayout;
  "partner.payout_limit": PartnerPayoutLimit;
  "partner.payout_line": PartnerPayoutLine;
  "partner.payout_sum": PartnerPayoutSum;
  "partner.payout_wallet": PartnerPayoutWallet;
  "partner.self_billing_agreement": PartnerSelfBillingAgreement;
  "partner.session": PartnerSession;
  "partner.share": PartnerShare;
  "partner.share_reversal": PartnerShareReversal;
  "partner.tax_status": PartnerTaxStatus;
  "partner.transfer": PartnerTransfer;
  "partner.transfer_quote": PartnerTransferQuote;
  "partner.transfer_wallet": PartnerTransferWallet;
  "partner.wallet": PartnerWallet;
  "partner.workspace": PartnerWorkspace;
  "sandbox.charge": SandboxCharge;
  "sandbox.credit": SandboxCredit;
  "sandbox.event": SandboxEvent;
  "sandbox.payout": SandboxPayout;
  "sandbox.refund": SandboxRefund;
};
