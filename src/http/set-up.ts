import type { House } from "#http/house.ts";
import { isLoopback } from "#platform/config.ts";

/** Whether set-up asks for the code that is printed at start: wherever strangers could reach it. */
export function asksForSetupCode(house: Pick<House, "config" | "origin">): boolean {
  return house.config.production || !isLoopback(house.origin);
}
