import type { Staff } from "#access/principal.ts";
import type { Overview } from "#features/overview/overview.ts";
import type { Ui } from "#http/request.ts";
import type { PlainDate } from "#kernel/time.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { AttentionCard } from "./attention-card.tsx";
import { CurrencySection } from "./currency-figures.tsx";
import { PayoutsCard } from "./payouts-card.tsx";

type Props = { ui: Ui; staff: Staff; overview: Overview; today: PlainDate };

/** Where staff begin: what needs them first, then the figures of each currency. */
export function OverviewPage({ ui, staff, overview, today }: Props) {
  return (
    <StaffPage ui={ui} staff={staff} title="Overview" lead={`${t.date(today, "weekday")} ${today.year}`}>
      <AttentionCard attention={overview.attention} payouts={overview.payouts} ui={ui} staff={staff} />
      {overview.currencies.map((figures) => (
        <CurrencySection figures={figures} />
      ))}
      <PayoutsCard payouts={overview.payouts} />
      {overview.currencies.length === 0 && <NothingYet staff={staff} />}
    </StaffPage>
  );
}

function NothingYet({ staff }: { staff: Staff }) {
  return (
    <Card label="Figures">
      <Empty
        icon="chart-bar"
        title="No figures yet"
        {...(can(staff, "imports.run") && {
          action: (
            <LinkButton href="/staff/imports/new" icon="table-import">
              Import a file
            </LinkButton>
          ),
        })}
      >
        What is collected, due and overdue shows here once customers owe something.
      </Empty>
    </Card>
  );
}
