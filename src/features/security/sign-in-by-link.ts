import type { Permit } from "#access/permit.ts";
import type { Customer, CustomerId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { maskEmail } from "#kernel/email.ts";
import { notFound } from "#kernel/problem.ts";
import { type Cx, tokenHash } from "#platform/tx.ts";
import { choicesOfSession, grantsAt, turnSession } from "./grant-store.ts";
import { codeLimits, takeTry } from "./limits.ts";
import { startSession } from "./session-store.ts";
import type { LinkFace, LinkStanding } from "./sign-in-link.ts";
import { findLink, type LinkRow, linkOfBrowser, spendLink, tryCode } from "./sign-in-link-store.ts";

/**
 * The browser that asks to be signed in: its nonce from the time it asked for a link, and the session it had before.
 */
export type SigningIn = {
  readonly browser: string | undefined;
  readonly userAgent: string;
  readonly replaces: string | undefined;
};

export type SignedIn = {
  readonly face: LinkFace;
  readonly token: string;
  /** Where to go on: a path of our own, or "". */
  readonly returnTo: string;
  /** Whether the address belongs to several customers (or partnerships), so that one has to be chosen. */
  readonly several: boolean;
};

export type LinkView = {
  readonly standing: LinkStanding;
  /** Whether this is the browser that asked for the link. */
  readonly asked: boolean;
  /** `a•••@students.example`, where the link is good. */
  readonly account: string;
};

export function standingOf(cx: Cx, link: LinkRow | undefined): LinkStanding {
  if (!link) return "unknown";
  if (link.usedAt) return "used";
  return Temporal.Instant.compare(link.expiresAt, cx.now) > 0 ? "good" : "expired";
}

export function askedBy(link: LinkRow, browser: string | undefined): boolean {
  return browser !== undefined && link.browserHash.equals(tokenHash(browser));
}

/** What a link's page says. Looking spends nothing, however often a mail scanner does it. */
export async function lookAtLink(
  cx: Cx,
  _may: Permit<"sign-in">,
  face: LinkFace,
  token: string,
  browser: string | undefined,
): Promise<LinkView> {
  const link = await findLink(cx, { face, purpose: "sign_in" }, token);
  const standing = standingOf(cx, link);
  if (!link || standing !== "good") return { standing, asked: false, account: "" };
  return { standing, asked: askedBy(link, browser), account: maskEmail(link.email) };
}

/** The address that this browser asked a link for and that still stands; undefined when there is none. */
export async function askedAddress(cx: Cx, _may: Permit<"sign-in">, face: LinkFace, browser: string | undefined) {
  return browser === undefined ? undefined : (await linkOfBrowser(cx, { face, purpose: "sign_in" }, browser))?.email;
}

/**
 * Signs in by link: the session goes to the browser that pressed the button. One that did not ask for the link has to
 * say that it means this account (`confirmed`), so that nobody is signed in to a stranger's account by a link sent to
 * them.
 */
export async function redeemLink(
  cx: Cx,
  _may: Permit<"sign-in">,
  face: LinkFace,
  token: string,
  confirmed: boolean,
  who: SigningIn,
): Promise<SignedIn | LinkStanding> {
  const kind = { face, purpose: "sign_in" } as const;
  const seen = await findLink(cx, kind, token);
  const standing = standingOf(cx, seen);
  if (!seen || standing !== "good") return standing;
  if (!confirmed && !askedBy(seen, who.browser)) return "good";
  const link = await spendLink(cx, kind, token);
  if (!link) return "used";
  return (await openPortal(cx, face, link, who, "link")) ?? "unknown";
}

/**
 * Signs in by the six digits of the mail, in the browser that asked for it. Answers undefined when they are wrong, or
 * there is nothing to compare them with: the words are the same. The try is counted even so, so do not throw after
 * it.
 */
export async function redeemCode(
  cx: Cx,
  _may: Permit<"sign-in">,
  face: LinkFace,
  code: string,
  who: SigningIn,
): Promise<SignedIn | "wrong" | "used-up"> {
  const kind = { face, purpose: "sign_in" } as const;
  const link = who.browser === undefined ? undefined : await linkOfBrowser(cx, kind, who.browser);
  if (!link) return "used-up";
  await takeTry(cx, codeLimits(cx, link.email));
  const outcome = await tryCode(cx, link.id, code);
  if (outcome !== "right") {
    record(cx, { event: "sign-in.refused", subject: link.id, data: { by: "code" } });
    return outcome;
  }
  return (await openPortal(cx, face, link, who, "code")) ?? "used-up";
}

async function openPortal(
  cx: Cx,
  face: LinkFace,
  link: LinkRow,
  who: SigningIn,
  by: "link" | "code",
): Promise<SignedIn | undefined> {
  // Asked now, not when the link was: an address that was changed, or a contact removed, meanwhile opens nothing.
  const [first, ...others] = await grantsAt(cx, face, link.email);
  if (!first) return undefined;
  const token = await startSession(cx, {
    face,
    email: link.email,
    owner: first.owner,
    userAgent: who.userAgent,
    replaces: who.replaces,
  });
  record(cx, { event: "sign-in.completed", subject: first.subject, data: { by } });
  return { face, token, returnTo: link.returnTo, several: others.length > 0 };
}

export type Choice = { readonly id: CustomerId; readonly name: string };

/** The customers whose address this session was opened with: siblings often share one. */
export async function customersOfSession(cx: Cx<Customer>, _may: Permit<"portal.account">): Promise<readonly Choice[]> {
  return await choicesOfSession(cx);
}

/** Goes on as another customer with the same address. Throws `not-found` for any other. */
export async function chooseCustomer(cx: Cx<Customer>, _may: Permit<"portal.account">, id: string): Promise<void> {
  if (id === cx.principal.customer) return;
  record(cx, { event: "sign-in.switched", subject: cx.principal.customer, data: { to: id } });
  if (!(await turnSession(cx, id))) throw notFound();
}
