import { sql } from "kysely";
import type { MemberId, Role } from "#access/principal.ts";
import {
  type Invitation,
  type InvitationId,
  type InvitationState,
  invitationDays,
  type Member,
  stateAt,
  type Workspace,
  type WorkspaceId,
} from "#features/members/member.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Instant } from "#kernel/time.ts";
import { type Cx, tokenHash } from "#platform/tx.ts";

/** The account of a partnership; undefined where none was provisioned. */
export async function selectWorkspace(cx: Cx, partnership: string): Promise<Workspace | undefined> {
  const { rows } = await sql<{ id: WorkspaceId; partnershipId: PartnershipId; name: string; createdAt: Instant }>`
    select id, partnership_id as "partnershipId", name, created_at as "createdAt" from app.workspace
     where institution_id = app.institution_id() and partnership_id = ${partnership}`.execute(cx.db);
  return rows[0];
}

export async function insertWorkspace(cx: Cx, workspace: Workspace, by: string): Promise<void> {
  const { id, partnershipId, name } = workspace;
  await sql`insert into app.workspace (institution_id, id, partnership_id, name, provisioned_by, created_at)
    values (app.institution_id(), ${id}, ${partnershipId}, ${name}, ${by}, ${cx.now})`.execute(cx.db);
}

type MemberRow = {
  id: MemberId;
  partnership_id: PartnershipId;
  name: string;
  email: string;
  role: Role;
  language: string;
  suspended_at: Instant | null;
  removed_at: Instant | null;
  last_seen_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
};

