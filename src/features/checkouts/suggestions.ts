import { sql } from "kysely";
import type { Permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { openTransfersIn } from "#features/checkouts/attempt-store.ts";
import { type Attempt, chargedFor } from "#features/checkouts/checkout.ts";
import { readCheckoutRow, readInvoiceCheckoutRow } from "#features/checkouts/checkout-store.ts";
import { distanceTo, spacedReference } from "#features/checkouts/reference.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import type { PayerId } from "#features/money-in/payer.ts";
import type { ReceivedView } from "#features/money-in/received-views.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Cx } from "#platform/tx.ts";

/** Somebody whose money it might be, and why we think so. Never acted on without a person. */
export type Suggestion = {
  readonly payer: PayerId;
  readonly name: string;
  readonly reference: string;
  readonly because: readonly ("reference" | "amount" | "name")[];
};

/** A reference with more wrong signs than this is not worth showing. */
const mostWrongSigns = 2;

/** Customers and partners who announced a transfer that this money looks like, the likeliest first; five at most. */
export async function suggestionsFor(
  cx: Cx,
  _may: Permit<"receipts.match">,
  money: Pick<ReceivedView, "amount" | "reference" | "payerName">,
): Promise<Suggestion[]> {
  const attempts = await openTransfersIn(cx, money.amount.currency);
  const names = await namesOf(
    cx,
    attempts.map((attempt) => attempt.payer),
  );
  const found = attempts
    .map((attempt) => suggest(attempt, names.get(attempt.payer) ?? "", money))
    .filter((suggestion) => suggestion.because.length > 0)
    .sort((a, b) => weightOf(b) - weightOf(a));
  const seen = new Set<PayerId>();
  return found.filter(({ payer }) => !seen.has(payer) && seen.add(payer)).slice(0, 5);
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
  return { payer: attempt.payer, name, reference: spacedReference(attempt.reference), because };
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
  const likeliest = await likeliestOf(cx, customer, money);
  const checkout = likeliest && (await readCheckoutRow(cx, likeliest.checkout));
  return checkout ? checkout.items.map((item) => item.payment) : [];
}

/** The invoices that a partner announced with the transfer this money looks like; empty when none does. */
export async function announcedInvoices(
  cx: Cx,
  _may: Permit<"receipts.match">,
  partnership: PartnershipId,
  money: Pick<ReceivedView, "amount" | "reference" | "payerName">,
): Promise<InvoiceId[]> {
  const likeliest = await likeliestOf(cx, partnership, money);
  const checkout = likeliest && (await readInvoiceCheckoutRow(cx, likeliest.checkout));
  return checkout ? checkout.invoices.map((item) => item.invoice) : [];
}

async function likeliestOf(
  cx: Cx,
  payer: PayerId,
  money: Pick<ReceivedView, "amount" | "reference" | "payerName">,
): Promise<Attempt | undefined> {
  const attempts = (await openTransfersIn(cx, money.amount.currency)).filter((one) => one.payer === payer);
  const [likeliest] = attempts
    .map((attempt) => ({ attempt, weight: weightOf(suggest(attempt, "", money)) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return likeliest?.attempt;
}

type Named = { id: CustomerId; name: string };

async function namesOf(cx: Cx, payers: readonly PayerId[]): Promise<Map<PayerId, string>> {
  const ids = [...new Set(payers)];
  const { rows } = await sql<{ id: PayerId; name: string }>`
    select id, btrim(given_name || ' ' || family_name) as name from app.customer
     where institution_id = ${cx.institution.id} and id = any(${ids})
    union all
    select id, name from app.partnership
     where institution_id = ${cx.institution.id} and id = any(${ids})`.execute(cx.db);
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

export type FoundPartner = { readonly id: PartnershipId; readonly name: string; readonly externalId: string };

/** Partners whose name or reference holds what was typed; ten at most. */
export async function findPartners(cx: Cx, _may: Permit<"receipts.match">, typed: string): Promise<FoundPartner[]> {
  const words = typed.trim().slice(0, 100);
  if (words === "") return [];
  const like = `%${words.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const { rows } = await sql<FoundPartner>`select id, name, coalesce(external_id, '') as "externalId"
      from app.partnership where institution_id = ${cx.institution.id}
       and (name ilike ${like} or legal_name ilike ${like} or external_id ilike ${like})
     order by lower(name) collate "C", id limit 10`.execute(cx.db);
  return rows;
}
