import { permit } from "#access/permit.ts";
import { createDraft } from "#features/invoices/invoice-draft.ts";
import { issueInvoice } from "#features/invoices/issue-invoice.ts";
import { recordInvoicePayment } from "#features/money-in/record-invoice-payment.ts";
import { partnershipsByReference } from "#features/partnerships/partnership-views.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { meridian } from "./meridian.ts";
import { atTime, moved, noon, type Story } from "./story.ts";

// What Meridian Education was invoiced for: a line, how often, the price of one in cents, issued, due, paid.
const invoiced = [
  ["Stand at the spring fair, Osaka", 1, 125_000n, "2026-08-03", "2026-08-31", "2026-08-28"],
  ["Training day for counsellors", 4, 18_500n, "2026-10-12", "2026-11-11", ""],
  ["Printed prospectuses, box of 50", 6, 9_500n, "2026-11-09", "2026-12-09", ""],
] as const;

/** Raises what Meridian Education was invoiced for; one is paid, one is overdue, one is due. Nobody is told. */
export async function invoiceMeridian(story: Story): Promise<void> {
  const partner = present(
    (await partnershipsByReference(story.cx, [meridian])).get(meridian),
    "a partner of the files",
  );
  for (const [description, quantity, price, issued, due, paid] of invoiced) {
    const cx = atTime(story, noon(moved(story, issued)));
    const may = permit(cx.principal, "invoices.write");
    const id = newId("inv", cx.now, cx.random);
    await createDraft(cx, may, id, {
      partnership: partner.id,
      currency: "AUD",
      dueDate: moved(story, due),
      notes: "",
      lines: [{ description, quantity, unit: money(price, "AUD"), taxBps: 1_000 }],
    });
    await issueInvoice(cx, may, id, { quiet: true });
    if (paid === "") continue;
    const amount = money((price * BigInt(quantity) * 11n) / 10n, "AUD");
    await recordInvoicePayment(atTime(story, noon(moved(story, paid))), may, {
      invoice: id,
      amount,
      receivedOn: moved(story, paid),
      methodLabel: "Bank transfer",
      note: "",
      owedBefore: amount.minor,
      quiet: true,
    });
  }
}
