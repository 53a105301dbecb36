import type { Permit } from "#access/permit.ts";
import type { InvoiceId, InvoiceState } from "#features/invoices/invoice.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import {
  type ListedRow,
  selectDisputed,
  selectOne,
  selectSelfBilled,
} from "#features/self-billing/self-billing-store.ts";
import { type Money, money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** A self-billed invoice as staff see it in lists. */
export type SelfBilled = {
  readonly id: InvoiceId;
  readonly partnership: { readonly id: PartnershipId; readonly name: string };
  readonly number: bigint;
  readonly state: InvoiceState;
  readonly issueDate: PlainDate;
  readonly issuedAt: Instant;
  readonly total: Money;
  readonly credited: Money;
  readonly description: string;
  readonly dispute:
    | {
        readonly reason: string;
        readonly at: Instant;
        readonly by: string;
        readonly answer: string;
        answeredAt?: Instant;
      }
    | undefined;
};

function selfBilledOf(row: ListedRow): SelfBilled {
  return {
    id: row.id,
    partnership: { id: row.partnership_id, name: row.partnership },
    number: row.number,
    state: row.state,
    issueDate: row.issue_date,
    issuedAt: row.issued_at,
    total: money(row.total_minor, row.currency),
    credited: money(row.credited_minor, row.currency),
    description: row.description ?? "",
    dispute: row.disputed_at
      ? {
          reason: row.dispute_reason,
          at: row.disputed_at,
          by: row.disputed_by ?? "",
          answer: row.dispute_answer,
          ...(row.dispute_answered_at && { answeredAt: row.dispute_answered_at }),
        }
      : undefined,
  };
}

export type SelfBilledWish = {
  readonly partnership?: string | undefined;
  readonly after?: string | undefined;
  readonly size: number;
};

/** Self-billed invoices, the newest first; `next` is where the next page begins. */
export async function listSelfBilledForStaff(
  cx: Cx,
  _may: Permit<"invoices.read">,
  wish: SelfBilledWish,
): Promise<{ readonly rows: readonly SelfBilled[]; readonly next: string | undefined }> {
  const rows = await selectSelfBilled(cx, {
    partnership: wish.partnership,
    after: readPlace(wish.after),
    size: wish.size + 1,
  });
  const shown = rows.slice(0, wish.size).map(selfBilledOf);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > wish.size && last ? `${last.issuedAt}~${last.id}` : undefined };
}

/** What waits for an answer of staff, the longest first. */
export async function disputedSelfBilled(cx: Cx, _may: Permit<"invoices.read">): Promise<readonly SelfBilled[]> {
  return (await selectDisputed(cx)).map(selfBilledOf);
}

/** One of them. Throws `not-found`. */
export async function readSelfBilledForStaff(cx: Cx, id: string): Promise<SelfBilled> {
  const row = await selectOne(cx, id);
  if (!row) throw notFound();
  return selfBilledOf(row);
}

function readPlace(text: string | undefined): { readonly at: string; readonly id: string } | undefined {
  const [at = "", id = ""] = (text ?? "").split("~");
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) && /^inv_[0-9a-z]{26}$/.test(id) ? { at, id } : undefined;
}
