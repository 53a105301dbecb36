import type { CustomerId } from "#access/principal.ts";
import type { PaymentEdit } from "#features/payments/edit-payment.ts";
import {
  mostInstalments,
  type PaymentInput,
  type PlanInput,
  rhythms,
  type ShareChoice,
} from "#features/payments/payment-input.ts";
import { longest } from "#features/payments/payment-row.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { type Currency, money } from "#kernel/money.ts";
import { cleanText } from "#kernel/text.ts";

/** Lines for partners' shares on the form. */
export const shareLines = [1, 2, 3] as const;

const names = [
  "item",
  "kind",
  "amount",
  "currency",
  "due_date",
  "count",
  "every",
  "note",
  "allow_part",
  "discount",
  "discount_reason",
  "key",
  "version",
] as const;

/** Every field of the form of a payment. */
export const paymentFields = [
  ...names,
  ...shareLines.flatMap((line) => [`partner_${line}`, `percent_${line}`] as const),
] as const;

type Field = (typeof paymentFields)[number];
export type PaymentTyped = Readonly<Partial<Record<Field, string | undefined>>>;

/** A form in which a field that was not sent counts as empty. */
function cellsOf(typed: PaymentTyped): Cells<Field> {
  return new Cells(Object.fromEntries(paymentFields.map((name) => [name, typed[name] ?? ""])) as Record<Field, string>);
}

/** What was typed for a new payment or plan. Throws `form.invalid` with the words for each field. */
export function readNew(typed: PaymentTyped, customer: CustomerId): PaymentInput | PlanInput {
  const cells = cellsOf(typed);
  const plan = cells.raw("kind") === "plan";
  const common = readCommon(cells);
  const currency = cells.currency("currency");
  const amount = currency && cells.amount("amount", currency, 1n);
  const date = cells.date("due_date");
  const discount = currency && cells.amount("discount", currency, 0n);
  const count = plan ? readCount(cells) : undefined;
  const every = plan ? cells.oneOf("every", rhythms) : undefined;
  assertNoProblems(cells.problems);
  const { item, note, allowPart, discountReason, shares } = common;
  const key = cells.raw("key");
  const input = { customer, item, note, allowPart, discountReason, shares, key };
  // Without a problem every reader has answered.
  if (!amount || !date || !discount) throw new Error("A form without problems has all its values");
  if (!plan) return { ...input, list: amount, discount, dueDate: date };
  return { ...input, total: amount, discount, count: count ?? 0, every: every ?? "month", first: date };
}

/** What was typed over a stored payment. `mayDiscount` false leaves the discount as it is. */
export function readEdit(typed: PaymentTyped, currency: Currency, mayDiscount: boolean): PaymentEdit {
  const cells = cellsOf(typed);
  const { item, note, allowPart, discountReason, shares } = readCommon(cells);
  const list = cells.amount("amount", currency, 1n) ?? money(1n, currency);
  const dueDate = cells.date("due_date");
  const discount = mayDiscount ? cells.amount("discount", currency, 0n) : undefined;
  assertNoProblems(cells.problems);
  if (!dueDate) throw new Error("A form without problems has all its values");
  const version = cells.raw("version");
  return { item, note, list, dueDate, allowPart, discount, discountReason, shares, ...(version !== "" && { version }) };
}

function readCommon(cells: Cells<Field>) {
  const note = cells.raw("note");
  if (note.length > longest.note)
    cells.refuse("note", `Write at most ${longest.note} characters; this has ${note.length}.`);
  return {
    item: cells.line("item", longest.item, "Write what it is for, as the customer is to read it.") ?? "",
    note: cleanText(note.slice(0, longest.note)),
    allowPart: cells.raw("allow_part") === "on",
    discountReason: cells.line("discount_reason", longest.reason) ?? "",
    shares: shareLines.flatMap((line) => readShare(cells, line)),
  };
}

function readShare(cells: Cells<Field>, line: (typeof shareLines)[number]): ShareChoice[] {
  const partnershipId = cells.raw(`partner_${line}`);
  const percent = cells.raw(`percent_${line}`);
  if (partnershipId === "" && percent === "") return [];
  if (partnershipId === "") cells.refuse(`partner_${line}`, "Choose whose share it is, or leave the percentage empty.");
  const rateBps = cells.percent(`percent_${line}`, 1);
  return rateBps === undefined ? [] : [{ partnershipId, rateBps }];
}

function readCount(cells: Cells<Field>): number | undefined {
  const text = cells.raw("count");
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count >= 2 && count <= mostInstalments) return count;
  return cells.refuse("count", `Write a number from 2 to ${mostInstalments}.`);
}
