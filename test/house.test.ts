import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { checkFiles, checkHouse, describeViolation } from "../scripts/house/house.ts";

const root = join(import.meta.dirname, "..");

test("the house is in order", () => {
  expect(checkHouse(root).map(describeViolation)).toEqual([]);
});

const longTest = `test("${"x ".repeat(60)}", async () => {`;
const lines = (count: number, line: string) => `${line}\n`.repeat(count);

describe("a planted violation is found, and the message says what to do instead", () => {
  const planted: [name: string, path: string, text: string, message: RegExp][] = [
    ["a file too long", "src/features/a/long.ts", lines(301, "export {};"), /at most 300.*Split it/],
    ["a style sheet too long", "src/web/styles/long.css", lines(301, "a{}"), /at most 300.*Split it/],
    ["a line too long", "src/features/a/a.ts", `const a = "${"x".repeat(120)}";`, /at most 120/],
    ["a test's title in the program", "src/features/a/a.ts", longTest, /at most 120/],
    ["a line too long in a test", "src/a.test.ts", `  expect(a).toBe("${"x".repeat(120)}");`, /at most 120/],
    ["a whole test in its title's line", "src/a.test.ts", `${longTest} run(); });`, /at most 120/],
    [
      "a function too long",
      "src/features/a/a.ts",
      `function a() {\n${lines(70, "a();")}}`,
      /at most 70.*a name of its own/,
    ],
    ["any", "src/features/a/a.ts", "export const a: any = 1;", /unknown/],
    ["as any", "src/features/a/a.ts", "export const a = 1 as any;", /unknown/],
    ["a silenced check", "src/features/a/a.ts", "// @ts-ignore\nexport const a = 1;", /Mend the type/],
    ["a default export", "src/features/a/a.ts", "export default 1;", /by name/],
    ["a default function", "src/web/ui/a.tsx", "export default function a() {}", /by name/],
    [
      "a barrel",
      "src/features/a/index.ts",
      'export * from "./b.ts";\nexport { c } from "./c.ts";',
      /Import from the file/,
    ],
    ["the environment", "src/features/a/a.ts", "export const a = process.env.HOME;", /platform\/config/],
    ["the machine's clock", "src/features/a/a.ts", "export const a = new Date();", /cx\.clock/],
    ["the machine's clock, in Temporal", "src/web/a.tsx", "export const a = Temporal.Now.instant();", /cx\.clock/],
    ["chance", "src/platform/a.ts", "export const a = Math.random();", /cx\.random/],
    ["floats for money", "src/features/a/a.ts", "export const a = parseFloat('1.10');", /no floats/],
    ["work left behind", "docs/a.md", "TODO: write this", /open an issue/],
    ["a path of one machine", "docs/a.md", `see /${"work"}/main/README.md`, /repository's root/],
  ];
  test.each(planted)("%s", (_, path, text, message) => {
    expect(checkFiles([{ path, text }]).map(describeViolation).join("\n")).toMatch(message);
  });

  test("and what is right is left alone", () => {
    const right = [
      { path: "src/kernel/time.ts", text: "export const now = () => Temporal.Now.instant();\n" },
      { path: "src/platform/config.ts", text: "export const home = process.env.HOME;\n" },
      { path: "src/a.test.ts", text: `${longTest}\n});\n` },
      { path: "src/a.test.ts", text: `describe("${"x ".repeat(60)}", () => {\n});\n` },
      { path: "src/a.test.ts", text: `test.each(rows)("${"x ".repeat(60)}", (a, b) => {\n});\n` },
      { path: "src/web/staff/route.ts", text: "export default [1];\n" },
      { path: "src/features/a/a.test.ts", text: `describe("a", () => {\n${lines(80, "test();")}});\n` },
    ];
    expect(checkFiles(right)).toEqual([]);
  });
});

describe("dependency-cruiser reads TypeScript, and refuses a planted import", () => {
  // Each file imports the next one of its row; all rows lie in one tree, which is read once.
  const planted: [rule: string, ...files: string[]][] = [
    ["kernel-imports-down-only", "src/kernel/a.ts", "#platform/a.ts"],
    ["features-imports-down-only", "src/features/a/a.ts", "#web/a.ts"],
    ["ledger-imports-down-only", "src/ledger/a.ts", "#providers/a.ts"],
    ["pages-never-query", "src/web/b.ts", "#features/a/a-store.ts"],
    ["pages-never-query", "src/api/b.ts", "#ledger/b.ts"],
    ["a-store-is-private", "src/features/b/b.ts", "#features/a/b-store.ts"],
    ["ui-parts-know-the-kernel-only", "src/web/ui/c.ts", "#platform/c.ts"],
    ["partners-see-partner-views", "src/web/partner/d.ts", "#features/d/d-views.ts"],
    ["no-cycle", "src/kernel/e.ts", "#kernel/f.ts", "#kernel/e.ts"],
    ["features-form-no-cycle", "src/features/g/g.ts", "#features/h/h.ts"],
    ["features-form-no-cycle", "src/features/h/i.ts", "#features/g/i.ts"],
    ["the-program-knows-no-tests", "src/features/j/j.ts", "../../../test/j.ts"],
  ];
  let report = "";
  beforeAll(async () => {
    report = await cruise(planted.map(([, ...files]) => files));
  });
  test.each(planted)("%s: %s", (rule, file) => {
    const folder = dirname(file).split("/").slice(0, 3).join("/");
    const from = rule === "features-form-no-cycle" ? folder : file;
    expect(report).toMatch(new RegExp(`error ${rule}: ${from}\\b`));
  });

  test("an import that leads nowhere", async () => {
    expect(await cruise([["src/kernel/a.ts", "#kernel/gone.ts"]], ["src/kernel/gone.ts"])).toContain(
      "error resolvable",
    );
  });

  test("and lets an import pass that goes down", async () => {
    expect(await cruise([["src/platform/a.ts", "#kernel/b.ts"]])).toContain("no dependency violations");
  });
});

/** Plants rows of files, each of which imports the next, and runs dependency-cruiser with our rules over them. */
async function cruise(rows: readonly string[][], missing: readonly string[] = []): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "portico-house-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", imports: { "#*": "./src/*" } }));
  writeFileSync(join(folder, "tsconfig.json"), "{}");
  const pathOf = (specifier: string) => specifier.replace(/^#/, "src/").replace(/^(\.\.\/)+/, "");
  for (const row of rows) {
    row.forEach((specifier, index) => {
      const path = pathOf(specifier);
      if (missing.includes(path) || existsSync(join(folder, path))) return;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      const next = row[index + 1];
      writeFileSync(join(folder, path), `${next ? `import { b } from "${next}";` : "const b = 1;"}\nexport { b };\n`);
    });
  }
  const tool = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const words = [tool, "--config", join(root, ".dependency-cruiser.cjs"), "src"];
  try {
    return (await promisify(execFile)(process.execPath, words, { cwd: folder })).stdout;
  } catch (failed) {
    const { stdout, stderr } = failed as { stdout: string; stderr: string };
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
