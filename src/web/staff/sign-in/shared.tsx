import type { Child } from "hono/jsx";
import { ownPath } from "#http/answer.ts";
import type { Failed } from "#http/route.ts";
import { translator } from "#platform/i18n/messages.ts";
import { Actions, LinkButton } from "#web/ui/button.tsx";
import type { FormState, Problems } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";

/** Staff pages are in English. */
export const t = translator("en");

/** What a form shows after a refusal; nothing was wrong yet without one. */
export function formState(problems?: Problems, failed?: Failed): FormState {
  return { t, ...(problems && { problems }), ...(failed && { values: failed.typed }) };
}

/** Where to go after signing in: a staff page, never one of signing in. */
export function staffPath(returnTo: unknown): string {
  const path = typeof returnTo === "string" ? ownPath(returnTo) : undefined;
  if (path === undefined || !/^\/staff(?=[/?#]|$)/.test(path)) return "/staff";
  return /^\/staff\/(sign-in|sign-out|two-step|step-up|forgot|set-password)(?=[/?#]|$)/.test(path) ? "/staff" : path;
}

/** The path with `return_to`, left out where it says nothing. */
export function withReturn(path: string, returnTo: string): string {
  return returnTo === "/staff" ? path : `${path}?return_to=${encodeURIComponent(returnTo)}`;
}

/** The value of a field as it was typed, for pages that are shown again. */
export function typedOf(failed: Failed, name: string): string {
  const value = failed.typed[name];
  return typeof value === "string" ? value : "";
}

/** The ten codes, this once: to read, to copy, and to keep as a file, all without script. */
export function RecoveryCodes({ codes, who, next }: { codes: readonly string[]; who: string; next: Child }) {
  const text = [
    `Recovery codes of ${who}`,
    "Each works once, instead of a code of your authenticator app.",
    "",
    ...codes,
    "",
  ].join("\r\n");
  return (
    <>
      <Notice tone="warn" title="Save these codes now">
        <p>They are shown this once. Each works one time, if you lose your authenticator app.</p>
      </Notice>
      <ol class="codes mono" dir="ltr">
        {codes.map((code) => (
          <li>{code}</li>
        ))}
      </ol>
      <Actions>
        {next}
        <a class="btn" download="recovery-codes.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>
          <span>Download as text</span>
        </a>
      </Actions>
    </>
  );
}

/** Where the codes' page leads on. */
export function ContinueLink({ href, words }: { href: string; words: string }) {
  return (
    <LinkButton kind="primary" href={href}>
      {words}
    </LinkButton>
  );
}
