import { sql } from "kysely";
import { notFound } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type DevMailLine = { readonly id: string; readonly at: Instant; readonly to: string; readonly subject: string };
export type DevMail = DevMailLine & { readonly text: string; readonly html: string };

/** The newest hundred mails that stayed here because no SMTP server is set. Only development mounts a page on it. */
export async function listDevMail(cx: Cx): Promise<readonly DevMailLine[]> {
  const { rows } = await sql<DevMailLine>`select id, at, to_email as to, subject from app.dev_mail
    where institution_id = ${cx.institution.id} order by id desc limit 100`.execute(cx.db);
  return rows;
}

/** One of them with its words. Throws `not-found`. */
export async function readDevMail(cx: Cx, id: string): Promise<DevMail> {
  const { rows } = await sql<DevMail>`select id, at, to_email as to, subject, text_body as text, html_body as html
    from app.dev_mail where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
  if (!rows[0]) throw notFound();
  return rows[0];
}
