import { z } from "zod";
import type { Answer } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { notFound } from "#kernel/problem.ts";
import { assets } from "#web/ui/assets.ts";

export default [
  route({
    id: "public.asset",
    method: "GET",
    path: "/assets/:name",
    opens: "visitor",
    may: "public.read",
    params: z.object({ name: z.string().max(100) }),
    // A name carries the hash of its content, so whoever has it may keep it for ever.
    bare: async (rq): Promise<Answer> => {
      const found = assets().get(`/assets/${rq.params.name}`);
      if (!found) throw notFound();
      const headers = { "cache-control": "public, max-age=31536000, immutable" };
      return {
        kind: "text",
        body: Buffer.from(found.body).toString("utf8"),
        status: 200,
        mediaType: found.type,
        headers,
      };
    },
  }),
];
