import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import { lockDraft } from "#features/invoices/invoice-draft.ts";
import { selectLines } from "#features/invoices/invoice-store.ts";
import { type IssuedDocument, issueDocument } from "#features/invoices/issue-document.ts";
import { Problem } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Issues a draft today: from now on it is owed, the partner sees it, and it never changes. Throws `conflict` when it is
 * issued already or was changed since `version`, and `form.invalid` when its due date has passed.
 */
export async function issueInvoice(
  cx: Cx,
  may: Permit<"invoices.write">,
  id: InvoiceId,
  options: { readonly version?: string | undefined; readonly quiet?: boolean } = {},
): Promise<IssuedDocument> {
  const draft = await lockDraft(cx, id, options.version);
  const today = todayOf(cx.institution, cx.now);
  if (draft.dueDate && Temporal.PlainDate.compare(draft.dueDate, today) < 0) {
    const words = "The due date has passed. Choose today or a later day before you issue it.";
    throw new Problem("form.invalid", words, { fields: { due_date: words } });
  }
  return await issueDocument(cx, {
    id,
    partnership: draft.partnership,
    kind: "invoice",
    currency: draft.currency,
    issueDate: today,
    dueDate: draft.dueDate,
    notes: draft.notes,
    lines: await selectLines(cx, draft),
    createdBy: actorOf(may.by).id,
    quiet: options.quiet ?? false,
  });
}
