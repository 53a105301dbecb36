import type { Staff } from "#access/principal.ts";
import type { Customer } from "#features/customers/customer.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import type { Draft, ShareChoice } from "#features/payments/payment-input.ts";
import type { Ui } from "#http/request.ts";
import type { Currency } from "#kernel/money.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Choices, DateField, MoneyField, Select, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, Hidden } from "#web/ui/form.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { Table } from "#web/ui/table.tsx";
import { DraftTable, InstalmentsTable } from "./draft-table.tsx";
import { DiscountFields, MoreFields } from "./form-parts.tsx";
import { AddRow, ShareFields } from "./share-fields.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  customer: Customer;
  partnerships: readonly PartnershipName[];
  shares: readonly ShareChoice[];
  taxes: ReadonlyMap<string, string>;
  currency: Currency;
  paymentKey: string;
};

const steps = ["Write", "Check", "Done"];

/** A new payment or plan for a customer; the next page shows how it comes apart before anything is created. */
export function NewPaymentPage(props: Props) {
  const { ui, staff, form, customer, partnerships, shares, taxes, currency, paymentKey } = props;
  const home = `/staff/customers/${customer.id}`;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Add a payment"
      lead={<For customer={customer} />}
      crumbs={[
        { href: "/staff/customers", label: "Customers" },
        { href: home, label: customer.name },
      ]}
      problems={form.problems}
    >
      <Steps label="Steps" steps={steps} current={0} />
      <Card label="Payment" pad>
        <Form action="/staff/payments/new" hidden={{ customer: customer.id, key: paymentKey }}>
          <Choices
            form={form}
            name="kind"
            legend="What to create"
            chosen={["single"]}
            options={[
              { value: "single", label: "One payment", hint: "With one due date." },
              { value: "plan", label: "A plan of instalments", hint: "A total, split evenly over dates." },
            ]}
          />
          <TextField
            form={form}
            name="item"
            label="What it is for"
            hint="The customer reads it. Instalments get their number behind it."
            maxlength={200}
          />
          <MoneyField
            form={form}
            name="amount"
            label="Amount"
            hint="The agreed price before any discount; for a plan the total."
            currency={currency}
            currencies={ui.institution.currencies}
          />
          <DateField form={form} name="due_date" label="Due date" hint="For a plan that of the first instalment." />
          <PlanFields form={form} />
          <ShareFields form={form} partnerships={partnerships} shares={shares} taxes={taxes} />
          {can(staff, "payments.discount") && (
            <DiscountFields form={form} currency={undefined} value="" reason="" locked={false} />
          )}
          <MoreFields form={form} allowPart={false} note="" />
          <Actions>
            <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
              Check
            </Button>
            <AddRow form={form} shares={shares} />
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

function PlanFields({ form }: { form: FormState }) {
  return (
    <fieldset class="field plan-only">
      <legend class="legend">For a plan</legend>
      <div class="cols-2">
        <TextField form={form} name="count" label="Instalments" optional short inputmode="numeric" value="10" />
        <Select
          form={form}
          name="every"
          label="One every"
          value="month"
          options={[
            { value: "month", label: "Month" },
            { value: "fortnight", label: "Two weeks" },
            { value: "week", label: "Week" },
          ]}
        />
      </div>
    </fieldset>
  );
}

function For({ customer }: { customer: Customer }) {
  return (
    <>
      For{" "}
      <strong>
        <bdi>{customer.name}</bdi>
      </strong>
    </>
  );
}

type CheckProps = Omit<Props, "partnerships" | "shares" | "taxes" | "currency" | "paymentKey"> & { draft: Draft };

/** What will be created: list, discount, shares and keep side by side. */
export function CheckPaymentPage({ ui, staff, form, customer, draft }: CheckProps) {
  const many = draft.instalments.length > 1;
  const kept = Object.fromEntries(
    Object.entries(form.values ?? {}).flatMap(([name, value]) =>
      name === "step" ? [] : [[name, String(value ?? "")]],
    ),
  );
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={many ? "Check the plan" : "Check the payment"}
      lead={<For customer={customer} />}
      crumbs={[
        { href: "/staff/customers", label: "Customers" },
        { href: `/staff/customers/${customer.id}`, label: customer.name },
      ]}
    >
      <Steps label="Steps" steps={steps} current={1} />
      <DraftTable draft={draft} />
      <Card title={many ? `${draft.instalments.length} payments` : "The payment"}>
        <InstalmentsTable draft={draft} />
      </Card>
      <p class="dim">
        {customer.email === undefined
          ? "The customer has no e-mail address and can't see it in the portal yet."
          : "It shows in the customer's portal as soon as it is created. No mail is sent."}
      </p>
      <form method="post" action="/staff/payments/new">
        <Hidden values={kept} />
        <Actions>
          <Button kind="primary" name="step" value="create">
            {many ? `Create ${draft.instalments.length} payments` : "Create the payment"}
          </Button>
          <Button name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}

type PickProps = { ui: Ui; staff: Staff; q: string; found: readonly Customer[] };

/** A payment belongs to somebody: who it is for is asked first. */
export function PickCustomerPage({ ui, staff, q, found }: PickProps) {
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Add a payment"
      lead="Who is it for?"
      crumbs={[{ href: "/staff/payments", label: "Payments" }]}
    >
      <Card label="Who is it for" pad>
        <Form action="/staff/payments/new" method="get">
          <TextField form={{ t }} name="q" label="Name, e-mail or reference" value={q} type="search" />
          <Actions>
            <Button kind={q === "" ? "primary" : "plain"} icon="search">
              Find the customer
            </Button>
          </Actions>
        </Form>
      </Card>
      {q !== "" && (
        <Card title={found.length === 0 ? "Nobody was found" : "Choose one"}>
          {found.length > 0 && (
            <Table
              caption="Customers found"
              rows={found}
              columns={[
                {
                  head: "Name",
                  cell: (one) => (
                    <a class="strong" href={`/staff/payments/new?customer=${one.id}`}>
                      <bdi>{one.name}</bdi>
                    </a>
                  ),
                },
                { head: "E-mail", cell: (one) => <bdi dir="ltr">{one.email ?? "–"}</bdi> },
                { head: "Reference", cell: (one) => one.externalId ?? "–", wideOnly: true },
              ]}
            />
          )}
        </Card>
      )}
    </StaffPage>
  );
}
