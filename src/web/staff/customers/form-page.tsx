import type { Staff } from "#access/principal.ts";
import type { Customer } from "#features/customers/customer.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Select, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  /** What is stored; undefined for a new one. */
  customer: Customer | undefined;
  partnerships: readonly PartnershipName[];
  /** Hidden fields: the key of a new one, the version of a stored one. */
  hidden: Readonly<Record<string, string>>;
};

const languages = Object.entries(customerLanguages).map(([value, label]) => ({ value, label }));

/** The form of a customer, for a new one and a stored one. */
export function CustomerFormPage({ ui, staff, form, customer, partnerships, hidden }: Props) {
  const home = customer ? `/staff/customers/${customer.id}` : "/staff/customers";
  const crumbs = [{ href: "/staff/customers", label: "Customers" }];
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={customer ? `Edit ${customer.name}` : "Add a customer"}
      crumbs={customer ? [...crumbs, { href: home, label: customer.name }] : crumbs}
      problems={form.problems}
    >
      <Card label="Customer" pad>
        <Form action={customer ? `${home}/edit` : "/staff/customers/new"} hidden={hidden}>
          <Who form={form} customer={customer} />
          <Portal form={form} customer={customer} zone={ui.institution.timeZone} />
          <Select
            form={form}
            name="partnership"
            label="Partner"
            optional
            hint="Who brought this customer. It changes nothing about shares that were agreed."
            value={customer?.partnershipId ?? ""}
            placeholder="No partner"
            options={partnerships.map((one) => ({ value: one.id, label: one.name }))}
          />
          <Actions>
            <Button kind="primary">{customer ? t("form.save") : "Add the customer"}</Button>
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

function Who({ form, customer }: Pick<Props, "form" | "customer">) {
  return (
    <>
      <div class="cols-2">
        <TextField
          form={form}
          name="given_name"
          label="Given name"
          optional
          value={customer?.givenName}
          autocomplete="off"
        />
        <TextField
          form={form}
          name="family_name"
          label="Family name"
          optional
          value={customer?.familyName}
          autocomplete="off"
        />
      </div>
      <TextField
        form={form}
        name="external_id"
        label="Your reference"
        optional
        short
        hint="As in your own system, like C00001. Imports find the customer again by it."
        value={customer?.externalId}
      />
    </>
  );
}

function Portal({ form, customer, zone }: Pick<Props, "form" | "customer"> & { zone: string }) {
  return (
    <>
      <TextField
        form={form}
        name="email"
        label="E-mail"
        type="email"
        optional
        hint={
          customer?.email === undefined
            ? "With an address the customer can sign in to the portal at once."
            : "The customer signs in with it. A new address ends what is open with the old one."
        }
        value={customer?.email}
        autocomplete="off"
      />
      <TextField
        form={form}
        name="phone"
        label="Phone"
        type="tel"
        optional
        value={customer?.phone}
        autocomplete="off"
      />
      <div class="cols-2">
        <Select
          form={form}
          name="language"
          label="Language"
          hint="Of mails and receipts."
          value={customer?.language ?? "en-AU"}
          options={languages}
        />
        <TextField
          form={form}
          name="time_zone"
          label="Time zone"
          hint="By its place, like Australia/Sydney."
          value={customer?.timeZone ?? zone}
          ltr
        />
      </div>
    </>
  );
}
