import type { InstitutionId } from "#access/principal.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { newId } from "#kernel/ids.ts";
import type { TestHouse } from "./house.ts";

export type PayoutFacts = {
  readonly number: number;
  readonly state?: string;
  readonly currency?: string;
  readonly scheduledFor?: string;
  readonly paidAt?: string;
  readonly sentAt?: string;
  readonly failedAt?: string;
  readonly hold?: string;
  readonly failure?: string;
  readonly account?: string;
  /** What it comes to where it holds no lines. */
  readonly net?: bigint;
  readonly tax?: bigint;
};

type Owner = { readonly institution: InstitutionId; readonly partner: string };

/** Writes a payout as it would stand after what its facts say: pages are asked what they show, not how it came. */
export async function payoutRow(h: TestHouse, owner: Owner, row: PayoutFacts): Promise<string> {
  const id = newId("pyo", h.clock.now(), h.random);
  const { net = 0n, tax = 0n } = row;
  await h.admin.query(
    `insert into app.payout (institution_id, id, partnership_id, number, currency, state, scheduled_for, net_minor,
       tax_minor, total_minor, payments, bank_account_id, hold_reason, failure_reason, sent_at, paid_at, failed_at,
       created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14, $15, $16, $17, $17)`,
    [
      owner.institution,
      id,
      owner.partner,
      row.number,
      row.currency ?? "AUD",
      row.state ?? "scheduled",
      row.scheduledFor ?? "2026-11-26",
      net,
      tax,
      net + tax,
      row.account ?? null,
      row.hold ?? "",
      row.failure ?? "",
      row.sentAt ?? null,
      row.paidAt ?? null,
      row.failedAt ?? null,
      h.clock.now().toString(),
    ],
  );
  // The next one that is gathered counts on from here.
  await h.admin.query(
    `insert into app.counter (institution_id, kind, owner, value) values ($1, 'payout', $2, $3)
     on conflict (institution_id, kind, owner) do update set value = greatest(app.counter.value, excluded.value)`,
    [owner.institution, owner.partner, row.number],
  );
  return id;
}

/** Puts the partner's share of a payment into a payout, as gathering does. Answers the line's position. */
export async function payoutShareLine(
  h: TestHouse,
  owner: Owner,
  payout: string,
  payment: PaymentId,
  state = "in_payout",
): Promise<number> {
  const { rows } = await h.admin.query<{ position: number }>(
    `insert into app.payout_line (institution_id, payout_id, position, partnership_id, kind, share_id, currency,
       net_minor, tax_minor, created_at)
     select s.institution_id, $2, coalesce((select max(l.position) from app.payout_line l
         where l.institution_id = s.institution_id and l.payout_id = $2), 0) + 1, s.partnership_id, 'share', s.id,
       p.currency, s.net_minor, s.tax_minor, $5
       from app.share s join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
      where s.institution_id = $1 and s.payment_id = $3 and s.partnership_id = $4 returning position`,
    [owner.institution, payout, payment, owner.partner, h.clock.now().toString()],
  );
  await h.admin.query(
    `update app.share set state = $4, earned_at = coalesce(earned_at, $5)
      where institution_id = $1 and payment_id = $2 and partnership_id = $3`,
    [owner.institution, payment, owner.partner, state, h.clock.now().toString()],
  );
  await h.admin.query(
    `update app.payout o set net_minor = l.net, tax_minor = l.tax, total_minor = l.net + l.tax, payments = l.count
       from (select sum(net_minor) as net, sum(tax_minor) as tax, count(*)::integer as count from app.payout_line
              where institution_id = $1 and payout_id = $2) l
      where o.institution_id = $1 and o.id = $2`,
    [owner.institution, payout],
  );
  return rows[0]?.position ?? 0;
}

/** An account that payouts of a currency go to. */
export async function activeAccount(h: TestHouse, owner: Owner, currency = "AUD", last4 = "8841"): Promise<string> {
  const id = newId("bac", h.clock.now(), h.random);
  await h.admin.query(
    `insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name, bank_name, sealed, last4,
       state, proposed_by_kind, proposed_by, created_at)
     values ($1, $2, $3, $4, 'Meridian Pty Ltd', 'ANZ', '\\x00', $5, 'active', 'staff', 'test', $6)`,
    [owner.institution, id, owner.partner, currency, last4, h.clock.now().toString()],
  );
  return id;
}
