import { type RawBuilder, sql } from "kysely";
import type { LineKind, Section } from "#features/statements/statement.ts";

/**
 * What the lines are read from: rows of one partner, by the names of the partner schema. Staff read the same lines from
 * rows of their own (statement-store.ts), so that both see one statement.
 */
export type Rows = {
  readonly earning: RawBuilder<unknown>;
  readonly share: RawBuilder<unknown>;
  readonly reversal: RawBuilder<unknown>;
  readonly movement: RawBuilder<unknown>;
  readonly received: RawBuilder<unknown>;
  readonly payout: RawBuilder<unknown>;
  readonly invoice: RawBuilder<unknown>;
  readonly paid: RawBuilder<unknown>;
};

/** A partner's own rows. */
export const ownRows: Rows = {
  earning: sql`partner.earning`,
  share: sql`partner.share`,
  reversal: sql`partner.share_reversal`,
  movement: sql`partner.movement`,
  received: sql`partner.money_received`,
  payout: sql`partner.payout`,
  invoice: sql`partner.invoice`,
  paid: sql`partner.invoice_payment`,
};

/** A kind of line: its rows, and the columns that a line shows (nothing where it has none). */
export type Branch = {
  readonly rank: number;
  readonly kind: RawBuilder<unknown>;
  readonly from: RawBuilder<unknown>;
  readonly at: RawBuilder<unknown>;
  readonly minor: RawBuilder<unknown>;
  readonly currency: RawBuilder<unknown>;
  readonly where?: RawBuilder<unknown>;
  readonly tax?: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  /** What lines of one instant are ordered by: only what they show, so that their order says no more than they do. */
  readonly tie: RawBuilder<unknown>;
  readonly given?: RawBuilder<unknown>;
  readonly family?: RawBuilder<unknown>;
  readonly item?: RawBuilder<unknown>;
  readonly payout?: RawBuilder<unknown>;
  readonly invoice?: RawBuilder<unknown>;
  readonly document?: RawBuilder<unknown>;
  readonly detail?: RawBuilder<unknown>;
  readonly due?: RawBuilder<unknown>;
};

const numbered = (column: RawBuilder<unknown>) => sql`lpad(${column}::text, 19, '0')`;
const lit = (kind: LineKind) => sql`${sql.lit(kind)}`;

/** What was earned, and what refunds took back of it. */
function ofShares(rows: Rows, names: boolean): Branch[] {
  const named = sql`concat_ws(' ', s.family_name, s.given_name, s.due_date::text, s.item)`;
  return [
    {
      rank: 1,
      kind: lit("share"),
      // Sums need no names: they are read without them.
      from: names ? sql`${rows.share} s` : sql`${rows.earning} s`,
      where: sql`s.earned_at is not null`,
      at: sql`s.earned_at`,
      minor: sql`s.net_minor + s.tax_minor`,
      tax: sql`s.tax_minor`,
      currency: sql`s.currency`,
      id: sql`s.id`,
      ...(names && {
        given: sql`s.given_name`,
        family: sql`s.family_name`,
        item: sql`s.item`,
        document: sql`(select max(i.number) from ${rows.invoice} i where i.kind = 'self_billed' and i.share_id = s.id)`,
      }),
      tie: names ? named : sql`''`,
    },
    {
      rank: 2,
      kind: lit("reversal"),
      from: names ? sql`${rows.reversal} r left join ${rows.share} s on s.id = r.share_id` : sql`${rows.reversal} r`,
      at: sql`r.created_at`,
      minor: sql`-(r.net_minor + r.tax_minor)`,
      tax: sql`-r.tax_minor`,
      currency: sql`r.currency`,
      id: sql`r.id`,
      detail: sql`r.reason`,
      ...(names && {
        given: sql`s.given_name`,
        family: sql`s.family_name`,
        item: sql`s.item`,
        document: sql`(select max(i.number) from ${rows.invoice} i where i.reversal_id = r.id)`,
      }),
      tie: names ? named : sql`''`,
    },
  ];
}

