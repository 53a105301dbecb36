import type { Staff } from "#access/principal.ts";
import { type Approval, refusalOf } from "#features/payouts/approve-payouts.ts";
import { needsSecond } from "#features/payouts/cut-off.ts";
import { type PayoutFacts, payoutNumber } from "#features/payouts/payout.ts";
import type { Ui } from "#http/request.ts";
import { type Currency, moneySum } from "#kernel/money.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Tabs } from "#web/ui/filters.tsx";
import { Form, Hidden, type Problems } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Steps } from "#web/ui/progress.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

const here = "/staff/payouts/approvals";
const crumbs = [{ href: "/staff/payouts", label: "Payouts" }];
const steps = ["Choose", "Check", "Done"];

type Props = {
  ui: Ui;
  staff: Staff;
  rows: readonly PayoutFacts[];
  chosen: readonly string[];
  currency: Currency | undefined;
  /** More wait than this page offers. */
  more: boolean;
  problems: Problems | undefined;
};

/** Payouts in review, to choose from. */
export function ApprovalsPage({ ui, staff, rows, chosen, currency, more, problems }: Props) {
  return (
    <StaffPage ui={ui} staff={staff} title="Approve payouts" crumbs={crumbs} problems={problems}>
      <Steps label="Steps" steps={steps} current={0} />
      <Card label="Payouts in review">
        <Tabs
          label="Currency"
          tabs={[undefined, ...ui.institution.currencies].map((code) => {
            const href = withQuery(here, { currency: code });
            return { label: code ?? "All currencies", href, current: code === currency };
          })}
        />
        {rows.length === 0 ? (
          <Empty icon="circle-check" title="Nothing waits for approval">
            Payouts appear here when their cut-off has passed.
          </Empty>
        ) : (
          <Form action={here} layout="bare" hidden={{ currency }}>
            {rows.map(({ payout }) => (
              <input type="hidden" name="shown" value={payout.id} />
            ))}
            <Table
              caption="Payouts in review, the earliest day first"
              rows={rows}
              columns={chooseColumns(chosen, staff.id)}
            />
            <div class="pad">
              {more && <p class="sm dim">Only the first {rows.length} are shown. Approve them, and the next follow.</p>}
              <Actions>
                <Button kind="primary" name="step" value="check" iconEnd="chevron-right">
                  Check those chosen
                </Button>
                <Button name="step" value="all">
                  {`Check all ${rows.length}`}
                </Button>
              </Actions>
            </div>
          </Form>
        )}
      </Card>
    </StaffPage>
  );
}

function chooseColumns(chosen: readonly string[], person: string): Column<PayoutFacts>[] {
  return [
    {
      head: "Choose",
      silent: true,
      cell: ({ payout }) => (
        <label class="check">
          <input
            type="checkbox"
            name="payout"
            value={payout.id}
            checked={chosen.includes(payout.id)}
            aria-label={`${payoutNumber(payout.number)}, ${payout.partnershipName}`}
          />
        </label>
      ),
    },
    ...columns(person),
  ];
}

function columns(person: string): Column<PayoutFacts>[] {
  return [
    {
      head: "Payout",
      cell: ({ payout }) => (
        <>
          <a
            class="strong num"
            href={`/staff/payouts/${payout.id}`}
            aria-label={`Open ${payoutNumber(payout.number)}, ${payout.partnershipName}`}
          >
            {payoutNumber(payout.number)}
          </a>
          <Under>
            <bdi>{payout.partnershipName}</bdi>
          </Under>
        </>
      ),
    },
    {
      head: "Day",
      wideOnly: true,
      cell: ({ payout }) => <span class="num nowrap">{t.date(payout.scheduledFor)}</span>,
    },
    { head: "Payments", wideOnly: true, end: true, cell: ({ payout }) => <span class="num">{payout.payments}</span> },
    { head: "Approval", cell: (facts) => <Wanted facts={facts} person={person} /> },
    { head: "Amount", end: true, cell: ({ payout }) => <Money value={payout.total} show="code" /> },
  ];
}

function Wanted({ facts, person }: { facts: PayoutFacts; person: string }) {
  const refusal = refusalOf(facts, person);
  if (refusal !== undefined) return <span class="txt-bad">{refusal}</span>;
  if (!needsSecond(facts, facts.payout.total, facts.payout.approvedBy ?? person)) return <>One person</>;
  return <>{facts.payout.approvedBy === undefined ? "The first of two people" : "The second of two people"}</>;
}

type CheckProps = {
  ui: Ui;
  staff: Staff;
  rows: readonly { readonly facts: PayoutFacts; readonly version: string }[];
  currency: Currency | undefined;
};

