import { maskedOf } from "#features/bank-accounts/bank-account.ts";
import { failureWords } from "#features/payouts/payout.ts";
import type { PayoutLine, PayoutShown } from "#features/payouts/payout-views.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { t } from "#web/staff/shared.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { lineWords } from "./words.tsx";

/** What the payout is made of, a page of lines. */
export function Lines({ shown, behind }: { shown: PayoutShown; behind: number }) {
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

/** Each try to send it. */
export function Attempts({ shown: { attempts }, zone }: { shown: PayoutShown; zone: string }) {
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

/** Whom it is for, where it goes, who approved it, and when. */
export function Details({ shown, zone }: { shown: PayoutShown; zone: string }) {
  const { payout, account, wallet, approvals } = shown;
  const settled = payout.state === "paid" && payout.total.minor === 0n;
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
          wallet !== undefined && [
            "Wallet",
            <a href={`/staff/wallets/${wallet.id}`}>
              <bdi class="num nowrap">{formatWalletNumber(wallet.number)}</bdi>
            </a>,
          ],
          settled && ["Where it went", "Nothing was sent: it was netted against invoices"],
          wallet === undefined &&
            !settled && [
              "Bank account",
              account ? (
                <bdi>
                  {account.bankName} {maskedOf(account)}
                </bdi>
              ) : (
                "None yet"
              ),
            ],
          account !== undefined && !settled && ["Account holder", <bdi>{account.holderName}</bdi>],
          approvals[0] !== undefined && ["Approved by", <bdi>{approvals.join(", ")}</bdi>],
          payout.sentAt !== undefined && payout.walletId === undefined && ["Sent", t.instant(payout.sentAt, zone)],
          payout.state === "paid" && payout.paidAt !== undefined && ["Paid", t.instant(payout.paidAt, zone)],
          payout.failedAt !== undefined && ["Failed or returned", t.instant(payout.failedAt, zone)],
        ]}
      />
    </Card>
  );
}
/** Holding it, or letting it go on. */
export function Holding({ shown: { payout, holdable }, form }: { shown: PayoutShown; form: FormState }) {
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
