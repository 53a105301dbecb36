import type { Staff } from "#access/principal.ts";
import {
  kindWords,
  type Partnership,
  type PartnershipName,
  partnershipKinds,
  payoutSchedules,
  scheduleWords,
} from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { toDecimal } from "#kernel/money.ts";
import { toPercent } from "#kernel/rate.ts";
import type { PlainDate } from "#kernel/time.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Checkbox, Choices, DateField, Select, TextArea, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, keptValue } from "#web/ui/form.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  /** What is stored; undefined for a new one. */
  partnership: Partnership | undefined;
  /** Every partner by name, for a share that is a part of another's. */
  others: readonly PartnershipName[];
  today: PlainDate;
  /** Hidden fields: the key of a new one, the version of a stored one. */
  hidden: Readonly<Record<string, string>>;
};

/** The form of a partner, for a new one and a stored one. */
export function PartnershipFormPage(props: Props) {
  const { ui, staff, form, partnership, hidden } = props;
  const home = partnership ? `/staff/partnerships/${partnership.id}` : "/staff/partnerships";
  const crumbs = [{ href: "/staff/partnerships", label: "Partnerships" }];
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={partnership ? `Edit ${partnership.name}` : "Add a partner"}
      crumbs={partnership ? [...crumbs, { href: home, label: partnership.name }] : crumbs}
      problems={form.problems}
    >
      <Form action={partnership ? `${home}/edit` : "/staff/partnerships/new"} hidden={hidden} layout="wide">
        <Card title="Who it is" pad>
          <div class="form">
            <Who {...props} />
          </div>
        </Card>
        <Card title="Its share" pad>
          <div class="form">
            <ShareFields {...props} />
          </div>
        </Card>
        <Card title="Payouts and language" pad>
          <div class="form">
            <PayoutFields {...props} />
          </div>
        </Card>
        <Actions>
          <Button kind="primary">{partnership ? t("form.save") : "Add the partner"}</Button>
          <LinkButton kind="ghost" href={home}>
            {t("form.cancel")}
          </LinkButton>
        </Actions>
      </Form>
    </StaffPage>
  );
}

function Who({ ui, form, partnership, today }: Props) {
  const { taxName } = ui.institution;
  const kinds = partnershipKinds.map((value) => ({ value, label: kindWords[value] }));
  return (
    <>
      <TextField form={form} name="name" label="Name" hint="As people know it." value={partnership?.name} />
      <Select form={form} name="kind" label="Kind" value={partnership?.kind ?? "agent"} options={kinds} />
      <TextField
        form={form}
        name="legal_name"
        label="Legal name"
        optional
        hint="As on its invoices. Left empty, it is the name above."
        value={partnership?.legalName}
      />
      <TextArea form={form} name="address" label="Address" optional rows={3} value={partnership?.address} />
      <TextField form={form} name="tax_id" label="Tax number" optional short ltr value={partnership?.taxId} />
      {!partnership && (
        <>
          <Choices
            form={form}
            name="tax_registered"
            legend={`Is it registered for ${taxName}?`}
            hint={`Who is not registered may not charge ${taxName}: its shares carry none.`}
            look="list"
            options={[
              { value: "yes", label: "Yes" },
              { value: "no", label: "No" },
            ]}
          />
          <DateField
            form={form}
            name="from_date"
            label="Since"
            hint="The day from which this holds. Later changes get a day of their own."
            value={today.toString()}
          />
        </>
      )}
      <TextField
        form={form}
        name="external_id"
        label="Your reference"
        optional
        short
        hint="As in your own system, like P001. Imports find the partner again by it."
        value={partnership?.externalId}
      />
    </>
  );
}

function ShareFields({ ui, form, partnership, others }: Props) {
  const share = partnership?.defaultShare;
  const { currencies, taxName } = ui.institution;
  const chosen = keptValue(form, "currency", partnership?.currency ?? currencies[0]);
  const known = currencies.some((code) => code === chosen) || chosen.length !== 3;
  const codes: readonly string[] = known ? currencies : [...currencies, chosen];
  return (
    <>
      <Select
        form={form}
        name="currency"
        label="Currency"
        hint="Of a fixed share, and of what is agreed with it. Payouts are in the currency of each payment."
        value={partnership?.currency ?? currencies[0]}
        options={codes.map((value) => ({ value, label: value }))}
      />
      <Choices
        form={form}
        name="share_kind"
        legend="What a new payment starts with"
        hint="It can be changed on each payment until that is paid. Shares that were agreed stay as they are."
        chosen={[share?.kind ?? "percent"]}
        options={[
          { value: "percent", label: "A percentage of the list amount" },
          { value: "percent_of_share", label: "A percentage of another partner's share" },
          { value: "flat", label: "A fixed amount" },
        ]}
      />
      <ShareTerms form={form} partnership={partnership} others={others} />
      <Choices
        form={form}
        name="commission_tax"
        legend={`${taxName} on its share`}
        hint={`Counts only while it is registered for ${taxName}.`}
        look="list"
        chosen={[partnership?.commissionTax ?? "exclusive"]}
        options={[
          { value: "exclusive", label: "On top of the share" },
          { value: "inclusive", label: "Included in the share" },
        ]}
      />
    </>
  );
}

/** One of these counts, by the choice above; without script all of them are there. */
function ShareTerms({ form, partnership, others }: Pick<Props, "form" | "partnership" | "others">) {
  const share = partnership?.defaultShare;
  return (
    <>
      <TextField
        form={form}
        name="share_percent"
        label="Percentage"
        optional
        short
        inputmode="decimal"
        ltr
        hint="Like 12.5. Not used for a fixed amount."
        value={share && share.kind !== "flat" ? toPercent(share.bps) : ""}
      />
      <Select
        form={form}
        name="share_of"
        label="Of whose share"
        optional
        placeholder="Only for a percentage of another partner's share"
        value={share?.kind === "percent_of_share" ? share.of : ""}
        options={others.filter((one) => one.id !== partnership?.id).map((one) => ({ value: one.id, label: one.name }))}
      />
      <TextField
        form={form}
        name="share_amount"
        label="Fixed amount"
        optional
        short
        inputmode="decimal"
        ltr
        hint="Like 250.00, in the currency above. Not used for a percentage."
        value={share?.kind === "flat" ? toDecimal(share.amount) : ""}
      />
    </>
  );
}

function PayoutFields({ form, partnership }: Props) {
  const languages = Object.entries(customerLanguages).map(([value, label]) => ({ value, label }));
  const agreed = partnership?.netting === "agreed";
  return (
    <>
      <Select
        form={form}
        name="payout_schedule"
        label="Payouts"
        value={partnership?.payoutSchedule ?? "weekly"}
        options={payoutSchedules.map((value) => ({ value, label: scheduleWords[value] }))}
      />
      <Checkbox
        form={form}
        name="netting"
        label="Set what it owes off against its payouts"
        hint={
          agreed
            ? "The partner agreed to this."
            : "A proposal until the partner agrees to it in its portal. Both amounts are shown in full."
        }
        checked={partnership !== undefined && partnership.netting !== "off"}
      />
      <Select
        form={form}
        name="language"
        label="Language"
        hint="Of mails and documents, for contacts who chose none themselves."
        optional
        value={partnership?.language ?? ""}
        placeholder="The institution's"
        options={languages}
      />
    </>
  );
}
