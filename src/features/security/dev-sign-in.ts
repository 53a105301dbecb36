import type { Permit } from "#access/permit.ts";
import type { CustomerId, Face, StaffId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { demoContact, demoCustomer, demoPartnerMember } from "./grant-store.ts";
import { type SessionOwner, startSession } from "./session-store.ts";
import { demoMember } from "./staff-store.ts";

/**
 * Whom the development page signs in: staff of three roles, a demo customer, a contact of a demo partner, or a member
 * of its account.
 */
export const demoPeople = ["owner", "admin", "viewer", "customer", "partner", "member"] as const;
export type DemoPerson = (typeof demoPeople)[number];

type Found = { readonly face: Face; readonly owner: SessionOwner; readonly id: string; email: string; name: string };
export type DemoView = { readonly who: DemoPerson; readonly name: string; readonly email: string };

/** Throws `not-found` where the data is anybody's real data. */
function assertDemo(cx: Cx): void {
  if (!cx.institution.isDemo) throw notFound();
}

/** Who can be signed in with one click. Throws `not-found` outside the demo data. */
export async function listDemoPeople(cx: Cx, _may: Permit<"sign-in">): Promise<readonly DemoView[]> {
  assertDemo(cx);
  const views: DemoView[] = [];
  for (const who of demoPeople) {
    const found = await findDemoPerson(cx, who);
    if (found) views.push({ who, name: found.name, email: found.email });
  }
  return views;
}

async function findDemoPerson(cx: Cx, who: DemoPerson): Promise<Found | undefined> {
  if (who === "customer") {
    const found = await demoCustomer(cx);
    return found && { ...found, face: "customer", owner: { customer: found.id as CustomerId } };
  }
  if (who === "partner" || who === "member") {
    const found = await (who === "partner" ? demoContact(cx) : demoPartnerMember(cx));
    return found && { ...found, face: "partner", owner: { partnership: found.partnership } };
  }
  const found = await demoMember(cx, ({ owner: "OWNER", admin: "ADMIN", viewer: "VIEWER" } as const)[who]);
  return found && { ...found, face: "staff", owner: { staff: found.id as StaffId } };
}

/** Signs in as one of them without password, link or code. The routes that lead here exist in development only. */
export async function signInForDemo(
  cx: Cx,
  _may: Permit<"sign-in">,
  who: DemoPerson,
  userAgent: string,
): Promise<{ face: Face; token: string }> {
  assertDemo(cx);
  const found = await findDemoPerson(cx, who);
  if (!found) throw notFound();
  const { face, owner } = found;
  const token = await startSession(cx, { face, email: found.email, owner, userAgent });
  record(cx, { event: "sign-in.completed", subject: found.id, data: { by: "demo" } });
  return { face, token };
}
