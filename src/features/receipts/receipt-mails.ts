import { queueMail } from "#features/notifications/queue-mail.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { News } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";
import { snapshotDate, snapshotMoney } from "./receipt.ts";
import { methodWords } from "./receipt-document.ts";
import { customerLanguageOf, readReceiptRow } from "./receipt-store.ts";

/**
 * On `receipt.issued`: sends the receipt's mail to the customer, in their language, once. A customer without an
 * address gets none. `origin` is the configured one, never a header's.
 */
export async function mailReceipt(cx: Cx, news: News, origin: string): Promise<void> {
  const row = await readReceiptRow(cx, news.subject);
  if (!row || row.snapshot.customer.email === "") return;
  const { snapshot } = row;
  const language = await customerLanguageOf(cx, row.customer_id);
  await queueMail(cx, {
    kind: "receipt",
    to: snapshot.customer.email,
    locale: language,
    dedupeKey: `receipt:${row.id}`,
    params: {
      name: snapshot.customer.name,
      number: snapshot.number,
      date: snapshotDate(snapshot.receivedOn),
      method: methodWords(snapshot, translator(language)),
      items: snapshot.lines.map((line) => line.item),
      amount: snapshotMoney(snapshot, snapshot.paid),
      link: `${origin}/receipts/${row.id}`,
    },
  });
}
