import { type ContactView, contactAccess } from "#features/partnerships/contact-views.ts";
import { rightWords } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { Actions, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { CopyField } from "#web/ui/copy.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import type { CardAt, PartnershipCard } from "./partnership-card.ts";

function AddButton({ at, primary }: { at: CardAt; primary?: boolean }) {
  if (!can(at.cx.principal, "partnerships.write")) return null;
  return (
    <LinkButton
      href={`/staff/partnerships/${at.partnership.id}/contacts/new`}
      icon="user-plus"
      {...(primary && { kind: "primary" })}
    >
      Add a contact
    </LinkButton>
  );
}

/** Says what is missing where nobody can sign in for the partner, and offers to mend it. */
export const noContactNotice: PartnershipCard = async (at) => {
  const contacts = await contactAccess(at.cx, at.may, at.partnership.id);
  if (contacts.some((one) => one.accessOn)) return null;
  if (contacts.length > 0) {
    return (
      <Notice tone="warn" title="No contact of this partner has access">
        <p>
          Payouts wait, and no contact can sign in to the partner portal, until you switch somebody’s access on again.
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="warn" title="This partner has no contact yet">
      <p>
        No payout can be sent, and no contact can sign in to the partner portal. Add the first one: access is given at
        once, and payouts that wait for it go on by themselves.
      </p>
      <Actions>
        <AddButton at={at} primary />
      </Actions>
    </Notice>
  );
};

/** The partner's own people: who may sign in to its portal, with what rights, and how they get there. */
export const contactsCard: PartnershipCard = async (at) => {
  const contacts = await contactAccess(at.cx, at.may, at.partnership.id);
  if (contacts.length === 0) return null;
  const { ui, cx, partnership } = at;
  const base = can(cx.principal, "partnerships.write") ? `/staff/partnerships/${partnership.id}/contacts` : undefined;
  return (
    <Card title="Customers & portal access" end={<AddButton at={at} />}>
      <Table caption="Contacts of the partner, by name" rows={contacts} columns={columns(ui, base)} />
      <div class="pad">
        <SignInPage origin={ui.origin} email={undefined} />
      </div>
    </Card>
  );
};

/** The partners' sign-in page to send along; with an address it is filled in. */
export function SignInPage({ origin, email }: { origin: string; email: string | undefined }) {
  const path = email === undefined ? "/partner/sign-in" : `/partner/sign-in?email=${encodeURIComponent(email)}`;
  return (
    <div class="stack s">
      <CopyField t={t} id="partner-link" label="Partners’ sign-in page" value={`${origin}${path}`} />
      <div class="row">
        <LinkButton href={path} icon="external-link" target="_blank">
          Open the sign-in page
        </LinkButton>
      </div>
    </div>
  );
}

function columns(ui: Ui, base: string | undefined): readonly Column<ContactView>[] {
  return [
    {
      head: "Name",
      cell: (contact) => (
        <>
          {base === undefined ? (
            <bdi>{contact.name}</bdi>
          ) : (
            <a href={`${base}/${contact.id}`}>
              <bdi>{contact.name}</bdi>
            </a>
          )}
          <Under phoneOnly>{contact.email}</Under>
          <AlsoCustomers contact={contact} />
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
      wideOnly: true,
    },
    { head: "Access", cell: (contact) => <AccessChip on={contact.accessOn} /> },
    { head: "Last seen", cell: (contact) => lastSeen(contact, ui), wideOnly: true },
  ];
}

export function AccessChip({ on }: { on: boolean }) {
  return on ? <Chip tone="ok" icon="check" words="On" /> : <Chip tone="warn" icon="player-pause" words="Off" />;
}

export function lastSeen({ lastSeenAt }: ContactView, ui: Ui): string {
  return lastSeenAt ? t.instant(lastSeenAt, ui.institution.timeZone) : "Never";
}

/** What goes to the address reaches both: a student’s mail read by the agent, or the reverse. */
export function AlsoCustomers({ contact }: { contact: ContactView }) {
  const [first, ...others] = contact.alsoCustomers;
  if (!first) return null;
  return (
    <Under>
      The same address as customer{" "}
      <a href={`/staff/customers/${first.id}`}>
        <bdi>{first.name}</bdi>
      </a>
      {others.length > 0 && ` and ${t.number(others.length)} more`}
    </Under>
  );
}
