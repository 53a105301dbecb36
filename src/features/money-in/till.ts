import type { InstitutionId } from "#access/principal.ts";
import { Problem } from "#kernel/problem.ts";
import { type Cx, type Ground, inTx } from "#platform/tx.ts";
import type { Provider, Providers } from "#providers/provider.ts";

/**
 * What paying needs beside a transaction: the ground to open others on, the far side, and where people come back to.
 */
export type Till = Ground & { readonly providers: Providers; readonly origin: string };

/** The provider of that name. Throws `provider.unavailable` when this installation has it no more. */
export function providerOf(till: Till, name: string): Provider {
  const provider = till.providers.get(name);
  if (!provider) throw new Problem("provider.unavailable", "This payment method is not available right now.");
  return provider;
}

/** A transaction of the program's own: only it settles. */
export async function settling<T>(till: Till, institution: InstitutionId, work: (cx: Cx) => Promise<T>): Promise<T> {
  return await inTx(till, { as: "system", institution, task: "money-in" }, work);
}

/** Whether the far side did not answer, so that nobody knows what became of the call. */
export function isUnknownOutcome(error: unknown): boolean {
  return error instanceof Problem && error.code === "provider.unavailable";
}
