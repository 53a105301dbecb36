import { sql } from "kysely";
import { normaliseEmail } from "#kernel/email.ts";
import { newId } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import { translator } from "#platform/i18n/messages.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import { type MailKind, type MailParams, mailContent } from "./mail-kinds.ts";
import { layOut } from "./mail-layout.ts";

export type Mail<K extends MailKind> = {
  readonly kind: K;
  readonly to: string;
  /** The reader's language, any BCP 47 tag. */
  readonly locale: string;
  readonly params: MailParams[K];
  /** A second mail with this key is not queued. */
  readonly dedupeKey?: string;
  /** When it stops being worth sending: give a sign-in mail the instant at which its link expires. */
  readonly dropAfter?: Instant;
};

/**
 * Writes a mail and queues it in the caller's transaction; it leaves after the commit. Its words are sealed until
 * then, since they may hold a sign-in link. Throws `request.invalid` when the address can't be one (CR and LF never
 * get further).
 */
export async function queueMail<K extends MailKind>(cx: Cx, mail: Mail<K>): Promise<void> {
  const to = normaliseEmail(mail.to);
  if (to === undefined)
    throw new Problem("request.invalid", "This can't be an e-mail address.", { fields: { email: "" } });
  const id = newId("mail", cx.now, cx.random);
  const t = translator(mail.locale);
  const written = layOut(mailContent(mail.kind, t, cx.institution, mail.params), t, cx.institution, to);
  const sealed = cx.keys.seal(cx.random, "mail", id, JSON.stringify(written));
  await sql`insert into app.mail
    (institution_id, id, kind, to_email, locale, sealed, dedupe_key, try_at, drop_at, created_at)
    values (app.institution_id(), ${id}, ${mail.kind}, ${to}, ${t.locale}, ${sealed}, ${mail.dedupeKey ?? null},
      ${cx.now}, ${mail.dropAfter ?? null}, ${cx.now})
    on conflict do nothing`.execute(cx.db);
  wake(cx, "mail.send", {});
}
