import type { Staff } from "#access/principal.ts";
import { contactRights } from "#access/principal.ts";
import type { ContactView } from "#features/partnerships/contact-views.ts";
import { type Partnership, rightWords } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { customerLanguages, localeNames } from "#platform/i18n/locales.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { Choices, Select, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { AccessChip, lastSeen, SignInPage } from "./contacts-card.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  partnership: Partnership;
  /** What is stored; undefined for a new one. */
  contact: ContactView | undefined;
  /** Hidden fields: the key of a new one, the version of a stored one. */
  hidden: Readonly<Record<string, string>>;
};

const spoken = Object.values(localeNames).join(" and ");
const languages = Object.entries(customerLanguages).map(([value, label]) => ({ value, label }));
const rightHints = {
  view: "Sees everything that concerns the partner. Every contact may.",
  pay: "Pays invoices that you raise on the partner.",
  bank_details: "Proposes where the partner is paid. You review each change.",
} as const;

function crumbsOf(partnership: Partnership) {
  return [
    { href: "/staff/partnerships", label: "Partnerships" },
    { href: `/staff/partnerships/${partnership.id}`, label: partnership.name },
  ];
}

/** A contact of a partner: a new one, or a stored one with its access. */
export function ContactPage(props: Props) {
  const { ui, staff, form, partnership, contact } = props;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={contact ? contact.name : "Add a contact"}
      lead={
        contact
          ? `Contact of ${partnership.name}`
          : "Access to the partner portal is given at once, and a mail says so."
      }
      crumbs={crumbsOf(partnership)}
      problems={form.problems}
      done={{
        added: "The contact has access.",
        saved: "Saved.",
        on: "Access is on again.",
        off: "Access is off. What was open has ended.",
      }}
    >
      {contact && <AlsoCustomersNotice contact={contact} />}
      <ContactForm {...props} />
      {contact && <Access ui={ui} partnership={partnership} contact={contact} />}
    </StaffPage>
  );
}

function AlsoCustomersNotice({ contact }: { contact: ContactView }) {
  if (contact.alsoCustomers.length === 0) return null;
  return (
    <Notice tone="warn" title="This address is a customer’s, too">
      <p>
        Mail for the partner and for{" "}
        {contact.alsoCustomers.slice(0, 3).map(({ id, name }, index) => (
          <>
            {index > 0 && ", "}
            <a href={`/staff/customers/${id}`}>
              <bdi>{name}</bdi>
            </a>
          </>
        ))}{" "}
        reaches the same inbox, and whoever reads it can sign in to both portals. Check that this is one person.
      </p>
    </Notice>
  );
}

/** Every contact may view: a box that can't be taken off is not sent, and is on again when the form comes back. */
function withView(form: FormState): FormState {
  const { rights } = form.values ?? {};
  if (form.values === undefined) return form;
  const kept = typeof rights === "string" ? [rights] : (rights ?? []);
  return { ...form, values: { ...form.values, rights: ["view", ...kept] } };
}

function ContactForm({ form: sent, partnership, contact, hidden }: Props) {
  const form = withView(sent);
  const home = `/staff/partnerships/${partnership.id}`;
  return (
    <Card label="Contact" pad>
      <Form action={contact ? `${home}/contacts/${contact.id}` : `${home}/contacts/new`} hidden={hidden}>
        <TextField form={form} name="name" label="Name" value={contact?.name} autocomplete="off" />
        <TextField
          form={form}
          name="email"
          label="E-mail"
          type="email"
          hint={
            contact
              ? "A new address ends what is open with the old one."
              : "The person signs in with it, by a mailed link."
          }
          value={contact?.email}
          autocomplete="off"
        />
        <TextField
          form={form}
          name="phone"
          label="Phone"
          type="tel"
          optional
          value={contact?.phone}
          autocomplete="off"
        />
        <Select
          form={form}
          name="language"
          label="Language"
          optional
          hint={`Of mails and of the portal, which so far speak ${spoken}; in any other they are English.`}
          value={contact?.language ?? ""}
          placeholder="Your institution’s"
          options={languages}
        />
        <Choices
          form={form}
          name="rights"
          legend="May"
          kind="checkbox"
          chosen={contact?.rights ?? ["view", "pay"]}
          options={contactRights.map((right) => ({
            value: right,
            label: rightWords[right],
            hint: rightHints[right],
            disabled: right === "view",
          }))}
        />
        <Actions>
          <Button kind="primary">{contact ? t("form.save") : "Add the contact"}</Button>
          <LinkButton kind="ghost" href={home}>
            {t("form.cancel")}
          </LinkButton>
        </Actions>
      </Form>
    </Card>
  );
}

function Access({ ui, partnership, contact }: { ui: Ui; partnership: Partnership; contact: ContactView }) {
  const home = `/staff/partnerships/${partnership.id}/contacts/${contact.id}`;
  return (
    <Card title="Portal access">
      <Facts
        facts={[
          ["Access", <AccessChip on={contact.accessOn} />],
          ["Last seen", lastSeen(contact, ui)],
        ]}
      />
      <div class="pad stack">
        <SignInPage origin={ui.origin} email={contact.email} />
        <Actions>
          <form method="post" action={`${home}/access`}>
            <input type="hidden" name="access" value={contact.accessOn ? "off" : "on"} />
            <Button icon={contact.accessOn ? "player-pause" : "check"}>
              {contact.accessOn ? "Switch access off" : "Switch access on"}
            </Button>
          </form>
          <LinkButton kind="danger" icon="trash" href={`${home}/remove`}>
            Remove this contact
          </LinkButton>
        </Actions>
      </div>
    </Card>
  );
}

type RemoveProps = { ui: Ui; staff: Staff; partnership: Partnership; contact: ContactView; isLast: boolean };

/** What removing does, before it is done. */
export function RemoveContactPage({ ui, staff, partnership, contact, isLast }: RemoveProps) {
  const home = `/staff/partnerships/${partnership.id}/contacts/${contact.id}`;
  return (
    <StaffPage ui={ui} staff={staff} title={`Remove ${contact.name}?`} crumbs={crumbsOf(partnership)}>
      {isLast && (
        <Notice tone="warn" title="This is the last contact with access">
          <p>
            With it removed, open payouts of <bdi>{partnership.name}</bdi> are put on hold, and nobody can sign in for
            it, until you add another.
          </p>
        </Notice>
      )}
      <Card label="Remove" pad>
        <div class="stack">
          <p>
            <bdi>{contact.name}</bdi> (<bdi dir="ltr">{contact.email}</bdi>) is signed out everywhere and can’t open the
            partner portal any more. What was done is kept in the log; the same address can be added again later.
          </p>
          <Form action={`${home}/remove`}>
            <Actions>
              <Button kind="danger-primary" icon="trash">
                Remove the contact
              </Button>
              <LinkButton kind="ghost" href={home}>
                {t("form.cancel")}
              </LinkButton>
            </Actions>
          </Form>
        </div>
      </Card>
    </StaffPage>
  );
}
