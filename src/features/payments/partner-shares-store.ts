import { sql } from "kysely";
import { type PaymentRecord, paymentColumns, paymentTables } from "#features/payments/payment-store.ts";
import type { Cx } from "#platform/tx.ts";

export type PartnerShareRecord = PaymentRecord & {
  share_id: string;
  share_kind: string;
  rate_bps: number;
  net_minor: bigint;
  tax_minor: bigint;
  reversed_minor: bigint;
  share_state: string;
  customer_name: string;
};

/** The payments that this partnership has a share of, the latest due date first. */
export async function selectPartnerShares(cx: Cx, partnership: string, limit: number): Promise<PartnerShareRecord[]> {
  const { rows } = await sql<PartnerShareRecord>`
    select ${paymentColumns}, s.id as share_id, s.kind as share_kind, s.rate_bps + s.own_bps as rate_bps,
           s.net_minor, s.tax_minor, s.reversed_minor, s.state as share_state,
           btrim(c.given_name || ' ' || c.family_name) as customer_name
      from ${paymentTables}
      join app.share s on s.institution_id = p.institution_id and s.payment_id = p.id
       and s.partnership_id = ${partnership}
      join app.customer c on c.institution_id = p.institution_id and c.id = p.customer_id
     order by p.due_date desc, p.id desc limit ${limit}`.execute(cx.db);
  return rows;
}

export type ShareSumRecord = {
  currency: string;
  payments: bigint;
  list: bigint;
  agreed: bigint;
  earned: bigint;
  reversed: bigint;
};

/** What its shares come to in each currency; shares of cancelled payments count for nothing. */
export async function selectShareSums(cx: Cx, partnership: string): Promise<ShareSumRecord[]> {
  const { rows } = await sql<ShareSumRecord>`
    select p.currency, count(*) as payments, sum(p.list_minor)::bigint as list,
           coalesce(sum(s.net_minor + s.tax_minor) filter (where s.state = 'agreed'), 0)::bigint as agreed,
           coalesce(sum(s.net_minor + s.tax_minor - s.reversed_minor)
             filter (where s.state <> 'agreed'), 0)::bigint as earned,
           sum(s.reversed_minor)::bigint as reversed
      from app.share s
      join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
     where s.partnership_id = ${partnership} and p.state not in ('cancelled', 'draft')
     group by p.currency order by p.currency`.execute(cx.db);
  return rows;
}
