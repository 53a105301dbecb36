import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, runProgram, seededFolder, startQuietly } from "../../../test/support/embedded.ts";

test("after kill -9 of the program the next start takes over its server, with all that was committed", async () => {
  const folder = await seededFolder();
  const program = await runProgram(folder);
  await ask(program.said.adminUrl, "create table kept as select 1 as row");
  await program.end("SIGKILL");

  const next = await startQuietly(folder);
  expect([next.adopted, next.pid(), next.adminUrl]).toEqual([true, program.said.server, program.said.adminUrl]);
  expect(await ask(next.adminUrl, "select row from kept")).toEqual([{ row: 1 }]);
  await next.stop();
});

test("after kill -9 of program and server the next start recovers what was committed", async () => {
  const folder = await seededFolder();
  const program = await runProgram(folder);
  await ask(program.said.adminUrl, "create table kept as select 1 as row");
  process.kill(program.said.server, "SIGKILL");
  await program.end("SIGKILL");

  const next = await startQuietly(folder);
  expect(await ask(next.adminUrl, "select row from kept")).toEqual([{ row: 1 }]);
  await next.stop();
});

test("a pid file left behind does not stop a start, though its number belongs to another program now", async () => {
  const folder = await seededFolder();
  const first = await startQuietly(folder);
  const pidFile = join(folder, "postgres", "cluster", "postmaster.pid");
  const left = readFileSync(pidFile, "utf8");
  await first.stop();
  writeFileSync(pidFile, left.replace(/^\d+/, String(process.pid)));

  const next = await startQuietly(folder);
  expect(next.adopted).toBe(false);
  expect(await ask(next.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await next.stop();
});

test("an initdb that was interrupted is done again", async () => {
  const folder = await seededFolder();
  const first = await startQuietly(folder);
  await first.stop();
  const cluster = join(folder, "postgres", "cluster");
  // Only the rename at its end makes a cluster; before that it has another name.
  renameSync(cluster, `${cluster}.new`);

  const next = await startQuietly(folder);
  expect(await ask(next.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await next.stop();
});