/** Money that moved besides. */
function ofMoney(rows: Rows): Branch[] {
  return [
    {
      rank: 3,
      kind: sql`m.kind`,
      from: sql`${rows.movement} m left join ${rows.payout} o on o.id = m.payout_id
        left join ${rows.invoice} i on i.id = m.invoice_id`,
      at: sql`m.at`,
      minor: sql`m.minor`,
      currency: sql`m.currency`,
      id: numbered(sql`m.id`),
      payout: sql`o.number`,
      invoice: sql`i.number`,
      detail: sql`case when m.kind = 'payout_sent' then coalesce(o.wallet_number, '') else m.reason end`,
      // A payout is sent before it comes back.
      tie: sql`concat_ws(' ', m.kind = 'payout_back', ${numbered(sql`coalesce(o.number, i.number)`)})`,
    },
    {
      rank: 4,
      kind: lit("surplus"),
      from: sql`(select r.*, r.minor - coalesce((
          select sum(p.minor) from ${rows.paid} p where p.received_id = r.id), 0)::bigint as surplus
        from ${rows.received} r) r`,
      where: sql`r.surplus > 0`,
      at: sql`r.created_at`,
      minor: sql`r.surplus`,
      currency: sql`r.currency`,
      id: sql`r.id`,
      detail: sql`r.method_label`,
      tie: numbered(sql`r.surplus`),
    },
    {
      rank: 5,
      kind: lit("netted"),
      from: sql`${rows.paid} p join ${rows.invoice} i on i.id = p.invoice_id`,
      where: sql`p.payout_id is not null`,
      at: sql`p.created_at`,
      minor: sql`-p.minor`,
      currency: sql`i.currency`,
      id: sql`p.id`,
      payout: sql`p.payout_number`,
      invoice: sql`i.number`,
      tie: numbered(sql`i.number`),
    },
  ];
}

function invoices(rows: Rows): Branch[] {
  const raised = { currency: sql`i.currency`, id: sql`i.id`, invoice: sql`i.number`, tie: numbered(sql`i.number`) };
  return [
    {
      ...raised,
      rank: 1,
      kind: lit("issued"),
      from: sql`${rows.invoice} i`,
      where: sql`i.kind = 'invoice'`,
      at: sql`i.issued_at`,
      minor: sql`i.total_minor`,
      tax: sql`i.tax_minor`,
      due: sql`i.due_date`,
      item: sql`i.snapshot -> 'lines' -> 0 ->> 'description'`,
    },
    {
      ...raised,
      rank: 2,
      kind: lit("credit_note"),
      from: sql`${rows.invoice} n join ${rows.invoice} i on i.id = n.corrects_id`,
      where: sql`n.kind = 'credit_note' and i.kind = 'invoice'`,
      at: sql`n.issued_at`,
      minor: sql`-n.total_minor`,
      tax: sql`-n.tax_minor`,
      id: sql`n.id`,
      document: sql`n.number`,
      detail: sql`n.notes`,
      tie: numbered(sql`n.number`),
    },
    {
      ...raised,
      rank: 3,
      kind: lit("returned"),
      from: sql`${rows.movement} m join ${rows.invoice} i on i.id = m.invoice_id`,
      where: sql`m.kind = 'given_back'`,
      at: sql`m.at`,
      minor: sql`m.minor`,
      id: numbered(sql`m.id`),
    },
    {
      ...raised,
      rank: 4,
      kind: sql`case when p.payout_id is null then 'payment' else 'payment_netted' end`,
      from: sql`${rows.paid} p join ${rows.invoice} i on i.id = p.invoice_id`,
      at: sql`p.created_at`,
      minor: sql`-p.minor`,
      id: sql`p.id`,
      payout: sql`p.payout_number`,
      detail: sql`p.method_label`,
    },
    {
      ...raised,
      rank: 5,
      kind: lit("voided"),
      from: sql`${rows.invoice} i`,
      where: sql`i.kind = 'invoice' and i.voided_at is not null`,
      at: sql`i.voided_at`,
      minor: sql`-(i.total_minor - i.credited_minor)`,
      tax: sql`-i.tax_minor`,
    },
  ];
}

/** The kinds of line of a section. `names`: with what lines show, or only with what sums need. */
export function branchesOf(section: Section, rows: Rows, names: boolean): Branch[] {
  return section === "earnings" ? [...ofShares(rows, names), ...ofMoney(rows)] : invoices(rows);
}
