import type { CustomerId } from "#access/principal.ts";
import { type Partnership, shareTermsOf } from "#features/partnerships/partnership.ts";
import { type NewShare, newShares } from "#features/payments/create-payment.ts";
import { assertEditable, hasMoney, type Payment, type PaymentId } from "#features/payments/payment.ts";
import { type Pricing, priceUp } from "#features/payments/payment-pricing.ts";
import type { PaymentCells, PaymentColumn } from "#features/payments/payment-row.ts";
import { type Share, sameTerms } from "#features/payments/shares.ts";
import type { Cells } from "#kernel/cells.ts";
import { newId } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** What the rows of a batch point to, by the institution's own references. */
export type Known = {
  readonly customers: ReadonlyMap<string, CustomerId>;
  readonly partners: ReadonlyMap<string, Partnership>;
  readonly payments: ReadonlyMap<string, Payment>;
  readonly shares: ReadonlyMap<PaymentId, readonly Share[]>;
};

/** A payment as a row wants it. `shares` is there when they are to be written anew. */
export type Merged = {
  readonly before: Payment | undefined;
  readonly after: Payment;
  readonly changed: boolean;
  readonly shares: readonly Share[] | undefined;
};

/**
 * Puts a row and what is stored together; undefined when the row can't be taken, which `cells` then says. Writes
 * nothing.
 */
export function mergePayment(cx: Cx, cells: Cells<PaymentColumn>, row: PaymentCells, known: Known): Merged | undefined {
  const before = known.payments.get(row.externalId);
  const customer = known.customers.get(row.customer);
  const kept = before ? (known.shares.get(before.id) ?? []) : [];
  if (!customer) cells.refuse("customer_external_id", "No customer has this reference. Import the customers first.");
  else if (before && before.customerId !== customer) {
    cells.refuse("customer_external_id", "This payment belongs to another customer.");
  }
  const agreed = agreedOf(cx, cells, row, known, kept);
  if (!customer || !agreed || cells.problems.length > 0) return undefined;
  const discount =
    row.discount ?? (before?.list.currency === row.list.currency ? before.discount : money(0n, row.list.currency));
  const pricing = priced(cells, row.list, agreed, discount);
  if (!pricing) return undefined;
  const after = afterwards(cx, before, row, customer, discount);
  const reshared = !before || !sameMoney(before.list, row.list) || !sameShares(kept, agreed);
  const changed =
    reshared ||
    !sameMoney(before.discount, discount) ||
    before.item !== after.item ||
    !before.dueDate.equals(after.dueDate);
  if (before && changed && !mayChange(cells, before, after)) return undefined;
  const shares = reshared ? newShares(cx, after, agreed, pricing.shares) : undefined;
  return { before, after, changed, shares };
}

/** The shares that the row wants; one that stays the same keeps the tax it was agreed with. */
function agreedOf(
  cx: Cx,
  cells: Cells<PaymentColumn>,
  row: PaymentCells,
  known: Known,
  kept: readonly Share[],
): readonly NewShare[] | undefined {
  if (row.partner === undefined) return kept.map(stays);
  if (row.partner === "") return [];
  const partnership = known.partners.get(row.partner);
  if (!partnership) {
    return cells.refuse("partnership_external_id", "No partner has this reference. Import the partners first.");
  }
  const taxed = shareTermsOf(partnership, row.rateBps ?? 0, cx.institution.taxBps);
  const terms = { ...taxed, kind: "percent", partnershipId: partnership.id } as const;
  const same = kept.find((one) => sameTerms(one, terms));
  return [same ? stays(same) : { partnership, terms }];
}

function stays(share: Share): NewShare {
  const { partnershipId, partnershipName, kind, rateBps, taxMode, taxBps, flat, of } = share;
  return {
    partnership: { name: partnershipName },
    terms: { partnershipId, kind, rateBps, taxMode, taxBps, flat, of },
  };
}

function priced(
  cells: Cells<PaymentColumn>,
  list: Money,
  agreed: readonly NewShare[],
  discount: Money,
): Pricing | undefined {
  try {
    return priceUp(
      list,
      agreed.map((one) => one.terms),
      discount,
    );
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "amount.invalid") throw error;
    return cells.refuse("discount" in error.fields ? "discount" : "share_percent", error.message);
  }
}

function afterwards(
  cx: Cx,
  before: Payment | undefined,
  row: PaymentCells,
  customerId: CustomerId,
  discount: Money,
): Payment {
  const zero = money(0n, row.list.currency);
  const fresh = {
    id: newId("pay", cx.now, cx.random),
    externalId: row.externalId,
    customerId,
    planId: undefined,
    note: "",
    paid: zero,
    refundedList: zero,
    refundedCash: zero,
    state: "open",
    allowPart: false,
    inProcess: false,
    paidAt: undefined,
    cancelledAt: undefined,
    createdAt: cx.now,
  } as const;
  return { ...(before ?? fresh), item: row.item, list: row.list, dueDate: row.dueDate, discount, updatedAt: cx.now };
}

/** The rules of editing, said of the row. */
function mayChange(cells: Cells<PaymentColumn>, before: Payment, after: Payment): boolean {
  try {
    assertEditable(before);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    cells.refuse("external_id", error.message);
    return false;
  }
  if (!hasMoney(before)) return true;
  const words = "Money has arrived for this payment, so this can't change any more.";
  if (!sameMoney(before.list, after.list)) cells.refuse("amount", words);
  if (!sameMoney(before.discount, after.discount)) cells.refuse("discount", words);
  return cells.problems.length === 0;
}

/** Whether two amounts are the same; none at all is not the same as nothing. */
export function sameMoney(a: Money | undefined, b: Money): boolean {
  return a !== undefined && a.minor === b.minor && a.currency === b.currency;
}

function sameShares(kept: readonly Share[], agreed: readonly NewShare[]): boolean {
  return kept.length === agreed.length && agreed.every(({ terms }) => kept.some((one) => sameTerms(one, terms)));
}
