import { sql } from "kysely";
import type { PartnershipId, PayoutSchedule } from "#features/partnerships/partnership.ts";
import type { LineKind, PayoutId } from "#features/payouts/payout.ts";
import { newId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** Only one transaction of an institution gathers, or closes what was gathered, at a time. */
export async function holdGathering(cx: Cx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${cx.institution.id}:payouts`}, 42))`.execute(cx.db);
}

export type EarnedRow = {
  id: string;
  partnership_id: PartnershipId;
  currency: Currency;
  earned_at: Instant;
  net_minor: bigint;
  tax_minor: bigint;
  payout_schedule: PayoutSchedule;
};

const earnedColumns = sql`s.id, s.partnership_id, p.currency, s.earned_at, s.net_minor, s.tax_minor, t.payout_schedule`;
const ofShare = sql`join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
  join app.partnership t on t.institution_id = s.institution_id and t.id = s.partnership_id`;

/** Earned shares that stand in no payout yet, by partner; at most `limit`. */
export async function earnedShares(cx: Cx, limit: number): Promise<EarnedRow[]> {
  const { rows } = await sql<EarnedRow>`select ${earnedColumns} from app.share s ${ofShare}
    where s.institution_id = ${cx.institution.id} and s.state = 'earned'
    order by s.partnership_id, s.id limit ${limit}`.execute(cx.db);
  return rows;
}

/** What refunds took back and stands in no payout yet, with the share, and where that stands. */
export type ReversalRow = EarnedRow & {
  reversal_id: string;
  back_net: bigint;
  back_tax: bigint;
  /** False: the share was taken back before it ever came into a payout. */
  share_has_line: boolean;
  /** The day of the payout with the share's line, while that still gathers. */
  gathers_for: PlainDate | null;
};

export async function ungatheredReversals(cx: Cx, limit: number): Promise<ReversalRow[]> {
  const { rows } = await sql<ReversalRow>`select ${earnedColumns}, r.id as reversal_id, r.net_minor as back_net,
           r.tax_minor as back_tax, l.payout_id is not null as share_has_line,
           case when o.state = 'scheduled' then o.scheduled_for end as gathers_for
      from app.share_reversal r
      join app.share s on s.institution_id = r.institution_id and s.id = r.share_id ${ofShare}
      left join app.payout_line l on l.institution_id = s.institution_id and l.share_id = s.id and l.kind = 'share'
      left join app.payout o on o.institution_id = l.institution_id and o.id = l.payout_id
     where r.institution_id = ${cx.institution.id} and not r.gathered order by r.id limit ${limit}`.execute(cx.db);
  return rows;
}

export type Gathering = { partnership_id: PartnershipId; currency: Currency; scheduled_for: PlainDate };

/** The gathering payouts of these partners, the next first. */
export async function gatheringOf(cx: Cx, partners: readonly string[]): Promise<Gathering[]> {
  const { rows } = await sql<Gathering>`select partnership_id, currency, scheduled_for from app.payout
    where institution_id = ${cx.institution.id} and state = 'scheduled'
      and partnership_id = any(${[...partners]}::text[])
    order by scheduled_for`.execute(cx.db);
  return rows;
}

/** Opens gathering payouts; numbers are given in the order of partners, so that two never wait in a circle. */
export async function insertPayouts(cx: Cx, gatherings: readonly Gathering[]): Promise<void> {
  if (gatherings.length === 0) return;
  const ids = gatherings.map(() => newId("pyo", cx.now, cx.random));
  await sql`insert into app.payout (institution_id, id, partnership_id, number, currency, state, scheduled_for,
      created_at, updated_at)
    select ${cx.institution.id}, n.id, n.partnership_id, app.next_number('payout', n.partnership_id), n.currency,
           'scheduled', n.day, ${cx.now}, ${cx.now}
      from (select * from unnest(${ids}::text[], ${gatherings.map((one) => one.partnership_id)}::text[],
              ${gatherings.map((one) => one.currency)}::text[],
              ${gatherings.map((one) => one.scheduled_for.toString())}::date[])
              with ordinality as u (id, partnership_id, currency, day, ord)
             order by partnership_id collate "C", ord) n`.execute(cx.db);
}

/** A line on its way into the gathering payout of its partner, currency and day. */
export type NewLine = Gathering & {
  readonly kind: LineKind;
  readonly share: string | undefined;
  readonly reversal: string | undefined;
  readonly invoice?: string | undefined;
  readonly credit?: string | undefined;
  readonly net: bigint;
  readonly tax: bigint;
};

/** Adds lines in their order behind those that are there, and their amounts to their payouts. */
export async function insertLines(cx: Cx, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  const found = sql`unnest(${lines.map((one) => one.partnership_id)}::text[],
      ${lines.map((one) => one.currency)}::text[], ${lines.map((one) => one.scheduled_for.toString())}::date[],
      ${lines.map((one) => one.kind)}::text[], ${lines.map((one) => one.share ?? null)}::text[],
      ${lines.map((one) => one.reversal ?? null)}::text[], ${lines.map((one) => one.net)}::bigint[],
      ${lines.map((one) => one.tax)}::bigint[], ${lines.map((one) => one.invoice ?? null)}::text[],
      ${lines.map((one) => one.credit ?? null)}::text[])
      with ordinality as n (partnership_id, currency, day, kind, share_id, reversal_id, net, tax, invoice_id, credit_of,
        ord)`;
  await sql`
    with found as (
      select n.*, o.id as payout_id from ${found}
        join app.payout o on o.institution_id = ${cx.institution.id} and o.partnership_id = n.partnership_id
         and o.currency = n.currency and o.scheduled_for = n.day and o.state = 'scheduled'),
    last as (select x.payout_id, coalesce((select max(l.position) from app.payout_line l
        where l.institution_id = ${cx.institution.id} and l.payout_id = x.payout_id), 0) as position
      from (select distinct payout_id from found) x),
    added as (
      insert into app.payout_line (institution_id, payout_id, position, partnership_id, kind, share_id, reversal_id,
          invoice_id, credit_of, currency, net_minor, tax_minor, created_at)
        select ${cx.institution.id}, f.payout_id,
               last.position + row_number() over (partition by f.payout_id order by f.ord), f.partnership_id, f.kind,
               f.share_id, f.reversal_id, f.invoice_id, f.credit_of, f.currency, f.net, f.tax, ${cx.now}
          from found f join last using (payout_id)
        returning payout_id, kind, net_minor, tax_minor)
    update app.payout o
       set net_minor = o.net_minor + x.net, tax_minor = o.tax_minor + x.tax,
           total_minor = o.total_minor + x.net + x.tax, payments = o.payments + x.payments, updated_at = ${cx.now}
      from (select payout_id, sum(net_minor)::bigint as net, sum(tax_minor)::bigint as tax,
                   (count(*) filter (where kind = 'share'))::integer as payments from added group by payout_id) x
     where o.institution_id = ${cx.institution.id} and o.id = x.payout_id`.execute(cx.db);
}

/** These shares and reversals stand in a payout now. A share that was taken back altogether stays reversed. */
export async function markGathered(cx: Cx, shares: readonly string[], reversals: readonly string[]): Promise<void> {
  if (shares.length > 0) {
    await sql`update app.share set state = 'in_payout' where institution_id = ${cx.institution.id}
      and id = any(${[...shares]}::text[]) and state = 'earned'`.execute(cx.db);
  }
  if (reversals.length > 0) {
    await sql`update app.share_reversal set gathered = true where institution_id = ${cx.institution.id}
      and id = any(${[...reversals]}::text[])`.execute(cx.db);
  }
}

/** The gathering payout of a partner and currency for a day, locked. */
export async function lockGathering(cx: Cx, of: Gathering): Promise<{ id: PayoutId; number: bigint } | undefined> {
  const { rows } = await sql<{ id: PayoutId; number: bigint }>`select id, number from app.payout
    where institution_id = ${cx.institution.id} and partnership_id = ${of.partnership_id} and currency = ${of.currency}
      and scheduled_for = ${of.scheduled_for} and state = 'scheduled' for update`.execute(cx.db);
  return rows[0];
}

/** Moves a gathering payout to a later day. */
export async function moveDay(cx: Cx, id: PayoutId, day: PlainDate): Promise<void> {
  await sql`update app.payout set scheduled_for = ${day}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/** Moves every line of a payout behind those of another one, with its amounts; the empty one is cancelled. */
export async function moveLines(cx: Cx, from: PayoutId, to: { id: PayoutId; number: bigint }): Promise<void> {
  await sql`update app.payout_line l
      set payout_id = ${to.id}, position = l.position + (select coalesce(max(x.position), 0) from app.payout_line x
            where x.institution_id = l.institution_id and x.payout_id = ${to.id})
    where l.institution_id = ${cx.institution.id} and l.payout_id = ${from}`.execute(cx.db);
  await sql`update app.payout o
      set net_minor = o.net_minor + f.net_minor, tax_minor = o.tax_minor + f.tax_minor,
          total_minor = o.total_minor + f.total_minor, payments = o.payments + f.payments, updated_at = ${cx.now}
     from app.payout f where f.institution_id = o.institution_id and f.id = ${from}
      and o.institution_id = ${cx.institution.id} and o.id = ${to.id}`.execute(cx.db);
  await sql`update app.payout set net_minor = 0, tax_minor = 0, total_minor = 0, payments = 0, state = 'cancelled',
      carried_to = ${to.number}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${from}`.execute(cx.db);
}

/** Whether what a credit comes from stands in a payout already. */
export async function hasCredit(cx: Cx, of: string): Promise<boolean> {
  const { rows } = await sql`select from app.payout_line
    where institution_id = ${cx.institution.id} and credit_of = ${of} and kind = 'credit'`.execute(cx.db);
  return rows.length > 0;
}

/** Netted invoices as lines of a payout that gathers no more, behind those that are there. */
export async function insertNetting(
  cx: Cx,
  payout: { readonly id: PayoutId } & Pick<Gathering, "partnership_id" | "currency">,
  parts: readonly { readonly invoice: string; readonly minor: bigint }[],
): Promise<void> {
  await sql`insert into app.payout_line (institution_id, payout_id, position, partnership_id, kind, invoice_id,
      currency, net_minor, tax_minor, created_at)
    select ${cx.institution.id}, ${payout.id}, n.ord + (select coalesce(max(x.position), 0) from app.payout_line x
             where x.institution_id = ${cx.institution.id} and x.payout_id = ${payout.id}),
           ${payout.partnership_id}, 'netting', n.invoice, ${payout.currency}, -n.minor, 0, ${cx.now}
      from unnest(${parts.map((one) => one.invoice)}::text[], ${parts.map((one) => one.minor)}::bigint[])
           with ordinality as n (invoice, minor, ord)`.execute(cx.db);
  const sum = parts.reduce((all, one) => all + one.minor, 0n);
  await sql`update app.payout set net_minor = net_minor - ${sum}, total_minor = total_minor - ${sum},
      updated_at = ${cx.now} where institution_id = ${cx.institution.id} and id = ${payout.id}`.execute(cx.db);
}