/** What was chosen, by currency, and what of it this person can't approve, or not alone. */
export function CheckApprovalsPage({ ui, staff, rows, currency }: CheckProps) {
  const good = rows.filter(({ facts }) => refusalOf(facts, staff.id) === undefined);
  const bad = rows.length - good.length;
  return (
    <StaffPage ui={ui} staff={staff} title="Check the approval" crumbs={[...crumbs, { href: here, label: "Approve" }]}>
      <Steps label="Steps" steps={steps} current={1} />
      {bad > 0 && (
        <Notice tone="warn" title={`${count(bad)} left out`}>
          <p>The table says why. The others can be approved.</p>
        </Notice>
      )}
      <Card title="What you approve">
        <Table
          caption="Totals by currency"
          rows={totalsOf(
            good.map(({ facts }) => facts),
            staff.id,
          )}
          columns={[
            { head: "Currency", cell: (row) => row.currency },
            { head: "Payouts", end: true, cell: (row) => <span class="num">{row.payouts}</span> },
            { head: "Partners", end: true, cell: (row) => <span class="num">{row.partners}</span>, wideOnly: true },
            {
              head: "Wait for a second person",
              end: true,
              cell: (row) => <span class="num">{row.second}</span>,
            },
            { head: "Total", end: true, cell: (row) => <Money value={row.total} show="code" /> },
          ]}
        />
      </Card>
      <Card title={count(rows.length)}>
        <Table
          caption="The payouts that were chosen"
          columns={columns(staff.id)}
          rows={rows.map(({ facts }) => facts)}
        />
      </Card>
      <form method="post" action={here}>
        <Hidden values={{ currency }} />
        {good.map(({ facts, version }) => (
          <input type="hidden" name="chosen" value={`${facts.payout.id}|${version}`} />
        ))}
        <Actions>
          {good.length > 0 && (
            <Button kind="primary" name="step" value="approve">
              {approveWords(
                good.map(({ facts }) => facts),
                staff.id,
              )}
            </Button>
          )}
          <Button name="step" value="back">
            Choose others
          </Button>
        </Actions>
      </form>
    </StaffPage>
  );
}

function approveWords(facts: readonly PayoutFacts[], person: string): string {
  const totals = totalsOf(facts, person);
  const [only] = totals;
  const words = `Approve ${count(facts.length)}`;
  return only && totals.length === 1 ? `${words}, ${t.money(only.total, "code")}` : words;
}

function count(payouts: number): string {
  return `${payouts} payout${payouts === 1 ? "" : "s"}`;
}

/** Totals by currency: nothing is ever summed across them. */
function totalsOf(facts: readonly PayoutFacts[], person: string) {
  return [...Map.groupBy(facts, ({ payout }) => payout.total.currency)].map(([currency, of]) => ({
    currency,
    payouts: of.length,
    partners: new Set(of.map(({ payout }) => payout.partnershipId)).size,
    second: of.filter((one) => needsSecond(one, one.payout.total, person) && one.payout.approvedBy === undefined)
      .length,
    total: moneySum(
      of.reduce((sum, { payout }) => sum + payout.total.minor, 0n),
      currency,
    ),
  }));
}

/** What became of each. */
export function ApprovedPage({ ui, staff, approvals }: { ui: Ui; staff: Staff; approvals: readonly Approval[] }) {
  const approved = approvals.filter((one) => one.outcome === "approved").length;
  const first = approvals.filter((one) => one.outcome === "first").length;
  const refused = approvals.filter((one) => one.outcome === "refused").length;
  return (
    <StaffPage ui={ui} staff={staff} title="Payouts approved" crumbs={crumbs}>
      <Steps label="Steps" steps={steps} current={2} />
      {approved > 0 && (
        <Notice tone="ok" title={`${count(approved)} approved`}>
          <p>They are given to the bank, or paid into wallets, now. Each payout's page shows how far it is.</p>
        </Notice>
      )}
      {first > 0 && (
        <Notice tone="info" title={`${count(first)} wait for a second person`}>
          <p>Somebody else approves what is above the limit.</p>
        </Notice>
      )}
      {refused > 0 && (
        <Notice tone="warn" title={`${count(refused)} not approved`}>
          <p>The table says why.</p>
        </Notice>
      )}
      <Card label="What became of each">
        <Table
          caption="What became of each payout"
          rows={approvals}
          columns={[
            {
              head: "Payout",
              cell: ({ facts: { payout } }) => (
                <>
                  <a class="strong num" href={`/staff/payouts/${payout.id}`}>
                    {payoutNumber(payout.number)}
                  </a>
                  <Under>
                    <bdi>{payout.partnershipName}</bdi>
                  </Under>
                </>
              ),
            },
            { head: "Outcome", cell: (one) => outcomeWords(one) },
            { head: "Amount", end: true, cell: ({ facts }) => <Money value={facts.payout.total} show="code" /> },
          ]}
        />
      </Card>
      <LinkButton href={here}>Approve more</LinkButton>
    </StaffPage>
  );
}

function outcomeWords(one: Approval): string {
  if (one.outcome === "refused") return one.why;
  return one.outcome === "approved" ? "Approved" : "Waits for a second person";
}
