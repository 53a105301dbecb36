import { z } from "zod";
import type { Route } from "#http/route.ts";

type Operation = Readonly<Record<string, unknown>>;

/**
 * The OpenAPI 3.1 description of every route that programs call, made from the registry itself: a route is in it when
 * it carries a `summary`. Pages are not part of the contract.
 */
export function openApiOf(routes: readonly Route[], origin: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    if (route.summary === undefined) continue;
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, route.summary) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Portico",
      version: "0.1.0",
      description: "Errors are problem+json (RFC 9457) with a stable `code`.",
    },
    servers: [{ url: origin }],
    paths,
    components: { schemas: { Problem: problemSchema } },
  };
}

const problemSchema = {
  type: "object",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What to do, in plain words." },
    code: { type: "string" },
    instance: { type: "string", description: "A reference to quote." },
    errors: { type: "object", additionalProperties: { type: "string" }, description: "Messages by field." },
  },
} as const;

function operationOf(route: Route, summary: string): Operation {
  return {
    operationId: route.id,
    summary,
    parameters: [...parametersOf(route.params, "path"), ...parametersOf(route.query, "query")],
    ...(route.method === "POST" && {
      requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
    }),
    responses: {
      "200": { description: "Done." },
      default: {
        description: "What was wrong, and what to do.",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function parametersOf(schema: z.ZodType | undefined, where: "path" | "query"): Operation[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    schema: shape,
  }));
}
