import type { MemberId, Role } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Id } from "#kernel/ids.ts";
import type { Instant } from "#kernel/time.ts";

export type WorkspaceId = Id<"wsp">;
export type InvitationId = Id<"ivt">;

/** The account of one partnership: its members, and what belongs to them. Staff provision it, nobody else (W1). */
export type Workspace = {
  readonly id: WorkspaceId;
  readonly partnershipId: PartnershipId;
  readonly name: string;
  readonly createdAt: Instant;
};

/** Somebody of a partner account. Who is suspended or removed has no access, by that alone. */
export type Member = {
  readonly id: MemberId;
  readonly partnershipId: PartnershipId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Empty: the institution's. */
  readonly language: string;
  readonly suspendedAt: Instant | undefined;
  readonly removedAt: Instant | undefined;
  readonly lastSeenAt: Instant | undefined;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** How an invitation stands; `expired` is one that nobody answered in time. */
export type InvitationState = "pending" | "accepted" | "declined" | "withdrawn" | "expired";

export type Invitation = {
  readonly id: InvitationId;
  readonly partnershipId: PartnershipId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly language: string;
  readonly state: InvitationState;
  readonly invitedByName: string;
  readonly sentAt: Instant;
  readonly expiresAt: Instant;
  readonly answeredAt: Instant | undefined;
};

/** How long an invitation can be answered. */
export const invitationDays = 7;

/** A role as staff read it, and what it may do (W13). */
export const roleWords: Readonly<Record<Role, { readonly is: string; readonly may: string }>> = {
  OWNER: { is: "Owner", may: "Sees all of the account, makes transfers, and answers for the account." },
  ADMIN: { is: "Administrator", may: "Sees all of the account and makes transfers." },
  OPERATOR: { is: "Operator", may: "Sees the wallets; prepares and confirms transfers." },
  VIEWER: { is: "Viewer", may: "Sees the wallets, their flows and transfers; changes nothing." },
};

/** How an invitation stands now. */
export function stateAt(stored: Exclude<InvitationState, "expired">, expiresAt: Instant, now: Instant) {
  return stored === "pending" && Temporal.Instant.compare(expiresAt, now) <= 0 ? ("expired" as const) : stored;
}

/** Who of the institution invites; empty where it is the institution itself, as in what the program does for it. */
export function inviterOf(institution: { readonly name: string }, invitedByName: string): string {
  return invitedByName === institution.name ? "" : invitedByName;
}
