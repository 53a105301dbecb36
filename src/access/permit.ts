import { allows, type Permission } from "#access/permissions.ts";
import type { Principal } from "#access/principal.ts";
import { Problem } from "#kernel/problem.ts";

declare const minted: unique symbol;

/** Proof that `permit` was asked and said yes. Use cases take it as their first argument after the transaction. */
export type Permit<P extends Permission> = { readonly by: Principal; readonly [minted]: P };

/** The only place where a Permit is made. Throws `permission.denied`. */
export function permit<P extends Permission>(principal: Principal, permission: P): Permit<P> {
  const role = principal.kind === "staff" || principal.kind === "partner" ? principal.role : undefined;
  const rights = principal.kind === "partner" ? principal.rights : undefined;
  if (!allows(permission, principal.kind, role, rights)) {
    throw new Problem(
      "permission.denied",
      principal.kind === "partner"
        ? "The institution decides what each contact and each member may do here. Ask it for this right."
        : "Ask an owner or an administrator of your institution to do this, or to change your role.",
    );
  }
  return { by: principal } as Permit<P>;
}
