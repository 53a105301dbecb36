import type { Principal } from "#access/principal.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";

/** How long a fresh proof of identity counts. */
const stepUpMinutes = 10;

/** Throws `step-up.required` unless the session gave a fresh proof in the last ten minutes. */
export function checkStepUp(principal: Principal, now: Instant): void {
  const at = "session" in principal ? principal.session.steppedUpAt : undefined;
  if (at && Temporal.Instant.compare(at.add({ minutes: stepUpMinutes }), now) > 0) return;
  throw new Problem("step-up.required", "Give your password and code once more, then go on.");
}
