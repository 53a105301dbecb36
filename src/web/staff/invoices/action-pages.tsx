import type { Staff } from "#access/principal.ts";
import type { CreditableLine, CreditQuote } from "#features/invoices/credit-invoice.ts";
import { type Invoice, owedOf } from "#features/invoices/invoice.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, toDecimal } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { DateField, MoneyField, Select, TextArea, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, Hidden } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { titleOf } from "./detail-page.tsx";
import { home } from "./list-page.tsx";

type Props = { ui: Ui; staff: Staff; form: FormState; invoice: Invoice };
const steps = ["Write", "Check", "Done"];
export const handMethods = ["Bank transfer", "Cash", "Cheque", "Other"] as const;

function frame({ ui, staff, invoice }: Omit<Props, "form">) {
  const crumbs = [
    { href: home, label: "Invoices" },
    { href: `${home}/${invoice.id}`, label: titleOf(invoice) },
  ];
  return { ui, staff, crumbs };
}

function keptOf(form: FormState): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form.values ?? {}).flatMap(([name, value]) =>
      name === "step" ? [] : [[name, [value ?? ""].flat()[0] ?? ""]],
    ),
  );
}

/** Whether it is really meant: what is void stays void. */
export function VoidPage(props: Props) {
  const { invoice, form } = props;
  return (
    <StaffPage {...frame(props)} title={`Make ${titleOf(invoice)} void?`} problems={form.problems}>
      <Card label="Make void" pad>
        <p>
          Nothing is owed on it any more: <Money value={invoice.total} show="code" />. Its number stays, and the partner
          sees that it is void. This can't be undone.
        </p>
        <form method="post" action={`${home}/${invoice.id}/void`}>
          <Actions>
            <Button kind="primary">Make it void</Button>
            <LinkButton kind="ghost" href={`${home}/${invoice.id}`}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </form>
      </Card>
    </StaffPage>
  );
}

/** How much of which line a credit note takes off, and why. */
export function CreditPage(props: Props & { lines: readonly CreditableLine[]; creditKey: string }) {
  const { invoice, form, lines, creditKey } = props;
  const open = lines.filter((one) => one.left.minor > 0n);
  return (
    <StaffPage {...frame(props)} title={`Credit note on ${titleOf(invoice)}`} problems={form.problems}>
      <Steps label="Steps" steps={steps} current={0} />
      <Card label="Credit note" pad>
        <Form action={`${home}/${invoice.id}/credit`} hidden={{ key: creditKey }}>
          <p class="hint">How much to take off each line, without tax. The tax follows.</p>
          {open.map(({ line, left }) => (
            <MoneyField
              form={form}
              name={`line_${line.position}`}
              label={line.description}
              hint={`At most ${t.money(left, "code")}`}
              optional
              currency={invoice.currency}
              value={toDecimal(left)}
            />
          ))}
          <TextArea
            form={form}
            name="reason"
            label="Why"
            hint="It stands on the credit note, for the partner to read."
            rows={2}
            maxlength={1_000}
          />
          <Actions>
            <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
              Check
            </Button>
            <LinkButton kind="ghost" href={`${home}/${invoice.id}`}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

/** What the credit note comes to, and what becomes of it. */
export function CheckCreditPage(props: Props & { quote: CreditQuote; reason: string }) {
  const { invoice, form, quote, reason } = props;
  const show = (value: Amount) => <Money value={value} show="code" />;
  return (
    <StaffPage {...frame(props)} title="Check the credit note">
      <Steps label="Steps" steps={steps} current={1} />
      <Card title="What it takes off">
        <div class="pad">
          <Sum
            lines={[
              ...quote.lines.map((line) => ({ label: <bdi>{line.description}</bdi>, value: show(line.net) })),
              { label: "Tax", value: show(quote.tax) },
              { label: "Credit note", value: show(quote.total), total: true },
              quote.offOwed.minor > 0n && { label: "Owed no more", value: show(quote.offOwed) },
              quote.givenBack.minor > 0n && {
                label: "Paid already: owed to the partner",
                value: show(quote.givenBack),
              },
            ]}
          />
        </div>
      </Card>
      {quote.givenBack.minor > 0n && (
        <Notice>
          <Money value={quote.givenBack} show="code" /> of it was paid. The partner gets it with its next payout, as a
          line of its own.
        </Notice>
      )}
      <Card label="Why">
        <Facts facts={[["Why", <bdi>{reason}</bdi>]]} />
      </Card>
      <form method="post" action={`${home}/${invoice.id}/credit`}>
        <Hidden values={keptOf(form)} />
        <Actions>
          <Button kind="primary" name="step" value="credit">
            {`Issue the credit note for ${t.money(quote.total, "code")}`}
          </Button>
          <Button name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}

/** Money that was seen at the bank: how much, when and how. */
export function RecordPage(props: Props & { today: PlainDate }) {
  const { invoice, form, today } = props;
  const owed = owedOf(invoice);
  return (
    <StaffPage
      {...frame(props)}
      title="Record a payment"
      lead="A transfer seen in your bank, cash or a cheque. Payments in the portal record themselves."
      problems={form.problems}
    >
      <Steps label="Steps" steps={steps} current={0} />
      <Card label="Record a payment" pad>
        <Form action={`${home}/${invoice.id}/record`} hidden={{ owed: owed.minor.toString() }}>
          <MoneyField
            form={form}
            name="amount"
            label="Amount"
            hint={`${t.money(owed, "code")} is owed.`}
            currency={invoice.currency}
            value={toDecimal(owed)}
          />
          <DateField form={form} name="received_on" label="Received on" value={`${today}`} max={`${today}`} />
          <Select
            form={form}
            name="method"
            label="How it was paid"
            value="Bank transfer"
            options={handMethods.map((value) => ({ value, label: value }))}
          />
          <TextField form={form} name="note" label="Reference" optional maxlength={100} />
          <Actions>
            <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
              Check
            </Button>
            <LinkButton kind="ghost" href={`${home}/${invoice.id}`}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

type Recorded = { amount: Amount; receivedOn: PlainDate; methodLabel: string; note: string };

/** What will be recorded, before it is. */
export function CheckRecordPage(props: Props & { input: Recorded }) {
  const { invoice, form, input } = props;
  const left = { ...input.amount, minor: owedOf(invoice).minor - input.amount.minor };
  return (
    <StaffPage {...frame(props)} title="Check the payment">
      <Steps label="Steps" steps={steps} current={1} />
      <Card label="Payment">
        <Facts
          facts={[
            ["Amount", <Money value={input.amount} show="code" />],
            ["Received on", t.date(input.receivedOn, "long")],
            ["How", input.methodLabel],
            input.note !== "" && ["Reference", <bdi>{input.note}</bdi>],
            ["Then still owed", left.minor > 0n ? <Money value={left} show="code" /> : "Nothing: paid in full"],
          ]}
        />
      </Card>
      <form method="post" action={`${home}/${invoice.id}/record`}>
        <Hidden values={keptOf(form)} />
        <Actions>
          <Button kind="primary" name="step" value="record">
            {`Record ${t.money(input.amount, "code")}`}
          </Button>
          <Button name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}
