import type { Staff } from "#access/principal.ts";
import type { AuditEntry } from "#features/audit/audit-views.ts";
import { maskedOf } from "#features/bank-accounts/bank-account.ts";
import { failureWords, holdWords, payoutNumber } from "#features/payouts/payout.ts";
import type { PayoutLine, PayoutShown } from "#features/payouts/payout-views.ts";
import type { Ui } from "#http/request.ts";
import { Activity } from "#web/staff/activity.tsx";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { lineWords } from "./words.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  shown: PayoutShown;
  activity: readonly AuditEntry[];
  behind: number;
  form: FormState;
};

const done = {
  held: "The payout is on hold.",
  released: "The payout was released.",
  again: "The payout is sent again.",
};

/** Everything about one payout: where it stands, what it is made of, how it was sent. */
export function PayoutDetailPage(props: Props) {
  const { ui, staff, shown, activity, form } = props;
  const { payout } = shown;
  const zone = ui.institution.timeZone;
  const partner = `/staff/partnerships/${payout.partnershipId}`;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={payoutNumber(payout.number)}
      done={done}
      problems={form.problems}
      beside={<Status of="payout" state={payout.state} t={t} />}
      crumbs={[
        { href: "/staff/payouts", label: "Payouts" },
        { href: partner, label: payout.partnershipName },
      ]}
      end={<Buttons staff={staff} shown={shown} />}
    >
      <div class="two">
        <div class="stack">
          <Standing {...props} />
          <Card title="What it comes to" pad>
            <Sum
              lines={[
                ...shown.sums.map((one) => ({
                  label: `${lineWords[one.kind]} (${one.lines})`,
                  value: <Money value={one.total} show="code" />,
                })),
                { label: "Tax in it", value: <Money value={payout.tax} show="code" /> },
                { label: "Paid out", value: <Money value={payout.total} show="code" />, total: true },
              ]}
            />
          </Card>
          <Lines {...props} />
          <Attempts shown={shown} zone={zone} />
        </div>
        <div class="stack">
          <Details shown={shown} zone={zone} />
          {can(staff, "payouts.write") && <Holding shown={shown} form={form} />}
          <Activity entries={activity} zone={zone} />
        </div>
      </div>
    </StaffPage>
  );
}

function Buttons({ staff, shown: { payout } }: { staff: Staff; shown: PayoutShown }) {
  return (
    <>
      {payout.state === "in_review" && can(staff, "payouts.approve") && (
        <LinkButton
          kind="primary"
          icon="checklist"
          href={withQuery("/staff/payouts/approvals", { payout: payout.id, currency: payout.total.currency })}
        >
          Approve
        </LinkButton>
      )}
      <LinkButton icon="player-pause" href={`/staff/partnerships/${payout.partnershipId}/payouts`}>
        Pause this partner
      </LinkButton>
    </>
  );
}

/** What is the matter with it, and what to do about it. */
function Standing({ staff, shown }: Props) {
  const { payout, block, facts } = shown;
  if (payout.state === "on_hold" && payout.holdReason !== "") {
    const words = holdWords[payout.holdReason];
    return (
      <Notice tone="warn" title={words.is}>
        {payout.holdNote !== "" && (
          <p>
            <bdi>{payout.holdNote}</bdi>
          </p>
        )}
        <p>
          {words.todo} <MendLink shown={shown} />
        </p>
      </Notice>
    );
  }
  if ((payout.state === "failed" || payout.state === "returned") && payout.failureReason !== "") {
    const back = payout.state === "returned" ? "The bank sent it back: " : "It could not be paid: ";
    return (
      <Notice tone="bad" title={`${back}${lower(failureWords[payout.failureReason].is)}`}>
        <p>The money is the partner's again; nothing is lost.</p>
        {block === undefined ? (
          can(staff, "payouts.write") && (
            <form method="post" action={`/staff/payouts/${payout.id}/again`}>
              <Button kind="primary" icon="send">{`Send ${t.money(payout.total, "code")} again`}</Button>
            </form>
          )
        ) : (
          <p>
            {block}{" "}
            <a href={`/staff/partnerships/${payout.partnershipId}`}>
              Bank details of <bdi>{payout.partnershipName}</bdi>
            </a>
          </p>
        )}
      </Notice>
    );
  }
  if (payout.state === "in_review" && shown.needsSecond && facts.payout.approvedBy !== undefined) {
    return (
      <Notice tone="info" title="A second person is needed">
        <p>{shown.approvals[0]} approved it. It is above the limit, so somebody else approves it too.</p>
      </Notice>
    );
  }
  if (payout.carriedTo !== undefined) {
    return (
      <Notice tone="info" title={`Carried over to ${payoutNumber(payout.carriedTo)}`}>
        <p>It was below the minimum, or not above zero. Every line of it stands in the next payout.</p>
      </Notice>
    );
  }
  return null;
}

function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

function MendLink({ shown: { payout } }: { shown: PayoutShown }) {
  const partner = `/staff/partnerships/${payout.partnershipId}`;
  switch (payout.holdReason) {
    case "paused_institution":
      return <a href="/staff/settings/payouts">Payout settings</a>;
    case "paused_partner":
      return <a href={`${partner}/payouts`}>Payouts of this partner</a>;
    case "bank_details_in_review":
      return <a href="/staff/bank-details">Bank details in review</a>;
    case "held_by_staff":
      return null;
    default:
      return (
        <a href={partner}>
          Open <bdi>{payout.partnershipName}</bdi>
        </a>
      );
  }
}

