import { type Invitation, roleWords } from "#features/members/member.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import type { Problems } from "#web/ui/form.tsx";
import { Status } from "#web/ui/status.tsx";
import { crumbsOf, type Shown } from "./account-page.tsx";

type Props = Shown & { invitation: Invitation; problems?: Problems };

/** An invitation: how it stands, and what can be done while nobody answered it. */
export function InvitationPage({ ui, staff, partnership, invitation, problems }: Props) {
  const zone = ui.institution.timeZone;
  const { name, email, role, state, sentAt, invitedByName, expiresAt, answeredAt } = invitation;
  const isOpen = state === "pending" || state === "expired";
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      current="/staff/partnerships"
      title={name}
      lead={`Invitation to the account of ${partnership.name}`}
      beside={<Status of="invitation" state={state} t={t} />}
      crumbs={crumbsOf(partnership, true)}
      problems={problems}
      done={{
        resent: "The invitation is on its way again. The link of the mail before opens nothing any more.",
        withdrawn: "The invitation is withdrawn. Its link opens nothing any more.",
      }}
    >
      <Card label="Invitation">
        <Facts
          facts={[
            ["E-mail", <bdi dir="ltr">{email}</bdi>],
            ["Role", roleWords[role].is],
            [
              "Sent",
              <>
                {t.instant(sentAt, zone)}, by <bdi>{invitedByName}</bdi>
              </>,
            ],
            isOpen && [state === "pending" ? "Can be accepted until" : "Expired", t.instant(expiresAt, zone, "zoned")],
            answeredAt !== undefined && [answerWords(state), t.instant(answeredAt, zone)],
          ]}
        />
        {isOpen && can(staff, "members.write") && (
          <Answers at={`/staff/members/${partnership.id}/invitations/${invitation.id}`} />
        )}
      </Card>
    </StaffPage>
  );
}

function answerWords(state: Invitation["state"]): string {
  return state === "accepted" ? "Accepted" : state === "declined" ? "Declined" : "Withdrawn";
}

function Answers({ at }: { at: string }) {
  return (
    <div class="pad">
      <Actions>
        <form method="post" action={`${at}/resend`}>
          <Button icon="mail">Send again</Button>
        </form>
        <form method="post" action={`${at}/withdraw`}>
          <Button kind="danger" icon="ban">
            Withdraw
          </Button>
        </form>
      </Actions>
    </div>
  );
}
