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
import { shareKinds } from "#features/payments/shares.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { type Currency, money } from "#kernel/money.ts";
import { cleanText } from "#kernel/text.ts";

/** The most partners that can have a share of one payment, and the lines of the form for them. */
export const mostShares = 6;
export const shareLines = [1, 2, 3, 4, 5, 6] as const;

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
  "rows",
] as const;

/** Every field of the form of a payment. */
export const paymentFields = [
  ...names,
  ...shareLines.flatMap((line) => [`partner_${line}`, `kind_${line}`, `value_${line}`, `of_${line}`] as const),
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
  const currency = cells.currency("currency");
  const common = readCommon(cells, currency);
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
  const { item, note, allowPart, discountReason, shares } = readCommon(cells, currency);
  const list = cells.amount("amount", currency, 1n) ?? money(1n, currency);
  const dueDate = cells.date("due_date");
  const discount = mayDiscount ? cells.amount("discount", currency, 0n) : undefined;
  assertNoProblems(cells.problems);
  if (!dueDate) throw new Error("A form without problems has all its values");
  const version = cells.raw("version");
  return { item, note, list, dueDate, allowPart, discount, discountReason, shares, ...(version !== "" && { version }) };
}

function readCommon(cells: Cells<Field>, currency: Currency | undefined) {
  const note = cells.raw("note");
  if (note.length > longest.note)
    cells.refuse("note", `Write at most ${longest.note} characters; this has ${note.length}.`);
  return {
    item: cells.line("item", longest.item, "Write what it is for, as the customer is to read it.") ?? "",
    note: cleanText(note.slice(0, longest.note)),
    allowPart: cells.raw("allow_part") === "on",
    discountReason: cells.line("discount_reason", longest.reason) ?? "",
    shares: shareLines.flatMap((line) => readShare(cells, line, currency)),
  };
}

type Line = (typeof shareLines)[number];

/** One row; empty where it names nobody and has no value. */
function readShare(cells: Cells<Field>, line: Line, currency: Currency | undefined): ShareChoice[] {
  const partnershipId = cells.raw(`partner_${line}`);
  const value = `value_${line}` as const;
  if (partnershipId === "" && cells.raw(value) === "") return [];
  if (partnershipId === "") cells.refuse(`partner_${line}`, "Choose whose share it is, or leave the row empty.");
  const kind = cells.raw(`kind_${line}`) === "" ? "percent" : cells.oneOf(`kind_${line}`, shareKinds);
  switch (kind) {
    case undefined:
      return [];
    case "flat": {
      const flat = currency && cells.amount(value, currency, 1n);
      return flat ? [{ partnershipId, kind, rateBps: 0, flat }] : [];
    }
    case "remainder": {
      const rateBps = cells.raw(value) === "" ? 0 : cells.percent(value, 0);
      return rateBps === undefined ? [] : [{ partnershipId, kind, rateBps }];
    }
    default: {
      const rateBps = cells.percent(value, 1);
      const of = kind === "percent_of_share" ? cells.raw(`of_${line}`) : undefined;
      if (of === "") cells.refuse(`of_${line}`, "Choose the partner whose share it is a percentage of.");
      return rateBps === undefined ? [] : [{ partnershipId, kind, rateBps, of }];
    }
  }
}

function readCount(cells: Cells<Field>): number | undefined {
  const text = cells.raw("count");
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count >= 2 && count <= mostInstalments) return count;
  return cells.refuse("count", `Write a number from 2 to ${mostInstalments}.`);
}
