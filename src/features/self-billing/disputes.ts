import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { lockAgreement, selectWordings } from "#features/self-billing/agreement-store.ts";
import { billShare, creditSelfBilled, leftOf } from "#features/self-billing/issue-self-billed.ts";
import {
  lockSelfBilled,
  type SelfBilledRow,
  saveAnswer,
  saveDispute,
  shareToBill,
  takenBack,
} from "#features/self-billing/issue-store.ts";
import { longestReason, wordingFor } from "#features/self-billing/self-billing.ts";
import { readSelfBilled } from "#features/self-billing/self-billing-partner-view.ts";
import { present } from "#kernel/assert.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { cleanText } from "#kernel/text.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * A contact says that a self-billed invoice is wrong, and why. It stays as it is until staff answer. Throws
 * `form.invalid`, `conflict`, `not-found` in the reader's language.
 */
export async function disputeSelfBilled(
  cx: Cx<Partner>,
  _may: Permit<"partner.pay">,
  input: { readonly number: bigint; readonly reason: string },
  t: T,
): Promise<void> {
  const reason = cleanText(input.reason);
  if (reason === "") throw invalid("reason", t("billing.problem.reason"));
  if (reason.length > longestReason) throw invalid("reason", t("billing.problem.long", { count: longestReason }));
  await readSelfBilled(cx, input.number);
  const id = await saveDispute(cx, input.number, {
    by: present(cx.principal.contact, "the contact whose right this is"),
    reason,
  });
  if (!id) throw new Problem("conflict", t("billing.problem.settled"));
  const data = { partnership: cx.principal.partnership, number: input.number };
  record(cx, { event: "invoice.disputed", subject: id, data, outbox: true });
}

export type Answer = {
  readonly id: string;
  /** `credit`: a credit note on all that is left. `reissue`: that, and a new invoice with what is right by now. */
  readonly how: "reject" | "credit" | "reissue";
  readonly words: string;
};

/**
 * Staff answer a dispute: the invoice stays (with words that say why), or a credit note takes all of it back, and, if
 * it is to be issued anew, a new invoice follows with the names, tax id and words of today. Throws `conflict` when it
 * is not disputed any more, `form.invalid`, `not-found`.
 */
export async function answerDispute(cx: Cx, _may: Permit<"self-billing.write">, answer: Answer): Promise<void> {
  const invoice = await lockSelfBilled(cx, answer.id);
  if (!invoice) throw notFound();
  if (invoice.state !== "disputed") throw new Problem("conflict", "This dispute was answered already.");
  const words = cleanText(answer.words);
  if (words === "") throw invalid("words", "Write your answer, for the partner to read.");
  if (words.length > longestReason) throw invalid("words", `Write at most ${longestReason} characters.`);
  const data: Record<string, string> = { partnership: invoice.partnership_id, how: answer.how };
  if (answer.how !== "reject" && leftOf(invoice).total === 0n) {
    throw new Problem("conflict", "Refunds have taken all of this invoice back meanwhile. Answer it in words alone.");
  }
  if (answer.how !== "reject") {
    data.note = (await creditSelfBilled(cx, invoice, { ...leftOf(invoice), reason: words })).display;
  }
  if (answer.how === "reissue") data.reissued = await reissue(cx, invoice);
  await saveAnswer(cx, invoice.id, words);
  record(cx, { event: "self-billing.dispute-answered", subject: invoice.id, data, outbox: true });
}

async function reissue(cx: Cx, invoice: SelfBilledRow): Promise<string> {
  const agreement = await lockAgreement(cx, invoice.partnership_id);
  if (!agreement) {
    throw new Problem(
      "conflict",
      "No agreement is in force, so it can't be issued anew. Choose the credit note alone.",
    );
  }
  const share = await shareToBill(cx, invoice.share_id);
  const wording = wordingFor(await selectWordings(cx), agreement.country);
  if (!share || !wording) throw notFound();
  if (wording.needsRegistration && !share.registered) {
    throw new Problem("conflict", "The partner was not registered for tax on that day. Choose the credit note alone.");
  }
  const less = await takenBack(cx, share.id);
  if (less.net + less.tax >= share.net_minor + share.tax_minor) {
    throw new Problem("conflict", "All of this share was taken back. Choose the credit note alone.");
  }
  return (await billShare(cx, share, wording, less)).display;
}

function invalid(field: string, words: string): Problem {
  return new Problem("form.invalid", words, { fields: { [field]: words } });
}
