import type { Staff } from "#access/principal.ts";
import type { ListedCustomer } from "#features/customers/customer-list.ts";
import { type Contact, kindWords, type Partnership, rightWords } from "#features/partnerships/partnership.ts";
import type { PartnerShare, ShareSums } from "#features/payments/partner-shares.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Card, type Fact, Facts } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Chip } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { SharesCard } from "./shares-card.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  partnership: Partnership;
  contacts: readonly Contact[];
  customers: { readonly rows: readonly ListedCustomer[]; readonly more: boolean };
  shares: { readonly latest: readonly PartnerShare[]; readonly sums: readonly ShareSums[] };
};

/** All that is known of a partner. What is read here is changed by importing the files again, for now. */
export function PartnershipDetailPage({ ui, staff, partnership, contacts, customers, shares }: Props) {
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={partnership.name}
      crumbs={[{ href: "/staff/partnerships", label: "Partnerships" }]}
      beside={<Chip words={kindWords[partnership.kind]} />}
    >
      {contacts.length === 0 && (
        <Notice tone="warn" title="This partner has no contact yet">
          <p>
            At least one contact is needed before a payout can be sent or access to the partner portal given, which a
            later version of Portico brings. Contacts come in with a CSV file of contacts.
          </p>
        </Notice>
      )}
      <Card title="Summary">
        <Facts facts={factsOf(partnership, ui)} />
      </Card>
      {contacts.length > 0 && <ContactsCard contacts={contacts} />}
      <CustomersCard partnership={partnership} customers={customers} />
      <SharesCard shares={shares} />
    </StaffPage>
  );
}

const shareTax = { inclusive: "included in the share", exclusive: "on top of the share" } as const;

function factsOf(one: Partnership, ui: Ui): readonly (Fact | false)[] {
  const { taxName, timeZone } = ui.institution;
  return [
    ["Legal name", <bdi>{one.legalName || "Not known"}</bdi>],
    ["Tax number", <span class="num">{one.taxId || "Not known"}</span>],
    [
      `Registered for ${taxName}`,
      one.taxRegistered ? `Yes: ${taxName} is ${shareTax[one.commissionTax]}` : `No: its shares carry no ${taxName}`,
    ],
    ["Share of new payments", <span class="num">{t.rate(one.commissionBps)}</span>],
    ["Currency", one.currency],
    one.externalId !== undefined && ["Your reference", <bdi class="num">{one.externalId}</bdi>],
    ["Partner since", t.instant(one.createdAt, timeZone, "medium")],
  ];
}

function ContactsCard({ contacts }: { contacts: readonly Contact[] }) {
  return (
    <Card title="Contacts">
      <Table
        caption="Contacts with access, by name"
        rows={contacts}
        columns={[
          {
            head: "Name",
            cell: (contact) => (
              <>
                <bdi>{contact.name}</bdi>
                <Under phoneOnly>{contact.email}</Under>
              </>
            ),
          },
          {
            head: "E-mail",
            cell: (contact) => <a href={`mailto:${contact.email}`}>{contact.email}</a>,
            wideOnly: true,
          },
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
        ]}
      />
    </Card>
  );
}

function CustomersCard({ partnership, customers }: Pick<Props, "partnership" | "customers">) {
  const all = withQuery("/staff/customers", { partnership: partnership.id });
  if (customers.rows.length === 0) {
    return (
      <Card title="Customers referred" pad>
        <p class="dim">No customer came through this partner yet.</p>
      </Card>
    );
  }
  return (
    <Card title="Customers referred" {...(customers.more && { end: <a href={all}>All of them</a> })}>
      <Table
        caption="Customers that this partner referred, by family name"
        rows={customers.rows}
        columns={[
          {
            head: "Name",
            cell: ({ customer }) => (
              <a href={`/staff/customers/${customer.id}`}>
                <bdi>{customer.name}</bdi>
              </a>
            ),
          },
          { head: "E-mail", cell: ({ customer }) => <bdi>{customer.email ?? "–"}</bdi>, wideOnly: true },
          { head: "Owed", cell: ({ owed }) => <Owed owed={owed} />, end: true },
        ]}
      />
    </Card>
  );
}

function Owed({ owed }: Pick<ListedCustomer, "owed">) {
  if (owed.length === 0) return <>–</>;
  return (
    <>
      {owed.map((one) => (
        <div>
          <Money value={one.owed} show="code" />
        </div>
      ))}
    </>
  );
}
