import type { Principal } from "#access/principal.ts";
import { type Locale, localeOf, locales, negotiate } from "#platform/i18n/locales.ts";

/** The language of a page: the cookie that the language switch sets, then the person's own, then the browser's. */
export function localeFor(principal: Principal | undefined, header: (name: string) => string | undefined): Locale {
  if (principal?.kind === "staff" || principal?.kind === "pending_staff") return "en";
  const chosen = /(?:^|;\s*)(?:__Host-)?portico-language=([a-zA-Z-]{2,20})/.exec(header("cookie") ?? "")?.[1];
  const own = principal?.kind === "customer" || principal?.kind === "partner" ? principal.language : undefined;
  const wish = chosen ?? own;
  return wish ? localeOf(wish) : negotiate(locales, header("accept-language"));
}
