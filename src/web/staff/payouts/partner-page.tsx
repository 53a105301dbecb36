import type { Staff } from "#access/principal.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { PayoutPage } from "#features/payouts/payout-list.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Table } from "#web/ui/table.tsx";
import { PayoutStatus } from "./words.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  partner: Partnership;
  found: PayoutPage;
  schedule: string;
  form: FormState;
};

const done = { paused: "Payouts of this partner are paused.", resumed: "Payouts of this partner go on." };
const nettingWords = {
  off: "Not agreed: invoices are paid by themselves",
  proposed: "Proposed, not agreed yet",
  agreed: "Agreed: open invoices are taken off payouts",
} as const;

/** How one partner is paid: its schedule, a pause, and its latest payouts. */
export function PartnerPayoutsPage({ ui, staff, partner, found, schedule, form }: Props) {
  const home = `/staff/partnerships/${partner.id}/payouts`;
  const paused = partner.payoutsPaused;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={`Payouts of ${partner.name}`}
      done={done}
      problems={form.problems}
      crumbs={[
        { href: "/staff/partnerships", label: "Partnerships" },
        { href: `/staff/partnerships/${partner.id}`, label: partner.name },
      ]}
    >
      <div class="two">
        <Latest partner={partner} found={found} />
        <div class="stack">
          {paused && (
            <Notice tone="warn" title="Payouts of this partner are paused">
              <p>
                <bdi>{paused.why}</bdi>
              </p>
              <p>{t.instant(paused.at, ui.institution.timeZone)}</p>
            </Notice>
          )}
          <Card title="How it is paid">
            <Facts
              facts={[
                ["Schedule", schedule],
                ["Netting", nettingWords[partner.netting]],
              ]}
            />
          </Card>
          {can(staff, "payouts.write") && (
            <Card title={paused ? "Resume payouts" : "Pause payouts"} pad>
              {paused ? (
                <Form action={`${home}/resume`}>
                  <Button kind="primary">Resume payouts</Button>
                </Form>
              ) : (
                <Form action={`${home}/pause`}>
                  <TextField
                    form={form}
                    name="why"
                    label="Why"
                    hint="For staff only. The partner reads that payouts are paused."
                    maxlength={200}
                  />
                  <Button icon="player-pause">Pause payouts</Button>
                </Form>
              )}
            </Card>
          )}
        </div>
      </div>
    </StaffPage>
  );
}

function Latest({ partner, found }: Pick<Props, "partner" | "found">) {
  return (
    <Card title="Latest payouts" end={<a href={`/staff/payouts?partner=${partner.id}`}>All payouts</a>}>
      {found.rows.length === 0 ? (
        <Empty icon="send" title="No payouts yet">
          The first share that this partner earns opens one.
        </Empty>
      ) : (
        <Table
          caption="Latest payouts"
          rows={found.rows}
          columns={[
            {
              head: "Payout",
              cell: ({ payout }) => (
                <a class="strong num" href={`/staff/payouts/${payout.id}`}>
                  {payoutNumber(payout.number)}
                </a>
              ),
            },
            {
              head: "Day",
              wideOnly: true,
              cell: ({ payout }) => <span class="num nowrap">{t.date(payout.scheduledFor)}</span>,
            },
            { head: "Status", cell: ({ payout }) => <PayoutStatus payout={payout} /> },
            { head: "Amount", end: true, cell: ({ payout }) => <Money value={payout.total} show="code" /> },
          ]}
        />
      )}
    </Card>
  );
}
