import type { Mapping } from "./import.ts";

/** Other words under which old systems and people hand over our columns, beside the name and the label. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  external_id: [
    "id",
    "reference",
    "ref",
    "code",
    "number",
    "external reference",
    "their id",
    "customer id",
    "customer number",
    "student id",
    "student number",
    "partnership id",
    "partner id",
    "agent id",
    "payment id",
    "payment reference",
    "invoice number",
  ],
  given_name: ["first name", "forename", "christian name", "given", "given names", "first names"],
  family_name: ["last name", "surname", "family", "family names", "last names"],
  email: ["e-mail", "mail", "email address", "e-mail address", "student email", "customer email"],
  phone: ["telephone", "mobile", "phone number", "tel", "mobile number", "cell"],
  language: ["lang", "locale", "preferred language"],
  time_zone: ["timezone", "tz", "zone"],
  partnership_external_id: [
    "partnership id",
    "partner",
    "partner id",
    "agent",
    "agent id",
    "school id",
    "agent code",
    "partner code",
  ],
  payer_email: ["payer", "payer e-mail", "parent email", "guardian email", "paid by"],
  customer_external_id: ["customer", "customer id", "customer number", "student", "student id", "student number"],
  item: ["description", "what for", "fee", "product", "item name", "details", "title"],
  amount: ["list amount", "price", "total", "sum", "fee amount", "gross", "amount due"],
  currency: ["currency code", "iso currency", "ccy"],
  due_date: ["due", "due on", "date due", "date", "pay by", "deadline"],
  share_percent: ["share", "commission", "commission percent", "share rate", "partner share", "commission rate"],
  discount: ["discount amount", "reduction", "rebate", "less"],
  name: ["full name", "display name", "contact name", "partnership name", "partner name", "agent name", "trading name"],
  kind: ["type", "partner type", "category"],
  legal_name: ["legal entity", "company", "company name", "registered name"],
  tax_id: ["tax number", "abn", "vat number", "gst number", "vat id", "ein", "tax registration"],
  tax_registered: ["gst registered", "vat registered", "registered for tax", "registered for gst"],
  commission_percent: ["commission", "commission rate", "commission %", "share", "share percent", "rate"],
  commission_tax: ["commission tax mode", "tax mode", "tax", "gst", "gst mode"],
  rights: ["access", "permissions", "roles", "may"],
};

type Column = { readonly name: string; readonly label: string };

/**
 * Finds our columns in the headings of a file: by name or label, then by other words for the same, then by a slip of
 * the keyboard ("ammount"). A heading feeds one column only, the one that fits best.
 */
export function matchColumns(columns: readonly Column[], headers: readonly string[]): Mapping {
  const mapping: Record<string, number> = {};
  const taken = new Set<number>();
  const keys = headers.map(plain);
  const claim = (column: Column, fits: (key: string) => boolean): void => {
    if (mapping[column.name] !== undefined) return;
    const index = keys.findIndex((key, at) => key !== "" && !taken.has(at) && fits(key));
    if (index < 0) return;
    mapping[column.name] = index;
    taken.add(index);
  };
  for (const column of columns) claim(column, (key) => key === plain(column.name));
  for (const column of columns) claim(column, (key) => key === plain(column.label));
  for (const column of columns) {
    const words = (otherWords[column.name] ?? []).map(plain);
    claim(column, (key) => words.includes(key));
  }
  for (const column of columns)
    claim(column, (key) => isSlip(key, plain(column.name)) || isSlip(key, plain(column.label)));
  return mapping;
}

/** Letters and digits only, without case and accents: "E-Mail Address" and "email_address" are the same. */
function plain(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}%]/gu, "")
    .replaceAll("%", "percent");
}

/**
 * Whether two words differ by one slip: a letter too many, too few, wrong, or two that changed places. Short words
 * never.
 */
function isSlip(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.min(a.length, b.length) < 5 || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}
