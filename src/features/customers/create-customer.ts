import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { type Customer, type CustomerInput, customerFields, fullName } from "#features/customers/customer.ts";
import { type CustomerColumn, type CustomerRow, hasName, readCustomerRow } from "#features/customers/customer-row.ts";
import { insertCustomers, isTaken } from "#features/customers/customer-store.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import { assertNoProblems, Cells } from "#kernel/cells.ts";
import { isId, newId } from "#kernel/ids.ts";
import { keyReused } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * What was typed of a customer, as text. `partnership` is an id or empty. `key` is an id that the form was given when
 * it was drawn, so that a form sent twice makes one customer.
 */
export type CustomerText = Omit<CustomerRow, "partnership_external_id" | "payer_email"> & {
  readonly partnership?: string;
  readonly key?: string;
};

/**
 * Creates a customer. Throws `form.invalid` with the words for each field, and `idempotency.key-reused` where the key
 * stands for a customer of other content.
 */
export async function createCustomer(cx: Cx, _may: Permit<"customers.write">, text: CustomerText): Promise<Customer> {
  const id = isId("cus", text.key) ? text.key : newId("cus", cx.now, cx.random);
  const input = await checkCustomer(cx, text, id);
  const customer: Customer = {
    ...input,
    id,
    name: fullName(input.givenName, input.familyName),
    createdAt: cx.now,
    updatedAt: cx.now,
  };
  const fresh = await insertCustomers(cx, [customer]);
  if (!fresh.has(id)) {
    const stored = await readCustomer(cx, id);
    if (customerFields.some((field) => stored[field] !== customer[field])) throw keyReused();
    return stored;
  }
  record(cx, {
    event: "customer.created",
    subject: id,
    data: { name: customer.name, email: customer.email ?? null },
  });
  return customer;
}

/** Checks what was typed by the rules that files are read by, too. Throws `form.invalid`. */
export async function checkCustomer(cx: Cx, text: CustomerText, id: string): Promise<CustomerInput> {
  const cells = new Cells<CustomerColumn>(text);
  const read = readCustomerRow(cells);
  const { givenName = "", familyName = "", externalId = "" } = read;
  const has = (column: CustomerColumn) => cells.problems.some((one) => one.column === column);
  if (!hasName(givenName, familyName) && !has("given_name") && !has("family_name")) {
    cells.refuse("family_name", "Write a name.");
  }
  if (externalId !== "" && (await isTaken(cx, externalId, id))) {
    cells.refuse("external_id", "Another customer has this reference.");
  }
  const partnership = text.partnership ?? "";
  const partners = partnership === "" ? undefined : await partnershipsByIds(cx, [partnership]);
  const problems = [...cells.problems];
  if (partners && !partners.has(partnership)) {
    problems.push({ column: "partnership", reason: "Choose a partner from the list.", value: "" });
  }
  assertNoProblems(problems);
  return {
    externalId: externalId === "" ? undefined : externalId,
    givenName,
    familyName,
    email: read.email ?? undefined,
    phone: read.phone ?? "",
    language: read.language ?? "en-AU",
    timeZone: read.timeZone ?? cx.institution.timeZone,
    partnershipId: partnership === "" ? undefined : (partnership as PartnershipId),
  };
}
