import { queueMail } from "#features/notifications/queue-mail.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";
import { languagesAt } from "./grant-store.ts";
import type { SealedLink } from "./request-link.ts";
import { linkMinutes } from "./sign-in-link.ts";
import { type AskedLink, askedLink, wipeNews } from "./sign-in-link-store.ts";
import { findActive } from "./staff-store.ts";

/** What the mails of signing in wait for; src/subscriptions.ts lists it. */
export const signInSubscriptions: Subscriptions = {
  "sign-in.requested": [mailLink],
  "sign-in.locked": [mailLockNotice],
};

/** Mails a link to whoever has its address; to nobody when nobody has. Then the sealed words are wiped. */
async function mailLink(cx: Cx, news: News): Promise<void> {
  const asked = await askedLink(cx, news.subject);
  if (asked) {
    const sealed = Buffer.from(String(news.data.sealed), "base64url");
    const words = JSON.parse(cx.keys.open("link-mail", news.subject, sealed).toString("utf8")) as SealedLink;
    if (asked.purpose === "set_password") await mailNewPassword(cx, asked, words, news.id);
    else await mailSignIn(cx, asked, words, news.id);
  }
  await wipeNews(cx, news.id);
}

type ByLink = AskedLink & { readonly purpose: "sign_in" | "step_up" };

async function mailSignIn(cx: Cx, asked: ByLink, words: SealedLink, dedupeKey: string): Promise<void> {
  const [only, ...others] = await languagesAt(cx, asked.face, asked.email);
  if (only === undefined) return;
  const signIn = asked.face === "partner" ? "partner_sign_in" : "sign_in";
  await queueMail(cx, {
    kind: asked.purpose === "step_up" ? "step_up" : signIn,
    to: asked.email,
    // Who shares an address may read different languages; then the page where the link was asked for decides.
    locale: others.length === 0 ? only : words.locale,
    params: { link: words.link, code: words.code, minutes: linkMinutes },
    dedupeKey,
    dropAfter: asked.expiresAt,
  });
}

async function mailNewPassword(cx: Cx, asked: AskedLink, words: SealedLink, dedupeKey: string): Promise<void> {
  if (!(await findActive(cx, asked.email))) return;
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
  if (!(await findActive(cx, email))) return;
  const minutes = Number(news.data.minutes);
  await queueMail(cx, { kind: "locked", to: email, locale: "en", params: { minutes }, dedupeKey: news.id });
}
