/**
 * The whole of what the partner's roles may touch, column by column: the twin of the allow-list in the migration, kept
 * by hand, so that whoever widens the one has to say so here.
 */
export const partnerColumns: Readonly<Record<string, string>> = {
  "app.bank_account": `
    institution_id id partnership_id currency holder_name bank_name country last4 state rejected_why
    proposed_by_kind reviewed_at usable_from created_at`,
  "app.channel_product": "institution_id id provider kind name state currencies surcharge_bps position",
  "app.checkout": "institution_id id currency total_minor state created_by created_at updated_at partnership_id",
  "app.checkout_invoice": "institution_id checkout_id invoice_id minor",
  "app.contact": "institution_id id partnership_id name email phone rights removed_at access_on language",
  "app.country_wording": "country title notice agreement agreement_months needs_registration",
  "app.customer": "institution_id id given_name family_name",
  "app.institution": `
    id name legal_name registration_label registration_number country time_zone locale currencies brand_colour
    contact_email contact_phone address tax_name tax_bps`,
  "app.invoice": `
    institution_id id partnership_id kind corrects_id number state currency issue_date due_date notes net_minor
    tax_minor total_minor paid_minor credited_minor returned_minor share_id reversal_id snapshot dispute_reason
    disputed_at dispute_answer dispute_answered_at issued_at paid_at voided_at`,
  "app.invoice_allocation": "institution_id id received_id invoice_id partnership_id payout_id minor created_at",
  "app.invoice_line": `
    institution_id invoice_id position description quantity unit_minor tax_bps net_minor tax_minor`,
  "app.member": "institution_id id partnership_id name email role language suspended_at removed_at",
  "app.money_received": `
    institution_id id kind attempt_id currency minor surcharge_minor method_label received_on created_at
    partnership_id matched_at`,
  "app.partner_movement": "institution_id id partnership_id currency at kind payout_id invoice_id minor reason",
  "app.partner_tax_status": "institution_id partnership_id from_date tax_registered tax_id",
  "app.partnership": `
    institution_id id name kind legal_name tax_id tax_registered currency commission_bps commission_tax address
    payout_schedule payouts_paused_at netting`,
  "app.payment": "institution_id id customer_id item currency due_date in_force",
  "app.payment_attempt": `
    institution_id id checkout_id channel_product_id provider provider_ref reference state currency minor
    surcharge_minor failure_reason method_label action_url instructions created_at updated_at settled_at
    partnership_id`,
  "app.payout": `
    institution_id id partnership_id number currency state scheduled_for net_minor tax_minor total_minor payments
    bank_account_id hold_reason failure_reason carried_to sent_at paid_at failed_at created_at wallet_id`,
  "app.payout_limit": "institution_id currency minimum_minor",
  "app.payout_line": `
    institution_id payout_id position partnership_id kind share_id reversal_id invoice_id currency net_minor
    tax_minor created_at credit_of`,
  "app.self_billing_agreement": `
    institution_id id partnership_id country body state proposed_at accepted_name accepted_email accepted_at
    valid_until ended_at`,
  "app.session": `
    institution_id id face email user_agent ip created_at last_seen_at idle_seconds expires_at ended_at
    partnership_id`,
  "app.share": `
    institution_id id payment_id partnership_id kind rate_bps tax_mode tax_bps net_minor tax_minor reversed_minor
    state earned_at customer_id base_minor`,
  "app.share_reversal": "institution_id id share_id partnership_id currency net_minor tax_minor reason created_at",
  "app.shared_customer": "institution_id partnership_id customer_id ref",
  "app.transfer": `
    institution_id id partnership_id ref key wallet_id route to_wallet_id bank_account_id currency minor fee_minor
    reference state failure_reason failure_note requested_by requested_by_name decided_at prepared_at created_at
    sent_at completed_at failed_at cancelled_at returned_at returned_to to_number to_name`,
  "app.transfer_quote": `
    institution_id id partnership_id wallet_id member_id route to_wallet_id bank_account_id currency minor fee_minor
    reference created_at expires_at to_number to_name transfer_ref`,
  "app.wallet": `
    institution_id id partnership_id number currency purpose state state_why takes_payouts opened_at state_at`,
  "app.workspace": "institution_id id partnership_id name",
  "partner.attempt": `
    id checkout_id channel_product_id kind provider provider_ref reference state currency minor surcharge_minor
    failure_reason method_label action_url instructions created_at settled_at`,
  "partner.bank_account": `
    id currency holder_name bank_name country last4 state rejected_why proposed_by_kind reviewed_at usable_from
    created_at`,
  "partner.checkout": "id currency total_minor state",
  "partner.checkout_invoice": "checkout_id invoice_id minor",
  "partner.contact": "id name email phone rights language",
  "partner.country_wording": "country title notice agreement_months needs_registration",
  "partner.customer": "ref given_name family_name customer_id",
  "partner.earning": "id currency net_minor tax_minor earned_at",
  "partner.invoice": `
    id kind corrects_id number state currency issue_date due_date notes net_minor tax_minor total_minor paid_minor
    credited_minor returned_minor share_id reversal_id snapshot dispute_reason disputed_at dispute_answer
    dispute_answered_at issued_at paid_at voided_at`,
  "partner.invoice_line": "invoice_id position description quantity unit_minor tax_bps net_minor tax_minor",
  "partner.invoice_payment": `
    id invoice_id received_id payout_id payout_number minor created_at received_on kind method_label`,
  "partner.member": "id name email role suspended",
  "partner.method": "id provider kind name state currencies surcharge_bps position",
  "partner.money_received": "id attempt_id kind currency minor surcharge_minor method_label received_on created_at",
  "partner.movement": "id currency at kind payout_id invoice_id minor reason",
  "partner.partnership": `
    id name kind legal_name address tax_id tax_registered currency commission_bps commission_tax payout_schedule
    paused netting`,
  "partner.payout": `
    id number currency state scheduled_for net_minor tax_minor total_minor payments hold_reason failure_reason
    carried_to sent_at paid_at failed_at created_at bank_account_id bank_name last4 holder_name wallet_number`,
  "partner.payout_limit": "currency minimum_minor",
  "partner.payout_sum": "currency paid_at state total_minor",
  "partner.payout_wallet": "currency number",
  "partner.payout_line": `
    payout_id position kind share_id reversal_id invoice_id currency net_minor tax_minor created_at credit_of`,
  "partner.self_billing_agreement": `
    id country body state proposed_at accepted_name accepted_email accepted_at valid_until ended_at`,
  "partner.session": "id user_agent ip created_at last_seen_at idle_seconds expires_at",
  "partner.share": `
    id customer_ref given_name family_name item due_date currency kind base_minor rate_bps tax_mode tax_bps
    net_minor tax_minor reversed_minor state earned_at`,
  "partner.share_reversal": "id share_id currency net_minor tax_minor reason created_at",
  "partner.tax_status": "from_date tax_registered tax_id",
  "partner.transfer": `
    id ref wallet_id route to_wallet_id to_number to_name currency minor fee_minor reference state failure_reason
    failure_note requested_by_name decided_at prepared_at created_at sent_at completed_at failed_at cancelled_at
    returned_at returned_to`,
  "partner.transfer_quote": `
    id member_id wallet_id route to_number to_name currency minor fee_minor reference transfer_ref created_at
    expires_at`,
  "partner.transfer_wallet": "id number currency purpose state",
  "partner.wallet": "id number currency purpose state state_why takes_payouts opened_at state_at",
  "partner.workspace": "id name",
};

