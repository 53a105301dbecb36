import type { Staff } from "#access/principal.ts";
import { type Invitation, type Member, roleWords } from "#features/members/member.ts";
import type { Account } from "#features/members/member-views.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { CopyField } from "#web/ui/copy.tsx";
import type { Problems } from "#web/ui/form.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

export type Shown = { readonly ui: Ui; readonly staff: Staff; readonly partnership: Partnership };

/** The way back: the list of partners, then the partner; on pages below the account, the account too. */
export function crumbsOf({ id, name }: Partnership, below = false) {
  return [
    { href: "/staff/partnerships", label: "Partnerships" },
    { href: `/staff/partnerships/${id}`, label: name },
    ...(below ? [{ href: `/staff/members/${id}`, label: "Partner account" }] : []),
  ];
}

const done = {
  provisioned: "The account is there. The invitation to its first owner is on its way.",
  invited: "The invitation is on its way.",
  removed: "The member is removed and signed out.",
};

/** A partner without an account, for those who can't give it one. */
export function NoAccountPage({ ui, staff, partnership }: Shown) {
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      current="/staff/partnerships"
      title="Partner account"
      lead={partnership.name}
      crumbs={crumbsOf(partnership)}
    >
      <Card label="Partner account">
        <Empty icon="users" title="This partner has no account">
          An owner or an administrator of your institution can provision one. A partner can’t register itself.
        </Empty>
      </Card>
    </StaffPage>
  );
}

/** The account of a partner: its members, and who was invited. */
export function AccountPage(props: Shown & { account: Account; problems?: Problems }) {
  const { ui, staff, partnership, account, problems } = props;
  const home = `/staff/members/${partnership.id}`;
  const mayWrite = can(staff, "members.write");
  const zone = ui.institution.timeZone;
  const waiting = account.invitations.some(({ state }) => state === "pending");
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      current="/staff/partnerships"
      title="Partner account"
      lead={partnership.name}
      crumbs={crumbsOf(partnership)}
      done={done}
      problems={problems}
      end={
        mayWrite && (
          <LinkButton kind="primary" icon="user-plus" href={`${home}/invite`}>
            Invite a member
          </LinkButton>
        )
      }
    >
      {account.members.length === 0 && !waiting && (
        <Notice tone="warn" title="Nobody can sign in to this account">
          <p>
            It has no member, and no invitation that can still be accepted. Invite its first owner, or send one again.
          </p>
        </Notice>
      )}
      <Card title="Members">
        {account.members.length === 0 ? (
          <Empty icon="users" title="No member yet">
            Whoever accepts an invitation becomes one.
          </Empty>
        ) : (
          <Table caption="Members of the account, by name" rows={account.members} columns={memberColumns(home, zone)} />
        )}
      </Card>
      <Card title="Invitations">
        {account.invitations.length === 0 ? (
          <Empty icon="mail" title="No invitation">
            Nobody was invited to this account yet.
          </Empty>
        ) : (
          <Table
            caption="Invitations to the account, newest first"
            rows={account.invitations}
            columns={invitationColumns(home, zone)}
          />
        )}
      </Card>
      <Card title="Account">
        <Facts
          facts={[
            ["Name", <bdi>{account.workspace.name}</bdi>],
            ["Provisioned", t.instant(account.workspace.createdAt, zone, "medium")],
          ]}
        />
        <div class="pad">
          <CopyField t={t} id="partner-link" label="Members’ sign-in page" value={`${ui.origin}/partner/sign-in`} />
        </div>
      </Card>
    </StaffPage>
  );
}

function memberColumns(home: string, zone: string): readonly Column<Member>[] {
  return [
    {
      head: "Name",
      cell: (member) => (
        <>
          <a href={`${home}/members/${member.id}`}>
            <bdi>{member.name}</bdi>
          </a>
          <Under phoneOnly>{member.email}</Under>
          <Under phoneOnly>{roleWords[member.role].is}</Under>
        </>
      ),
    },
    { head: "E-mail", cell: (member) => <a href={`mailto:${member.email}`}>{member.email}</a>, wideOnly: true },
    { head: "Role", cell: (member) => roleWords[member.role].is, wideOnly: true },
    { head: "Access", cell: (member) => <MemberStatus member={member} /> },
    { head: "Last seen", cell: (member) => lastSeen(member, zone), wideOnly: true },
  ];
}

export function MemberStatus({ member }: { member: Member }) {
  return <Status of="member" state={member.suspendedAt ? "suspended" : "active"} t={t} />;
}

export function lastSeen({ lastSeenAt }: Member, zone: string): string {
  return lastSeenAt ? t.instant(lastSeenAt, zone) : "Never";
}

function invitationColumns(home: string, zone: string): readonly Column<Invitation>[] {
  return [
    {
      head: "Name",
      cell: (one) => (
        <>
          <a href={`${home}/invitations/${one.id}`}>
            <bdi>{one.name}</bdi>
          </a>
          <Under>{one.email}</Under>
          <Under phoneOnly>{roleWords[one.role].is}</Under>
        </>
      ),
    },
    { head: "Role", cell: (one) => roleWords[one.role].is, wideOnly: true },
    {
      head: "Status",
      cell: (one) => (
        <>
          <Status of="invitation" state={one.state} t={t} />
          <Under>{sinceOf(one, zone)}</Under>
        </>
      ),
    },
    { head: "Sent", cell: (one) => t.instant(one.sentAt, zone), wideOnly: true },
  ];
}

function sinceOf({ state, expiresAt, answeredAt }: Invitation, zone: string): string {
  if (state === "pending") return `until ${t.instant(expiresAt, zone)}`;
  const at = state === "expired" ? expiresAt : answeredAt;
  return at ? t.instant(at, zone) : "";
}
