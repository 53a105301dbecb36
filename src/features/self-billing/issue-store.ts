import { sql } from "kysely";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Agreement } from "#features/self-billing/self-billing.ts";
import type { Id } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** A share that is to be invoiced in the partner's name, less what was taken back under other documents. */
export type ShareToBill = {
  id: Id<"shr">;
  partnership_id: PartnershipId;
  currency: Currency;
  item: string;
  customer: string;
  net_minor: bigint;
  tax_minor: bigint;
  tax_bps: number;
  earned_at: Instant;
  /** Whether the partner was registered for tax on the day that it was earned. */
  registered: boolean;
};

const registeredThen = (zone: string) => sql`coalesce((
    select t.tax_registered from app.partner_tax_status t
     where t.institution_id = s.institution_id and t.partnership_id = s.partnership_id
       and t.from_date <= (s.earned_at at time zone ${zone})::date
     order by t.from_date desc limit 1), g.tax_registered)`;

const shares = (zone: string) => sql`select s.id, s.partnership_id, p.currency, p.item, s.net_minor, s.tax_minor,
    s.tax_bps, s.earned_at, btrim(c.given_name || ' ' || c.family_name) as customer,
    ${registeredThen(zone)} as registered
  from app.share s
  join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
  join app.customer c on c.institution_id = s.institution_id and c.id = s.customer_id
  join app.partnership g on g.institution_id = s.institution_id and g.id = s.partnership_id`;

/** Partners with an agreement in force that earned something under it which is not invoiced yet. */
export async function partnersToBill(cx: Cx): Promise<PartnershipId[]> {
  const { rows } = await sql<{ partnership_id: PartnershipId }>`
    select a.partnership_id from app.self_billing_agreement a
     where a.institution_id = ${cx.institution.id} and a.state = 'accepted'
       and exists (select from app.share s where s.institution_id = a.institution_id
         and s.partnership_id = a.partnership_id and s.earned_at >= a.accepted_at and s.net_minor + s.tax_minor > 0
         and not exists (select from app.invoice i where i.institution_id = s.institution_id and i.share_id = s.id
           and i.kind = 'self_billed'))
     order by 1`.execute(cx.db);
  return rows.map((row) => row.partnership_id);
}

/**
 * What a partner earned under its agreement and has no invoice yet, oldest first. Nothing from before it was accepted.
 */
export async function sharesToBill(cx: Cx, agreement: Agreement, needsRegistration: boolean, limit: number) {
  const zone = cx.institution.timeZone;
  const { rows } = await sql<ShareToBill>`${shares(zone)}
    where s.institution_id = ${cx.institution.id} and s.partnership_id = ${agreement.partnership}
      and s.earned_at >= ${agreement.acceptedAt} and s.net_minor + s.tax_minor > 0
      and (${agreement.validUntil ?? null}::date is null
        or (s.earned_at at time zone ${zone})::date <= ${agreement.validUntil ?? null}::date)
      and not exists (select from app.invoice i where i.institution_id = s.institution_id and i.share_id = s.id
        and i.kind = 'self_billed')
      and (not ${needsRegistration}::boolean or ${registeredThen(zone)})
    order by s.earned_at, s.id limit ${limit}`.execute(cx.db);
  return rows;
}

/** One share, for issuing anew. */
export async function shareToBill(cx: Cx, id: string): Promise<ShareToBill | undefined> {
  const { rows } = await sql<ShareToBill>`${shares(cx.institution.timeZone)}
    where s.institution_id = ${cx.institution.id} and s.id = ${id}`.execute(cx.db);
  return rows[0];
}

/** What refunds took back of a share and credit notes said already: what is issued anew leaves it out. */
export async function takenBack(cx: Cx, share: string): Promise<{ net: bigint; tax: bigint }> {
  const { rows } = await sql<{ net: bigint; tax: bigint }>`
    select coalesce(sum(net_minor), 0)::bigint as net, coalesce(sum(tax_minor), 0)::bigint as tax
      from app.share_reversal r where r.institution_id = ${cx.institution.id} and r.share_id = ${share}
       and exists (select from app.invoice n where n.institution_id = r.institution_id and n.reversal_id = r.id
         and n.kind = 'credit_note')`.execute(cx.db);
  return rows[0] ?? { net: 0n, tax: 0n };
}

