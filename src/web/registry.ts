import type { Route } from "#http/route.ts";
import assets from "#web/public/assets.ts";
import health from "#web/public/health.ts";
import imports from "#web/staff/imports/routes.tsx";
import importFiles from "#web/staff/imports/files.ts";
import language from "#web/public/language.tsx";

/** Every page and endpoint, one line a module. A route that is not here does not exist. */
export const registry: readonly Route[] = [
  ...assets,
  ...health,
  ...language,
  ...importFiles,
  ...imports,
];
