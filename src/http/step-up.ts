import type { Principal } from "#access/principal.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";

/** How long a fresh proof of identity counts. */
const stepUpMinutes = 10;

/** Whether the session gave a fresh proof in the last ten minutes. */
export function isProven(principal: Principal, now: Instant): boolean {
  const at = "session" in principal ? principal.session.steppedUpAt : undefined;
  return at !== undefined && Temporal.Instant.compare(at.add({ minutes: stepUpMinutes }), now) > 0;
}

/** Throws `step-up.required` unless the session gave a fresh proof in the last ten minutes. */
export function checkStepUp(principal: Principal, now: Instant): void {
  if (isProven(principal, now)) return;
  const how = principal.kind === "partner" ? "Confirm that it’s you" : "Give your password and code once more";
  throw new Problem("step-up.required", `${how}, then go on.`);
}
