import type { LinkFace } from "#features/security/sign-in-link.ts";
import { ownPath } from "#http/answer.ts";
import type { MessageKey } from "#platform/i18n/messages.ts";

/** A way in by mailed link: where its pages are, where it leads, and what it says of whom it is for. */
export type Door = {
  readonly face: LinkFace;
  /** How the ids of its routes begin. */
  readonly id: string;
  readonly path: "/sign-in" | "/partner/sign-in";
  readonly home: string;
  /** Where one address with several accounts chooses. */
  readonly choose: string;
  /**
   * The cookie with the nonce of the browser that asked: the code of the mail is good in it alone. One a door, so that
   * asking at one leaves what was asked at the other as it is.
   */
  readonly askedCookie: string;
  readonly title: MessageKey;
  readonly sentLead: MessageKey;
};

const customerDoor: Door = {
  face: "customer",
  id: "public.sign-in",
  path: "/sign-in",
  home: "/overview",
  choose: "/choose",
  askedCookie: "portico-asked",
  title: "signIn.title",
  sentLead: "signIn.sent.lead",
};

export const partnerDoor: Door = {
  face: "partner",
  id: "partner.sign-in",
  path: "/partner/sign-in",
  home: "/partner",
  choose: "/partner/choose",
  askedCookie: "portico-asked-partner",
  title: "partner.signIn.title",
  sentLead: "partner.signIn.sent.lead",
};

export const doors: readonly Door[] = [customerDoor, partnerDoor];
export const doorOf: Readonly<Record<LinkFace, Door>> = { customer: customerDoor, partner: partnerDoor };

/** A little longer than the link lives, so that "expired" can be told from "never asked". */
export const askedSeconds = 900;

/** Where to go after signing in: a page of that portal, never one of another face or of signing in. */
export function portalPath(face: LinkFace, returnTo: string): string {
  const { home } = doorOf[face];
  const path = ownPath(returnTo);
  if (path === undefined || path === "/") return home;
  if (face === "partner") {
    if (!/^\/partner(?=[/?#]|$)/.test(path)) return home;
    return /^\/partner\/(sign-in|sign-out|choose)(?=[/?#]|$)/.test(path) ? home : path;
  }
  return /^\/(staff|partner|dev|setup|sign-in|sign-out|choose)(?=[/?#]|$)/.test(path) ? home : path;
}
