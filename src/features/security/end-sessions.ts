import type { Permit } from "#access/permit.ts";
import type { Customer, Staff } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { countRecoveryCodes } from "./recovery-code-store.ts";
import type { SessionView } from "./session.ts";
import { endOtherSessions, endSession, openSessions } from "./session-store.ts";
import { recentEvents, securityFacts } from "./staff-store.ts";

type OwnSecurity = Permit<"security.own"> | Permit<"portal.account">;
type Signed = Cx<Staff> | Cx<Customer>;

function ownerOf(cx: Signed) {
  return cx.principal.kind === "staff" ? { staff: cx.principal.id } : { customer: cx.principal.customer };
}

function idOf(cx: Signed): string {
  return cx.principal.kind === "staff" ? cx.principal.id : cx.principal.customer;
}

/** Everywhere one is signed in. */
export async function ownSessions(cx: Signed, _may: OwnSecurity): Promise<readonly SessionView[]> {
  return await openSessions(cx as Cx, ownerOf(cx), cx.principal);
}

/** Signs out here. */
export async function signOut(cx: Signed, _may: OwnSecurity): Promise<void> {
  await endSession(cx as Cx, ownerOf(cx), cx.principal.session.id, "signed out");
  await record(cx as Cx, { event: "sign-in.ended", subject: idOf(cx) });
}

/** Signs out one other device. Throws `not-found` for a session that is not one's own. */
export async function endOwnSession(cx: Signed, _may: OwnSecurity, id: string): Promise<void> {
  if (!(await endSession(cx as Cx, ownerOf(cx), id, "ended by its owner"))) throw notFound();
  await record(cx as Cx, { event: "session.ended", subject: idOf(cx), data: { session: id } });
}

/** Signs out all other devices. */
export async function endOwnOtherSessions(cx: Signed, _may: OwnSecurity): Promise<void> {
  const count = await endOtherSessions(cx as Cx, ownerOf(cx), cx.principal.session.id, "ended by its owner");
  await record(cx as Cx, { event: "session.others-ended", subject: idOf(cx), data: { count } });
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
