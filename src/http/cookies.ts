import { parse, serialize } from "hono/utils/cookie";

/** Reads one of our cookies. On HTTPS they carry the `__Host-` prefix, so that no sub-domain can plant one. */
export function readCookie(header: string | undefined, secure: boolean, name: string): string | undefined {
  if (!header || header.length > 16_384) return undefined;
  return parse(header)[secure ? `__Host-${name}` : name];
}

/** A Set-Cookie line: Path=/, HttpOnly, SameSite=Lax, Secure unless this is plain HTTP on loopback. */
export function writeCookie(secure: boolean, name: string, value: string, maxAgeSeconds: number | undefined): string {
  return serialize(secure ? `__Host-${name}` : name, value, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure,
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  });
}

/** The session cookie's name of each face. */
export const sessionCookie = {
  staff: "portico-staff",
  customer: "portico-customer",
  partner: "portico-partner",
} as const;
