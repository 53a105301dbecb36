import type { Hono } from "hono";

/** What came back: status, where to, headers and the text. */
export type Shown = {
  readonly status: number;
  readonly location: string;
  readonly headers: Headers;
  readonly text: string;
  /** What `text` was decoded from: for files. */
  readonly bytes: Uint8Array;
};

type Fields = Readonly<Record<string, string | readonly string[]>>;

/** A browser without script: keeps cookies, sends forms as browsers do, follows redirects when asked. */
export class Browser {
  readonly #app: Hono;
  readonly #origin: string;
  readonly #host: string;
  readonly cookies = new Map<string, string>();

  constructor(app: Hono, origin: string, host?: string) {
    this.#app = app;
    this.#origin = origin;
    this.#host = host ?? new URL(origin).host;
  }

  /** Plants a cookie, as a sign-in would have. */
  with(name: string, value: string): this {
    this.cookies.set(name, value);
    return this;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return await this.#send(path, { method: "GET", headers });
  }

  async post(path: string, fields: Fields = {}, headers: Readonly<Record<string, string>> = {}): Promise<Shown> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      for (const one of typeof value === "string" ? [value] : value) body.append(name, one);
    }
    return await this.#send(path, {
      method: "POST",
      body: body.toString(),
      headers: { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin", ...headers },
    });
  }

  /** Sends a form with a file, as `<input type="file" name="file">` does. */
  async upload(path: string, fields: Fields, file: { name: string; bytes: Uint8Array; type?: string }): Promise<Shown> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, String(value));
    body.append("file", new File([Uint8Array.from(file.bytes)], file.name, { type: file.type ?? "text/csv" }));
    return await this.#send(path, { method: "POST", body, headers: { "sec-fetch-site": "same-origin" } });
  }

  /** The page that a redirect leads to, however often it goes on; ten times at most. */
  async follow(shown: Shown): Promise<Shown> {
    let at = shown;
    for (let hops = 0; hops < 10 && at.status === 303; hops++) {
      const next = new URL(at.location, this.#origin);
      at = await this.get(next.pathname + next.search);
    }
    return at;
  }

  async #send(path: string, init: RequestInit): Promise<Shown> {
    const headers = new Headers(init.headers);
    headers.set("host", this.#host);
    if (!headers.has("accept")) headers.set("accept", "text/html");
    if (this.cookies.size > 0)
      headers.set("cookie", [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await this.#app.fetch(new Request(new URL(path, this.#origin), { ...init, headers }));
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const bytes = await response.bytes();
    return {
      status: response.status,
      location: response.headers.get("location") ?? "",
      headers: response.headers,
      text: new TextDecoder().decode(bytes),
      bytes,
    };
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const [name = "", ...value] = pair.split("=");
    const gone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, decodeURIComponent(value.join("=")));
  }
}
