import type { Staff } from "#access/principal.ts";
import { scheduleWords } from "#features/partnerships/partnership.ts";
import type { PayoutLimit, PayoutSettings, SettingsEffect } from "#features/payouts/payout-settings.ts";
import type { Ui } from "#http/request.ts";
import { money } from "#kernel/money.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { Checkbox, MoneyField, Select, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Table } from "#web/ui/table.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  settings: PayoutSettings;
  effect: SettingsEffect;
  form: FormState;
  limitForm: FormState;
};

const home = "/staff/settings/payouts";
const done = { saved: "The settings were saved.", limit: "The limits were saved." };
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** When partners are paid, what is held back, and who approves. */
export function PayoutSettingsPage(props: Props) {
  const { ui, staff, settings, form, limitForm } = props;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Payout settings"
      lead="When partners are paid, what is carried over, and who approves."
      done={done}
      problems={form.problems ?? limitForm.problems}
      crumbs={[{ href: "/staff/payouts", label: "Payouts" }]}
    >
      {settings.pausedAt !== undefined && (
        <Notice tone="warn" title="All payouts are paused">
          <p>{`Since ${t.instant(settings.pausedAt, ui.institution.timeZone)}. Shares go on gathering.`}</p>
        </Notice>
      )}
      <div class="two">
        <div class="stack">
          <Card title="When and how" pad>
            <SettingsForm settings={settings} form={form} zone={ui.institution.timeZone} />
          </Card>
          <Limits {...props} />
        </div>
        <div class="stack">
          <Effect {...props} />
        </div>
      </div>
    </StaffPage>
  );
}

function SettingsForm({ settings, form, zone }: Pick<Props, "settings" | "form"> & { zone: string }) {
  return (
    <Form action={home}>
      <TextField
        form={form}
        name="holding_days"
        label="Holding days"
        hint="A share is paid out this many days after it was earned, at the earliest."
        inputmode="numeric"
        value={String(settings.holdingDays)}
        short
      />
      <Select
        form={form}
        name="weekday"
        label="Payout day"
        hint="Weekly and fortnightly on this day; monthly on the first one of the month; daily from Monday to Friday."
        value={String(settings.weekday)}
        options={weekdays.map((label, index) => ({ value: String(index + 1), label }))}
      />
      <TextField
        form={form}
        name="cut_off"
        label="Cut-off"
        hint={`The time of that day until which shares still join the payout. ${zone}`}
        value={settings.cutOff}
        short
        ltr
      />
      <TextField
        form={form}
        name="cooling_off_days"
        label="Cooling-off days"
        hint="How long payouts wait after a partner changed its bank details."
        inputmode="numeric"
        value={String(settings.coolingOffDays)}
        short
      />
      <Checkbox
        form={form}
        name="review_all"
        label="Every payout waits for a person"
        hint="Without it only those above the limit of their currency do."
        checked={settings.reviewAll}
      />
      <Checkbox
        form={form}
        name="paused"
        label="Pause all payouts"
        hint="Nothing is sent until you take this away again."
        checked={settings.pausedAt !== undefined}
      />
      <TextField
        form={form}
        name="paused_why"
        label="Why they are paused"
        hint="For staff only."
        value={settings.pausedWhy}
        optional
        maxlength={200}
      />
      <Button kind="primary">Save the settings</Button>
    </Form>
  );
}

function Limits({ ui, settings, limitForm }: Props) {
  const { currencies } = ui.institution;
  const shown: readonly PayoutLimit[] = [
    ...settings.limits,
    ...currencies
      .filter((code) => !settings.limits.some((one) => one.currency === code))
      .map((currency) => ({ currency, minimum: 0n, secondPersonAbove: undefined })),
  ];
  return (
    <Card title="Limits by currency">
      <Table
        caption="Limits by currency"
        rows={shown}
        columns={[
          { head: "Currency", cell: (one) => one.currency },
          { head: "Minimum", end: true, cell: (one) => <Money value={money(one.minimum, one.currency)} show="none" /> },
          {
            head: "Second person above",
            end: true,
            cell: (one) =>
              one.secondPersonAbove === undefined ? (
                "Never"
              ) : (
                <Money value={money(one.secondPersonAbove, one.currency)} show="none" />
              ),
          },
        ]}
      />
      <div class="pad">
        <Form action={`${home}/limits`}>
          <MoneyField
            form={limitForm}
            name="minimum"
            label="Minimum"
            hint="Less is carried over to the next payout."
            currency={currencies[0] ?? "AUD"}
            currencies={currencies}
          />
          <TextField
            form={limitForm}
            name="second"
            label="Second person above"
            hint="In the same currency. Empty: one person is enough for any amount."
            inputmode="decimal"
            optional
            short
            ltr
          />
          <Button>Save the limits</Button>
        </Form>
      </div>
    </Card>
  );
}

function Effect({ effect }: Props) {
  return (
    <>
      <Card title="What that means today">
        <Facts
          facts={effect.days.map(
            ({ schedule, day }) =>
              [`Earned today, paid ${scheduleWords[schedule].toLowerCase()}`, t.date(day, "weekday")] as const,
          )}
        />
      </Card>
      <Card title="Gathering now">
        {effect.gathering.length === 0 ? (
          <p class="pad sm dim">No payout is gathering.</p>
        ) : (
          <Table
            caption="Gathering payouts by currency"
            rows={effect.gathering}
            columns={[
              { head: "Currency", cell: (one) => one.currency },
              {
                head: "Payouts",
                end: true,
                cell: (one) => (
                  <a class="num" href={`/staff/payouts?status=scheduled&currency=${one.currency}`}>
                    {one.payouts}
                  </a>
                ),
              },
              { head: "Below the minimum", end: true, cell: (one) => <span class="num">{one.below}</span> },
            ]}
          />
        )}
        {effect.gathering.length > 0 && (
          <p class="pad sm dim">They keep their day; a new minimum counts from their next cut-off on.</p>
        )}
      </Card>
    </>
  );
}
