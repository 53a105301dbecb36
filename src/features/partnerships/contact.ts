import { type ContactId, type ContactRight, contactRights } from "#access/principal.ts";
import { type PartnershipId, rightWords } from "#features/partnerships/partnership.ts";
import { assertNoProblems, Cells, type Row } from "#kernel/cells.ts";
import type { Instant } from "#kernel/time.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";

/** A contact with its access, as staff keep it. Who was removed has `removedAt`, and no access by that alone. */
export type ContactAccess = {
  readonly id: ContactId;
  readonly partnershipId: PartnershipId;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  /** Empty: the institution's. */
  readonly language: string;
  readonly rights: readonly ContactRight[];
  readonly accessOn: boolean;
  readonly removedAt: Instant | undefined;
  readonly lastSeenAt: Instant | undefined;
  readonly updatedAt: Instant;
};

/** What staff write of a contact. Everybody may view; the rest is given one by one. */
export type ContactInput = Pick<ContactAccess, "name" | "email" | "phone" | "language" | "rights">;

type Column = "name" | "email" | "phone" | "language";
export type ContactText = Row<Column> & { readonly rights: readonly string[] };

/** Reads what was typed by the rules that files are read by, too. Throws `form.invalid` with the words a field. */
export function checkContact(text: ContactText, isTaken: (email: string) => string | undefined): ContactInput {
  const { rights, ...typed } = text;
  const cells = new Cells<Column>(typed);
  const name = cells.line("name", 200, "Write the person’s name.") ?? "";
  const phone = cells.line("phone", 40) ?? "";
  const email = cells.email("email") ?? "";
  const said = cells.problems.some((one) => one.column === "email");
  if (email === "" && !said) cells.refuse("email", "Write the e-mail address the person signs in with.");
  const taken = email === "" ? undefined : isTaken(email);
  if (taken !== undefined) cells.refuse("email", taken);
  const language = typed.language ?? "";
  if (language !== "" && !Object.hasOwn(customerLanguages, language)) {
    cells.refuse("language", "Choose a language from the list.");
  }
  assertNoProblems(cells.problems);
  const given = contactRights.filter((right) => right === "view" || rights.includes(right));
  return { name, email, phone, language, rights: given };
}

/** The rights as the audit log keeps them: who had the one for bank details until lately hears of their changes. */
export function rightsInWords(rights: readonly ContactRight[]): string {
  return rights.map((right) => rightWords[right]).join(", ");
}

/** What differs, by field, in words, as the audit log keeps it. */
export function contactChanges(before: ContactAccess, after: ContactAccess) {
  const shown = (one: ContactAccess): Readonly<Record<string, string>> => ({
    name: one.name,
    email: one.email,
    phone: one.phone,
    language: one.language,
    rights: rightsInWords(one.rights),
    access: one.accessOn ? "on" : "off",
  });
  const [from, to] = [shown(before), shown(after)];
  const changed = Object.keys(from).filter((field) => from[field] !== to[field]);
  return Object.fromEntries(changed.map((field) => [field, { from: from[field], to: to[field] }]));
}
