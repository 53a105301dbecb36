import type { MemberId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Id } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { startSession } from "./session-store.ts";

type Invited = {
  readonly partnership: Id<"prt">;
  readonly email: string;
  readonly member: MemberId;
  readonly userAgent: string;
  readonly replaces: string | undefined;
};

/**
 * Starts the session of somebody who just accepted an invitation. The link in that mail lives for days, so it is no
 * fresh proof: what asks for one asks again.
 */
export async function openForInvited(cx: Cx, who: Invited): Promise<string> {
  const { partnership, email, member, userAgent, replaces } = who;
  const owner = { partnership };
  const token = await startSession(cx, { face: "partner", email, owner, proven: false, userAgent, replaces });
  record(cx, { event: "sign-in.completed", subject: member, data: { by: "invitation" } });
  return token;
}
