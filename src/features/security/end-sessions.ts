import type { Permit } from "#access/permit.ts";
import { actorOf, type Customer, type Partner, type Staff } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { countRecoveryCodes } from "./recovery-code-store.ts";
import type { SessionView } from "./session.ts";
import { partnerSessions } from "./session-partner-view.ts";
import { endOtherSessions, endSession, openSessions } from "./session-store.ts";
import { recentEvents, securityFacts } from "./staff-store.ts";

type OwnSecurity = Permit<"security.own"> | Permit<"portal.account"> | Permit<"partner.account">;
type Signed = Cx<Staff> | Cx<Customer> | Cx<Partner>;

function ownerOf({ principal }: Signed) {
  if (principal.kind === "partner") return { contactAddress: principal.email };
  return principal.kind === "staff" ? { staff: principal.id } : { customer: principal.customer };
}

function isPartner(cx: Signed): cx is Cx<Partner> {
  return cx.principal.kind === "partner";
}

/** Everywhere one is signed in. */
export async function ownSessions(cx: Signed, _may: OwnSecurity): Promise<readonly SessionView[]> {
  if (isPartner(cx)) return await partnerSessions(cx);
  return await openSessions(cx as Cx, ownerOf(cx), cx.principal);
}

/** Signs out here. */
export async function signOut(cx: Signed, _may: OwnSecurity): Promise<void> {
  await endSession(cx as Cx, ownerOf(cx), cx.principal.session.id, "signed out");
  record(cx as Cx, { event: "sign-in.ended", subject: actorOf(cx.principal).id });
}

/** Signs out one other device. Throws `not-found` for a session that is not one's own. */
export async function endOwnSession(cx: Signed, _may: OwnSecurity, id: string): Promise<void> {
  if (!(await endSession(cx as Cx, ownerOf(cx), id, "ended by its owner"))) throw notFound();
  record(cx as Cx, { event: "session.ended", subject: actorOf(cx.principal).id, data: { session: id } });
}

/** Signs out all other devices. */
export async function endOwnOtherSessions(cx: Signed, _may: OwnSecurity): Promise<void> {
  const count = await endOtherSessions(cx as Cx, ownerOf(cx), cx.principal.session.id, "ended by its owner");
  record(cx as Cx, { event: "session.others-ended", subject: actorOf(cx.principal).id, data: { count } });
}

export type SecurityEvent = { readonly at: Instant; readonly event: string; readonly ip: string };
export type SecurityView = {
  readonly passwordChangedAt: Instant | null;
  readonly twoStepSince: Instant | null;
  readonly recoveryCodesLeft: number;
  readonly sessions: readonly SessionView[];
  readonly events: readonly SecurityEvent[];
};

/** The security page of a member of staff. */
export async function ownSecurity(cx: Cx<Staff>, may: Permit<"security.own">): Promise<SecurityView> {
  const { id } = cx.principal;
  const facts = await securityFacts(cx, id);
  return {
    passwordChangedAt: facts.changed,
    twoStepSince: facts.since,
    recoveryCodesLeft: await countRecoveryCodes(cx, id),
    sessions: await ownSessions(cx, may),
    events: await recentEvents(cx, id),
  };
}
