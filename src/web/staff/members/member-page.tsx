import { type Member, roleWords } from "#features/members/member.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { Choices } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { crumbsOf, lastSeen, MemberStatus, type Shown } from "./account-page.tsx";
import { roleChoices } from "./invite-page.tsx";

type Props = Shown & { readonly member: Member; readonly isLast: boolean };

/** A member of a partner account: what they may do, and whether they get in. */
export function MemberPage({ ui, staff, partnership, member, isLast, form }: Props & { form: FormState }) {
  const zone = ui.institution.timeZone;
  const mayWrite = can(staff, "members.write");
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      current="/staff/partnerships"
      title={member.name}
      lead={`Member of the account of ${partnership.name}`}
      crumbs={crumbsOf(partnership, true)}
      problems={form.problems}
      done={{
        role: "The role is changed. What was open has ended; the new role holds at the next sign-in.",
        suspended: "The member is suspended. What was open has ended.",
        readmitted: "The member can sign in again.",
      }}
    >
      <Card title="Access">
        <Facts
          facts={[
            ["E-mail", <bdi dir="ltr">{member.email}</bdi>],
            ["Access", <MemberStatus member={member} />],
            ["Role", roleWords[member.role].is],
            ["Member since", t.instant(member.createdAt, zone)],
            ["Last seen", lastSeen(member, zone)],
          ]}
        />
        {mayWrite && <Access partnership={partnership} member={member} />}
      </Card>
      {mayWrite && <Role partnership={partnership} member={member} isLast={isLast} form={form} />}
    </StaffPage>
  );
}

type Part = Pick<Props, "partnership" | "member">;

function Access({ partnership, member }: Part) {
  const home = `/staff/members/${partnership.id}/members/${member.id}`;
  const suspended = member.suspendedAt !== undefined;
  return (
    <div class="pad">
      <Actions>
        <form method="post" action={`${home}/access`}>
          <input type="hidden" name="access" value={suspended ? "on" : "off"} />
          <Button icon={suspended ? "check" : "player-pause"}>{suspended ? "Let in again" : "Suspend"}</Button>
        </form>
        <LinkButton kind="danger" icon="trash" href={`${home}/remove`}>
          Remove this member
        </LinkButton>
      </Actions>
    </div>
  );
}

function Role({ partnership, member, isLast, form }: Part & { isLast: boolean; form: FormState }) {
  const home = `/staff/members/${partnership.id}/members/${member.id}`;
  return (
    <Card title="Role" pad>
      {isLast ? (
        <p>
          <bdi>{member.name}</bdi> is the only owner who can sign in. Make another member an owner, or{" "}
          <a href={`/staff/members/${partnership.id}/invite`}>invite one</a>, before you change this role or remove the
          member. To keep the person out at once, suspend them.
        </p>
      ) : (
        <Form action={`${home}/role`} hidden={{ version: member.updatedAt.toString() }}>
          <Choices
            form={form}
            name="role"
            legend="Role"
            hideLegend
            hint="A change ends what is open: the member signs in again with the new role."
            chosen={[member.role]}
            options={roleChoices}
          />
          <Actions>
            <Button kind="primary">Change the role</Button>
          </Actions>
        </Form>
      )}
    </Card>
  );
}

/** What removing does, before it is done. */
export function RemoveMemberPage({
  ui,
  staff,
  partnership,
  member,
  isLast,
  problems,
}: Props & { problems?: FormState["problems"] }) {
  const home = `/staff/members/${partnership.id}/members/${member.id}`;
  const back = (
    <LinkButton kind="ghost" href={home}>
      {t("form.cancel")}
    </LinkButton>
  );
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      current="/staff/partnerships"
      title={`Remove ${member.name}?`}
      crumbs={crumbsOf(partnership, true)}
      problems={problems}
    >
      {isLast ? (
        <>
          <Notice tone="warn" title="This is the only owner who can sign in">
            <p>
              An account needs an owner who answers for it. Make another member an owner first, or invite one; then come
              back. To keep <bdi>{member.name}</bdi> out at once, suspend them.
            </p>
          </Notice>
          <Actions>
            <LinkButton kind="primary" icon="user-plus" href={`/staff/members/${partnership.id}/invite`}>
              Invite another owner
            </LinkButton>
            {back}
          </Actions>
        </>
      ) : (
        <Card label="Remove" pad>
          <div class="stack">
            <p>
              <bdi>{member.name}</bdi> (<bdi dir="ltr">{member.email}</bdi>) is signed out everywhere and can’t open the
              account any more. What they did is kept; the same address can be invited again later.
            </p>
            <Form action={`${home}/remove`}>
              <Actions>
                <Button kind="danger-primary" icon="trash">
                  Remove the member
                </Button>
                {back}
              </Actions>
            </Form>
          </div>
        </Card>
      )}
    </StaffPage>
  );
}
