import { type Partnership, scheduleWords } from "#features/partnerships/partnership.ts";
import { shareWords } from "#features/partnerships/partnership-input.ts";
import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import type { KeptTaxStatus } from "#features/partnerships/tax-status.ts";
import { taxHistoryOf } from "#features/partnerships/tax-status-views.ts";
import type { Ui } from "#http/request.ts";
import { todayOf } from "#platform/institution.ts";
import { can, t } from "#web/staff/shared.tsx";
import { Card, type Fact, Facts } from "#web/ui/card.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

/** Who the partner is and what was agreed with it. */
export const detailsCard: PartnershipCard = async ({ ui, cx, partnership }) => {
  const { defaultShare: share } = partnership;
  const [others, history] = await Promise.all([
    partnershipsByIds(cx, share.kind === "percent_of_share" ? [share.of] : []),
    taxHistoryOf(cx, partnership.id),
  ]);
  const names = new Map([...others].map(([id, one]) => [id, one.name]));
  const today = todayOf(cx.institution, cx.now);
  const coming = history.find((one) => Temporal.PlainDate.compare(one.from, today) > 0);
  const home = `/staff/partnerships/${partnership.id}`;
  return (
    <Card title="Summary" {...(can(cx.principal, "partnerships.write") && { end: <a href={`${home}/edit`}>Edit</a> })}>
      <Facts facts={factsOf(partnership, shareWords(share, names), ui)} />
      <div class="pad">
        <p class="sm dim">
          {coming && comingWords(coming, ui.institution.taxName)}
          {can(cx.principal, "partnerships.write") && (
            <a href={`${home}/tax-status`}>{`Change the ${ui.institution.taxName} status`}</a>
          )}
        </p>
      </div>
    </Card>
  );
};

function comingWords({ from, registered }: KeptTaxStatus, taxName: string): string {
  return `From ${t.date(from)} it is ${registered ? "" : "no longer "}registered for ${taxName}. `;
}

const shareTax = { inclusive: "included in the share", exclusive: "on top of the share" } as const;
const nettingWords = {
  off: "No",
  proposed: "Proposed: the partner has not agreed yet",
  agreed: "Yes, the partner agreed",
} as const;

function factsOf(one: Partnership, share: string, ui: Ui): readonly (Fact | false)[] {
  const { taxName, timeZone } = ui.institution;
  return [
    ["Legal name", <bdi>{one.legalName || "Not known"}</bdi>],
    one.address !== "" && [
      "Address",
      one.address.split("\n").map((line) => (
        <div>
          <bdi>{line}</bdi>
        </div>
      )),
    ],
    ["Tax number", <span class="num">{one.taxId || "Not known"}</span>],
    [
      `Registered for ${taxName}`,
      one.taxRegistered ? `Yes: ${taxName} is ${shareTax[one.commissionTax]}` : `No: its shares carry no ${taxName}`,
    ],
    ["Share of new payments", <span class="num">{share}</span>],
    ["Currency", one.currency],
    ["Payouts", scheduleWords[one.payoutSchedule]],
    one.netting !== "off" && ["Set off against payouts", nettingWords[one.netting]],
    one.externalId !== undefined && ["Your reference", <bdi class="num">{one.externalId}</bdi>],
    ["Partner since", t.instant(one.createdAt, timeZone, "medium")],
  ];
}
