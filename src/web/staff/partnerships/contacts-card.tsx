import { type Contact, rightWords } from "#features/partnerships/partnership.ts";
import { contactsOf } from "#features/partnerships/partnership-views.ts";
import { Card } from "#web/ui/card.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

/** Says what is missing where nobody signs in for the partner. */
export const noContactNotice: PartnershipCard = async ({ cx, partnership }) => {
  const contacts = await contactsOf(cx, partnership.id);
  if (contacts.length > 0) return null;
  return (
    <Notice tone="warn" title="This partner has no contact yet">
      <p>
        At least one contact is needed before a payout can be sent or access to the partner portal given, which a later
        version of Portico brings. Contacts come in with a CSV file of contacts.
      </p>
    </Notice>
  );
};

/** Who signs in for the partner. */
export const contactsCard: PartnershipCard = async ({ cx, partnership }) => {
  const contacts = await contactsOf(cx, partnership.id);
  if (contacts.length === 0) return null;
  return (
    <Card title="Contacts">
      <Table caption="Contacts with access, by name" rows={contacts} columns={columns} />
    </Card>
  );
};

const columns: readonly Column<Contact>[] = [
  {
    head: "Name",
    cell: (contact) => (
      <>
        <bdi>{contact.name}</bdi>
        <Under phoneOnly>{contact.email}</Under>
      </>
    ),
  },
  { head: "E-mail", cell: (contact) => <a href={`mailto:${contact.email}`}>{contact.email}</a>, wideOnly: true },
  { head: "Phone", cell: (contact) => <bdi class="num">{contact.phone || "–"}</bdi>, wideOnly: true },
  {
    head: "May",
    cell: (contact) => (
      <span class="row s">
        {contact.rights.map((right) => (
          <Chip words={rightWords[right]} />
        ))}
      </span>
    ),
  },
];
