import type { Permit } from "#access/permit.ts";
import type { CustomerId, Face, StaffId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { demoCustomer } from "./grant-store.ts";
import { startSession } from "./session-store.ts";
import { demoMember } from "./staff-store.ts";

/** Whom the development page signs in: a demo owner, a demo viewer, or a demo customer. */
export const demoPeople = ["owner", "viewer", "customer"] as const;
export type DemoPerson = (typeof demoPeople)[number];

type Found = { readonly id: string; readonly email: string; readonly name: string };
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
  return who === "customer" ? await demoCustomer(cx) : await demoMember(cx, who === "owner" ? "OWNER" : "VIEWER");
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
  const face: Face = who === "customer" ? "customer" : "staff";
  const owner = face === "customer" ? { customer: found.id as CustomerId } : { staff: found.id as StaffId };
  const token = await startSession(cx, { face, email: found.email, owner, userAgent });
  await record(cx, { event: "sign-in.completed", subject: found.id, data: { by: "demo" } });
  return { face, token };
}
