import { type Permit, permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { recordAll } from "#features/audit/record-all.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import type { Payment, PaymentId, PlanId } from "#features/payments/payment.ts";
import { type Draft, draftOf, type Instalment, type PaymentInput } from "#features/payments/payment-input.ts";
import { insertPayments, isReferenceTaken, saveDiscounts } from "#features/payments/payment-store.ts";
import { readPayment } from "#features/payments/payment-views.ts";
import { assertSentTwice } from "#features/payments/sent-twice.ts";
import { insertShares } from "#features/payments/share-store.ts";
import type { PartnerTerms, Share, ShareAmount, ShareKind } from "#features/payments/shares.ts";
import { present } from "#kernel/assert.ts";
import { isId, newId } from "#kernel/ids.ts";
import { money, toDecimal } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Creates a payment that is owed from now on. A form that is sent twice makes one payment. Throws `form.invalid` or
 * `amount.invalid` with the field that is wrong, `idempotency.key-reused` where the key stands for another payment.
 */
export async function createPayment(cx: Cx, _may: Permit<"payments.write">, input: PaymentInput): Promise<Payment> {
  await readCustomer(cx, input.customer);
  const draft = await draftOf(cx, input);
  const id = isId("pay", input.key) ? input.key : newId("pay", cx.now, cx.random);
  await assertFree(cx, input.externalId, id);
  const made = await writeDraft(cx, draft, { ...input, planId: undefined, ids: [id] });
  if (made[0]) return made[0];
  const stored = await readPayment(cx, id);
  await assertSentTwice(cx, [stored], draft, input);
  return stored;
}

async function assertFree(cx: Cx, reference: string | undefined, id: string): Promise<void> {
  if (reference === undefined || !(await isReferenceTaken(cx, reference, id))) return;
  const words = "Another payment has this reference.";
  throw new Problem("form.invalid", words, { fields: { external_id: words } });
}

type Around = Pick<PaymentInput, "customer" | "note" | "allowPart" | "externalId" | "discountReason"> & {
  readonly planId: PlanId | undefined;
  /** One for each instalment. */
  readonly ids: readonly PaymentId[];
};

/** Writes a draft with its discounts, shares and log entries; nothing when its ids are there already. */
export async function writeDraft(cx: Cx, draft: Draft, around: Around): Promise<Payment[]> {
  if (draft.instalments.some((one) => one.discount.minor > 0n)) permit(cx.principal, "payments.discount");
  const payments = draft.instalments.map((one, index) => newPayment(cx, one, around, around.ids[index] as PaymentId));
  const fresh = await insertPayments(cx, payments);
  if (fresh.size === 0) return [];
  const reason = around.discountReason ?? "";
  const givenBy = actorOf(cx.principal).id;
  await saveDiscounts(
    cx,
    payments.filter((one) => one.discount.minor > 0n).map(({ id, discount }) => ({ id, discount, reason, givenBy })),
  );
  await insertShares(
    cx,
    payments.flatMap((payment, index) => sharesOfDraft(cx, draft, payment, index)),
  );
  const entries = payments.map((payment) => ({
    event: "payment.created",
    subject: payment.id,
    data: describe(payment, draft),
  }));
  if (entries.length === 1 && entries[0]) record(cx, entries[0]);
  else await recordAll(cx, entries);
  return payments;
}

function newPayment(cx: Cx, instalment: Instalment, around: Around, id: PaymentId): Payment {
  const zero = money(0n, instalment.list.currency);
  return {
    id,
    externalId: around.externalId,
    customerId: around.customer,
    planId: around.planId,
    item: instalment.item,
    note: around.note ?? "",
    list: instalment.list,
    discount: instalment.discount,
    paid: zero,
    refundedList: zero,
    refundedCash: zero,
    dueDate: instalment.dueDate,
    state: "open",
    allowPart: around.allowPart ?? false,
    inProcess: false,
    paidAt: undefined,
    cancelledAt: undefined,
    createdAt: cx.now,
    updatedAt: cx.now,
  };
}

/** A share to be written: whose, by which terms. */
export type NewShare = { readonly partnership: { readonly name: string }; readonly terms: PartnerTerms };

/** The shares of a payment as they are agreed, in their order: nothing earned, nothing reversed. */
export function newShares(
  cx: Cx,
  payment: Pick<Payment, "id" | "list">,
  agreed: readonly NewShare[],
  amounts: readonly ShareAmount[],
): Share[] {
  return agreed.map(({ partnership, terms }, position) => ({
    ...terms,
    ...present(amounts[position], "the amount of a share"),
    id: newId("shr", cx.now, cx.random),
    paymentId: payment.id,
    partnershipName: partnership.name,
    position,
    reversed: money(0n, payment.list.currency),
    state: "agreed",
    earnedAt: undefined,
  }));
}

function sharesOfDraft(cx: Cx, { shares, instalments }: Draft, payment: Payment, index: number): Share[] {
  const { terms, pricing } = present(instalments[index], "the instalment of a payment");
  const agreed = terms.flatMap((one, place) => {
    const partnership = shares[place]?.partnership;
    return partnership ? [{ partnership, terms: one }] : [];
  });
  return newShares(cx, payment, agreed, pricing.shares);
}

/** A share in the audit log's words. */
export function describeShare({ partnership, terms }: NewShare): string {
  const rate = `${terms.rateBps} bps`;
  const words = {
    percent: rate,
    flat: terms.flat ? `flat ${terms.flat.currency} ${toDecimal(terms.flat)}` : "flat",
    percent_of_share: `${rate} of the share of ${terms.of ?? ""}`,
    remainder: `what is left above ${rate}`,
  } satisfies Record<ShareKind, string>;
  return `${partnership.name} ${words[terms.kind]}`;
}

function describe(payment: Payment, draft: Draft): Record<string, unknown> {
  return {
    customer: payment.customerId,
    item: payment.item,
    amount: toDecimal(payment.list),
    currency: payment.list.currency,
    discount: toDecimal(payment.discount),
    due: payment.dueDate.toString(),
    shares: draft.shares.map(describeShare),
  };
}
