import type { Cx } from "#platform/tx.ts";
import { endSessionsOfContact } from "./session-store.ts";

/** Ends every session that an address has open for a partnership; what it has open for another one stays. */
export async function endContactSessions(cx: Cx, partnership: string, email: string, why: string): Promise<void> {
  await endSessionsOfContact(cx, partnership, email, why);
}
