import type { Child } from "hono/jsx";
import type { Staff } from "#access/principal.ts";
import type { Attention } from "#features/overview/overview.ts";
import type { PayoutsDue } from "#features/payouts/payout-list.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { Card } from "#web/ui/card.tsx";
import { Icon, type IconName } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";

type Item = {
  readonly icon: IconName;
  readonly tone: "bad" | "warn" | "mute";
  readonly title: Child;
  readonly more: Child;
  readonly href?: string;
};

/** What needs somebody, the gravest first; each line leads to its rows and goes away with them. */
type Props = { attention: Attention; payouts: readonly PayoutsDue[]; ui: Ui; staff: Staff };

export function AttentionCard({ attention, payouts, ui, staff }: Props) {
  // Whoever can't review has nothing to look at there.
  const bankDetails = can(staff, "bank-details.review") ? attention.bankDetails : 0;
  const adjustments = can(staff, "wallets.adjust") ? attention.adjustments : 0;
  const items = itemsOf({ ...attention, bankDetails, adjustments }, payouts, ui.institution.timeZone);
  if (items.length === 0) {
    return (
      <Notice tone="ok" title="Nothing needs your attention">
        <p>Money that nobody claims, attempts that fail and imports with bad rows would show here.</p>
      </Notice>
    );
  }
  return (
    <Card title="Needs attention">
      <ul class="attention">
        {items.map(({ icon, tone, title, more, href }) => (
          <li>
            <span class={`tile ${tone}`}>
              <Icon name={icon} />
            </span>
            <span>
              <b>{href === undefined ? title : <a href={href}>{title}</a>}</b>
              <small>{more}</small>
            </span>
            {href !== undefined && <Icon name="chevron-right" />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const counted = (count: number, one: string, many: string) => `${t.number(count)} ${count === 1 ? one : many}`;

function itemsOf(now: Attention, payouts: readonly PayoutsDue[], zone: string): readonly Item[] {
  return [
    ...moneyItems(now, zone),
    ...payoutItems(payouts),
    ...transferItems(now),
    ...walletItems(now),
    ...bankItems(now),
    ...otherItems(now),
  ];
}

function payoutItems(payouts: readonly PayoutsDue[]): readonly Item[] {
  const sum = (count: (one: PayoutsDue) => number) => payouts.reduce((all, one) => all + count(one), 0);
  const [failed, held, inReview] = [sum((one) => one.failed), sum((one) => one.held), sum((one) => one.inReview)];
  const items: (Item & { count: number })[] = [
    {
      count: failed,
      icon: "send",
      tone: "bad",
      title: counted(failed, "payout failed or came back", "payouts failed or came back"),
      more: "Each says why. Once the bank details are right, one click sends it again.",
      href: "/staff/payouts?status=attention",
    },
    {
      count: inReview,
      icon: "checklist",
      tone: "warn",
      title: counted(inReview, "payout waits for approval", "payouts wait for approval"),
      more: "Their cut-off has passed. Nothing is sent before somebody approves it.",
      href: "/staff/payouts?status=in_review",
    },
    {
      count: held,
      icon: "player-pause",
      tone: "warn",
      title: counted(held, "payout is on hold", "payouts are on hold"),
      more: "Each says what stands in its way.",
      href: "/staff/payouts?status=on_hold",
    },
  ];
  return items.filter((item) => item.count > 0);
}

function transferItems({ transfers }: Attention): readonly Item[] {
  if (transfers === 0) return [];
  return [
    {
      icon: "arrows-exchange",
      tone: "warn",
      title: counted(transfers, "transfer waits for approval", "transfers wait for approval"),
      more: "Each is above the limit of its currency. Its money is held until somebody decides.",
      href: "/staff/transfers?status=pending_approval",
    },
  ];
}

function walletItems({ adjustments }: Attention): readonly Item[] {
  if (adjustments === 0) return [];
  return [
    {
      icon: "adjustments",
      tone: "warn",
      title: counted(adjustments, "adjustment of a wallet waits", "adjustments of wallets wait"),
      more: "Nothing moves until somebody else than who proposed it approves.",
      href: "/staff/wallets/adjustments",
    },
  ];
}

function bankItems({ bankDetails }: Attention): readonly Item[] {
  if (bankDetails === 0) return [];
  return [
    {
      icon: "building-bank",
      tone: "warn",
      title: counted(bankDetails, "change of bank details waits for review", "changes of bank details wait for review"),
      more: "Nothing is paid out to these partners in that currency meanwhile.",
      href: "/staff/bank-details",
    },
  ];
}

function moneyItems(now: Attention, zone: string): readonly Item[] {
  const items: Item[] = [];
  if (now.booksFailedAt) {
    items.push({
      icon: "shield",
      tone: "bad",
      title: "The books did not hold when they were last checked",
      more: `Checked ${t.instant(now.booksFailedAt, zone)}. The proof names each row that does not fit.`,
      href: "/staff/books",
    });
  }
  if (now.unmatched > 0) {
    items.push({
      icon: "inbox",
      tone: "bad",
      title: counted(now.unmatched, "arrival of money is unmatched", "arrivals of money are unmatched"),
      more: "It came without a reference that we know. Say whose it is.",
      href: "/staff/unmatched",
    });
  }
  for (const refund of now.refunds) {
    items.push({
      icon: "arrow-back-up",
      tone: "bad",
      title: (
        <>
          A refund of <Money value={refund.cash} show="code" size="plain" /> to <bdi>{refund.customer}</bdi> failed
        </>
      ),
      more: "The payment says why. Try again, or pay it back another way.",
      href: `/staff/payments/${refund.payment}`,
    });
  }
  if (now.failed > 0) {
    items.push({
      icon: "credit-card",
      tone: "warn",
      title: counted(now.failed, "payment was tried and failed", "payments were tried and failed"),
      more: `${t.number(now.failedLately)} of them in the last 7 days. Nothing has been paid since.`,
      href: "/staff/payments?status=failed",
    });
  }
  return items;
}

function otherItems(now: Attention): readonly Item[] {
  const items: Item[] = now.imports.map((one) => ({
    icon: "table-import",
    tone: "warn",
    title: one.stopped ? (
      <>
        The import of <bdi>{one.fileName}</bdi> stopped
      </>
    ) : (
      <>
        {counted(one.badRows, "row", "rows")} of <bdi>{one.fileName}</bdi> could not be imported
      </>
    ),
    more: "The report names each line and what to write instead.",
    href: `/staff/imports/${one.id}`,
  }));
  if (now.withoutEmail > 0) {
    items.push({
      icon: "mail",
      tone: "mute",
      title: counted(now.withoutEmail, "customer has no e-mail address", "customers have no e-mail address"),
      more: "They can’t sign in until somebody adds one.",
      href: "/staff/customers?only=no-email",
    });
  }
  if (now.setUp) {
    items.push({
      icon: "adjustments",
      tone: "mute",
      title: "Set-up is not finished",
      more: "The checklist says what is left until you go live.",
      href: "/staff/setup",
    });
  }
  return items;
}