export type ReversalToCredit = {
  id: Id<"srv">;
  net_minor: bigint;
  tax_minor: bigint;
  reason: string;
  invoice: InvoiceId;
  partnership_id: PartnershipId;
};

/** What refunds took back of shares whose invoice stands, and which no credit note says yet; oldest first. */
export async function reversalsToCredit(cx: Cx, limit: number): Promise<ReversalToCredit[]> {
  const { rows } = await sql<ReversalToCredit>`
    select r.id, r.net_minor, r.tax_minor, r.reason, i.id as invoice, r.partnership_id
      from app.share_reversal r
      join app.invoice i on i.institution_id = r.institution_id and i.share_id = r.share_id and i.kind = 'self_billed'
       and i.credited_minor < i.total_minor
     where r.institution_id = ${cx.institution.id}
       and not exists (select from app.invoice n where n.institution_id = r.institution_id and n.reversal_id = r.id
         and n.kind = 'credit_note')
     order by r.created_at, r.id limit ${limit}`.execute(cx.db);
  return rows;
}

/** Whether a credit note says already what this refund took back. */
export async function isCredited(cx: Cx, reversal: string): Promise<boolean> {
  const { rows } = await sql`select from app.invoice
    where institution_id = ${cx.institution.id} and reversal_id = ${reversal} and kind = 'credit_note'`.execute(cx.db);
  return rows.length > 0;
}

export type SelfBilledRow = {
  id: InvoiceId;
  partnership_id: PartnershipId;
  state: string;
  number: bigint;
  currency: Currency;
  net_minor: bigint;
  tax_minor: bigint;
  credited_minor: bigint;
  credited_tax_minor: bigint;
  share_id: Id<"shr">;
  due_date: PlainDate | null;
  title: string;
  dispute_answer: string;
  description: string;
  tax_bps: number;
};

/** A self-billed invoice, locked: what is still to be credited of it, and for what it was issued. */
export async function lockSelfBilled(cx: Cx, id: string): Promise<SelfBilledRow | undefined> {
  const { rows } = await sql<SelfBilledRow>`select i.id, i.partnership_id, i.state, i.number, i.currency, i.net_minor,
      i.tax_minor, i.credited_minor, i.credited_tax_minor, i.share_id, i.due_date, i.dispute_answer,
      i.snapshot ->> 'title' as title,
      i.snapshot -> 'lines' -> 0 ->> 'description' as description,
      coalesce((i.snapshot -> 'lines' -> 0 ->> 'taxBps')::int, 0) as tax_bps
    from app.invoice i where i.institution_id = ${cx.institution.id} and i.id = ${id} and i.kind = 'self_billed'
     for no key update of i`.execute(cx.db);
  return rows[0];
}

export async function saveCredited(cx: Cx, id: string, credit: { total: bigint; tax: bigint }): Promise<void> {
  await sql`update app.invoice set credited_minor = credited_minor + ${credit.total},
      credited_tax_minor = credited_tax_minor + ${credit.tax}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/** A dispute ends with an answer: the invoice stands as issued again. */
export async function saveAnswer(cx: Cx, id: string, answer: string): Promise<void> {
  await sql`update app.invoice set state = 'issued', dispute_answer = ${answer}, dispute_answered_at = ${cx.now},
      updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id} and state = 'disputed'`.execute(cx.db);
}

/** As the partner's own role: its invoice is disputed from now on. False when it was not open for it. */
export async function saveDispute(
  cx: Cx,
  number: bigint,
  dispute: { by: string; reason: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`update app.invoice set state = 'disputed', disputed_by = ${dispute.by},
      dispute_reason = ${dispute.reason}, disputed_at = ${cx.now}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and kind = 'self_billed' and number = ${number} and state = 'issued'
      and credited_minor < total_minor returning id`.execute(cx.db);
  return rows[0]?.id;
}
