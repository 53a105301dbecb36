import { invoiceNumber } from "#features/invoices/invoice.ts";
import { readersOf, selectInvoice } from "#features/invoices/invoice-store.ts";
import { queueMail } from "#features/notifications/queue-mail.ts";
import { isId } from "#kernel/ids.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

/** What contacts hear of invoices. `origin` is where links lead. */
export const invoiceSubscriptions = (origin: string): Subscriptions => ({
  "invoice.issued": [(cx, news) => mailInvoice(cx, news, origin)],
});

/**
 * Tells the contacts who may pay, in their language; where nobody may, those who may look. Each hears of an invoice
 * once.
 */
async function mailInvoice(cx: Cx, news: News, origin: string): Promise<void> {
  const invoice = isId("inv", news.subject) ? await selectInvoice(cx, news.subject) : undefined;
  if (invoice?.number === undefined || invoice.kind !== "invoice") return;
  const all = await readersOf(cx, invoice.partnership);
  const payers = all.filter((reader) => reader.rights.includes("pay"));
  for (const reader of payers.length > 0 ? payers : all) {
    await queueMail(cx, {
      kind: "invoice",
      to: reader.email,
      locale: reader.language || cx.institution.locale,
      dedupeKey: `${invoice.id}:${reader.email}`,
      params: {
        name: reader.name,
        partnership: reader.partnership,
        number: invoiceNumber("invoice", invoice.number),
        amount: invoice.total,
        due: invoice.dueDate,
        link: `${origin}/partner/invoices/${invoice.number}`,
        mayPay: reader.rights.includes("pay"),
      },
    });
  }
}
