import type { Permit } from "#access/permit.ts";
import { actorOf, type Partner } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Locale } from "#platform/i18n/locales.ts";
import type { Cx } from "#platform/tx.ts";
import { proofCodeLimits, takeTry } from "./limits.ts";
import { requestLink } from "./request-link.ts";
import { proveSession } from "./session-store.ts";
import { askedBy, standingOf } from "./sign-in-by-link.ts";
import type { LinkStanding } from "./sign-in-link.ts";
import { findLink, type LinkRow, linkOfBrowser, spendLink, tryCode } from "./sign-in-link-store.ts";

const kind = { face: "partner", purpose: "step_up" } as const;
type Own = Permit<"partner.account">;

type Asked = {
  readonly browser: string;
  readonly returnTo: string;
  readonly origin: string;
  readonly locale: Locale;
};

/** Mails a link and a code to the contact's own address: a fresh proof of who sits there (access.md 10). */
export async function askForProof(cx: Cx<Partner>, may: Own, asked: Asked): Promise<void> {
  await requestLink(cx as Cx, may, { kind, email: cx.principal.email, ...asked });
}

/** Where to go on, once the session is proven. */
export type Proven = { readonly returnTo: string };

/**
 * Proves this session by the link. Only the browser that asked can: a link that somebody else forwards proves nothing
 * for whoever presses it ("foreign").
 */
export async function proveByLink(
  cx: Cx<Partner>,
  _may: Own,
  token: string,
  browser: string | undefined,
): Promise<Proven | Exclude<LinkStanding, "good"> | "foreign"> {
  const seen = await findLink(cx as Cx, kind, token);
  const standing = standingOf(cx as Cx, seen);
  if (!seen || standing !== "good") return standing === "good" ? "unknown" : standing;
  if (!askedBy(seen, browser)) return "foreign";
  const link = await spendLink(cx as Cx, kind, token);
  return link ? await prove(cx, link, "link") : "used";
}

/** Proves this session by the six digits. A wrong try is counted, so do not throw after it. */
export async function proveByCode(
  cx: Cx<Partner>,
  _may: Own,
  code: string,
  browser: string | undefined,
): Promise<Proven | "wrong" | "used-up"> {
  const link = browser === undefined ? undefined : await linkOfBrowser(cx as Cx, kind, browser);
  if (!link) return "used-up";
  await takeTry(cx as Cx, proofCodeLimits(cx as Cx, link.email));
  const outcome = await tryCode(cx as Cx, link.id, code);
  if (outcome === "right") return await prove(cx, link, "code");
  record(cx as Cx, { event: "step-up.refused", subject: actorOf(cx.principal).id });
  return outcome;
}

async function prove(cx: Cx<Partner>, link: LinkRow, by: "link" | "code"): Promise<Proven> {
  await proveSession(cx as Cx, link.id);
  record(cx as Cx, { event: "step-up.completed", subject: actorOf(cx.principal).id, data: { by } });
  return { returnTo: link.returnTo };
}
