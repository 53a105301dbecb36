import { actorOf } from "#access/principal.ts";
import type { InvoiceId, InvoiceLine } from "#features/invoices/invoice.ts";
import { type IssuedDocument, issueDocument } from "#features/invoices/issue-document.ts";
import { lockAgreement, selectWordings } from "#features/self-billing/agreement-store.ts";
import { expireAgreements } from "#features/self-billing/agreements.ts";
import {
  isCredited,
  lockSelfBilled,
  partnersToBill,
  reversalsToCredit,
  type SelfBilledRow,
  type ShareToBill,
  saveCredited,
  sharesToBill,
} from "#features/self-billing/issue-store.ts";
import { type Wording, wordingFor } from "#features/self-billing/self-billing.ts";
import { assert, present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import type { Work } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";

/** Documents of one transaction: the counter's row stays locked for so many. */
const batch = 50;

/**
 * Issues what is due under agreements in force: an invoice for each share earned, then a credit note for each part that
 * a refund took back. It looks at what there is, so it may run at any time and twice; the newest state is always right.
 */
export async function issueSelfBilled({ ground, institution, signal }: Work<"self-billing.issue">): Promise<void> {
  const run = <T>(work: (cx: Cx) => Promise<T>) =>
    inTx(ground, { as: "system", institution, task: "self-billing.issue" }, work);
  await run(expireAgreements);
  for (const partner of await run(partnersToBill)) {
    let issued = batch;
    while (issued === batch && !signal.aborted) issued = await run((cx) => issueFor(cx, partner));
  }
  let credited = batch;
  while (credited === batch && !signal.aborted) credited = await run(creditReversals);
}

/** Issues some of what is due to one partner. Answers how many. */
export async function issueFor(cx: Cx, partner: string): Promise<number> {
  // Held until the commit: two that issue for one partner come one after the other.
  const agreement = await lockAgreement(cx, partner);
  if (!agreement) return 0;
  const wordings = await selectWordings(cx);
  const wording = present(wordingFor(wordings, agreement.country), "the wording of an agreement");
  const shares = await sharesToBill(cx, agreement, wording.needsRegistration, batch);
  for (const share of shares) await billShare(cx, share, wording, { net: 0n, tax: 0n });
  return shares.length;
}

/** Issues the invoice for a share, in the partner's name. `less`: what is left out, since it was taken back. */
export async function billShare(
  cx: Cx,
  share: ShareToBill,
  wording: Wording,
  less: { readonly net: bigint; readonly tax: bigint },
): Promise<IssuedDocument> {
  const { currency } = share;
  return await issueDocument(cx, {
    id: newId("inv", cx.now, cx.random),
    partnership: share.partnership_id,
    kind: "self_billed",
    currency,
    issueDate: todayOf(cx.institution, cx.now),
    notes: "",
    lines: [
      lineOf(currency, {
        description: [share.item, share.customer].filter((text) => text !== "").join(" · "),
        net: share.net_minor - less.net,
        tax: share.tax_minor - less.tax,
        bps: share.tax_bps,
      }),
    ],
    wording: { title: wording.title, notice: wording.notice },
    share: share.id,
    createdBy: actorOf(cx.principal).id,
  });
}

async function creditReversals(cx: Cx): Promise<number> {
  const found = await reversalsToCredit(cx, batch);
  let done = 0;
  for (const reversal of found) {
    const invoice = await lockSelfBilled(cx, reversal.invoice);
    const { net_minor: net, tax_minor: tax } = reversal;
    // Another job may have said it while this one waited for the lock.
    const isSaid = await isCredited(cx, reversal.id);
    if (!isSaid) {
      if (!invoice || leftOf(invoice).total < net + tax) continue;
      await creditSelfBilled(cx, invoice, { net, tax, reason: reversal.reason, reversal: reversal.id });
    }
    done += 1;
  }
  // What could not be credited is not asked for again in this run.
  return done === found.length ? done : 0;
}

/** What no credit note took off a self-billed invoice yet. */
export function leftOf(invoice: SelfBilledRow): { readonly net: bigint; readonly tax: bigint; readonly total: bigint } {
  const tax = invoice.tax_minor - invoice.credited_tax_minor;
  const total = invoice.net_minor + invoice.tax_minor - invoice.credited_minor;
  return { net: total - tax, tax, total };
}

type Credit = {
  readonly net: bigint;
  readonly tax: bigint;
  readonly reason: string;
  readonly reversal?: ShareReversalId;
};
type ShareReversalId = Parameters<typeof issueDocument>[1]["reversal"];

/** Issues a credit note on a locked self-billed invoice. It moves no money: the reversal of the share did. */
export async function creditSelfBilled(cx: Cx, invoice: SelfBilledRow, credit: Credit): Promise<IssuedDocument> {
  const { net, tax } = credit;
  assert(net + tax <= leftOf(invoice).total, "a credit note takes off what is there");
  const line = lineOf(invoice.currency, { description: invoice.description, net, tax, bps: invoice.tax_bps });
  const issued = await issueDocument(cx, {
    id: newId("inv", cx.now, cx.random),
    partnership: invoice.partnership_id,
    kind: "credit_note",
    corrects: invoice.id as InvoiceId,
    currency: invoice.currency,
    issueDate: todayOf(cx.institution, cx.now),
    notes: credit.reason,
    lines: [line],
    ...(credit.reversal && { reversal: credit.reversal }),
    createdBy: actorOf(cx.principal).id,
  });
  await saveCredited(cx, invoice.id, { total: net + tax, tax });
  return issued;
}

const longestDescription = 300;

/** Never through the middle of a character: what is left of it is no text, and the database refuses the snapshot. */
function cut(text: string): string {
  return text.slice(0, longestDescription).replace(/[\ud800-\udbff]$/, "");
}

function lineOf(
  currency: Currency,
  { description, net, tax, bps }: { description: string; net: bigint; tax: bigint; bps: number },
): InvoiceLine {
  return {
    position: 1,
    description: cut(description) || "Share",
    quantity: 1,
    unit: money(net, currency),
    taxBps: tax === 0n ? 0 : bps,
    net: money(net, currency),
    tax: money(tax, currency),
  };
}
