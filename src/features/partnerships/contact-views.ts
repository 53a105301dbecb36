import type { Permit } from "#access/permit.ts";
import type { ContactAccess } from "#features/partnerships/contact.ts";
import { selectContactAccess, selectCustomersAt } from "#features/partnerships/contact-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** A contact as staff see it: with the customers that go by the same address, since mail to it reaches both. */
export type ContactView = ContactAccess & {
  readonly alsoCustomers: readonly { readonly id: string; readonly name: string }[];
};

/** The contacts of a partnership, by name, without those that were removed. */
export async function contactAccess(
  cx: Cx,
  _may: Permit<"partnerships.read"> | Permit<"partnerships.write">,
  partnership: PartnershipId,
): Promise<readonly ContactView[]> {
  const contacts = (await selectContactAccess(cx, partnership)).filter((one) => one.removedAt === undefined);
  if (contacts.length === 0) return [];
  const customers = await selectCustomersAt(
    cx,
    contacts.map((one) => one.email),
  );
  return contacts.map((one) => ({
    ...one,
    alsoCustomers: customers.filter(({ email }) => email === one.email).map(({ id, name }) => ({ id, name })),
  }));
}

/** One contact; throws `not-found` when it is removed, another partnership's, or none. */
export async function readContact(
  cx: Cx,
  may: Permit<"partnerships.write">,
  partnership: PartnershipId,
  id: string,
): Promise<ContactView> {
  const found = (await contactAccess(cx, may, partnership)).find((one) => one.id === id);
  if (!found) throw notFound();
  return found;
}

/** Whether this one is the last who can sign in: without it payouts wait. */
export function isLastWithAccess(contacts: readonly ContactAccess[], id: string): boolean {
  return (
    contacts.some((one) => one.id === id && one.accessOn) && !contacts.some((one) => one.id !== id && one.accessOn)
  );
}
