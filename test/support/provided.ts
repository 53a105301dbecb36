import type { DatabaseAccess } from "#platform/database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The template that `freshDatabase` clones; `error` says why there is none. */
    template: { readonly access?: DatabaseAccess; readonly error?: string };
    /** The long runs: more random histories, more rows. */
    deep: boolean;
  }
}
