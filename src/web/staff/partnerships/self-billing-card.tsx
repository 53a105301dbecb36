import { agreementsOf } from "#features/self-billing/agreements.ts";
import { agreementWords } from "#features/self-billing/self-billing.ts";
import { can, t } from "#web/staff/shared.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

/** Whether invoices are issued in the partner's name, and its statement. */
export const selfBillingCard: PartnershipCard = async ({ ui, cx, may, partnership }) => {
  const [latest] = await agreementsOf(cx, may, partnership.id);
  const open = latest?.state === "proposed" || latest?.state === "accepted";
  const home = `/staff/partnerships/${partnership.id}`;
  const since = latest?.acceptedAt ?? latest?.proposedAt;
  return (
    <Card
      title="Self-billing and statement"
      end={
        <>
          <LinkButton small icon="file-text" href={`${home}/statement`}>
            Statement
          </LinkButton>{" "}
          <LinkButton small icon="file-invoice" href={`${home}/self-billing`}>
            {open || !can(cx.principal, "self-billing.write") ? "Agreement" : "Propose an agreement"}
          </LinkButton>
        </>
      }
    >
      <Facts
        facts={[
          ["Self-billing", latest ? agreementWords[latest.state] : "No agreement: the partner invoices you itself"],
          since !== undefined && [
            latest?.acceptedAt ? "Accepted" : "Proposed",
            t.instant(since, ui.institution.timeZone, "medium"),
          ],
          open && ["Documents", <a href={`/staff/self-billing?partnership=${partnership.id}`}>Issued in its name</a>],
        ]}
      />
    </Card>
  );
};