function memberOf(row: MemberRow): Member {
  return {
    id: row.id,
    partnershipId: row.partnership_id,
    name: row.name,
    email: row.email,
    role: row.role,
    language: row.language,
    suspendedAt: row.suspended_at ?? undefined,
    removedAt: row.removed_at ?? undefined,
    lastSeenAt: row.last_seen_at ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const memberColumns = sql`id, partnership_id, name, email, role, language, suspended_at, removed_at, last_seen_at,
  created_at, updated_at`;

/** The members of an account, by name; those who were removed are not among them. */
export async function selectMembers(cx: Cx, partnership: string): Promise<Member[]> {
  const { rows } = await sql<MemberRow>`select ${memberColumns} from app.member
    where institution_id = app.institution_id() and partnership_id = ${partnership} and removed_at is null
    order by lower(name) collate "C", id limit 500`.execute(cx.db);
  return rows.map(memberOf);
}

/** One member, a removed one too. */
export async function selectMember(cx: Cx, id: string): Promise<Member | undefined> {
  const { rows } = await sql<MemberRow>`select ${memberColumns} from app.member
    where institution_id = app.institution_id() and id = ${id}`.execute(cx.db);
  return rows[0] && memberOf(rows[0]);
}

/** Writes what staff change of a member. */
export async function updateMember(cx: Cx, member: Member): Promise<void> {
  await sql`update app.member set role = ${member.role}, suspended_at = ${member.suspendedAt ?? null},
      removed_at = ${member.removedAt ?? null}, updated_at = ${cx.now}
    where institution_id = app.institution_id() and id = ${member.id}`.execute(cx.db);
}

type InvitationRow = {
  id: InvitationId;
  partnership_id: PartnershipId;
  name: string;
  email: string;
  role: Role;
  language: string;
  state: Exclude<InvitationState, "expired">;
  invited_by_name: string;
  sent_at: Instant;
  expires_at: Instant;
  answered_at: Instant | null;
};

function invitationOf(row: InvitationRow, now: Instant): Invitation {
  return {
    id: row.id,
    partnershipId: row.partnership_id,
    name: row.name,
    email: row.email,
    role: row.role,
    language: row.language,
    state: stateAt(row.state, row.expires_at, now),
    invitedByName: row.invited_by_name,
    sentAt: row.sent_at,
    expiresAt: row.expires_at,
    answeredAt: row.answered_at ?? undefined,
  };
}

const invitationColumns = sql`id, partnership_id, name, email, role, language, state, invited_by_name, sent_at,
  expires_at, answered_at`;

/** The invitations of an account, newest first. */
export async function selectInvitations(cx: Cx, partnership: string): Promise<Invitation[]> {
  const { rows } = await sql<InvitationRow>`select ${invitationColumns} from app.invitation
    where institution_id = app.institution_id() and partnership_id = ${partnership} order by id desc limit 500`.execute(
    cx.db,
  );
  return rows.map((row) => invitationOf(row, cx.now));
}

/** One invitation; `lock` keeps it from being answered until commit. */
export async function selectInvitation(cx: Cx, id: string, lock = false): Promise<Invitation | undefined> {
  const { rows } = await sql<InvitationRow>`select ${invitationColumns} from app.invitation
    where institution_id = app.institution_id() and id = ${id} ${lock ? sql`for update` : sql``}`.execute(cx.db);
  return rows[0] && invitationOf(rows[0], cx.now);
}

export type NewInvitation = Pick<Invitation, "id" | "partnershipId" | "name" | "email" | "role" | "language"> & {
  readonly token: string;
  readonly by: { readonly kind: "staff" | "member"; readonly id: string; readonly name: string };
};

/** Writes an invitation; of its token the row holds the hash only. */
export async function insertInvitation(cx: Cx, invitation: NewInvitation): Promise<void> {
  const { by } = invitation;
  await sql`insert into app.invitation (institution_id, id, partnership_id, name, email, role, language, token_hash,
      invited_by_kind, invited_by, invited_by_name, sent_at, expires_at, created_at)
    values (app.institution_id(), ${invitation.id}, ${invitation.partnershipId}, ${invitation.name},
      ${invitation.email}, ${invitation.role}, ${invitation.language}, ${tokenHash(invitation.token)}, ${by.kind},
      ${by.id}, ${by.name}, ${cx.now}, ${cx.now.add({ hours: 24 * invitationDays })}, ${cx.now})`.execute(cx.db);
}

/** Gives a pending invitation a new token and a new week: the link that was mailed before opens nothing any more. */
export async function renewInvitation(cx: Cx, id: string, token: string): Promise<void> {
  await sql`update app.invitation set token_hash = ${tokenHash(token)}, sent_at = ${cx.now},
      expires_at = ${cx.now.add({ hours: 24 * invitationDays })}
    where institution_id = app.institution_id() and id = ${id} and state = 'pending'`.execute(cx.db);
}

export async function withdrawRow(cx: Cx, id: string): Promise<void> {
  await sql`update app.invitation set state = 'withdrawn', answered_at = ${cx.now}
    where institution_id = app.institution_id() and id = ${id} and state = 'pending'`.execute(cx.db);
}

export type InvitationAt = Pick<InvitationRow, "id" | "name" | "email" | "role" | "state"> & {
  readonly partnershipId: PartnershipId;
  readonly partnershipName: string;
  readonly invitedByName: string;
  readonly expiresAt: Instant;
  /** Whether the address is of a member of this account already. */
  readonly isMember: boolean;
};

/** The invitation behind a token, without touching it. */
export async function selectInvitationAt(cx: Cx, token: string): Promise<InvitationAt | undefined> {
  const { rows } = await sql<InvitationAt>`select id, partnership_id as "partnershipId",
      partnership_name as "partnershipName", name, email, role, state, invited_by_name as "invitedByName",
      expires_at as "expiresAt", is_member as "isMember"
    from app.invitation_at(${tokenHash(token)})`.execute(cx.db);
  return rows[0];
}

/** Makes the member of a pending invitation; false where somebody was faster, or it can't be accepted any more. */
export async function acceptRow(cx: Cx, token: string, member: MemberId): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select app.accept_invitation(${tokenHash(token)}, ${member}, ${cx.now}) as done`.execute(cx.db);
  return rows[0]?.done === true;
}

export async function declineRow(cx: Cx, token: string): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select app.decline_invitation(${tokenHash(token)}, ${cx.now}) as done`.execute(cx.db);
  return rows[0]?.done === true;
}

/** Wipes the sealed token of news that has been mailed. */
export async function wipeInvitationNews(cx: Cx, news: string): Promise<void> {
  await sql`update app.outbox set data = '{}' where institution_id = app.institution_id() and id = ${news}`.execute(
    cx.db,
  );
}
