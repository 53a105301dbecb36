import { expect, test } from "vitest";
import { registry } from "#registry.ts";
import { openApiOf } from "./openapi.ts";

test("OpenAPI is made from the registry: every route for programs is in it, and no page", () => {
  const { paths } = openApiOf(registry, "https://pay.example.edu") as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const described = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
  for (const route of registry) {
    if (route.machine) expect(described, `${route.id} needs a summary`).toContain(route.id);
    if (route.path.startsWith("/staff") || route.opens !== "visitor") expect(described).not.toContain(route.id);
  }
  expect(Object.keys(paths)).toContain("/events/{provider}");
});
