import { z } from "zod";
import { ownPath } from "#http/answer.ts";
import type { Failed } from "#http/route.ts";
import { normaliseEmail } from "#kernel/email.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Problems } from "#web/ui/form.tsx";

/** Holds the nonce of the browser that asked for a link: the code of the mail is good in it alone. */
export const askedCookie = "portico-asked";
/** A little longer than the link lives, so that "expired" can be told from "never asked". */
export const askedSeconds = 900;

/** An address, normalised before it is looked at. `message` is what is said of anything else. */
export function emailField<M extends string>(message: M) {
  return z.string({ error: message }).transform((text, context) => {
    const email = text.length > 1_000 ? undefined : normaliseEmail(text);
    if (email !== undefined) return email;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

const sayable = ["signIn.emailInvalid", "signIn.code.missing"] as const;

/** What is wrong with a form whose messages are keys of the catalogue, in the reader's language. */
export function problemsIn(t: T, failed: Failed): Problems {
  const { problem } = failed;
  if (problem.code === "rate.limited") {
    return { "": t("signIn.tooMany", { minutes: Math.ceil((problem.retryAfterSeconds ?? 60) / 60) }) };
  }
  const said = Object.entries(failed.errors).map(([name, words]) => {
    const key = sayable.find((one) => one === words);
    return [name, key === undefined ? words : t(key)] as const;
  });
  return Object.fromEntries(said);
}

/** Where to go after signing in to the customer portal: a page of it, never one of another face or of signing in. */
export function portalPath(returnTo: string): string {
  const path = ownPath(returnTo);
  if (path === undefined || /^\/(staff|partner|dev|setup|sign-in|sign-out|choose)(?=[/?#]|$)/.test(path))
    return "/overview";
  return path === "/" ? "/overview" : path;
}
