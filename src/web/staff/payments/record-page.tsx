import type { Staff } from "#access/principal.ts";
import type { Customer } from "#features/customers/customer.ts";
import type { MoneyByHand } from "#features/money-in/record-by-hand.ts";
import { owedOf, type Payment } from "#features/payments/payment.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, type Currency, money, toDecimal } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { DateField, MoneyField, Select, TextField } from "#web/ui/fields.tsx";
import { Tabs } from "#web/ui/filters.tsx";
import { Form, type FormState, Hidden } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { Table } from "#web/ui/table.tsx";
import { handMethods } from "./record-text.ts";

/** Where the form lives: at one payment, or at a customer for several. */
export type RecordPlace = { readonly path: string; readonly back: string };

type Props = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  place: RecordPlace;
  customer: Customer;
  payments: readonly Payment[];
  currency: Currency;
  currencies: readonly Currency[];
  today: PlainDate;
  version: string;
};

const steps = ["Write", "Check", "Done"];

function frame({ ui, staff, customer }: Pick<Props, "ui" | "staff" | "customer">) {
  return {
    ui,
    staff,
    crumbs: [
      { href: "/staff/customers", label: "Customers" },
      { href: `/staff/customers/${customer.id}`, label: customer.name },
    ],
  };
}

/** Money that was taken by hand: for which payments, how much, when and how. */
export function RecordPage(props: Props) {
  const { form, place, customer, payments, currency, currencies } = props;
  return (
    <StaffPage
      {...frame(props)}
      title="Record money"
      lead="Cash, a cheque, or a transfer seen in your bank. Card payments record themselves."
      problems={form.problems}
    >
      <Steps label="Steps" steps={steps} current={0} />
      {currencies.length > 1 && (
        <Tabs
          label="Currency"
          tabs={currencies.map((code) => {
            return { label: code, href: `${place.path}?currency=${code}`, current: code === currency };
          })}
        />
      )}
      <UnderWay payments={payments} />
      <Card label="Record money" pad>
        {payments.length === 0 ? (
          <Empty icon="check" title={`${customer.name} owes nothing in ${currency}`}>
            Money that comes in all the same stays as credit once it is matched.
          </Empty>
        ) : (
          <RecordForm {...props} />
        )}
      </Card>
    </StaffPage>
  );
}

/** The same payment may be on its way by itself: recorded besides, one of the two ends as credit. */
function UnderWay({ payments }: { payments: readonly Payment[] }) {
  const items = payments.filter((one) => one.inProcess).map((one) => one.item);
  if (items.length === 0) return null;
  return (
    <Notice tone="warn" title="A payment in the portal is under way">
      <p>
        The customer is paying <bdi>{t.list(items)}</bdi> right now, by card or another method of the portal. That
        payment records itself. Record only money that came besides: what is more than is owed stays as credit.
      </p>
    </Notice>
  );
}

function RecordForm({ form, place, payments, currency, today, version }: Props) {
  const alone = payments.length === 1;
  return (
    <Form action={place.path} hidden={{ version, currency }}>
      {payments.map((one) => (
        <MoneyField
          form={form}
          name={`amount_${one.id}`}
          label={one.item}
          hint={`${t.money(owedOf(one), "code")} owed, due ${t.date(one.dueDate)}`}
          optional={!alone}
          currency={currency}
          value={alone ? toDecimal(owedOf(one)) : ""}
        />
      ))}
      <DateField form={form} name="received_on" label="Received on" value={today.toString()} max={today.toString()} />
      <Select
        form={form}
        name="method"
        label="How it was paid"
        value="Cash"
        options={handMethods.map((value) => ({ value, label: value }))}
      />
      <TextField
        form={form}
        name="note"
        label="Reference"
        optional
        hint="A cheque or receipt number; it stands on the receipt."
        maxlength={100}
      />
      <Actions>
        <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
          Check
        </Button>
        <LinkButton kind="ghost" href={place.back}>
          {t("form.cancel")}
        </LinkButton>
      </Actions>
    </Form>
  );
}

type CheckProps = Omit<Props, "currencies" | "version"> & { input: MoneyByHand };

/** What will be recorded, before it is. */
export function CheckRecordPage(props: CheckProps) {
  const { form, place, customer, currency, input } = props;
  const rows = rowsOf(props);
  const total = money(
    rows.reduce((sum, row) => sum + row.amount.minor, 0n),
    currency,
  );
  const spare = rows.reduce(
    (sum, row) => (row.amount.minor > row.owed.minor ? sum + row.amount.minor - row.owed.minor : sum),
    0n,
  );
  const kept = Object.fromEntries(
    Object.entries(form.values ?? {}).flatMap(([name, value]) =>
      name === "step" ? [] : [[name, String(value ?? "")]],
    ),
  );
  return (
    <StaffPage {...frame(props)} title="Check the money">
      <Steps label="Steps" steps={steps} current={1} />
      <UnderWay payments={rows.map((row) => row.payment)} />
      <ForCard rows={rows} spare={money(spare, currency)} total={total} />
      <Card label="How">
        <Facts
          facts={[
            ["From", <bdi>{customer.name}</bdi>],
            ["Received on", t.date(input.receivedOn, "long")],
            ["How", input.methodLabel],
            input.note !== "" && ["Reference", <bdi>{input.note}</bdi>],
          ]}
        />
      </Card>
      <p class="dim">
        {customer.email === undefined
          ? "A receipt is issued. The customer has no e-mail address, so download it from the payment."
          : "A receipt is issued and mailed to the customer."}
      </p>
      <form method="post" action={place.path}>
        <Hidden values={kept} />
        <Actions>
          <Button kind="primary" name="step" value="record">
            {`Record ${t.money(total, "code")}`}
          </Button>
          <Button name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}

type Row = { payment: Payment; amount: Amount; owed: Amount };

function rowsOf({ payments, input }: CheckProps): Row[] {
  return input.payments.flatMap(({ id, amount }) => {
    const payment = payments.find((one) => one.id === id);
    return payment ? [{ payment, amount, owed: owedOf(payment) }] : [];
  });
}

function ForCard({ rows, spare, total }: { rows: readonly Row[]; spare: Amount; total: Amount }) {
  return (
    <Card title="For">
      <Table
        caption="Payments that the money is for"
        rows={rows}
        columns={[
          { head: "Item", cell: ({ payment }) => <bdi>{payment.item}</bdi> },
          { head: "Owed", cell: ({ owed }) => <Money value={owed} show="code" />, end: true, wideOnly: true },
          { head: "Paid now", cell: ({ amount }) => <Money value={amount} show="code" />, end: true },
          { head: "Then", cell: (row) => <Then {...row} />, end: true },
        ]}
      />
      <div class="pad">
        <Sum
          lines={[
            spare.minor > 0n && { label: "Stays as credit", value: <Money value={spare} show="code" /> },
            { label: "Received in all", value: <Money value={total} show="code" />, total: true },
          ]}
        />
      </div>
    </Card>
  );
}

function Then({ amount, owed }: { amount: Amount; owed: Amount }) {
  if (amount.minor >= owed.minor) return <span class="txt-ok">Paid in full</span>;
  return (
    <span>
      <Money value={money(owed.minor - amount.minor, owed.currency)} show="code" /> left
    </span>
  );
}
