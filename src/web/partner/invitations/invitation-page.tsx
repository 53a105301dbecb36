import type { InvitationStanding, InvitationView } from "#features/members/answer-invitation.ts";
import { invitationDays } from "#features/members/member.ts";
import type { Ui } from "#http/request.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Facts } from "#web/ui/card.tsx";
import { Form } from "#web/ui/form.tsx";

type Props = { ui: Ui; token: string; invitation: InvitationView };

/**
 * Who invites whom into what, as what. Fetching it, as mail scanners do, answers nothing: a person presses one of the
 * two buttons.
 */
export function InvitationPage({ ui, token, invitation }: Props) {
  const t = translator(ui.locale);
  const { name, email, role, partnership, invitedBy: inviter, expiresAt } = invitation;
  const institution = ui.institution.name;
  const home = `/partner/invitations/${token}`;
  return (
    <PlainPage
      ui={ui}
      title={t("invitation.title")}
      icon="mail"
      lead={
        inviter === ""
          ? t("invitation.leadOfInstitution", { institution, partnership })
          : t("invitation.lead", { inviter, institution, partnership })
      }
      under={t("invitation.yours")}
    >
      <Facts
        facts={[
          [
            t("invitation.for"),
            <>
              <bdi>{name}</bdi>
              <br />
              <bdi dir="ltr">{email}</bdi>
            </>,
          ],
          [
            t("invitation.role"),
            <>
              {t(`members.role.${role}`)}
              <br />
              <span class="dim">{t(`members.may.${role}`)}</span>
            </>,
          ],
          [t("invitation.until"), t.instant(expiresAt, ui.institution.timeZone, "zoned")],
        ]}
      />
      <div class="stack s">
        <Form action={`${home}/accept`} layout="wide">
          <Button kind="primary" wide>
            {t("invitation.accept")}
          </Button>
        </Form>
        <Form action={`${home}/decline`} layout="wide">
          <Button kind="ghost" wide>
            {t("invitation.decline")}
          </Button>
        </Form>
      </div>
    </PlainPage>
  );
}

export type Dead = Exclude<InvitationStanding, "pending">;
type DeadProps = { ui: Ui; standing: Dead; invitation: InvitationView | undefined };

/** An invitation that can't be accepted (any more): why, and what to do. */
export function DeadInvitationPage({ ui, standing, invitation }: DeadProps) {
  const t = translator(ui.locale);
  const signIn = standing === "accepted" || standing === "member";
  return (
    <PlainPage
      ui={ui}
      title={t(`invitation.${standing}.title`)}
      icon={signIn ? "user" : "hourglass"}
      lead={leadOf(ui, standing, invitation)}
    >
      {signIn && (
        <LinkButton kind="primary" wide href="/partner/sign-in">
          {t("invitation.signIn")}
        </LinkButton>
      )}
    </PlainPage>
  );
}

function leadOf(ui: Ui, standing: Dead, invitation: InvitationView | undefined): string {
  const t = translator(ui.locale);
  const institution = ui.institution.name;
  switch (standing) {
    case "accepted":
      return t("invitation.accepted.lead");
    case "member":
      return t("invitation.member.lead", {
        email: invitation?.email ?? "",
        partnership: invitation?.partnership ?? "",
      });
    case "expired":
      return t("invitation.expired.lead", { days: invitationDays, institution });
    default:
      return t(`invitation.${standing}.lead`, { institution });
  }
}
