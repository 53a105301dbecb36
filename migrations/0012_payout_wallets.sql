-- Payouts that go to a wallet of the partner instead of its bank (S4, W2, P6).

-- Who turned the payouts to this wallet: of two people who approve such a payout that is not the second one.
alter table app.wallet add payouts_by text, add check (takes_payouts or payouts_by is null);

grant update (payouts_by) on app.wallet to {{staff}}, {{worker}};

create index payout_of_wallet on app.payout (institution_id, wallet_id) where wallet_id is not null;
create index wallet_of_partner on app.wallet (institution_id, partnership_id);

-- A payout says which of the partner's own wallets it went to, as it says which bank account.
grant select (wallet_id) on app.payout to {{partner}}, {{partner_write}};
create or replace view partner.payout with (security_invoker = true) as
  select o.id, o.number, o.currency, o.state, o.scheduled_for, o.net_minor, o.tax_minor, o.total_minor, o.payments, o.hold_reason,
         o.failure_reason, o.carried_to, o.sent_at, o.paid_at, o.failed_at, o.created_at, o.bank_account_id, b.bank_name, b.last4,
         b.holder_name, w.number as wallet_number
    from app.payout o
    left join app.bank_account b on b.institution_id = o.institution_id and b.id = o.bank_account_id
    left join app.wallet w on w.institution_id = o.institution_id and w.id = o.wallet_id;

-- What goes to a wallet is there at once: it is never on its way, and never comes back.
alter table app.payout add constraint payout_to_wallet_is_paid check (wallet_id is null or state = 'paid');

-- Where the payouts of a currency go that are not sent yet, if not to the bank.
create view partner.payout_wallet with (security_invoker = true) as select currency, number from app.wallet where takes_payouts;
grant select on partner.payout_wallet to {{partner}}, {{partner_write}};
