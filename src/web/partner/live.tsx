import { hash } from "node:crypto";
import { raw } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { T } from "#platform/i18n/messages.ts";
import { LinkButton } from "#web/ui/button.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";

/** Parts of a page that update themselves: drawn once, for the page and for the stream alike. */
export type LiveParts = {
  /** Stands for all that the parts say. */
  readonly id: string;
  /** The HTML of each, by the id of the element that holds it. */
  readonly html: ReadonlyMap<string, string>;
};

/** Draws the parts of a page. */
export function drawParts(parts: Readonly<Record<string, JSX.Element>>): LiveParts {
  const html = new Map(Object.entries(parts).map(([id, element]) => [id, String(element)]));
  return { id: hash("sha256", JSON.stringify([...html]), "base64url").slice(0, 22), html };
}

/** The place of a part in its page. */
export function LivePart({ of, id, as = "stack" }: { of: LiveParts; id: string; as?: string }) {
  return (
    <div id={id} class={as}>
      {raw(of.html.get(id) ?? "")}
    </div>
  );
}

/**
 * Keeps the parts of a page up to date. Without script it is nothing, and the page is as of when it was opened. Only
 * what the stream says is put into the page (`hx-swap="none"`), so that a refusal never is.
 */
export function LiveConnection({
  parts,
  query,
  stream = "/partner/live",
}: {
  parts: LiveParts;
  query: Readonly<Record<string, string | undefined>>;
  /** The address of the stream that reads this page. */
  stream?: string;
}) {
  return (
    <div id={noteId}>
      <span
        hidden
        {...{
          "hx-sse:connect": withQuery(stream, { ...query, known: parts.id }),
          "hx-sse:close": "end",
          "hx-swap": "none",
        }}
      />
    </div>
  );
}

const noteId = "live-note";

/** What goes over the stream: each part that is not as the reader has it, to be put into its place. */
export function partsMessage(parts: LiveParts, before: ReadonlyMap<string, string>): string {
  const changed = [...parts.html].filter(([id, html]) => before.get(id) !== html);
  return changed.map(([id, html]) => partial(id, "innerMorph", html)).join("");
}

/** The last message to somebody who may not read on: what stood there is taken away, and what to do is said. */
export function farewellMessage(t: T, parts: LiveParts, signIn: string): string {
  const words = (
    <Notice tone="warn" title={t("payouts.ended")} live>
      <p>{t("payouts.endedText")}</p>
      <p>
        <LinkButton href={signIn}>{t("payouts.endedLink")}</LinkButton>
      </p>
    </Notice>
  );
  const emptied = [...parts.html.keys()].map((id) => partial(id, "innerHTML", " ")).join("");
  return emptied + partial(noteId, "beforeend", String(words));
}

function partial(id: string, swap: string, html: string): string {
  return `<hx-partial hx-target="#${id}" hx-swap="${swap}">${html}</hx-partial>`;
}
