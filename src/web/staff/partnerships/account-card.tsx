import { partnerAccount } from "#features/members/member-views.ts";
import { can, t } from "#web/staff/shared.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

/** Whether the partner has an account of its own, with members who have wallets, and the way there. */
export const accountCard: PartnershipCard = async ({ cx, may, partnership }) => {
  const account = await partnerAccount(cx, may, partnership.id);
  const mayProvision = can(cx.principal, "members.write");
  const label = account || !mayProvision ? "Members" : "Provision an account";
  const waiting = account?.invitations.filter(({ state }) => state === "pending").length ?? 0;
  return (
    <Card
      title="Partner account"
      end={
        <LinkButton small icon="users" href={`/staff/members/${partnership.id}`}>
          {label}
        </LinkButton>
      }
    >
      <Facts
        facts={[
          account
            ? ["Account", <bdi>{account.workspace.name}</bdi>]
            : ["Account", "None: the partner has no members and no wallets"],
          account && ["Members", t.number(account.members.length)],
          waiting > 0 && ["Invitations that wait", t.number(waiting)],
        ]}
      />
    </Card>
  );
};
