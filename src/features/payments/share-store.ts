import { sql } from "kysely";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Share, ShareId, ShareState, TaxMode } from "#features/payments/shares.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type ShareRecord = {
  id: string;
  payment_id: string;
  partnership_id: string;
  partnership_name: string;
  rate_bps: number;
  tax_mode: string;
  tax_bps: number;
  net_minor: bigint;
  tax_minor: bigint;
  reversed_minor: bigint;
  state: string;
  earned_at: Instant | null;
  currency: string;
};

function shareOf(row: ShareRecord): Share {
  const currency = row.currency as Currency;
  return {
    id: row.id as ShareId,
    paymentId: row.payment_id as PaymentId,
    partnershipId: row.partnership_id as PartnershipId,
    partnershipName: row.partnership_name,
    rateBps: row.rate_bps,
    taxMode: row.tax_mode as TaxMode,
    taxBps: row.tax_bps,
    net: money(row.net_minor, currency),
    tax: money(row.tax_minor, currency),
    reversed: money(row.reversed_minor, currency),
    state: row.state as ShareState,
    earnedAt: row.earned_at ?? undefined,
  };
}

/** The shares of these payments, by payment, in the order they were agreed in. */
export async function selectShares(cx: Cx, ids: readonly PaymentId[]): Promise<Map<PaymentId, Share[]>> {
  const found = new Map<PaymentId, Share[]>(ids.map((id) => [id, []]));
  const payments = [...found.keys()];
  if (payments.length === 0) return found;
  const { rows } = await sql<ShareRecord>`
    select s.id, s.payment_id, s.partnership_id, t.name as partnership_name, s.rate_bps, s.tax_mode, s.tax_bps,
      s.net_minor, s.tax_minor, s.reversed_minor, s.state, s.earned_at, p.currency
      from unnest(${[...payments]}::text[]) as wanted (key)
      join app.share s on s.payment_id = wanted.key
      join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
      join app.partnership t on t.institution_id = s.institution_id and t.id = s.partnership_id
     order by s.id`.execute(cx.db);
  for (const row of rows) found.get(row.payment_id as PaymentId)?.push(shareOf(row));
  return found;
}

/** Takes away the agreed shares of these payments; earned ones stay. */
export async function deleteAgreed(cx: Cx, payments: readonly PaymentId[]): Promise<void> {
  if (payments.length === 0) return;
  await sql`delete from app.share where payment_id = any(${[...payments]}::text[]) and state = 'agreed'`.execute(cx.db);
}

/** Inserts many with one statement. */
export async function insertShares(cx: Cx, shares: readonly Share[]): Promise<void> {
  if (shares.length === 0) return;
  const records = shares.map((one) => ({
    id: one.id,
    payment_id: one.paymentId,
    partnership_id: one.partnershipId,
    rate_bps: one.rateBps,
    tax_mode: one.taxMode,
    tax_bps: one.taxBps,
    net_minor: one.net.minor.toString(),
    tax_minor: one.tax.minor.toString(),
  }));
  await sql`insert into app.share (institution_id, id, payment_id, partnership_id, rate_bps, tax_mode, tax_bps,
    net_minor, tax_minor, created_at)
    select app.institution_id(), r.*, ${cx.now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r (id text, payment_id text, partnership_id text,
        rate_bps integer, tax_mode text, tax_bps integer, net_minor bigint, tax_minor bigint)`.execute(cx.db);
}

/** Agreed shares of payments that are paid in full become earned. */
export async function updateEarned(cx: Cx, payments: readonly PaymentId[]): Promise<void> {
  if (payments.length === 0) return;
  await sql`update app.share set state = 'earned', earned_at = ${cx.now}
    where payment_id = any(${[...payments]}::text[]) and state = 'agreed'`.execute(cx.db);
}

/** Adds to what shares gave back; a share that gave everything back is reversed. */
export async function addReversals(
  cx: Cx,
  rows: readonly { readonly id: ShareId; readonly minor: bigint }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`update app.share s
      set reversed_minor = s.reversed_minor + r.minor,
          state = case when s.reversed_minor + r.minor = s.net_minor + s.tax_minor then 'reversed' else s.state end
     from unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.minor.toString())}::bigint[])
       as r (id, minor)
    where s.id = r.id`.execute(cx.db);
}
