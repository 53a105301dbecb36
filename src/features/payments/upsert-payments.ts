import { type Permit, permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { recordAll } from "#features/audit/record-all.ts";
import { customersByReference } from "#features/customers/customer-views.ts";
import { takeCurrencies } from "#features/institution/take-currencies.ts";
import { partnershipsByReference } from "#features/partnerships/partnership-views.ts";
import { describeShare } from "#features/payments/create-payment.ts";
import type { Payment } from "#features/payments/payment.ts";
import { type PaymentColumn, type PaymentRow, readPaymentRow } from "#features/payments/payment-row.ts";
import { insertPayments, lockByExternalIds, saveDiscounts, updatePayments } from "#features/payments/payment-store.ts";
import { replaceAgreed, selectShares } from "#features/payments/share-store.ts";
import { type Known, type Merged, mergePayment, sameMoney } from "#features/payments/upsert-payment.ts";
import { Cells, type RowResult } from "#kernel/cells.ts";
import { toDecimal } from "#kernel/money.ts";
import { cleanReference } from "#kernel/text.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Creates or updates payments from rows, found again by the institution's own reference, with the rules of the single
 * use cases: amount and discount stay once money has arrived, nothing changes once it is paid in full. A row without
 * change writes nothing, a bad one is left out as a whole, and of rows with the same reference the first good one
 * counts. `givenBy` is who is noted beside discounts (default: who does it).
 */
export async function upsertPayments(
  cx: Cx,
  _may: Permit<"payments.write">,
  rows: readonly PaymentRow[],
  options: { readonly givenBy?: string } = {},
): Promise<RowResult[]> {
  const keys = rows.map((row) => cleanReference(row.external_id));
  const taken = new Set<string>();
  const known = await lookUp(cx, rows, keys);
  const merged: Merged[] = [];
  const results = rows.map((row): RowResult => {
    const cells = new Cells<PaymentColumn>(row);
    const read = readPaymentRow(cells);
    if (read && taken.has(read.externalId)) cells.refuse("external_id", "This reference stands in the file twice.");
    const one = read && cells.problems.length === 0 ? mergePayment(cx, cells, read, known) : undefined;
    if (!one || cells.problems.length > 0) return { outcome: "bad", problems: cells.problems };
    taken.add(one.after.externalId ?? "");
    if (one.before && !one.changed) return { outcome: "unchanged", id: one.after.id };
    merged.push(one);
    return { outcome: one.before ? "updated" : "created", id: one.after.id };
  });
  await write(cx, merged, options.givenBy ?? actorOf(cx.principal).id);
  return results;
}

async function lookUp(cx: Cx, rows: readonly PaymentRow[], keys: readonly string[]): Promise<Known> {
  const cellsOf = (column: PaymentColumn) => rows.map((row) => cleanReference(row[column]));
  const customers = await customersByReference(cx, cellsOf("customer_external_id"));
  const partners = await partnershipsByReference(cx, cellsOf("partnership_external_id"));
  const found = await lockByExternalIds(cx, keys);
  const shares = await selectShares(
    cx,
    found.map((one) => one.id),
  );
  return { customers, partners, shares, payments: new Map(found.map((one) => [one.externalId ?? "", one])) };
}

async function write(cx: Cx, merged: readonly Merged[], givenBy: string): Promise<void> {
  const fresh = merged.filter((one) => !one.before);
  const edited = merged.filter((one) => one.before);
  const discounted = merged.filter((one) => !sameMoney(one.before?.discount, one.after.discount));
  const discounts = discounted.map(({ after }) => ({
    id: after.id,
    discount: after.discount,
    reason: "Imported",
    givenBy,
  }));
  const changes = discounts.filter((row, index) => row.discount.minor > 0n || discounted[index]?.before);
  if (changes.length > 0) permit(cx.principal, "payments.discount");
  await takeCurrencies(
    cx,
    merged.map((one) => one.after.list.currency),
  );
  await insertPayments(
    cx,
    fresh.map((one) => one.after),
  );
  await updatePayments(
    cx,
    edited.map((one) => one.after),
  );
  await saveDiscounts(cx, changes);
  const reshared = merged.filter((one) => one.shares !== undefined);
  await replaceAgreed(
    cx,
    reshared.map((one) => one.after.id),
    reshared.flatMap((one) => one.shares ?? []),
  );
  await recordAll(cx, merged.map(entryOf));
}

function entryOf({ before, after, shares }: Merged) {
  const facts = describe(after);
  const agreed = shares?.map((one) => describeShare({ partnership: { name: one.partnershipName }, terms: one }));
  const data = {
    imported: true,
    ...facts,
    ...(agreed && { shares: agreed }),
    ...(before && { before: describe(before) }),
  };
  return { event: before ? "payment.edited" : "payment.created", subject: after.id, data };
}

function describe(payment: Payment) {
  return {
    item: payment.item,
    amount: toDecimal(payment.list),
    currency: payment.list.currency,
    discount: toDecimal(payment.discount),
    due: payment.dueDate.toString(),
  };
}
