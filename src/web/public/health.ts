import type { Answer } from "#http/answer.ts";
import { seeOther } from "#http/answer.ts";
import { route } from "#http/route.ts";

function plain(body: string, status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { kind: "text", body: `${body}\n`, status, mediaType: "text/plain; charset=utf-8", headers };
}

export default [
  route({
    id: "public.healthz",
    method: "GET",
    path: "/healthz",
    summary: "Answers while the process lives",
    opens: "visitor",
    may: "public.read",
    // Alive means: this process answers. Restarting it would not bring a database back.
    bare: async () => plain("ok", 200),
  }),
  route({
    id: "public.readyz",
    method: "GET",
    path: "/readyz",
    summary: "Answers while it can serve: the database is there and it is not stopping",
    opens: "visitor",
    may: "public.read",
    bare: async (rq) => {
      if (!rq.house.ready()) return plain("stopping", 503, { "retry-after": "5" });
      try {
        await rq.house.pools.of("visitor").query("select 1");
        return plain("ready", 200);
      } catch {
        return plain("the database does not answer", 503, { "retry-after": "5" });
      }
    },
  }),
  route({
    id: "public.home",
    method: "GET",
    path: "/",
    opens: "visitor",
    may: "public.read",
    handle: async () => seeOther("/overview"),
  }),
  route({
    id: "public.robots",
    method: "GET",
    path: "/robots.txt",
    opens: "visitor",
    may: "public.read",
    bare: async () => plain("User-agent: *\nDisallow: /", 200),
  }),
];