function Lines({ shown, behind }: Props) {
  const { payout, lines, more } = shown;
  const home = `/staff/payouts/${payout.id}`;
  if (lines.length === 0) {
    return (
      <Card title="What it is made of">
        <Empty icon="list-check" title="It has no lines">
          Its lines were carried over to another payout.
        </Empty>
      </Card>
    );
  }
  return (
    <Card title="What it is made of">
      <Table
        caption="Lines of the payout, in the order they came into it"
        rows={lines}
        columns={[
          { head: "What", cell: (line) => <What line={line} home={home} /> },
          { head: "Customer", cell: (line) => <bdi>{line.payment?.customer ?? "–"}</bdi>, wideOnly: true },
          { head: "Net", cell: (line) => <Money value={line.net} show="none" />, end: true, wideOnly: true },
          { head: "Tax", cell: (line) => <Money value={line.tax} show="none" />, end: true, wideOnly: true },
          { head: "Amount", cell: (line) => <Money value={line.total} show="code" />, end: true },
        ]}
      />
      {(more !== undefined || behind > 0) && (
        <nav class="pager" aria-label="Pages of lines">
          <span>{`Lines ${lines[0]?.position} to ${lines.at(-1)?.position}`}</span>
          <span class="end">
            {behind > 0 && (
              <LinkButton small href={home}>
                First lines
              </LinkButton>
            )}
            {more !== undefined && (
              <LinkButton small href={`${home}?behind=${more}`} iconEnd="chevron-right">
                More lines
              </LinkButton>
            )}
          </span>
        </nav>
      )}
    </Card>
  );
}

function What({ line, home }: { line: PayoutLine; home: string }) {
  const name = line.payment?.item ?? lineWords[line.kind];
  const under = line.kind === "share" ? undefined : [lineWords[line.kind], line.reason].filter(Boolean).join(": ");
  return (
    <>
      <a class="strong" href={`${home}/lines/${line.position}`}>
        <bdi>{name}</bdi>
        <span class="vh">{`: why this amount? Line ${line.position}`}</span>
      </a>
      {under !== undefined && (
        <Under>
          <bdi>{under}</bdi>
        </Under>
      )}
    </>
  );
}

const attemptStates = {
  pending: "processing",
  sent: "sent",
  succeeded: "paid",
  failed: "failed",
  returned: "returned",
} as const;

function Attempts({ shown: { attempts }, zone }: { shown: PayoutShown; zone: string }) {
  if (attempts.length === 0) return null;
  return (
    <Card title="How it was sent">
      <Table
        caption="Attempts to send it, the newest first"
        rows={attempts}
        columns={[
          { head: "Begun", cell: (one) => <span class="num nowrap">{t.instant(one.created_at, zone)}</span> },
          { head: "To", cell: (one) => <bdi class="num">··{one.last4}</bdi> },
          {
            head: "Outcome",
            cell: (one) => (
              <>
                <Status of="payout" state={attemptStates[one.state]} t={t} />
                {one.failure_reason !== "" && <Under>{failureWords[one.failure_reason].is}</Under>}
              </>
            ),
          },
          {
            head: "Reference there",
            cell: (one) => <bdi class="mono sm">{one.provider_ref ?? "–"}</bdi>,
            wideOnly: true,
          },
        ]}
      />
    </Card>
  );
}

function Details({ shown, zone }: { shown: PayoutShown; zone: string }) {
  const { payout, account, approvals } = shown;
  return (
    <Card title="Details">
      <Facts
        facts={[
          [
            "Partner",
            <a href={`/staff/partnerships/${payout.partnershipId}`}>
              <bdi>{payout.partnershipName}</bdi>
            </a>,
          ],
          ["Payout day", t.date(payout.scheduledFor, "weekday")],
          [
            "Bank account",
            account ? (
              <bdi>
                {account.bankName} {maskedOf(account)}
              </bdi>
            ) : (
              "None yet"
            ),
          ],
          account !== undefined && ["Account holder", <bdi>{account.holderName}</bdi>],
          approvals[0] !== undefined && ["Approved by", <bdi>{approvals.join(", ")}</bdi>],
          payout.sentAt !== undefined && ["Sent", t.instant(payout.sentAt, zone)],
          payout.paidAt !== undefined && ["Paid", t.instant(payout.paidAt, zone)],
          payout.failedAt !== undefined && ["Failed or returned", t.instant(payout.failedAt, zone)],
        ]}
      />
    </Card>
  );
}

function Holding({ shown: { payout, holdable }, form }: { shown: PayoutShown; form: FormState }) {
  const home = `/staff/payouts/${payout.id}`;
  if (payout.state === "on_hold" && payout.holdReason === "held_by_staff") {
    return (
      <Card title="Release it" pad>
        <Form action={`${home}/release`}>
          <TextField form={form} name="why" label="Why" optional maxlength={200} />
          <Button icon="send">Release the payout</Button>
        </Form>
      </Card>
    );
  }
  if (!holdable) return null;
  return (
    <Card title="Hold it" pad>
      <Form action={`${home}/hold`}>
        <TextField
          form={form}
          name="why"
          label="Why"
          hint="For staff only; the partner does not see it."
          maxlength={200}
        />
        <Button icon="player-pause">Hold the payout</Button>
      </Form>
    </Card>
  );
}
