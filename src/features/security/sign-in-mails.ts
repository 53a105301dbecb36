import { sql } from "kysely";
import { queueMail } from "#features/notifications/queue-mail.ts";
import type { Instant } from "#kernel/time.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";
import type { SealedLink } from "./request-link.ts";
import { linkMinutes } from "./sign-in-link.ts";

/** What the mails of signing in wait for; src/subscriptions.ts lists it. */
export const signInSubscriptions: Subscriptions = {
  "sign-in.requested": [mailLink],
  "sign-in.locked": [mailLockNotice],
};

type Asked = { purpose: string; email: string; expiresAt: Instant };

/** Mails a link to whoever has its address; to nobody when nobody has. Then the sealed words are wiped. */
async function mailLink(cx: Cx, news: News): Promise<void> {
  const { rows } = await sql<Asked>`select purpose, email, expires_at as "expiresAt" from app.sign_in_link
    where institution_id = app.institution_id() and id = ${news.subject} and used_at is null`.execute(cx.db);
  const [asked] = rows;
  if (asked) {
    const sealed = Buffer.from(String(news.data.sealed), "base64url");
    const words = JSON.parse(cx.keys.open("link-mail", news.subject, sealed).toString("utf8")) as SealedLink;
    if (asked.purpose === "sign_in") await mailSignIn(cx, asked, words, news.id);
    else await mailNewPassword(cx, asked, words, news.id);
  }
  await sql`update app.outbox set data = '{}' where institution_id = app.institution_id() and id = ${news.id}`.execute(
    cx.db,
  );
}

async function mailSignIn(cx: Cx, asked: Asked, words: SealedLink, dedupeKey: string): Promise<void> {
  const { rows } = await sql<{ language: string }>`select distinct language from app.customer
    where institution_id = app.institution_id() and email = ${asked.email}`.execute(cx.db);
  if (rows.length === 0) return;
  const [only] = rows;
  await queueMail(cx, {
    kind: "sign_in",
    to: asked.email,
    // Siblings may read different languages; then the page where the link was asked for decides.
    locale: rows.length === 1 && only ? only.language : words.locale,
    params: { link: words.link, code: words.code, minutes: linkMinutes },
    dedupeKey,
    dropAfter: asked.expiresAt,
  });
}

async function mailNewPassword(cx: Cx, asked: Asked, words: SealedLink, dedupeKey: string): Promise<void> {
  if (!(await isActiveStaff(cx, asked.email))) return;
  await queueMail(cx, {
    kind: "set_password",
    to: asked.email,
    locale: words.locale,
    params: { link: words.link, minutes: linkMinutes },
    dedupeKey,
    dropAfter: asked.expiresAt,
  });
}

/** Tells a member of staff that their address was locked; somebody who is none hears nothing. */
async function mailLockNotice(cx: Cx, news: News): Promise<void> {
  const sealed = Buffer.from(String(news.data.sealed), "base64url");
  const email = cx.keys.open("lock-notice", news.subject, sealed).toString("utf8");
  if (!(await isActiveStaff(cx, email))) return;
  const minutes = Number(news.data.minutes);
  await queueMail(cx, { kind: "locked", to: email, locale: "en", params: { minutes }, dedupeKey: news.id });
}

async function isActiveStaff(cx: Cx, email: string): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`select 1 as one from app.staff_member
    where institution_id = app.institution_id() and email = ${email} and suspended_at is null`.execute(cx.db);
  return rows.length === 1;
}
