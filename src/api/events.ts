import { z } from "zod";
import { receiveEvent } from "#features/checkouts/receive-event.ts";
import { json } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { notFound } from "#kernel/problem.ts";

const receive = route({
  id: "api.events.receive",
  method: "POST",
  path: "/events/:provider",
  summary: "A provider's signed event",
  opens: "visitor",
  may: "events.receive",
  machine: true,
  params: z.object({ provider: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/) }),
  handle: async (rq, cx, may) => {
    const provider = rq.house.providers.get(rq.params.provider);
    if (!provider) throw notFound();
    // The signature is over the bytes as they came; nothing is parsed before it was checked.
    const event = provider.readEvent(cx.institution.id, rq.body, rq.header, cx.now);
    await receiveEvent(cx, may, provider.name, event);
    return json({ received: true }, 202);
  },
});

export default [receive] satisfies Route[];
