import { sql } from "kysely";
import type { Permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { openTransfersIn } from "#features/checkouts/attempt-store.ts";
import { type Attempt, chargedFor } from "#features/checkouts/checkout.ts";
import { readCheckoutRow } from "#features/checkouts/checkout-store.ts";
import { distanceTo, spacedReference } from "#features/checkouts/reference.ts";
import type { ReceivedView } from "#features/money-in/received-views.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Cx } from "#platform/tx.ts";

/** Somebody whose money it might be, and why we think so. Never acted on without a person. */
export type Suggestion = {
  readonly customer: CustomerId;
  readonly name: string;
  readonly reference: string;
  readonly because: readonly ("reference" | "amount" | "name")[];
};

/** A reference with more wrong signs than this is not worth showing. */
const mostWrongSigns = 2;

/** Customers who announced a transfer that this money looks like, the likeliest first; five at most. */
export async function suggestionsFor(
  cx: Cx,
  _may: Permit<"receipts.match">,
  money: Pick<ReceivedView, "amount" | "reference" | "payerName">,
): Promise<Suggestion[]> {
  const attempts = await openTransfersIn(cx, money.amount.currency);
  const names = await namesOf(
    cx,
    attempts.map((attempt) => attempt.customer),
  );
  const found = attempts
    .map((attempt) => suggest(attempt, names.get(attempt.customer) ?? "", money))
    .filter((suggestion) => suggestion.because.length > 0)
    .sort((a, b) => weightOf(b) - weightOf(a));
  const seen = new Set<CustomerId>();
  return found.filter(({ customer }) => !seen.has(customer) && seen.add(customer)).slice(0, 5);
}

function suggest(
  attempt: Attempt,
  name: string,
  money: Pick<ReceivedView, "amount" | "reference" | "payerName">,
): Suggestion {
  const because: Suggestion["because"][number][] = [];
  if (distanceTo(attempt.reference, money.reference) <= mostWrongSigns) because.push("reference");
  if (chargedFor(attempt).minor === money.amount.minor) because.push("amount");
  if (name !== "" && plain(name) === plain(money.payerName)) because.push("name");
  return { customer: attempt.customer, name, reference: spacedReference(attempt.reference), because };
}

function weightOf(suggestion: Suggestion): number {
  const weights = { reference: 4, name: 2, amount: 1 } as const;
  return suggestion.because.reduce((sum, reason) => sum + weights[reason], 0);
}

function plain(name: string): string {
  return name.toLowerCase().split(/\s+/).filter(Boolean).sort().join(" ");
}

/** The payments that a customer announced with the transfer this money looks like; empty when none does. */
export async function announcedPayments(
  cx: Cx,
  _may: Permit<"receipts.match">,
  customer: CustomerId,
  money: Pick<ReceivedView, "amount" | "reference" | "payerName">,
): Promise<PaymentId[]> {
  const attempts = (await openTransfersIn(cx, money.amount.currency)).filter((one) => one.customer === customer);
  const [likeliest] = attempts
    .map((attempt) => ({ attempt, weight: weightOf(suggest(attempt, "", money)) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const checkout = likeliest && (await readCheckoutRow(cx, likeliest.attempt.checkout));
  return checkout ? checkout.items.map((item) => item.payment) : [];
}

type Named = { id: CustomerId; name: string };

async function namesOf(cx: Cx, ids: readonly CustomerId[]): Promise<Map<CustomerId, string>> {
  const { rows } = await sql<Named>`select id, btrim(given_name || ' ' || family_name) as name from app.customer
    where institution_id = ${cx.institution.id} and id = any(${[...new Set(ids)]})`.execute(cx.db);
  return new Map(rows.map((row) => [row.id, row.name]));
}

export type FoundCustomer = Named & { readonly email: string; readonly externalId: string };

/** Customers whose name, address or reference holds what was typed; ten at most. */
export async function findCustomers(cx: Cx, _may: Permit<"receipts.match">, typed: string): Promise<FoundCustomer[]> {
  const words = typed.trim().slice(0, 100);
  if (words === "") return [];
  const like = `%${words.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const { rows } = await sql<FoundCustomer>`select id, btrim(given_name || ' ' || family_name) as name,
           coalesce(email, '') as email, coalesce(external_id, '') as "externalId"
      from app.customer where institution_id = ${cx.institution.id}
       and (given_name || ' ' || family_name ilike ${like} or family_name || ' ' || given_name ilike ${like}
            or email ilike ${like} or external_id ilike ${like})
     order by lower(family_name || ' ' || given_name) collate "C", id limit 10`.execute(cx.db);
  return rows;
}
