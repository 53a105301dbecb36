import type { Staff } from "#access/principal.ts";
import { type TariffDraft, transferRoutes } from "#features/tariffs/tariff.ts";
import type { Overlap } from "#features/tariffs/tariff-views.ts";
import type { Ui } from "#http/request.ts";
import type { PlainDate } from "#kernel/time.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { DateField, Select, TextField } from "#web/ui/fields.tsx";
import { FieldProblem, Form, type FormState, Hidden, keptValue } from "#web/ui/form.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { Overlaps, Terms, TryOut } from "./tariff-parts.tsx";
import { purposeChoices, tierLines } from "./tariff-text.ts";
import { kindWords, routeWords } from "./words.tsx";

const home = "/staff/tariffs";
const steps = ["Write", "Check", "Done"];
const crumbs = [{ href: home, label: "Tariffs" }];

type Props = { ui: Ui; staff: Staff; form: FormState; tariffKey: string; today: PlainDate };

/** A new tariff; the next page tries it out and says what it does to those that are there, before it is set. */
export function NewTariffPage({ ui, staff, form, tariffKey, today }: Props) {
  const { currencies } = ui.institution;
  return (
    <StaffPage ui={ui} staff={staff} title="Set a tariff" crumbs={crumbs} problems={form.problems}>
      <Steps label="Steps" steps={steps} current={0} />
      <Card label="Tariff" pad>
        <Form action={`${home}/new`} hidden={{ key: tariffKey }}>
          <Select
            form={form}
            name="route"
            label="Transfers"
            options={transferRoutes.map((value) => ({ value, label: routeWords[value] }))}
          />
          <Select
            form={form}
            name="purpose"
            label="From which kind of wallet"
            hint="A tariff for one kind goes before the one for any kind."
            options={purposeChoices.map((value) => ({ value, label: kindWords(value === "any" ? "" : value) }))}
          />
          <Select
            form={form}
            name="currency"
            label="Currency"
            hint="All amounts below are in it."
            options={currencies.map((value) => ({ value, label: value }))}
          />
          <div class="cols-2">
            <DateField
              form={form}
              name="from"
              label="From"
              hint="The first day, today at the earliest."
              value={today.toString()}
              min={today.toString()}
            />
            <DateField
              form={form}
              name="until"
              label="Last day"
              hint="Empty: until another takes its place."
              optional
            />
          </div>
          <TierFields form={form} />
          <div class="cols-2">
            <Amount form={form} name="minimum" label="Minimum" hint="The fee is never less." />
            <Amount form={form} name="maximum" label="Maximum" hint="The fee is never more." />
          </div>
          <Actions>
            <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
              Try it out
            </Button>
            {rowsOf(form) < tierLines.length && (
              <Button name="step" value="row" icon="plus">
                Add another tier
              </Button>
            )}
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </StaffPage>
  );
}

/** As many tiers as the form had, one more where that was asked for. */
function rowsOf(form: FormState): number {
  const filled = tierLines.filter((line) => Boolean(form.values?.[`from_${line}`]));
  const had = Number(keptValue(form, "rows", "1"));
  const wanted = (Number.isInteger(had) ? had : 1) + (form.values?.step === "row" ? 1 : 0);
  return Math.min(tierLines.length, Math.max(1, wanted, filled.at(-1) ?? 0));
}

function TierFields({ form }: { form: FormState }) {
  const rows = rowsOf(form);
  return (
    <fieldset class="field" id="f-tiers">
      <legend class="legend">What a transfer costs</legend>
      <p class="hint">
        A fixed amount, a percentage, or both. With several tiers the one that the amount lies in counts for the whole
        amount.
      </p>
      <FieldProblem form={form} name="tiers" />
      <Hidden values={{ rows: String(rows) }} />
      {tierLines.slice(0, rows).map((line) => (
        <fieldset class="field share-row">
          <legend class="vh">Tier {line}</legend>
          <div class="cols-3">
            {line > 1 && <Amount form={form} name={`from_${line}`} label={`From amount, tier ${line}`} required />}
            <Amount form={form} name={`fixed_${line}`} label={line === 1 ? "Fixed" : `Fixed, tier ${line}`} />
            <Amount form={form} name={`percent_${line}`} label={line === 1 ? "Percent" : `Percent, tier ${line}`} />
          </div>
        </fieldset>
      ))}
    </fieldset>
  );
}

type AmountProps = { form: FormState; name: string; label: string; hint?: string; required?: boolean };

function Amount({ form, name, label, hint, required = false }: AmountProps) {
  return (
    <TextField
      form={form}
      name={name}
      label={label}
      inputmode="decimal"
      optional={!required}
      short
      ltr
      {...(hint !== undefined && { hint })}
    />
  );
}

type CheckProps = Omit<Props, "tariffKey" | "today"> & { draft: TariffDraft; overlaps: readonly Overlap[] };

/** What the tariff would cost, and how it goes together with the others. */
export function CheckTariffPage({ ui, staff, form, draft, overlaps }: CheckProps) {
  const kept = Object.fromEntries(
    Object.entries(form.values ?? {}).flatMap(([name, value]) =>
      name === "step" ? [] : [[name, String(value ?? "")]],
    ),
  );
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Check the tariff"
      lead="Once it has begun it is never changed: it can be ended, and another one can take its place."
      crumbs={crumbs}
    >
      <Steps label="Steps" steps={steps} current={1} />
      <div class="two">
        <div class="stack">
          <TryOut pricing={draft} />
        </div>
        <div class="stack">
          <Card title="The tariff">
            <Terms tariff={draft} />
          </Card>
          <Overlaps one={draft} overlaps={overlaps} />
        </div>
      </div>
      <form method="post" action={`${home}/new`}>
        <Hidden values={kept} />
        <Actions>
          <Button kind="primary" name="step" value="create" icon="check">
            Set this tariff
          </Button>
          <Button name="step" value="back">
            Change something
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}
