import { sql } from "kysely";
import type { Work } from "#platform/jobs.ts";
import { wake } from "#platform/jobs.ts";
import type { Mailer, MailOutcome } from "#platform/mailer.ts";
import { sendTimeoutSeconds } from "#platform/mailer.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import type { WrittenMail } from "./mail-layout.ts";

type Claimed = {
  readonly id: string;
  readonly to: string;
  readonly locale: string;
  readonly tries: number;
  readonly written: WrittenMail | undefined;
  readonly fromName: string;
  readonly replyTo: string;
};

// About a day, by the waits of `settle`.
const mostTries = 30;

/**
 * Job `mail.send`: sends what is due, one mail after the other, never inside a transaction. A mail is claimed first,
 * so no two jobs send it; if the program dies between sending and noting it, it goes out again under the same
 * Message-ID. Without a mailer (development) mails land in app.dev_mail, which /dev/mail shows.
 */
export async function sendMails(work: Work<"mail.send">, mailer: Mailer | undefined): Promise<void> {
  const opening = { as: "system", institution: work.institution, task: "mail.send" } as const;
  while (!work.signal.aborted) {
    const mail = await inTx(work.ground, opening, claim);
    if (!mail) return;
    const outcome = await carry(work, mailer, mail);
    if (!outcome.sent) {
      const log = { mail: mail.id, reason: outcome.reason, tries: mail.tries };
      if (outcome.final) work.log.error(log, "A mail was refused for good");
      else work.log.warn(log, "A mail waits for its next try");
    }
    await inTx(work.ground, opening, (cx) => settle(cx, mail, outcome));
  }
}

async function carry(work: Work<"mail.send">, mailer: Mailer | undefined, mail: Claimed): Promise<MailOutcome> {
  const { written } = mail;
  if (!written) return { sent: false, final: true, reason: "Sealed by a key that is not in SECRET_KEY." };
  if (mailer) return await mailer.send({ ...mail, ...written });
  const opening = { as: "system", institution: work.institution, task: "mail.send" } as const;
  return await inTx(work.ground, opening, (cx) => keepForDevelopment(cx, mail, written));
}

async function claim(cx: Cx): Promise<Claimed | undefined> {
  await sql`update app.mail set state = 'dropped', sealed = null
    where institution_id = ${cx.institution.id} and state = 'queued' and drop_at <= ${cx.now}`.execute(cx.db);
  const { rows } = await sql<{ id: string; to: string; locale: string; tries: number; sealed: Buffer }>`
    update app.mail set tries = tries + 1, try_at = ${cx.now.add({ seconds: 2 * sendTimeoutSeconds })}
     where institution_id = ${cx.institution.id} and id = (
       select id from app.mail where institution_id = ${cx.institution.id} and state = 'queued' and try_at <= ${cx.now}
        order by try_at, id limit 1 for update skip locked)
    returning id, to_email as to, locale, tries, sealed`.execute(cx.db);
  const row = rows[0];
  if (!row) return undefined;
  const { sealed, ...mail } = row;
  const written = openWords(cx, row.id, sealed);
  return { ...mail, written, fromName: cx.institution.name, replyTo: cx.institution.contactEmail };
}

/** The words of a mail; undefined when they were sealed by a key that is gone, which must not hold up the others. */
function openWords(cx: Cx, id: string, sealed: Buffer): WrittenMail | undefined {
  try {
    return JSON.parse(cx.keys.open("mail", id, sealed).toString()) as WrittenMail;
  } catch {
    return undefined;
  }
}

/** Notes what became of it, and wipes its words once they are not needed any more. */
async function settle(cx: Cx, mail: Claimed, outcome: MailOutcome): Promise<void> {
  if (!outcome.sent && !outcome.final && mail.tries < mostTries) {
    // 30 s, 1, 2, 4 … minutes, at most an hour: a mail server that is away for a night loses nothing.
    const tryAt = cx.now.add({ seconds: Math.min(3_600, 30 * 2 ** (mail.tries - 1)) });
    await sql`update app.mail set try_at = ${tryAt}, last_error = ${outcome.reason}
      where institution_id = ${cx.institution.id} and id = ${mail.id} and state = 'queued'`.execute(cx.db);
    wake(cx, "mail.send", {}, { runAt: tryAt });
    return;
  }
  const state = outcome.sent ? "sent" : "failed";
  await sql`update app.mail set state = ${state}, sealed = null, sent_at = ${outcome.sent ? cx.now : null},
      last_error = ${outcome.sent ? "" : outcome.reason}
    where institution_id = ${cx.institution.id} and id = ${mail.id} and state = 'queued'`.execute(cx.db);
}

async function keepForDevelopment(cx: Cx, mail: Claimed, written: WrittenMail): Promise<MailOutcome> {
  await sql`insert into app.dev_mail (institution_id, id, at, to_email, subject, text_body, html_body)
    values (${cx.institution.id}, ${mail.id}, ${cx.now}, ${mail.to}, ${written.subject}, ${written.text},
      ${written.html})
    on conflict (id) do nothing`.execute(cx.db);
  return { sent: true };
}
