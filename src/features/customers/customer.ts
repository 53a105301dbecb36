import type { CustomerId } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Instant } from "#kernel/time.ts";

/** Who owes and pays. Without an address it can't sign in, and is helped by the public payment list instead (C1). */
export type Customer = {
  readonly id: CustomerId;
  readonly externalId: string | undefined;
  readonly givenName: string;
  readonly familyName: string;
  /** Given name first, as letters and pages address a person. */
  readonly name: string;
  readonly email: string | undefined;
  readonly phone: string;
  readonly language: string;
  readonly timeZone: string;
  readonly partnershipId: PartnershipId | undefined;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** What staff may write of a customer. Empty `email` and `partnershipId` are undefined. */
export type CustomerInput = Pick<
  Customer,
  "externalId" | "givenName" | "familyName" | "email" | "phone" | "language" | "timeZone" | "partnershipId"
>;

/** The fields that count as a change. */
export const customerFields = [
  "externalId",
  "givenName",
  "familyName",
  "email",
  "phone",
  "language",
  "timeZone",
  "partnershipId",
] as const satisfies readonly (keyof CustomerInput)[];

/** Longest texts, in characters; the same for forms and files. */
export const longest = { name: 200, externalId: 64, phone: 40 } as const;

/** The name of a person as one text. */
export function fullName(givenName: string, familyName: string): string {
  return `${givenName} ${familyName}`.trim();
}

/** What differs, by field, as the audit log keeps it. */
export function changesOf(before: CustomerInput, after: CustomerInput): Record<string, { from: unknown; to: unknown }> {
  const changed = customerFields.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(changed.map((field) => [field, { from: before[field] ?? null, to: after[field] ?? null }]));
}
