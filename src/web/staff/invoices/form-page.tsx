import type { Staff } from "#access/principal.ts";
import type { Amounts } from "#features/invoices/invoice-amounts.ts";
import { type DraftInput, longestDescription, longestNotes, mostLines } from "#features/invoices/invoice-draft.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { money } from "#kernel/money.ts";
import { toPercent } from "#kernel/rate.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { DateField, Select, TextArea, TextField } from "#web/ui/fields.tsx";
import { FieldProblem, Form, type FormState, Hidden } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { type Column, Table } from "#web/ui/table.tsx";
import { home } from "./list-page.tsx";

/** Where the form is sent to: a new invoice, or a draft that is changed. */
export type FormPlace = { readonly action: string; readonly back: string; readonly title: string };

type Props = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  place: FormPlace;
  partners: readonly PartnershipName[];
  rows: number;
  /** The key of a new one, the version of a draft. */
  hidden: Readonly<Record<string, string>>;
};

const steps = ["Write", "Check", "Done"];
const crumbs = [{ href: home, label: "Invoices" }];

/** Who owes what for which lines; the next page shows the sums before anything is saved. */
export function InvoiceFormPage({ ui, staff, form, place, partners, rows, hidden }: Props) {
  const { institution } = ui;
  return (
    <StaffPage ui={ui} staff={staff} title={place.title} crumbs={crumbs} problems={form.problems}>
      <Steps label="Steps" steps={steps} current={0} />
      <Card label="Invoice" pad>
        <Form action={place.action} hidden={{ ...hidden, rows: String(rows) }} layout="wide">
          <div class="cols-2">
            <Select
              form={form}
              name="partner"
              label="Partner"
              placeholder="Choose"
              options={partners.map((one) => ({ value: one.id, label: one.name }))}
            />
            <Select
              form={form}
              name="currency"
              label="Currency"
              value={institution.currencies[0] ?? "AUD"}
              options={institution.currencies.map((value) => ({ value, label: value }))}
            />
          </div>
          <DateField form={form} name="due_date" label="Due date" hint="Paid later, it shows as overdue." />
          <fieldset class="field" id="f-lines" tabindex={-1}>
            <legend class="legend">Lines</legend>
            <p class="hint">Prices without tax. Lines that are left empty don't count.</p>
            <FieldProblem form={form} name="lines" />
            <div class="stack">
              {Array.from({ length: rows }, (_, index) => (
                <LineFields form={form} row={index + 1} taxBps={institution.taxBps} taxName={institution.taxName} />
              ))}
            </div>
          </fieldset>
          {rows < mostLines && (
            <div>
              <Button small icon="plus" name="step" value="add">
                Add a line
              </Button>
            </div>
          )}
          <TextArea
            form={form}
            name="notes"
            label="Notes"
            optional
            hint="They stand on the invoice, as plain text."
            rows={3}
            maxlength={longestNotes}
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
      </Card>
    </StaffPage>
  );
}

function LineFields({ form, row, taxBps, taxName }: { form: FormState; row: number; taxBps: number; taxName: string }) {
  const first = row === 1;
  return (
    <fieldset class="field">
      <legend class="vh">{`Line ${row}`}</legend>
      <TextField
        form={form}
        name={`description_${row}`}
        label={`What it is for, line ${row}`}
        optional={!first}
        maxlength={longestDescription}
      />
      <div class="cols-3">
        <TextField
          form={form}
          name={`quantity_${row}`}
          label="Quantity"
          optional={!first}
          short
          inputmode="numeric"
          value="1"
        />
        <TextField
          form={form}
          name={`unit_${row}`}
          label="Price of one"
          optional={!first}
          short
          inputmode="decimal"
          ltr
        />
        <TextField
          form={form}
          name={`tax_${row}`}
          label={`${taxName} in percent`}
          optional
          short
          inputmode="decimal"
          value={toPercent(taxBps)}
        />
      </div>
    </fieldset>
  );
}

type CheckProps = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  place: FormPlace;
  partner: string;
  input: DraftInput;
  amounts: Amounts;
};

/** What the invoice will say, before it is saved or issued. */
export function CheckInvoicePage({ ui, staff, form, place, partner, input, amounts }: CheckProps) {
  const kept = Object.fromEntries(
    Object.entries(form.values ?? {}).flatMap(([name, value]) =>
      name === "step" ? [] : [[name, [value ?? ""].flat()[0] ?? ""]],
    ),
  );
  const total = t.money(amounts.total, "code");
  return (
    <StaffPage ui={ui} staff={staff} title="Check the invoice" crumbs={crumbs}>
      <Steps label="Steps" steps={steps} current={1} />
      <Card label="To whom">
        <Facts
          facts={[
            ["Partner", <bdi>{partner}</bdi>],
            ["Due", t.date(input.dueDate, "long")],
            input.notes !== "" && ["Notes", input.notes.split("\n").map((line) => <p dir="auto">{line}</p>)],
          ]}
        />
      </Card>
      <Card title="Lines">
        <LinesTable amounts={amounts} taxName={ui.institution.taxName} />
      </Card>
      <p class="dim">
        Once issued it has its number and never changes; the partner's contacts get a mail. Corrections are credit
        notes.
      </p>
      <form method="post" action={place.action}>
        <Hidden values={kept} />
        <Actions>
          <Button kind="primary" name="step" value="issue">
            {`Issue it for ${total}`}
          </Button>
          <Button name="step" value="draft">
            Save as a draft
          </Button>
          <Button kind="ghost" name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}

type Line = Amounts["lines"][number];

/** Lines with net, tax and total. */
export function LinesTable({ amounts, taxName }: { amounts: Amounts; taxName: string }) {
  const columns: Column<Line>[] = [
    { head: "What it is for", cell: (line) => <bdi>{line.description}</bdi> },
    { head: "Quantity", cell: (line) => <span class="num">{t.number(line.quantity)}</span>, end: true, wideOnly: true },
    {
      head: "Price",
      cell: (line) => <Money value={line.unit} show="none" size="plain" />,
      end: true,
      wideOnly: true,
    },
    { head: taxName, cell: (line) => <span class="num">{t.rate(line.taxBps)}</span>, end: true, wideOnly: true },
    { head: "Without tax", cell: (line) => <Money value={line.net} show="code" size="plain" />, end: true },
  ];
  return (
    <>
      <Table caption="Lines of the invoice" columns={columns} rows={amounts.lines} />
      <div class="pad">
        <Sum
          lines={[
            { label: "Without tax", value: <Money value={amounts.net} show="code" /> },
            ...taxLines(amounts, taxName),
            { label: "Total", value: <Money value={amounts.total} show="code" />, total: true },
          ]}
        />
      </div>
    </>
  );
}

function taxLines({ lines, total }: Amounts, taxName: string) {
  const rates = [...new Set(lines.map((line) => line.taxBps))].filter((bps) => bps > 0).sort((a, b) => a - b);
  return rates.map((bps) => {
    const minor = lines.reduce((sum, line) => (line.taxBps === bps ? sum + line.tax.minor : sum), 0n);
    return { label: `${taxName} ${t.rate(bps)}`, value: <Money value={money(minor, total.currency)} show="code" /> };
  });
}
