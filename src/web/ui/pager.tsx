import type { T } from "#platform/i18n/messages.ts";
import { LinkButton } from "./button.tsx";

type PagerProps = {
  t: T;
  /** How many rows this page shows. */
  shown: number;
  /** The whole number of rows, where it is known and may be told. */
  total?: number;
  /** Addresses with `before=` and `after=`; absent at the ends. */
  newer?: string | undefined;
  older?: string | undefined;
  /** For lists that aren't in order of time: "Previous" and "Next". */
  words?: { readonly newer: string; readonly older: string };
};

/** Keyset paging, newest first: Newer and Older, never page numbers that shift while rows arrive. */
export function Pager({ t, shown, total, newer, older, words }: PagerProps) {
  return (
    <nav class="pager" aria-label={t("list.pages")}>
      <span>{total === undefined ? t("list.shown", { count: shown }) : t("list.total", { count: total })}</span>
      <span class="end">
        {newer !== undefined && (
          <LinkButton href={newer} small icon="chevron-left">
            {words?.newer ?? t("list.newer")}
          </LinkButton>
        )}
        {older !== undefined && (
          <LinkButton href={older} small iconEnd="chevron-right">
            {words?.older ?? t("list.older")}
          </LinkButton>
        )}
      </span>
    </nav>
  );
}

/** The address of a list with this query; empty and undefined values are left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") search.set(name, value);
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
