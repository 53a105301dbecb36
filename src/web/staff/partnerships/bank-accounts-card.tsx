import { maskedOf, type StaffBankAccount } from "#features/bank-accounts/bank-account.ts";
import { openAccountsOf } from "#features/bank-accounts/bank-account-views.ts";
import type { Instant } from "#kernel/time.ts";
import { can, t } from "#web/staff/shared.tsx";
import { Card } from "#web/ui/card.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

/** Where the partner's payouts go, a currency a row, and what waits for review. Masked, as everywhere. */
export const bankAccountsCard: PartnershipCard = async ({ ui, cx, partnership }) => {
  const accounts = await openAccountsOf(cx, partnership.id);
  const add = `/staff/partnerships/${partnership.id}/bank-accounts/new`;
  const end = can(cx.principal, "bank-details.write") && <a href={add}>Add or replace</a>;
  if (accounts.length === 0) {
    return (
      <Card title="Bank accounts" pad {...(end && { end })}>
        <p class="dim">
          There are none yet. Without an account in its currency no payout can be sent; a contact with the right for
          bank details can add one in the partner portal, too.
        </p>
      </Card>
    );
  }
  const { timeZone } = ui.institution;
  return (
    <Card title="Bank accounts" {...(end && { end })}>
      <Table
        caption="Bank accounts, one a currency"
        rows={accounts}
        columns={columnsFor(timeZone, cx.now, can(cx.principal, "bank-details.review"))}
      />
    </Card>
  );
};

function columnsFor(zone: string, now: Instant, review: boolean): readonly Column<StaffBankAccount>[] {
  return [
    { head: "Currency", cell: ({ currency }) => currency },
    {
      head: "Account",
      cell: (one) => (
        <>
          <bdi class="num nowrap">{maskedOf(one)}</bdi>
          <Under>
            <bdi>{one.holderName}</bdi>
          </Under>
        </>
      ),
    },
    {
      head: "Bank",
      cell: (one) => <bdi>{[one.bankName, one.country].filter(Boolean).join(", ")}</bdi>,
      wideOnly: true,
    },
    { head: "State", cell: (one) => <StateOf account={one} zone={zone} now={now} review={review} /> },
  ];
}

type StateProps = { account: StaffBankAccount; zone: string; now: Instant; review: boolean };

function StateOf({ account: { id, state, usableFrom, createdAt }, zone, now, review }: StateProps) {
  if (state === "in_review") {
    const words = <Chip tone="warn" icon="hourglass" words="Waits for review" />;
    return (
      <>
        {review ? <a href={`/staff/bank-details/${id}`}>{words}</a> : words}
        <Under>{`since ${t.instant(createdAt, zone, "medium")}`}</Under>
      </>
    );
  }
  if (usableFrom && Temporal.Instant.compare(usableFrom, now) > 0) {
    return (
      <>
        <Chip tone="warn" icon="clock" words="Cooling off" />
        <Under>{`used from ${t.instant(usableFrom, zone, "medium")}`}</Under>
      </>
    );
  }
  return <Chip tone="ok" icon="check" words="In use" />;
}
