import type { Staff } from "#access/principal.ts";
import type { AuditEntry } from "#features/audit/audit-views.ts";
import { failureWords, holdWords, payoutNumber } from "#features/payouts/payout.ts";
import type { PayoutShown } from "#features/payouts/payout-views.ts";
import type { Ui } from "#http/request.ts";
import { Activity } from "#web/staff/activity.tsx";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Sum } from "#web/ui/card.tsx";
import type { FormState } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { Attempts, Details, Holding, Lines } from "./detail-parts.tsx";
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
                { label: "Payout", value: <Money value={payout.total} show="code" />, total: true },
              ]}
            />
            <p class="sm dim">
              Tax in it: <Money value={payout.tax} show="code" size="plain" />
            </p>
          </Card>
          <Lines shown={shown} behind={props.behind} />
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
