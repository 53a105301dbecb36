import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import type { Invoice, InvoiceId } from "#features/invoices/invoice.ts";
import { isBeingPaid } from "#features/invoices/invoice-money-store.ts";
import { lockInvoices, saveVoid } from "#features/invoices/invoice-store.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** Why an invoice can't be made void; undefined when it can. */
export function whyNotVoid(invoice: Pick<Invoice, "state" | "kind" | "paid" | "credited">): string | undefined {
  if (invoice.kind !== "invoice") return "Only invoices can be made void.";
  if (invoice.state === "draft") return "A draft has no number: delete it instead.";
  if (invoice.state === "void") return "This invoice is void already.";
  if (invoice.paid.minor > 0n) return "Money was paid on this invoice. Take it back by a credit note.";
  if (invoice.credited.minor > 0n) return "A credit note stands on this invoice. Credit the rest instead.";
  return undefined;
}

/**
 * Makes an unpaid invoice void: nothing is owed on it any more, and its number stays. Money that comes for it after all
 * is the partner's. Throws `conflict` when it was paid or credited, or is being paid.
 */
export async function voidInvoice(cx: Cx, may: Permit<"invoices.write">, id: InvoiceId): Promise<void> {
  const [invoice] = await lockInvoices(cx, [id]);
  if (!invoice) throw notFound();
  const why = whyNotVoid(invoice);
  if (why) throw new Problem("conflict", why);
  if (await isBeingPaid(cx, id)) {
    throw new Problem(
      "conflict",
      "The partner is paying this invoice now. Wait until that has ended: a card page left open closes by itself.",
    );
  }
  await saveVoid(cx, id);
  const data = { partnership: invoice.partnership, by: may.by.kind };
  record(cx, { event: "invoice.voided", subject: id, data, outbox: true });
}
