import type { Child } from "hono/jsx";
import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import type { Ui } from "#http/request.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Card, Facts } from "#web/ui/card.tsx";

type Props = { ui: Ui; partner: Partner; wallets: Child };

/** The words after somebody joined. */
export const joinedWords = { joined: "members.joined" } as const;

/**
 * The first page of somebody who sees no payouts or invoices: a member of the account who is no contact, or a contact
 * whose rights were all taken.
 */
export function MemberHomePage({ ui, partner, wallets }: Props) {
  const t = translator(ui.locale);
  const seesWallets = allows("partner.wallets", "partner", partner.role, partner.rights);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("home.title")}
      lead={seesWallets ? t("members.home.lead", { institution: ui.institution.name }) : undefined}
      done={joinedWords}
    >
      {wallets}
      <YourAccess t={t} ui={ui} partner={partner} />
    </PartnerPage>
  );
}

/** Which role the person has, what it may do, and whom to ask for more (W13). */
function YourAccess({ t, ui, partner: { role, email } }: { t: T; ui: Ui; partner: Partner }) {
  const institution = ui.institution.name;
  return (
    <Card title={t("members.home.access")}>
      <Facts
        facts={[
          [t("members.home.email"), <bdi dir="ltr">{email}</bdi>],
          role !== undefined && [t("members.home.role"), t(`members.role.${role}`)],
          role !== undefined && [t("members.home.may"), t(`members.may.${role}`)],
          [
            t("members.home.more"),
            role === undefined ? t("members.home.nothing", { institution }) : t("members.home.ask", { institution }),
          ],
        ]}
      />
    </Card>
  );
}
