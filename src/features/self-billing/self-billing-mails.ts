import { invoiceNumber } from "#features/invoices/invoice.ts";
import { queueMail } from "#features/notifications/queue-mail.ts";
import { readersOf, selectAgreement } from "#features/self-billing/agreement-store.ts";
import { lockSelfBilled } from "#features/self-billing/issue-store.ts";
import { wake } from "#platform/jobs.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * What wakes the issuing of documents, and what contacts hear of: a proposal, the agreement they accepted, an answer to
 * a dispute. No mail says that a document was issued: there is one for every share, and portal and statement show them.
 */
export const selfBillingSubscriptions = (origin: string): Subscriptions => ({
  "payment.paid": [look],
  "share.reversed": [look],
  "self-billing.agreement-proposed": [(cx, news) => mailProposed(cx, news, `${origin}/partner/self-billing`)],
  "self-billing.agreement-accepted": [(cx, news) => mailAccepted(cx, news, `${origin}/partner/self-billing`)],
  "self-billing.dispute-answered": [(cx, news) => mailAnswered(cx, news, `${origin}/partner/self-billing`)],
});

async function look(cx: Cx): Promise<void> {
  wake(cx, "self-billing.issue", {});
}

async function mailProposed(cx: Cx, news: News, link: string): Promise<void> {
  const agreement = await selectAgreement(cx, news.subject);
  if (agreement?.state !== "proposed") return;
  for (const reader of await readersOf(cx, agreement.partnership)) {
    const { name, partnership, rights } = reader;
    await queueMail(cx, {
      kind: "self_billing_proposed",
      to: reader.email,
      locale: reader.language || cx.institution.locale,
      dedupeKey: `${agreement.id}:proposed:${reader.email}`,
      params: { name, partnership, link, mayAccept: rights.includes("pay") },
    });
  }
}

async function mailAccepted(cx: Cx, news: News, link: string): Promise<void> {
  const agreement = await selectAgreement(cx, news.subject);
  if (!agreement?.acceptedAt) return;
  for (const reader of await readersOf(cx, agreement.partnership)) {
    const { name, partnership } = reader;
    const by = `${agreement.acceptedName} (${agreement.acceptedEmail})`;
    await queueMail(cx, {
      kind: "self_billing_accepted",
      to: reader.email,
      locale: reader.language || cx.institution.locale,
      dedupeKey: `${agreement.id}:accepted:${reader.email}`,
      params: { name, partnership, by, at: agreement.acceptedAt, body: agreement.body, link },
    });
  }
}

async function mailAnswered(cx: Cx, news: News, link: string): Promise<void> {
  const invoice = await lockSelfBilled(cx, news.subject);
  const { how } = news.data;
  if (!invoice || (how !== "reject" && how !== "credit" && how !== "reissue")) return;
  for (const reader of await readersOf(cx, invoice.partnership_id)) {
    await queueMail(cx, {
      kind: "self_billing_answered",
      to: reader.email,
      locale: reader.language || cx.institution.locale,
      dedupeKey: `${invoice.id}:answered:${news.id}:${reader.email}`,
      params: {
        name: reader.name,
        number: invoiceNumber("self_billed", invoice.number),
        how,
        words: invoice.dispute_answer,
        link: `${link}/${invoice.number}`,
      },
    });
  }
}
