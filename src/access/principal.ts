import type { Id } from "#kernel/ids.ts";
import type { Instant } from "#kernel/time.ts";

export type InstitutionId = Id<"inst">;
export type CustomerId = Id<"cus">;
export type StaffId = Id<"stf">;
export type ContactId = Id<"con">;
export type MemberId = Id<"mbr">;

/** What the institution lets a contact do in the partner portal. */
export const contactRights = ["view", "pay", "bank_details"] as const;
export type ContactRight = (typeof contactRights)[number];

export type Role = "OWNER" | "ADMIN" | "OPERATOR" | "VIEWER";
export const roles = ["OWNER", "ADMIN", "OPERATOR", "VIEWER"] as const satisfies readonly Role[];

/** What a session opens. A session belongs to one face and opens no other. */
export type Face = "staff" | "customer" | "partner";

/** The session behind a principal; `steppedUpAt` is when a fresh proof was given last. */
export type SessionFacts = { readonly id: Id<"ses">; readonly steppedUpAt: Instant | undefined };

/** A member of the institution's staff, password and TOTP both given. */
export type Staff = {
  readonly kind: "staff";
  readonly institution: InstitutionId;
  readonly id: StaffId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly session: SessionFacts;
};

/**
 * Staff whose password was right and whose TOTP is still asked (or still to be set up). It opens the two-step pages
 * only.
 */
export type PendingStaff = Omit<Staff, "kind"> & { readonly kind: "pending_staff"; readonly hasTwoStep: boolean };

/** Somebody who reads and pays for one customer, signed in by link or code with `email`. */
export type Customer = {
  readonly kind: "customer";
  readonly institution: InstitutionId;
  readonly customer: CustomerId;
  readonly name: string;
  readonly email: string;
  readonly language: string;
  readonly timeZone: string;
  readonly session: SessionFacts;
};

/**
 * Somebody who acts for one partnership, signed in by link or code with `email`: a contact with the rights that the
 * institution gave, a member of the partner account with a role, or both: then it may do the sum.
 */
export type Partner = {
  readonly kind: "partner";
  readonly institution: InstitutionId;
  readonly partnership: Id<"prt">;
  readonly partnershipName: string;
  readonly contact: ContactId | undefined;
  readonly member: MemberId | undefined;
  readonly name: string;
  readonly email: string;
  /** What it may do as a contact; nothing where it is none. */
  readonly rights: readonly ContactRight[];
  /** What it is in the partner account; undefined where it is no member. */
  readonly role: Role | undefined;
  readonly language: string;
  readonly timeZone: string;
  /** Whether the address serves other partnerships too, so that one can be chosen. */
  readonly several: boolean;
  readonly session: SessionFacts;
};

/** Nobody in particular: sign-in pages, set-up, health. */
export type Visitor = { readonly kind: "visitor"; readonly institution: InstitutionId | undefined };

/** The program itself: jobs, imports, provider events. `task` names what it was doing, for the audit log. */
export type System = { readonly kind: "system"; readonly institution: InstitutionId; readonly task: string };

export type Principal = Staff | PendingStaff | Customer | Partner | Visitor | System;
export type PrincipalKind = Principal["kind"];

/** Who did it, as the audit log writes it down. */
export type Actor = { readonly kind: PrincipalKind; readonly id: string; readonly name: string };

/** The actor behind a principal. */
export function actorOf(principal: Principal): Actor {
  switch (principal.kind) {
    case "staff":
    case "pending_staff":
      return { kind: principal.kind, id: principal.id, name: principal.name };
    case "customer":
      return { kind: "customer", id: principal.customer, name: principal.name };
    case "partner":
      return { kind: "partner", id: principal.contact ?? principal.member ?? "", name: principal.name };
    case "visitor":
      return { kind: "visitor", id: "", name: "" };
    case "system":
      return { kind: "system", id: principal.task, name: "Portico" };
  }
}
