import type { Staff } from "#access/principal.ts";
import type { BookLine } from "#features/payments/payment-entries.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { LineShown } from "#features/payouts/payout-views.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Status } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { lineWords } from "./words.tsx";

type Props = { ui: Ui; staff: Staff; shown: LineShown };

/** "Why this amount?": a line down to the payment, the share, its tax and the entries in the books. */
export function PayoutLinePage({ ui, staff, shown }: Props) {
  const { payout, line } = shown;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Why this amount?"
      lead={`Line ${line.position} of ${payoutNumber(payout.number)}: ${lineWords[line.kind].toLowerCase()}.`}
      crumbs={[
        { href: "/staff/payouts", label: "Payouts" },
        { href: `/staff/payouts/${payout.id}`, label: payoutNumber(payout.number) },
      ]}
    >
      <div class="two">
        <div class="stack">
          <Card title="The line" pad>
            <Sum
              lines={[
                { label: "Net", value: <Money value={line.net} show="code" /> },
                { label: "Tax", value: <Money value={line.tax} show="code" /> },
                { label: "Amount", value: <Money value={line.total} show="code" />, total: true },
              ]}
            />
          </Card>
          <Entries entries={shown.entries} zone={ui.institution.timeZone} />
        </div>
        <div class="stack">
          <About shown={shown} zone={ui.institution.timeZone} />
        </div>
      </div>
    </StaffPage>
  );
}

const taxWords = { none: "No tax", inclusive: "Inside the share", exclusive: "On top of the share" } as const;

function About({ shown: { line, share }, zone }: { shown: LineShown; zone: string }) {
  const { payment, invoice } = line;
  return (
    <Card title="Where it comes from">
      <Facts
        facts={[
          payment !== undefined && [
            "Payment",
            <a href={`/staff/payments/${payment.id}`}>
              <bdi>{payment.item}</bdi>
            </a>,
          ],
          payment !== undefined && ["Customer", <bdi>{payment.customer}</bdi>],
          share !== undefined && ["Rate", share.rateBps > 0 ? t.rate(share.rateBps) : "A fixed amount, or the rest"],
          share !== undefined && ["Share, net", <Money value={share.net} show="code" />],
          share !== undefined && [
            "Tax",
            <>
              <Money value={share.tax} show="code" />
              <Under>{taxWords[share.taxMode]}</Under>
            </>,
          ],
          share !== undefined && ["Taken back so far", <Money value={share.reversed} show="code" />],
          share !== undefined && ["Share stands at", <Status of="share" state={share.state} t={t} />],
          share?.earnedAt !== undefined && ["Earned", t.instant(share.earnedAt, zone)],
          line.reason !== "" && ["Why it was taken back", <bdi>{line.reason}</bdi>],
          invoice !== undefined && [
            invoice.kind === "credit_note" ? "Credit note" : "Invoice",
            <a href={`/staff/invoices/${invoice.id}`}>{`No. ${invoice.number}`}</a>,
          ],
          invoice?.corrects !== undefined && [
            "On invoice",
            <a href={`/staff/invoices/${invoice.corrects.id}`}>{`No. ${invoice.corrects.number}`}</a>,
          ],
        ]}
      />
    </Card>
  );
}

function Entries({ entries, zone }: { entries: readonly BookLine[]; zone: string }) {
  return (
    <Card title="In the books">
      <Table
        caption="Entries in the ledger behind this line, the oldest first"
        rows={entries}
        columns={[
          { head: "When", cell: (one) => <span class="num nowrap">{t.instant(one.at, zone)}</span>, wideOnly: true },
          {
            head: "From and to",
            cell: (one) => (
              <>
                <bdi>{one.from}</bdi> → <bdi>{one.to}</bdi>
                <Under phoneOnly>{t.instant(one.at, zone)}</Under>
              </>
            ),
          },
          { head: "Amount", cell: (one) => <Money value={one.amount} show="code" />, end: true },
        ]}
      />
    </Card>
  );
}
