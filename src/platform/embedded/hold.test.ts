import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test, vi } from "vitest";
import { ask, runProgram, seededFolder, startQuietly } from "../../../test/support/embedded.ts";
import { DataDirHeldError, type HoldOptions, holdDataDir } from "./hold.ts";

const self = { pid: 4711, since: "2026-11-21 02:41 UTC", url: "" };

function options(dataDir: string, adminUrl: string, more: Partial<HoldOptions> = {}): HoldOptions {
  return { dataDir, adminUrl, self, onLost: () => {}, ...more };
}

test("a second program on the same folder is refused, and told who holds it, since when and where", async () => {
  const folder = await seededFolder();
  const first = await runProgram(folder);
  const second = await runProgram(folder);
  expect(second.said.error).toContain(
    `process ${first.child.pid}, since 2026-11-21 02:40 UTC, at http://127.0.0.1:8080`,
  );
  // The one that was refused has not touched the server of the other.
  expect(await ask(first.said.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await first.end("SIGTERM");
  expect(existsSync(join(folder, "running.json"))).toBe(false);

  const third = await runProgram(folder);
  expect(third.said.error).toBeUndefined();
  await third.end("SIGTERM");
});

test("a program that was killed does not hold its folder any more", async () => {
  const folder = await seededFolder();
  const first = await runProgram(folder);
  await first.end("SIGKILL");
  const next = await runProgram(folder);
  expect(next.said).toMatchObject({ adopted: true });
  await next.end("SIGTERM");
});

test("a running.json of an earlier run is not believed", async () => {
  const folder = await seededFolder();
  const server = await startQuietly(folder);
  const hold = await holdDataDir(options(folder, server.adminUrl));
  hold.publish("http://127.0.0.1:9");
  expect(JSON.parse(readFileSync(join(folder, "running.json"), "utf8"))).toMatchObject({ url: "http://127.0.0.1:9" });
  writeFileSync(join(folder, "running.json"), JSON.stringify({ ...self, pid: 1, backend: 1 }));
  const second = holdDataDir(options(folder, server.adminUrl));
  await expect(second).rejects.toThrow(DataDirHeldError);
  await expect(second).rejects.toThrow("another process");
  await hold.release();
  await server.stop();
});

const holders =
  "select pid from pg_locks where locktype = 'advisory' and classid = 1886351988 and objid = 1 and granted";

test("the hold is taken again when the database comes back", async () => {
  const folder = await seededFolder();
  const server = await startQuietly(folder);
  const onLost = vi.fn();
  const hold = await holdDataDir(options(folder, server.adminUrl, { onLost }));
  const before = server.pid();
  process.kill(before, "SIGKILL");
  await vi.waitFor(
    async () => {
      expect(server.pid()).not.toBe(before);
      expect(await ask(server.adminUrl, holders)).toHaveLength(1);
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(onLost).not.toHaveBeenCalled();
  await hold.release();
  expect(await ask(server.adminUrl, holders)).toHaveLength(0);
  await server.stop();
});

test("a program that lost its hold to another is told", async () => {
  const folder = await seededFolder();
  const server = await startQuietly(folder);
  const onLost = vi.fn();
  const hold = await holdDataDir(options(folder, server.adminUrl, { onLost }));
  const other = new pg.Client({ connectionString: server.adminUrl });
  await other.connect();
  const [held] = await ask(server.adminUrl, holders);
  const taken = other.query("select pg_advisory_lock(1886351988, 1)");
  await ask(server.adminUrl, `select pg_terminate_backend(${held?.pid})`);
  await taken;
  await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce(), { timeout: 10_000 });
  await hold.release();
  await other.end();
  await server.stop();
});
