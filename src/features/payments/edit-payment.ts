import { type Permit, permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { describeShare, newShares } from "#features/payments/create-payment.ts";
import { assertEditable, hasMoney, type Payment } from "#features/payments/payment.ts";
import { agreedShares, type Draft, type ShareChoice } from "#features/payments/payment-input.ts";
import { lockPayments, sharesOf } from "#features/payments/payment-money.ts";
import { priceUp } from "#features/payments/payment-pricing.ts";
import { saveDiscounts, selectDiscount, updatePayments } from "#features/payments/payment-store.ts";
import { readPayment } from "#features/payments/payment-views.ts";
import { replaceAgreed } from "#features/payments/share-store.ts";
import { type Share, sameTerms } from "#features/payments/shares.ts";
import { isId } from "#kernel/ids.ts";
import { type Money, toDecimal } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type PaymentEdit = {
  readonly item: string;
  readonly note: string;
  readonly list: Money;
  readonly dueDate: PlainDate;
  readonly allowPart: boolean;
  /** undefined leaves discount and reason as they are. */
  readonly discount: Money | undefined;
  readonly discountReason: string;
  readonly shares: readonly ShareChoice[];
  /** `updatedAt` as the form was drawn with. */
  readonly version?: string;
};

/**
 * Changes a payment that is not paid in full. Once money has arrived, amount and discount stay; shares may change
 * until it is paid in full. Throws `payment.not-editable`, `conflict`, `amount.invalid`, `form.invalid`, `not-found`.
 */
export async function editPayment(
  cx: Cx,
  _may: Permit<"payments.write">,
  id: string,
  edit: PaymentEdit,
): Promise<Payment> {
  const [before] = isId("pay", id) ? await lockPayments(cx, [id]) : [];
  if (!before) throw notFound();
  const { discount, kept, shares, changed, pricing } = await prepared(cx, before, edit);
  const after: Payment = {
    ...before,
    item: edit.item,
    note: edit.note,
    list: edit.list,
    dueDate: edit.dueDate,
    allowPart: edit.allowPart,
    discount,
    updatedAt: cx.now,
  };
  const changes = changesOf(before, after, kept, shares);
  const reason = await reasonOf(cx, before, edit);
  if (Object.keys(changes).length === 0 && !reason.changed) return before;
  await updatePayments(cx, [after]);
  if (!same(before.discount, discount) || reason.changed) {
    permit(cx.principal, "payments.discount");
    await saveDiscounts(cx, [{ id: after.id, discount, reason: reason.text, givenBy: actorOf(cx.principal).id }]);
  }
  if (changed || !same(before.list, after.list)) {
    await replaceAgreed(cx, [after.id], newShares(cx, after, shares, pricing.shares));
  }
  record(cx, { event: "payment.edited", subject: id, data: { changes } });
  return after;
}

/** What a payment would become, for the check page. Changes nothing; throws as `editPayment` does. */
export async function previewEdit(
  cx: Cx,
  _may: Permit<"payments.write">,
  id: string,
  edit: PaymentEdit,
): Promise<Draft> {
  const { discount, shares, pricing } = await prepared(cx, await readPayment(cx, id), edit);
  const terms = shares.map((one) => one.terms);
  const { item, list, dueDate } = edit;
  return { shares, instalments: [{ item, list, discount, dueDate, terms, pricing }] };
}

/** Works a change out and refuses what may not be. */
async function prepared(cx: Cx, before: Payment, edit: PaymentEdit) {
  if (edit.version !== undefined && edit.version !== before.updatedAt.toString()) {
    throw new Problem(
      "conflict",
      "Somebody changed this payment meanwhile. Compare with what is stored now, then save again.",
    );
  }
  assertEditable(before);
  const discount = edit.discount ?? before.discount;
  const repriced = !same(before.list, edit.list) || !same(before.discount, discount);
  if (repriced && hasMoney(before)) throw tooLate(before, edit.list);
  const kept = (await sharesOf(cx, [before.id])).get(before.id) ?? [];
  const { shares, changed } = await nextShares(cx, kept, edit.shares);
  const terms = shares.map((one) => one.terms);
  return { discount, kept, shares, changed, pricing: priceUp(edit.list, terms, discount) };
}

/**
 * Shares that stay the same keep the tax they were agreed with; new ones get what the partner's registration says
 * today.
 */
async function nextShares(cx: Cx, kept: readonly Share[], choices: readonly ShareChoice[]) {
  const agreed = await agreedShares(cx, choices);
  const shares = agreed.map(({ partnership, terms }) => {
    const before = kept.find((one) => sameTerms(one, terms));
    const { taxMode, taxBps } = before ?? terms;
    return { partnership, terms: { ...terms, taxMode, taxBps }, kept: before !== undefined };
  });
  return { shares, changed: shares.length !== kept.length || shares.some((one) => !one.kept) };
}

async function reasonOf(cx: Cx, before: Payment, edit: PaymentEdit): Promise<{ text: string; changed: boolean }> {
  const kept = (await selectDiscount(cx, before.id))?.reason ?? "";
  if (edit.discount === undefined) return { text: kept, changed: false };
  return { text: edit.discountReason, changed: edit.discount.minor > 0n && edit.discountReason !== kept };
}

function same(a: Money, b: Money): boolean {
  return a.minor === b.minor && a.currency === b.currency;
}

function tooLate(before: Payment, list: Money): Problem {
  const amount = !same(before.list, list);
  const words = `Money has arrived, so the ${amount ? "amount" : "discount"} can't change any more.`;
  return new Problem("payment.not-editable", words, { fields: { [amount ? "amount" : "discount"]: words } });
}

/** What differs, as the audit log keeps it: amounts as decimals, shares as partner and basis points. */
function changesOf(
  before: Payment,
  after: Payment,
  kept: readonly Share[],
  shares: Awaited<ReturnType<typeof nextShares>>["shares"],
): Record<string, { from: unknown; to: unknown }> {
  const words = (payment: Payment, parts: readonly string[]) => ({
    item: payment.item,
    note: payment.note,
    amount: `${payment.list.currency} ${toDecimal(payment.list)}`,
    discount: toDecimal(payment.discount),
    due: payment.dueDate.toString(),
    part: payment.allowPart,
    shares: parts.toSorted().join("; "),
  });
  const from = words(
    before,
    kept.map((one) => describeShare({ partnership: { name: one.partnershipName }, terms: one })),
  );
  const to = words(after, shares.map(describeShare));
  const changed = (Object.keys(from) as (keyof typeof from)[]).filter((field) => from[field] !== to[field]);
  return Object.fromEntries(changed.map((field) => [field, { from: from[field], to: to[field] }]));
}