const walletFlows =
  "partner.wallet_flows(text,timestamp with time zone,timestamp with time zone,bigint,bigint,boolean,boolean,text[]," +
  "bigint,bigint,text,integer)";

/** What the role of a partner's POSTs has beyond that. */
export const partnerWrites = {
  reads: {
    "app.rate_limit": "institution_id key window_start count",
    "app.sign_in_link": `
      institution_id id face purpose email token_hash code_hash browser_hash code_tries return_to expires_at
      used_at`,
  },
  inserts: [
    "app.audit_entry",
    "app.bank_account",
    "app.checkout",
    "app.checkout_invoice",
    "app.outbox",
    "app.payment_attempt",
    "app.rate_limit",
    "app.sign_in_link",
  ],
  updates: {
    "app.bank_account": "state",
    "app.invoice": "state dispute_reason disputed_by disputed_at updated_at",
    "app.partnership": "netting",
    "app.rate_limit": "count",
    "app.self_billing_agreement": `
      state accepted_by accepted_name accepted_email accepted_ip accepted_agent accepted_at valid_until`,
    "app.session": "ended_at ended_why",
    "app.sign_in_link": "code_tries used_at",
  },
  definers: {
    partner: [
      "app.open_partner_session(bytea,timestamp with time zone)",
      "app.own_institution()",
      "app.partnerships_of_session()",
      "partner.entries_of_line(text,integer)",
      "partner.entries_of_share(text)",
      "partner.entries_of_transfer(text)",
      "partner.wallet_balances()",
      "partner.wallet_balances_at(text,timestamp with time zone[])",
      "partner.wallet_entries(text,bigint)",
      walletFlows,
      "partner.wallet_pending(text)",
    ],
    partner_write: [
      "app.choose_partnership(text)",
      "app.open_partner_session(bytea,timestamp with time zone)",
      "app.own_institution()",
      "app.partnerships_of_session()",
      "app.prove_session(text,timestamp with time zone)",
      "app.wake(text,json,text,timestamp with time zone)",
      "partner.entries_of_line(text,integer)",
      "partner.entries_of_share(text)",
      "partner.entries_of_transfer(text)",
      "partner.wallet_balances()",
      "partner.wallet_balances_at(text,timestamp with time zone[])",
      "partner.wallet_entries(text,bigint)",
      walletFlows,
      "partner.wallet_pending(text)",
    ],
  },
} as const;
