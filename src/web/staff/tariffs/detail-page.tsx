import type { Staff } from "#access/principal.ts";
import type { AuditEntry } from "#features/audit/audit-views.ts";
import type { ListedTariff } from "#features/tariffs/tariff-list.ts";
import type { Overlap } from "#features/tariffs/tariff-views.ts";
import type { Ui } from "#http/request.ts";
import { Activity } from "#web/staff/activity.tsx";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { DateField, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Overlaps, Terms, TryOut } from "./tariff-parts.tsx";
import { nameOf, Standing } from "./words.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  shown: ListedTariff & { readonly overlaps: readonly Overlap[] };
  activity: readonly AuditEntry[];
  /** An amount that somebody tries it out with. */
  tried: { readonly typed: string; readonly minor: bigint | undefined; readonly problem: string | undefined };
  form: FormState;
};

const done = {
  set: "The tariff was set.",
  ended: "The last day was saved.",
  withdrawn: "The tariff was withdrawn. It never counts.",
};

/** One tariff: what it says, what it would cost, and how it ends. */
export function TariffPage({ ui, staff, shown, activity, tried, form }: Props) {
  const { tariff, stands, overlaps } = shown;
  const zone = ui.institution.timeZone;
  const home = `/staff/tariffs/${tariff.id}`;
  const writes = can(staff, "tariffs.write");
  const tryForm: FormState = {
    t,
    ...(tried.problem !== undefined && { problems: { amount: tried.problem }, values: { amount: tried.typed } }),
  };
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={nameOf(tariff)}
      done={done}
      problems={form.problems ?? tryForm.problems}
      beside={<Standing stands={stands} />}
      crumbs={[{ href: "/staff/tariffs", label: "Tariffs" }]}
    >
      <div class="two">
        <div class="stack">
          <TryOut
            pricing={tariff}
            more={tried.minor === undefined ? [] : [tried.minor]}
            form={
              <div class="pad">
                <Form action={home} method="get">
                  <TextField
                    form={tryForm}
                    name="amount"
                    label={`An amount in ${tariff.currency}`}
                    value={tried.typed}
                    inputmode="decimal"
                    short
                    ltr
                  />
                  <Actions>
                    <Button>Say what it would cost</Button>
                  </Actions>
                </Form>
              </div>
            }
          />
        </div>
        <div class="stack">
          <Card title="The tariff">
            <Terms
              tariff={tariff}
              also={[["Set by", <bdi>{`${tariff.setBy}, ${t.instant(tariff.createdAt, zone)}`}</bdi>]]}
            />
          </Card>
          <Overlaps one={tariff} overlaps={overlaps} />
          {writes && stands !== "ended" && stands !== "withdrawn" && <End shown={shown} form={form} home={home} />}
          <Activity entries={activity} zone={zone} />
        </div>
      </div>
    </StaffPage>
  );
}

function End({ shown: { tariff, stands }, form, home }: Pick<Props, "shown" | "form"> & { home: string }) {
  return (
    <Card title="End it" pad>
      <Form action={`${home}/end`}>
        <DateField
          form={form}
          name="last"
          label="Last day"
          hint="Today at the earliest. Quotes that are out by then keep what they say."
          value={tariff.until?.toString() ?? ""}
        />
        <Button icon="hourglass">End it after this day</Button>
      </Form>
      {stands === "coming" && (
        <Form action={`${home}/withdraw`}>
          <p class="sm dim">It has not begun yet.</p>
          <Button kind="danger" icon="ban">
            Withdraw it
          </Button>
        </Form>
      )}
    </Card>
  );
}
