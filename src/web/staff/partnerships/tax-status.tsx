import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { setTaxStatus } from "#features/partnerships/set-tax-status.ts";
import { type KeptTaxStatus, statusAt } from "#features/partnerships/tax-status.ts";
import { taxHistoryOf } from "#features/partnerships/tax-status-views.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { formOf, t, textFields } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Choices, DateField, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Chip } from "#web/ui/status.tsx";
import { Table } from "#web/ui/table.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  partnership: Partnership;
  history: readonly KeptTaxStatus[];
  today: PlainDate;
  form: FormState;
};

function TaxStatusPage({ ui, staff, partnership, history, today, form }: Props) {
  const { taxName, timeZone } = ui.institution;
  const home = `/staff/partnerships/${partnership.id}`;
  const counting = statusAt(history, today);
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={`${taxName} status`}
      crumbs={[
        { href: "/staff/partnerships", label: "Partnerships" },
        { href: home, label: partnership.name },
      ]}
      lead="New shares and invoices follow the status of their day. What was agreed or issued stays as it is."
      problems={form.problems}
    >
      <Card title="Set a status" pad>
        <Form action={`${home}/tax-status`}>
          <Choices
            form={form}
            name="tax_registered"
            legend={`Is it registered for ${taxName}?`}
            look="list"
            chosen={[partnership.taxRegistered ? "yes" : "no"]}
            options={[
              { value: "yes", label: "Yes" },
              { value: "no", label: "No" },
            ]}
          />
          <TextField form={form} name="tax_id" label="Tax number" optional short ltr value={partnership.taxId} />
          <DateField
            form={form}
            name="from_date"
            label="From"
            hint="The first day on which it holds. A status that begins on the same day is replaced."
            value={today.toString()}
          />
          <Actions>
            <Button kind="primary">Save the status</Button>
            <LinkButton kind="ghost" href={home}>
              {t("form.cancel")}
            </LinkButton>
          </Actions>
        </Form>
      </Card>
      <Card title="History">
        <Table
          caption={`${taxName} status of this partner, the newest day first`}
          rows={history}
          columns={[
            {
              head: "From",
              cell: (one) => (
                <>
                  <span class="num nowrap">{t.date(one.from)}</span>{" "}
                  {one === counting && <Chip tone="ok" icon="check" words="Today" />}
                </>
              ),
            },
            { head: `Registered for ${taxName}`, cell: (one) => (one.registered ? "Yes" : "No") },
            { head: "Tax number", cell: (one) => <bdi class="num">{one.taxId || "–"}</bdi>, wideOnly: true },
            { head: "Set by", cell: (one) => <bdi>{setter(one)}</bdi>, wideOnly: true },
            { head: "On", cell: (one) => t.instant(one.createdAt, timeZone, "medium"), wideOnly: true },
          ]}
        />
      </Card>
    </StaffPage>
  );
}

/** What stood there before statuses had dates was set by nobody in particular. */
function setter({ setBy }: KeptTaxStatus): string {
  return setBy === "migration" ? "Portico" : setBy;
}

const params = z.object({ id: z.string().refine((id) => isId("prt", id)) });

async function drawn(ui: Ui, cx: Cx<Staff>, id: string, failed?: Failed) {
  const partnership = await readPartnership(cx, id);
  const history = await taxHistoryOf(cx, id);
  const today = todayOf(cx.institution, cx.now);
  const shown = { ui, staff: cx.principal, partnership, history, today, form: formOf(failed) };
  return page(<TaxStatusPage {...shown} />);
}

export default [
  route({
    id: "staff.partnerships.tax-status",
    method: "GET",
    path: "/staff/partnerships/:id/tax-status",
    opens: "staff",
    may: "partnerships.write",
    params,
    handle: async (rq, cx) => await drawn(rq.ui, cx, rq.params.id),
  }),
  route({
    id: "staff.partnerships.tax-status.set",
    method: "POST",
    path: "/staff/partnerships/:id/tax-status",
    opens: "staff",
    may: "partnerships.write",
    params,
    form: textFields("tax_registered", "tax_id", "from_date"),
    handle: async (rq, cx, may) => {
      await setTaxStatus(cx, may, rq.params.id, rq.form);
      return seeOther(`/staff/partnerships/${rq.params.id}?done=tax-status`);
    },
    again: async (rq, cx, _may, failed) => await drawn(rq.ui, cx, rq.params.id, failed),
  }),
] as Route[];
