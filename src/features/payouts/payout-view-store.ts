import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { LineKind, PayoutId } from "#features/payouts/payout.ts";
import type { Currency } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type LineRow = {
  position: number;
  kind: LineKind;
  currency: Currency;
  net_minor: bigint;
  tax_minor: bigint;
  share_id: string | null;
  payment_id: PaymentId | null;
  item: string | null;
  due_date: PlainDate | null;
  customer_id: CustomerId | null;
  customer_name: string | null;
  reason: string | null;
  refund_id: string | null;
  invoice_id: string | null;
  invoice_number: bigint | null;
  invoice_kind: string | null;
  /** What it corrects, where it is a credit note. */
  corrects_id: string | null;
  corrects_number: bigint | null;
  credit_of: string | null;
};

/** Lines of a payout behind a position, in their order, with what each is about. */
export async function selectLines(cx: Cx, payout: PayoutId, behind: number, limit: number): Promise<LineRow[]> {
  const { rows } = await sql<LineRow>`
    select l.position, l.kind, l.currency, l.net_minor, l.tax_minor, l.share_id, s.payment_id, p.item, p.due_date,
           p.customer_id, btrim(c.given_name || ' ' || c.family_name) as customer_name, r.reason, r.refund_id,
           l.invoice_id, i.number as invoice_number, i.kind as invoice_kind, l.credit_of,
           i.corrects_id, x.number as corrects_number
      from app.payout_line l
      left join app.share s on s.institution_id = l.institution_id and s.id = l.share_id
      left join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
      left join app.customer c on c.institution_id = p.institution_id and c.id = p.customer_id
      left join app.share_reversal r on r.institution_id = l.institution_id and r.id = l.reversal_id
      left join app.invoice i on i.institution_id = l.institution_id and i.id = l.invoice_id
      left join app.invoice x on x.institution_id = i.institution_id and x.id = i.corrects_id
     where l.institution_id = ${cx.institution.id} and l.payout_id = ${payout} and l.position > ${behind}
     order by l.position limit ${limit}`.execute(cx.db);
  return rows;
}

/** The sum of each kind of line of a payout. */
export async function selectSums(
  cx: Cx,
  payout: PayoutId,
): Promise<{ kind: LineKind; minor: bigint; lines: bigint }[]> {
  const { rows } = await sql<{ kind: LineKind; minor: bigint; lines: bigint }>`
    select kind, sum(net_minor + tax_minor)::bigint as minor, count(*) as lines from app.payout_line
     where institution_id = ${cx.institution.id} and payout_id = ${payout}
     group by kind order by array_position(array['share', 'reversal', 'credit', 'netting'], kind)`.execute(cx.db);
  return rows;
}

/** Names of members of staff, by id. */
export async function staffNames(cx: Cx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`select id, name from app.staff_member
    where institution_id = ${cx.institution.id} and id = any(${[...ids]}::text[])`.execute(cx.db);
  return new Map(rows.map((row) => [row.id, row.name]));
}
