import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { startFirstSession } from "#features/security/sign-in-staff.ts";
import { newId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { defaultsOf } from "./country.ts";
import { insertFirst, insertOwner, insertSandboxMethods, placeFirst } from "./institution-store.ts";

export type FirstInstitution = {
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
  readonly currencies: readonly Currency[];
  readonly owner: { readonly name: string; readonly email: string; readonly passwordHash: string };
  /** Whether the sandbox provider is there to take payments with; its two methods are then on offer at once. */
  readonly sandbox: boolean;
  readonly userAgent: string;
};

/** Throws `not-found` as soon as there is an institution: set-up is gone then, like any page that is not there. */
export function assertNotSetUp(cx: Cx): void {
  if (cx.principal.kind === "visitor" && cx.principal.institution === undefined) return;
  throw notFound();
}

/**
 * Makes the first institution and its owner, and answers the token of a session that still waits for two-step to be
 * set up. Of two that try at once, one makes it; the other gets `not-found`.
 */
export async function beginInstitution(cx: Cx, may: Permit<"setup.first">, first: FirstInstitution): Promise<string> {
  assertNotSetUp(cx);
  const id = newId("inst", cx.now, cx.random);
  const { name, country, owner, currencies } = first;
  if (!(await insertFirst(cx, id, name))) throw notFound();
  await placeFirst(cx, id, first, defaultsOf(country), owner.email);
  const staff = await insertOwner(cx, owner);
  if (first.sandbox) await insertSandboxMethods(cx, currencies);
  record(cx, { event: "institution.created", subject: id, data: { name, country } });
  record(cx, { event: "staff.created", subject: staff, data: { role: "OWNER" } });
  return await startFirstSession(cx, may, { staff, email: owner.email }, first.userAgent);
}
