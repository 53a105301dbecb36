import { fullName, longest } from "#features/customers/customer.ts";
import type { Cells, ColumnSpec, Row } from "#kernel/cells.ts";
import { isTimeZone } from "#kernel/time.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";

export type CustomerColumn =
  | "external_id"
  | "given_name"
  | "family_name"
  | "email"
  | "phone"
  | "language"
  | "time_zone"
  | "partnership_external_id"
  | "payer_email";

/** A customer as text: a row of a file, or what was typed into the form. */
export type CustomerRow = Row<CustomerColumn>;

export const customerColumns: readonly (ColumnSpec & { readonly name: CustomerColumn })[] = [
  { name: "external_id", label: "Reference", required: true, hint: "Your own reference of the customer, like C00001" },
  { name: "given_name", label: "Given name", required: false, hint: "At least one of the two names" },
  { name: "family_name", label: "Family name", required: false, hint: "At least one of the two names" },
  { name: "email", label: "E-mail", required: false, hint: "The address the customer signs in with" },
  { name: "phone", label: "Phone", required: false, hint: "Like +61 444 785 794" },
  { name: "language", label: "Language", required: false, hint: Object.keys(customerLanguages).join(", ") },
  { name: "time_zone", label: "Time zone", required: false, hint: "Like Australia/Sydney" },
  { name: "partnership_external_id", label: "Partner's reference", required: false, hint: "Like P001" },
  {
    name: "payer_email",
    label: "Payer's e-mail",
    required: false,
    hint: "Somebody else who may see and pay, like a parent",
  },
];

/** What a row says of a customer; undefined = not in the row. */
export type CustomerCells = {
  readonly externalId?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly email?: string | null;
  readonly phone?: string;
  readonly language?: string;
  readonly timeZone?: string;
  readonly partner?: string;
  readonly payerEmail?: string;
};

/**
 * Reads one row or form; what is wrong is in `cells.problems`. The rules of a customer's fields stand here and
 * nowhere else.
 */
export function readCustomerRow(cells: Cells<CustomerColumn>): CustomerCells {
  const externalId = cells.line("external_id", longest.externalId);
  const givenName = cells.line("given_name", longest.name);
  const familyName = cells.line("family_name", longest.name);
  if (cells.has("given_name") && cells.has("family_name") && givenName === "" && familyName === "") {
    cells.refuse("family_name", "Write a name.");
  }
  const email = cells.email("email");
  const phone = cells.line("phone", longest.phone);
  const language = cells.raw("language") === "" ? undefined : readLanguage(cells);
  const timeZone = cells.raw("time_zone") === "" ? undefined : readTimeZone(cells);
  const partner = cells.line("partnership_external_id", longest.externalId);
  const payer = cells.email("payer_email");
  return {
    ...(externalId !== undefined && { externalId }),
    ...(givenName !== undefined && { givenName }),
    ...(familyName !== undefined && { familyName }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(language !== undefined && { language }),
    ...(timeZone !== undefined && { timeZone }),
    ...(partner !== undefined && { partner }),
    // Whose own address it is needs no second grant.
    ...(payer && payer !== email && { payerEmail: payer }),
  };
}

function readLanguage(cells: Cells<CustomerColumn>): string | undefined {
  const asked = cells.raw("language").toLowerCase();
  const known = Object.keys(customerLanguages);
  const found = known.find((tag) => tag.toLowerCase() === asked);
  return found ?? cells.refuse("language", `Write one of: ${known.join(", ")}.`);
}

function readTimeZone(cells: Cells<CustomerColumn>): string | undefined {
  const zone = cells.raw("time_zone");
  const words = "Write a time zone by its place, like Australia/Sydney.";
  return zone.length <= 64 && isTimeZone(zone) ? zone : cells.refuse("time_zone", words);
}

/** Whether the two names together say who it is. */
export function hasName(givenName: string, familyName: string): boolean {
  return fullName(givenName, familyName) !== "";
}
