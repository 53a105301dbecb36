import type { House } from "#http/house.ts";
import { Problem } from "#kernel/problem.ts";
import { isLoopback } from "#platform/config.ts";

/**
 * Refuses a mutation that did not come from a page of ours (access.md 13): Sec-Fetch-Site must say same-origin, or,
 * where the browser does not send it, Origin must be ours. Neither = refused. Throws `request.cross-site`.
 */
export function assertSameOrigin(house: House, headers: Headers, host: string): void {
  const site = headers.get("sec-fetch-site");
  if (site === "same-origin") return;
  const origin = headers.get("origin");
  if (site === null && origin !== null && isOurs(house, origin, host)) return;
  throw new Problem("request.cross-site", "Open the page again and send the form from there.");
}

function isOurs(house: House, origin: string, host: string): boolean {
  if (origin === house.origin) return true;
  // On loopback the program answers under localhost and 127.0.0.1 alike; elsewhere only the configured origin counts.
  return URL.canParse(origin) && isLoopback(house.origin) && isLoopback(origin) && new URL(origin).host === host;
}
