import { lifetimes } from "#features/security/session.ts";
import type { SignedIn } from "#features/security/sign-in-customer.ts";
import { sessionCookie } from "#http/cookies.ts";
import { askedCookie, portalPath } from "#web/public/sign-in/shared.ts";

type Cookies = { setCookie(name: string, value: string, maxAgeSeconds: number | undefined): void };

/** Gives the browser its session and takes back the nonce; answers where to go on. */
export function signedIn(cookies: Cookies, outcome: SignedIn): string {
  cookies.setCookie(sessionCookie.customer, outcome.token, lifetimes.customer.absoluteSeconds);
  cookies.setCookie(askedCookie, "", 0);
  const to = portalPath(outcome.returnTo);
  if (!outcome.several) return to;
  return to === "/overview" ? "/choose" : `/choose?return_to=${encodeURIComponent(to)}`;
}
