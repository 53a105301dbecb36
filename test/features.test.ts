import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { registry } from "#registry.ts";

// docs/features.md says of every row of the mission that is done where it is and which test fails without it.
const text = readFileSync(new URL("../docs/features.md", import.meta.url), "utf8");
const lines = text.split("\n").filter((line) => /^\| [A-Z]\d/.test(line));
const rows = lines.map((line) => {
  const [id = "", what = "", where = "", tests = ""] = line
    .split("|")
    .slice(1)
    .map((cell) => cell.trim());
  return { id, what, where, tests };
});

describe("docs/features.md", () => {
  test("names each row once", () => {
    expect(rows.length).toBeGreaterThan(8);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  });

  test.each(rows.map((row) => [row.id, row] as const))("%s: its pages exist", (_id, row) => {
    const paths = [...row.where.matchAll(/`(GET|POST) ([^`]+)`/g)];
    expect(paths.length, "name at least one route, like `GET /overview`").toBeGreaterThan(0);
    for (const [, method, path] of paths) {
      const found = registry.some((route) => route.method === method && route.path === path);
      expect(found, `${method} ${path} is not in the registry`).toBe(true);
    }
  });

  test.each(rows.map((row) => [row.id, row] as const))("%s: its tests exist, under the names given", (_id, row) => {
    const named = [...row.tests.matchAll(/`([^`]+\.test\.tsx?)` › ([^;]+)/g)];
    expect(named.length, "name at least one test, like `e2e/customer.test.ts` › its name").toBeGreaterThan(0);
    for (const [, file = "", name = ""] of named) {
      const path = new URL(`../${file}`, import.meta.url);
      expect(existsSync(path), `${file} does not exist`).toBe(true);
      expect(readFileSync(path, "utf8"), `${file} has no test "${name.trim()}"`).toContain(name.trim());
    }
  });
});
