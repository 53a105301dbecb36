import type { Partnership } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { Card, type Fact, Facts } from "#web/ui/card.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

/** Who the partner is and what was agreed with it. */
export const detailsCard: PartnershipCard = async ({ ui, partnership }) => (
  <Card title="Summary">
    <Facts facts={factsOf(partnership, ui)} />
  </Card>
);

const shareTax = { inclusive: "included in the share", exclusive: "on top of the share" } as const;

function factsOf(one: Partnership, ui: Ui): readonly (Fact | false)[] {
  const { taxName, timeZone } = ui.institution;
  return [
    ["Legal name", <bdi>{one.legalName || "Not known"}</bdi>],
    ["Tax number", <span class="num">{one.taxId || "Not known"}</span>],
    [
      `Registered for ${taxName}`,
      one.taxRegistered ? `Yes: ${taxName} is ${shareTax[one.commissionTax]}` : `No: its shares carry no ${taxName}`,
    ],
    ["Share of new payments", <span class="num">{t.rate(one.commissionBps)}</span>],
    ["Currency", one.currency],
    one.externalId !== undefined && ["Your reference", <bdi class="num">{one.externalId}</bdi>],
    ["Partner since", t.instant(one.createdAt, timeZone, "medium")],
  ];
}
