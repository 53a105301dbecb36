import { sql } from "kysely";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Rows } from "#features/statements/statement-kinds-partner-view.ts";
import type { PartyRow } from "#features/statements/statement-partner-view.ts";
import type { Cx } from "#platform/tx.ts";

/** The rows of one partner as staff read them: the columns of the partner schema, so that both see one statement. */
export function rowsOf(cx: Cx, partnership: PartnershipId): Rows {
  const own = (alias: string) =>
    sql`${sql.ref(`${alias}.institution_id`)} = ${cx.institution.id}
      and ${sql.ref(`${alias}.partnership_id`)} = ${partnership}`;
  return {
    earning: sql`(select s.id, p.currency, s.net_minor, s.tax_minor, s.earned_at from app.share s
      join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
      where ${own("s")} and s.earned_at is not null)`,
    share: sql`(select s.id, c.given_name, c.family_name, p.item, p.due_date, p.currency, s.net_minor, s.tax_minor,
        s.earned_at from app.share s
      join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
      join app.customer c on c.institution_id = s.institution_id and c.id = s.customer_id where ${own("s")})`,
    reversal: sql`(select r.id, r.share_id, r.currency, r.net_minor, r.tax_minor, r.reason, r.created_at
      from app.share_reversal r where ${own("r")})`,
    movement: sql`(select m.id, m.currency, m.at, m.kind, m.payout_id, m.invoice_id, m.minor, m.reason
      from app.partner_movement m where ${own("m")})`,
    received: sql`(select r.id, r.currency, r.minor, r.method_label,
        coalesce(r.matched_at, r.created_at) as created_at from app.money_received r
      where ${own("r")})`,
    payout: sql`(select o.id, o.number, w.number as wallet_number from app.payout o
      left join app.wallet w on w.institution_id = o.institution_id and w.id = o.wallet_id where ${own("o")})`,
    invoice: sql`(select i.id, i.kind, i.corrects_id, i.number, i.state, i.currency, i.due_date, i.notes, i.tax_minor,
        i.total_minor, i.credited_minor, i.share_id, i.reversal_id, i.snapshot, i.issued_at, i.voided_at
      from app.invoice i where ${own("i")} and i.state <> 'draft')`,
    paid: sql`(select a.id, a.invoice_id, a.received_id, a.payout_id, o.number as payout_number, a.minor, a.created_at,
        r.method_label from app.invoice_allocation a
      left join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
      left join app.payout o on o.institution_id = a.institution_id and o.id = a.payout_id where ${own("a")})`,
  };
}

export async function selectParty(cx: Cx, partnership: PartnershipId): Promise<PartyRow | undefined> {
  const { rows } = await sql<PartyRow>`select name, legal_name, address, tax_id, currency from app.partnership
    where institution_id = ${cx.institution.id} and id = ${partnership}`.execute(cx.db);
  return rows[0];
}
