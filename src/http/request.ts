import type { House } from "#http/house.ts";
import type { Locale } from "#platform/i18n/locales.ts";
import type { Institution } from "#platform/institution.ts";

/** A file that came with a multipart form. `type` is what the browser said: never trusted. */
export type Upload = { readonly name: string; readonly type: string; readonly bytes: Uint8Array };

/** What pages need to draw themselves, whoever they are for. */
export type Ui = {
  /** The nonce for the scripts of this answer. */
  readonly nonce: string;
  /** The language of the page: `en` or `ar`. */
  readonly locale: Locale;
  /** The path asked for, without the query. */
  readonly path: string;
  readonly institution: Institution;
  /** Where the installation is reached: links in mails and copied links start with it. */
  readonly origin: string;
  /** A word of success to show once, from the query `done`. */
  readonly done: string | undefined;
};

/** One request, narrowed: parameters, query and form have passed their schemas. */
export type Rq<P = Record<string, never>, Q = Record<string, never>, F = Record<string, never>> = {
  readonly params: P;
  readonly query: Q;
  readonly form: F;
  readonly file: Upload | undefined;
  /** The whole path with its query, for `return_to`. */
  readonly pathAndQuery: string;
  readonly ui: Ui;
  readonly house: House;
  readonly ip: string;
  readonly userAgent: string;
  readonly host: string;
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /**
   * Sets a `__Host-` cookie (plain name on loopback HTTP); `maxAgeSeconds` 0 removes it, undefined lasts as long as
   * the browser.
   */
  setCookie(name: string, value: string, maxAgeSeconds: number | undefined): void;
  /** The raw body of a machine endpoint. */
  readonly body: Uint8Array;
};
