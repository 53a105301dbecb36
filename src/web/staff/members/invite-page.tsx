import { roles } from "#access/principal.ts";
import { invitationDays, roleWords } from "#features/members/member.ts";
import { customerLanguages, localeNames } from "#platform/i18n/locales.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Choices, Select, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { crumbsOf, type Shown } from "./account-page.tsx";

const spoken = Object.values(localeNames).join(" and ");
const languages = Object.entries(customerLanguages).map(([value, label]) => ({ value, label }));

/** The roles to choose from, and what each may do. */
export const roleChoices = roles.map((role) => ({
  value: role,
  label: roleWords[role].is,
  hint: roleWords[role].may,
}));

type Props = Shown & {
  form: FormState;
  /** An id made with the form, so that a form sent twice invites once. */
  formKey: string;
};

/** Gives a partner its account: a name, and the first owner. */
export function ProvisionPage({ ui, staff, partnership, form, formKey }: Props) {
  const home = `/staff/partnerships/${partnership.id}`;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      current="/staff/partnerships"
      title="Provision a partner account"
      lead="Members have wallets and make transfers. A partner can’t register itself: you invite the first owner."
      crumbs={crumbsOf(partnership)}
      problems={form.problems}
    >
      <Card label="Partner account" pad>
        <Form action={`/staff/members/${partnership.id}`} hidden={{ key: formKey }}>
          <TextField
            form={form}
            name="account"
            label="Name of the account"
            value={partnership.name}
            autocomplete="off"
            maxlength={200}
          />
          <Person form={form} who="First owner’s name" />
          <Actions>
            <Button kind="primary" icon="mail">
              Provision and invite the owner
            </Button>
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

/** Invites another member, in any role. */
export function InvitePage({ ui, staff, partnership, form, formKey }: Props) {
  const home = `/staff/members/${partnership.id}`;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      current="/staff/partnerships"
      title="Invite a member"
      lead={`To the account of ${partnership.name}`}
      crumbs={crumbsOf(partnership, true)}
      problems={form.problems}
    >
      <Card label="Invitation" pad>
        <Form action={`${home}/invite`} hidden={{ key: formKey }}>
          <Person form={form} who="Name" />
          <Choices form={form} name="role" legend="Role" chosen={["OPERATOR"]} options={roleChoices} />
          <Actions>
            <Button kind="primary" icon="mail">
              Send the invitation
            </Button>
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

function Person({ form, who }: { form: FormState; who: string }) {
  return (
    <>
      <TextField form={form} name="name" label={who} autocomplete="off" maxlength={200} />
      <TextField
        form={form}
        name="email"
        label="E-mail"
        type="email"
        hint={`The invitation goes there, for ${invitationDays} days. Later the person signs in with this address.`}
        autocomplete="off"
        maxlength={254}
      />
      <Select
        form={form}
        name="language"
        label="Language"
        optional
        hint={`Of mails and of the portal, which so far speak ${spoken}; in any other they are English.`}
        value=""
        placeholder="Your institution’s"
        options={languages}
      />
    </>
  );
}
