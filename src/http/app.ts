import { type Context, Hono } from "hono";
import type { Answer } from "#http/answer.ts";
import { Exchange, type Seen, uiOf } from "#http/exchange.ts";
import type { House } from "#http/house.ts";
import { localeFor } from "#http/locale.ts";
import { type ProblemPage, showProblem } from "#http/problems.ts";
import type { Ui } from "#http/request.ts";
import { securityHeaders, toResponse } from "#http/response.ts";
import type { Route } from "#http/route.ts";
import { Problem } from "#kernel/problem.ts";
import { noInstitution } from "#platform/institution.ts";

/** The one way in: routes come from the registry and nowhere else; what is not there answers 404. */
export function createApp(house: House, routes: readonly Route[], problemPage: ProblemPage): Hono {
  const app = new Hono({ strict: true });
  assertUnique(routes);
  const byPath = Map.groupBy(routes, (route) => route.path);
  for (const [path, choices] of byPath) {
    app.all(path, async (c) => {
      const method = c.req.method === "HEAD" ? "GET" : c.req.method;
      const found = choices.find((choice) => choice.method === method);
      return await serve(house, found, c, problemPage);
    });
  }
  app.all("*", async (c) => await serve(house, undefined, c, problemPage, true));
  return app;
}

function assertUnique(routes: readonly Route[]): void {
  const seen = new Set<string>();
  for (const route of routes) {
    for (const key of [route.id, `${route.method} ${route.path}`]) {
      if (seen.has(key)) throw new Error(`Two routes share ${key}`);
      seen.add(key);
    }
    const ways = [route.handle, route.outside, route.bare, route.ahead].filter(Boolean).length;
    if (ways !== 1) throw new Error(`${route.id} needs one of handle, ahead, outside and bare`);
  }
}

async function serve(
  house: House,
  route: Route | undefined,
  c: Context,
  problemPage: ProblemPage,
  unknown = false,
): Promise<Response> {
  const url = new URL(c.req.url);
  const seen: Seen = {
    secure: house.origin.startsWith("https:"),
    nonce: Buffer.from(house.random.bytes(16)).toString("base64"),
    cookies: [],
    path: url.pathname,
    host: (c.req.header("host") ?? "").toLowerCase(),
    ip: addressOf(house, c),
  };
  let answer: Answer;
  let ui: Ui | undefined;
  try {
    if (!route) throw missing(unknown);
    answer = await new Exchange(house, route, c, url, seen, (drawn) => {
      ui = drawn;
    }).run();
  } catch (error) {
    // Before it is known who asks, in the language of the browser.
    ui ??= uiOf(
      house,
      seen,
      noInstitution,
      localeFor(undefined, (name) => c.req.header(name)),
      url,
    );
    answer = await showProblem(house, error, { route, c, ui, problemPage, pathAndQuery: url.pathname + url.search });
    if (answer.kind === "redirect") seen.cookies.length = 0;
  }
  const response = await toResponse(answer, c.req.method === "HEAD");
  securityHeaders(response.headers, seen.nonce, seen.secure, route?.machine === true);
  for (const cookie of seen.cookies) response.headers.append("set-cookie", cookie);
  return response;
}

function missing(unknown: boolean): Problem {
  return unknown
    ? new Problem("not-found", "Check the address, or go back to the start.")
    : new Problem("method.not-allowed", "Use the links and forms of the pages.");
}

function addressOf(house: House, c: Context): string {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  const direct = env?.incoming?.socket?.remoteAddress ?? "127.0.0.1";
  const forwarded = house.config.trustProxy ? c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  return (forwarded ?? direct).replace(/^::ffff:/, "");
}
