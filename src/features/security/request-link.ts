import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { secretToken, sixDigits } from "#kernel/random.ts";
import type { Locale } from "#platform/i18n/locales.ts";
import { tell } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";
import { linkLimits, proofLimits, takeTry } from "./limits.ts";
import type { LinkKind } from "./sign-in-link.ts";
import { insertLink } from "./sign-in-link-store.ts";

export type LinkRequest = {
  readonly kind: LinkKind;
  /** Normalised; whose it is, and whether it is anybody's, is not looked at here. */
  readonly email: string;
  /** The nonce that the asking browser keeps: the code is good in it alone. */
  readonly browser: string;
  readonly returnTo: string;
  /** The configured origin: links never begin with what a header said. */
  readonly origin: string;
  readonly locale: Locale;
};

/** What the job that mails the link gets, sealed: nobody who reads the outbox can sign in with it. */
export type SealedLink = { readonly link: string; readonly code: string; readonly locale: Locale };

function pathOf(kind: LinkKind): string {
  if (kind.purpose === "set_password") return "/staff/set-password/";
  if (kind.purpose === "step_up") return "/partner/step-up/link/";
  return kind.face === "partner" ? "/partner/sign-in/link/" : "/sign-in/link/";
}

type Asking = Permit<"sign-in"> | Permit<"partner.account">;

/**
 * Asks for a link by mail. The same statements run for every address: whether it belongs to somebody is first asked
 * by the job that would send the mail, so neither answer nor clock tells. Throws `rate.limited`.
 */
export async function requestLink(cx: Cx, _may: Asking, request: LinkRequest): Promise<void> {
  const limits = request.kind.purpose === "step_up" ? proofLimits : linkLimits;
  await takeTry(cx, limits(cx, request.email));
  const token = secretToken(cx.random);
  const code = sixDigits(cx.random);
  const { kind, email, browser, returnTo } = request;
  const made = await insertLink(cx, { kind, email, token, code, browser, returnTo });
  const link = `${request.origin}${pathOf(kind)}${token}`;
  const words: SealedLink = { link, code, locale: request.locale };
  const sealed = cx.keys.seal(cx.random, "link-mail", made.id, JSON.stringify(words));
  record(cx, { event: "sign-in.requested", subject: made.id, data: { ...kind } });
  tell(cx, "sign-in.requested", made.id, { sealed: sealed.toString("base64url") });
}
