import type { Staff } from "#access/principal.ts";
import type { AuditEntry } from "#features/audit/audit-views.ts";
import type { Adjustment } from "#features/wallets/adjustment.ts";
import type { BalanceSeries } from "#features/wallets/balance-series.ts";
import type { Flow, FlowPage } from "#features/wallets/flows.ts";
import { formatWalletNumber, purposeWords, type Wallet, type WalletBalance } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import { isId } from "#kernel/ids.ts";
import { Activity } from "#web/staff/activity.tsx";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Figures } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { Table } from "#web/ui/table.tsx";
import { BalanceChart } from "#web/wallets/balance-chart.tsx";
import { FlowTable } from "#web/wallets/flow-list.tsx";
import { adjustmentColumns } from "./adjustment-parts.tsx";
import { home } from "./list-page.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  wallet: Wallet;
  balance: WalletBalance;
  adjustments: readonly Adjustment[];
  activity: readonly AuditEntry[];
  series: BalanceSeries;
  newest: FlowPage;
};

const done = {
  opened: "The wallet is open. The partner's owners and administrators are told by mail.",
  frozen: "The wallet is frozen: it receives and sends nothing. The partner is told by mail.",
  unfrozen: "The wallet can send again. The partner is told by mail.",
  closed: "The wallet is closed for ever. The partner is told by mail.",
  "payouts-here": "Payouts in this currency come to this wallet from now on.",
  "payouts-bank": "Payouts in this currency go to the bank from now on.",
  proposed: "The adjustment waits for another owner or administrator.",
  adjusted: "The adjustment was approved, and the money has moved. The partner is told by mail.",
};

/** Where staff look further: the transfer, payout or adjustment behind a flow. */
export function flowHref({ about }: Pick<Flow, "about">): string | undefined {
  if (isId("trf", about)) return `/staff/transfers/${about}`;
  if (isId("pyo", about)) return `/staff/payouts/${about}`;
  return isId("adj", about) ? `${home}/adjustments/${about}` : undefined;
}

/** One wallet: what is in it, where it stands, how it is set up, and what was done to it. */
export function WalletDetailPage(props: Props) {
  const { ui, staff, wallet, balance, activity } = props;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={`Wallet ${formatWalletNumber(wallet.number)}`}
      done={done}
      beside={<Status of="wallet" state={wallet.state} t={t} />}
      crumbs={[
        { href: home, label: "Wallets" },
        { href: `/staff/partnerships/${wallet.partnership}`, label: wallet.holder },
      ]}
      end={<Buttons staff={staff} wallet={wallet} />}
    >
      <Standing wallet={wallet} />
      <Figures
        label="Balance"
        figures={[
          { label: "Available", value: <Money value={balance.available} show="code" />, note: "What it can send now" },
          {
            label: "Pending",
            value: <Money value={balance.pending} show="code" />,
            note: "On its way, or waiting for approval",
          },
          { label: "Total", value: <Money value={balance.total} show="code" />, note: "Both together" },
        ]}
      />
      <div class="two">
        <BalanceChart t={t} series={props.series} hrefOf={(span) => withQuery(`${home}/${wallet.id}`, { span })} />
        <Details {...props} />
      </div>
      <Newest {...props} />
      <div class="two">
        <Adjustments {...props} />
        <Activity entries={activity} zone={ui.institution.timeZone} />
      </div>
    </StaffPage>
  );
}

/** Why it is frozen or closed, in the words that the partner reads. */
function Standing({ wallet }: { wallet: Wallet }) {
  if (wallet.state === "active") return null;
  return (
    <Notice
      tone={wallet.state === "frozen" ? "warn" : "info"}
      title={wallet.state === "frozen" ? "It receives and sends nothing" : "It is closed for ever"}
    >
      <p>
        The partner reads: <bdi>{wallet.stateWhy}</bdi>
      </p>
    </Notice>
  );
}

function Buttons({ staff, wallet }: { staff: Staff; wallet: Wallet }) {
  const at = `${home}/${wallet.id}`;
  if (wallet.state === "closed") return null;
  return (
    <>
      {can(staff, "wallets.adjust") && (
        <LinkButton kind="primary" icon="adjustments" href={`${at}/adjust`}>
          Adjust
        </LinkButton>
      )}
      {can(staff, "wallets.write") &&
        (wallet.state === "frozen" ? (
          <LinkButton icon="check" href={`${at}/unfreeze`}>
            Unfreeze
          </LinkButton>
        ) : (
          <LinkButton icon="snowflake" href={`${at}/freeze`}>
            Freeze
          </LinkButton>
        ))}
      {can(staff, "wallets.write") && (
        <LinkButton icon="lock" href={`${at}/close`}>
          Close
        </LinkButton>
      )}
    </>
  );
}

function Details({ ui, staff, wallet }: Props) {
  const zone = ui.institution.timeZone;
  const change = (
    <a href={`${home}/${wallet.id}/payouts`}>{wallet.takesPayouts ? "Send them to the bank" : "Turn them here"}</a>
  );
  return (
    <Card title="Details" end={<a href={withQuery("/staff/transfers", { q: wallet.number })}>Transfers</a>}>
      <Facts
        facts={[
          [
            "Partner",
            <a href={`/staff/partnerships/${wallet.partnership}`}>
              <bdi>{wallet.holder}</bdi>
            </a>,
          ],
          ["Number", <bdi class="num nowrap">{formatWalletNumber(wallet.number)}</bdi>],
          ["Currency", wallet.currency],
          ["For", purposeWords[wallet.purpose]],
          [
            `Payouts in ${wallet.currency}`,
            <>
              {wallet.takesPayouts ? "Come to this wallet" : "Don't come to this wallet"}
              {can(staff, "wallets.write") && wallet.state !== "closed" && <>. {change}</>}
            </>,
          ],
          ["Opened", t.instant(wallet.openedAt, zone)],
          wallet.stateAt !== undefined && [stateLabels[wallet.state], t.instant(wallet.stateAt, zone)],
          wallet.state === "active" && wallet.stateWhy !== "" && ["The partner read", <bdi>{wallet.stateWhy}</bdi>],
        ]}
      />
    </Card>
  );
}

const stateLabels = { active: "Unfrozen", frozen: "Frozen", closed: "Closed" } as const;

function Newest({ ui, wallet, newest }: Props) {
  const all = <a href={`${home}/${wallet.id}/flows`}>All flows</a>;
  return (
    <Card title="Newest flows" {...(newest.rows.length > 0 && { end: all })}>
      {newest.rows.length === 0 ? (
        <p class="pad dim">Nothing has gone in or out yet. A payout, a transfer or an adjustment puts money in.</p>
      ) : (
        <FlowTable
          t={t}
          rows={newest.rows}
          zone={ui.institution.timeZone}
          institution={ui.institution.name}
          hrefOf={flowHref}
        />
      )}
    </Card>
  );
}

function Adjustments({ wallet, adjustments }: Props) {
  const all = <a href={withQuery(`${home}/adjustments`, { show: "all", wallet: wallet.id })}>All adjustments</a>;
  return (
    <Card title="Adjustments by hand" {...(adjustments.length > 0 && { end: all })}>
      {adjustments.length === 0 ? (
        <p class="pad dim">Nobody put money in or took money out by hand.</p>
      ) : (
        <Table
          caption="Adjustments, the newest first"
          rows={adjustments}
          columns={adjustmentColumns("of one wallet")}
        />
      )}
    </Card>
  );
}
