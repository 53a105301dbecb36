import type { Route } from "#http/route.ts";

/** Every page and endpoint, one line a module. A route that is not here does not exist. */
export const registry: readonly Route[] = [].flat();
