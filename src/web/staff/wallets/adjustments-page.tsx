import type { Staff } from "#access/principal.ts";
import { mayDecide } from "#features/wallets/adjust-wallet.ts";
import type { Adjustment } from "#features/wallets/adjustment.ts";
import { formatWalletNumber, type Wallet, type WalletBalance } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import type { Page } from "#kernel/paging.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Tabs } from "#web/ui/filters.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Table } from "#web/ui/table.tsx";
import { AfterIt } from "./adjust-page.tsx";
import { AdjustmentStatus, adjustmentColumns, adjustmentTitle } from "./adjustment-parts.tsx";
import { home } from "./list-page.tsx";

const here = `${home}/adjustments`;
const crumb = { href: home, label: "Wallets" };

type ListProps = {
  ui: Ui;
  staff: Staff;
  found: Page<Adjustment>;
  show: "waiting" | "all";
  wallet: string | undefined;
};

const done = {
  rejected: "The adjustment was rejected. Nothing has moved.",
  withdrawn: "The adjustment was taken back. Nothing has moved.",
};

/** Adjustments that wait for a second person, or all of them. */
export function AdjustmentsPage({ ui, staff, found, show, wallet }: ListProps) {
  const query = { show, wallet };
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Adjustments"
      lead="Money put into wallets or taken out by hand: one person proposes it, another one approves."
      crumbs={[crumb]}
      done={done}
    >
      <Card label="Adjustments">
        <Tabs
          label="Which adjustments"
          tabs={[
            { label: "Waiting", href: withQuery(here, { wallet }), current: show === "waiting" },
            { label: "All", href: withQuery(here, { show: "all", wallet }), current: show === "all" },
          ]}
        />
        {found.rows.length === 0 ? (
          <Empty icon="adjustments" title={show === "waiting" ? "Nothing waits for approval" : "There are none yet"}>
            An adjustment begins on the page of its wallet.
          </Empty>
        ) : (
          <Table caption="Adjustments, the newest first" rows={found.rows} columns={adjustmentColumns("of all")} />
        )}
        {(found.inFront || found.behind) && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.inFront ? withQuery(here, { ...query, after: found.rows[0]?.id }) : undefined}
            older={found.behind ? withQuery(here, { ...query, before: found.rows.at(-1)?.id }) : undefined}
          />
        )}
      </Card>
    </StaffPage>
  );
}

type Props = { ui: Ui; staff: Staff; form: FormState; adjustment: Adjustment; wallet: Wallet; balance: WalletBalance };

/** One adjustment: what it is, who proposed it, what it comes to, and the decision. */
export function AdjustmentPage(props: Props) {
  const { ui, staff, form, adjustment, wallet, balance } = props;
  const zone = ui.institution.timeZone;
  const waits = adjustment.state === "proposed";
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={adjustmentTitle(adjustment)}
      beside={<AdjustmentStatus state={adjustment.state} />}
      crumbs={[crumb, { href: here, label: "Adjustments" }]}
      problems={form.problems}
    >
      <div class="two">
        <div class="stack">
          {waits && <AfterIt balance={balance} amount={adjustment.amount} />}
          {waits && can(staff, "wallets.adjust") && <Decision {...props} />}
          {waits && !can(staff, "wallets.adjust") && (
            <Notice title="It waits for an owner or an administrator">
              <p>Your role does not include deciding on adjustments.</p>
            </Notice>
          )}
          {!waits && (
            <Notice tone={adjustment.state === "approved" ? "ok" : "info"} title={decidedWords[adjustment.state]}>
              <p>
                <bdi>{adjustment.decidedByName}</bdi>
                {adjustment.decidedAt && `, ${t.instant(adjustment.decidedAt, zone)}`}
              </p>
              {adjustment.decidedWhy !== "" && (
                <p>
                  <bdi>{adjustment.decidedWhy}</bdi>
                </p>
              )}
            </Notice>
          )}
        </div>
        <Card title="Details">
          <Facts
            facts={[
              [
                "Wallet",
                <a href={`${home}/${wallet.id}`}>
                  <bdi class="num nowrap">{formatWalletNumber(wallet.number)}</bdi>
                </a>,
              ],
              [
                "Partner",
                <a href={`/staff/partnerships/${wallet.partnership}`}>
                  <bdi>{wallet.holder}</bdi>
                </a>,
              ],
              ["Why, for the partner", <bdi>{adjustment.reason}</bdi>],
              ["Proposed by", <bdi>{adjustment.proposedByName}</bdi>],
              ["Proposed", t.instant(adjustment.createdAt, zone)],
            ]}
          />
        </Card>
      </div>
    </StaffPage>
  );
}

const decidedWords = {
  proposed: "It waits",
  approved: "It was approved, and the money has moved",
  rejected: "It was rejected; nothing has moved",
  withdrawn: "It was taken back; nothing has moved",
} as const;

function Decision({ staff, form, adjustment }: Props) {
  const action = `${here}/${adjustment.id}`;
  if (!mayDecide(adjustment, staff.id)) {
    return (
      <Card title="Somebody else decides" pad>
        <Form action={`${action}/withdraw`}>
          <p>You proposed this yourself. Any other owner or administrator can approve or reject it.</p>
          <Actions>
            <Button icon="arrow-back-up">Take it back</Button>
          </Actions>
        </Form>
      </Card>
    );
  }
  return (
    <Card title="Decide" pad>
      <div class="stack">
        <Form action={`${action}/approve`}>
          <Actions>
            <Button kind="primary" icon="check">
              {`Approve: ${adjustmentTitle(adjustment)}`}
            </Button>
          </Actions>
        </Form>
        <Form action={`${action}/reject`}>
          <TextField
            form={form}
            name="reason"
            label="Reason for rejecting"
            hint="For staff; the partner does not see it."
            maxlength={300}
          />
          <Actions>
            <Button kind="danger" icon="x">
              Reject the adjustment
            </Button>
          </Actions>
        </Form>
      </div>
    </Card>
  );
}
