import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

// How `npm start` reads TypeScript (bin/sources.mjs), in a clone in miniature with the esbuild and hono of this one.
function clone(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "portico-sources-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ["bin", "src", "node_modules"]) mkdirSync(join(root, folder));
  cpSync(join(import.meta.dirname, "..", "bin", "sources.mjs"), join(root, "bin", "sources.mjs"));
  for (const name of ["esbuild", "@esbuild", "hono"]) {
    symlinkSync(join(import.meta.dirname, "..", "node_modules", name), join(root, "node_modules", name));
  }
  writeFileSync(join(root, "package.json"), '{"type":"module","imports":{"#*":"./src/*"}}');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "src", name), text);
  return root;
}

function run(root: string): string {
  const words = ["--import", join(root, "bin", "sources.mjs"), join(root, "src", "main.ts")];
  const done = spawnSync(process.execPath, words, { encoding: "utf8", cwd: tmpdir() });
  return done.stdout + done.stderr;
}

const files = {
  "main.ts":
    'import { greet } from "#greet.ts";\nimport { page } from "./page.tsx";\nconsole.log(greet("you"), page());',
  "greet.ts": 'export function greet(who: string): string {\n  return "hello ".concat(who);\n}',
  "page.tsx": "export const page = () => String(<p>one</p>);",
};

test("what was edited since the last start is what runs, pages and plain sources alike", () => {
  const root = clone(files);
  expect(run(root)).toBe("hello you <p>one</p>\n");
  expect(existsSync(join(root, "node_modules", ".cache", "sources.json"))).toBe(true);
  expect(run(root)).toBe("hello you <p>one</p>\n");
  writeFileSync(join(root, "src", "page.tsx"), files["page.tsx"].replace("one", "two"));
  writeFileSync(join(root, "src", "greet.ts"), files["greet.ts"].replace("hello", "good day,"));
  expect(run(root)).toBe("good day, you <p>two</p>\n");
});

test("what is kept and can't be read, or was made otherwise, is made anew", () => {
  const root = clone(files);
  run(root);
  for (const kept of ["{", '{"way":"another","made":{"src/page.tsx":["","broken("]}}']) {
    writeFileSync(join(root, "node_modules", ".cache", "sources.json"), kept);
    expect(run(root)).toBe("hello you <p>one</p>\n");
  }
});

test("an error names file and line as they were written, and a file that nobody needs may be broken", () => {
  const page = "type Props = {\n  readonly a: string;\n};\nexport const page = (props?: Props) => <p>{props!.a}</p>;";
  const root = clone({ ...files, "page.tsx": page, "half.tsx": "export const half = <p" });
  for (const _ of ["the first time", "again"]) expect(run(root)).toMatch(/page\.tsx:4:\d+/);
});
