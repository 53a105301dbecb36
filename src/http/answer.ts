import type { JSX } from "hono/jsx/jsx-runtime";

type Headers = Readonly<Record<string, string>>;

/** What a route answers. Pages are rendered after the transaction has ended, so a connection never waits for HTML. */
export type Answer =
  | { readonly kind: "page"; readonly page: JSX.Element; readonly status: number; readonly headers?: Headers }
  | { readonly kind: "redirect"; readonly to: string }
  | {
      readonly kind: "file";
      readonly body: Uint8Array | string | ReadableStream<Uint8Array>;
      readonly mediaType: string;
      readonly fileName: string;
      readonly inline: boolean;
    }
  | { readonly kind: "json"; readonly body: unknown; readonly status: number; readonly headers?: Headers }
  | { readonly kind: "events"; readonly open: () => ReadableStream<Uint8Array> }
  | {
      readonly kind: "text";
      readonly body: string;
      readonly status: number;
      readonly mediaType: string;
      readonly headers?: Headers;
    };

/** A whole HTML page. */
export function page(element: JSX.Element, status = 200): Answer {
  return { kind: "page", page: element, status };
}

/**
 * After a change: 303 to a page of our own, so that reloading repeats nothing. Throws on an address that is not ours.
 */
export function seeOther(path: string): Answer {
  if (ownPath(path) === undefined) throw new Error(`Not a path of our own: ${path}`);
  return { kind: "redirect", to: path };
}

/** To the provider's hosted page, whose address came from the provider itself, never from a request. */
export function toProvider(url: string): Answer {
  return { kind: "redirect", to: url };
}

/** A download. `fileName` is cleaned for the header; the body may be a stream. */
export function file(
  body: Uint8Array | string | ReadableStream<Uint8Array>,
  mediaType: string,
  fileName: string,
  inline = false,
): Answer {
  return { kind: "file", body, mediaType, fileName, inline };
}

export function json(body: unknown, status = 200): Answer {
  return { kind: "json", body, status };
}

/** A stream of events that stays open. It begins once the answer is sent, so that a HEAD opens none. */
export function events(open: () => ReadableStream<Uint8Array>): Answer {
  return { kind: "events", open };
}

/** The path when it is one of our own (`/…`, not `//host`, no backslash, no control character); undefined otherwise. */
export function ownPath(text: string | undefined): string | undefined {
  if (!text || text.length > 2_000 || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text)) return undefined;
  const resolved = new URL(text, "http://own.invalid");
  const path = resolved.pathname + resolved.search + resolved.hash;
  // `/..//host` has become `//host` by now.
  return resolved.origin === "http://own.invalid" && !path.startsWith("//") ? path : undefined;
}
