import { lifetimes } from "#features/security/session.ts";
import type { SignedIn } from "#features/security/sign-in-by-link.ts";
import { sessionCookie } from "#http/cookies.ts";
import { doorOf, portalPath } from "#web/public/sign-in/door.ts";

type Cookies = { setCookie(name: string, value: string, maxAgeSeconds: number | undefined): void };

/** Gives the browser its session and takes back the nonce; answers where to go on. */
export function signedIn(cookies: Cookies, outcome: SignedIn): string {
  const { face, token, returnTo, several } = outcome;
  const door = doorOf[face];
  cookies.setCookie(sessionCookie[face], token, lifetimes[face].absoluteSeconds);
  cookies.setCookie(door.askedCookie, "", 0);
  const to = portalPath(face, returnTo);
  if (!several) return to;
  return to === door.home ? door.choose : `${door.choose}?return_to=${encodeURIComponent(to)}`;
}
