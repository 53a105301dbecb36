import { json } from "#http/answer.ts";
import { openApiOf } from "#http/openapi.ts";
import { type Route, route } from "#http/route.ts";

/** The description of everything that programs call, made from the same registry as the router. */
export function openApiRoutes(others: () => readonly Route[]): readonly Route[] {
  return [
    route({
      id: "api.openapi",
      method: "GET",
      path: "/openapi.json",
      summary: "This description",
      opens: "visitor",
      may: "public.read",
      bare: async (rq) => json(openApiOf(others(), rq.house.origin)),
    }),
  ];
}
