import { z } from "zod";
import type { Failed } from "#http/route.ts";
import { normaliseEmail } from "#kernel/email.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Problems } from "#web/ui/form.tsx";

/** An address, normalised before it is looked at. `message` is what is said of anything else. */
export function emailField<M extends string>(message: M) {
  return z.string({ error: message }).transform((text, context) => {
    const email = text.length > 1_000 ? undefined : normaliseEmail(text);
    if (email !== undefined) return email;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/** The six digits of a mail, however they were typed. */
export const codeField = z
  .string({ error: "signIn.code.missing" })
  .max(100, "signIn.code.missing")
  .transform((text) => text.normalize("NFKC").replace(/[\s-]/g, ""))
  .pipe(z.string().regex(/^\d{6}$/, "signIn.code.missing"));

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
