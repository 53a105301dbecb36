import { sql } from "kysely";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Share, ShareId, ShareKind, ShareState, TaxMode } from "#features/payments/shares.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type ShareRecord = {
  id: string;
  payment_id: string;
  partnership_id: string;
  partnership_name: string;
  position: number;
  kind: string;
  base_minor: bigint | null;
  of_partnership_id: string | null;
  rate_bps: number;
  own_bps: number;
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
  const flat = row.net_minor + (row.tax_mode === "inclusive" ? row.tax_minor : 0n);
  return {
    id: row.id as ShareId,
    paymentId: row.payment_id as PaymentId,
    partnershipId: row.partnership_id as PartnershipId,
    partnershipName: row.partnership_name,
    position: row.position,
    kind: row.kind as ShareKind,
    base: row.base_minor === null ? undefined : money(row.base_minor, currency),
    flat: row.kind === "flat" ? money(flat, currency) : undefined,
    of: (row.of_partnership_id ?? undefined) as PartnershipId | undefined,
    rateBps: row.rate_bps + row.own_bps,
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
    select s.id, s.payment_id, s.partnership_id, t.name as partnership_name, s.position, s.kind, s.base_minor,
      s.of_partnership_id, s.rate_bps, s.own_bps, s.tax_mode, s.tax_bps, s.net_minor, s.tax_minor, s.reversed_minor,
      s.state, s.earned_at, p.currency
      from unnest(${[...payments]}::text[]) as wanted (key)
      join app.share s on s.payment_id = wanted.key
      join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
      join app.partnership t on t.institution_id = s.institution_id and t.id = s.partnership_id
     order by s.position, s.id`.execute(cx.db);
  for (const row of rows) found.get(row.payment_id as PaymentId)?.push(shareOf(row));
  return found;
}

/**
 * Writes the agreed shares of these payments anew. A partner that keeps a share keeps its row: were it made again, its
 * id, and with it the order of payout lines, would tell the partner that another's share has changed.
 */
export async function replaceAgreed(cx: Cx, payments: readonly PaymentId[], shares: readonly Share[]): Promise<void> {
  if (payments.length === 0) return;
  await sql`delete from app.share s where s.payment_id = any(${[...payments]}::text[]) and s.state = 'agreed'
    and not exists (select from unnest(${shares.map((one) => one.paymentId)}::text[],
        ${shares.map((one) => one.partnershipId)}::text[]) as kept (payment_id, partnership_id)
      where kept.payment_id = s.payment_id and kept.partnership_id = s.partnership_id)`.execute(cx.db);
  await insertShares(cx, shares);
}

/** Writes many with one statement; what a partner agreed on before is changed in place. */
export async function insertShares(cx: Cx, shares: readonly Share[]): Promise<void> {
  if (shares.length === 0) return;
  const records = shares.map((one) => ({
    id: one.id,
    payment_id: one.paymentId,
    partnership_id: one.partnershipId,
    position: one.position,
    kind: one.kind,
    base_minor: one.base?.minor.toString() ?? null,
    of_partnership_id: one.of ?? null,
    // What the institution keeps beside a remainder is its margin: no partner reads that column.
    rate_bps: one.kind === "remainder" ? 0 : one.rateBps,
    own_bps: one.kind === "remainder" ? one.rateBps : 0,
    tax_mode: one.taxMode,
    tax_bps: one.taxBps,
    net_minor: one.net.minor.toString(),
    tax_minor: one.tax.minor.toString(),
  }));
  await sql`insert into app.share (institution_id, id, payment_id, partnership_id, position, kind,
    base_minor, of_partnership_id, rate_bps, own_bps, tax_mode, tax_bps, net_minor, tax_minor, created_at)
    select app.institution_id(), r.*, ${cx.now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r (id text, payment_id text, partnership_id text,
        position integer, kind text, base_minor bigint, of_partnership_id text, rate_bps integer,
        own_bps integer, tax_mode text, tax_bps integer, net_minor bigint, tax_minor bigint)
    on conflict (institution_id, payment_id, partnership_id) do update
      set position = excluded.position, kind = excluded.kind, base_minor = excluded.base_minor,
          of_partnership_id = excluded.of_partnership_id, rate_bps = excluded.rate_bps,
          own_bps = excluded.own_bps, tax_mode = excluded.tax_mode,
          tax_bps = excluded.tax_bps, net_minor = excluded.net_minor, tax_minor = excluded.tax_minor
    where share.state = 'agreed'`.execute(cx.db);
}

/** Agreed shares of payments that are paid in full become earned. */
export async function updateEarned(cx: Cx, payments: readonly PaymentId[]): Promise<void> {
  if (payments.length === 0) return;
  await sql`update app.share set state = 'earned', earned_at = ${cx.now}
    where payment_id = any(${[...payments]}::text[]) and state = 'agreed'`.execute(cx.db);
}

/** What one refund takes back of one share. `reason` is for the partner to read. */
export type ReversalRow = {
  readonly share: Pick<Share, "id" | "partnershipId" | "net">;
  readonly net: bigint;
  readonly tax: bigint;
};

/** Adds to what shares gave back, with a row for each; a share that gave everything back is reversed. */
export async function addReversals(
  cx: Cx,
  refund: { readonly id: string; readonly reason: string },
  rows: readonly ReversalRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const [ids, partners] = [rows.map(({ share }) => share.id), rows.map(({ share }) => share.partnershipId)];
  const [net, tax] = [rows.map((row) => row.net.toString()), rows.map((row) => row.tax.toString())];
  await sql`insert into app.share_reversal (institution_id, id, share_id, partnership_id, refund_id, currency,
      net_minor, tax_minor, reason, created_at)
    select app.institution_id(), r.id, r.share_id, r.partnership_id, ${refund.id}, r.currency, r.net, r.tax,
           ${refund.reason}, ${cx.now}::timestamptz
      from unnest(${rows.map(() => newId("srv", cx.now, cx.random))}::text[], ${ids}::text[], ${partners}::text[],
                  ${rows.map(({ share }) => share.net.currency)}::text[], ${net}::bigint[], ${tax}::bigint[])
        as r (id, share_id, partnership_id, currency, net, tax)`.execute(cx.db);
  await sql`update app.share s
      set reversed_minor = s.reversed_minor + r.minor,
          state = case when s.reversed_minor + r.minor = s.net_minor + s.tax_minor then 'reversed' else s.state end
     from unnest(${ids}::text[], ${rows.map((row) => (row.net + row.tax).toString())}::bigint[]) as r (id, minor)
    where s.id = r.id`.execute(cx.db);
}
