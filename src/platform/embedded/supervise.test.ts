import pg from "pg";
import { expect, test, vi } from "vitest";
import { ask, seededFolder, startQuietly } from "../../../test/support/embedded.ts";
import { isAlive } from "./processes.ts";
import { supervise } from "./supervise.ts";

test("a server that dies while we run is started again, and open pools find it under the same address", async () => {
  const lines: string[] = [];
  const server = await startQuietly(await seededFolder(), { log: (line) => lines.push(line) });
  const pool = new pg.Pool({ connectionString: server.adminUrl });
  pool.on("error", () => {});
  await pool.query("create table kept as select 1 as row");
  const before = server.pid();
  process.kill(before, "SIGKILL");
  await vi.waitFor(async () => expect((await pool.query("select row from kept")).rows).toEqual([{ row: 1 }]), {
    timeout: 20_000,
    interval: 100,
  });
  await vi.waitFor(() => expect(server.pid()).not.toBe(before));
  expect(lines).toContain("PostgreSQL ended unexpectedly; starting it again");
  await pool.end();
  await server.stop();
  expect(isAlive(server.pid())).toBe(false);
});

test("a server that we stop stays stopped", async () => {
  const server = await startQuietly(await seededFolder());
  await server.stop();
  await expect(ask(server.adminUrl, "select 1")).rejects.toThrow();
  expect(isAlive(server.pid())).toBe(false);
});

test("starting again is tried until it succeeds, and ends when the program stops", async () => {
  const dead = { pid: 2 ** 30, port: 1, socketDir: "", adopted: false, gone: Promise.resolve() };
  let tries = 0;
  const again = () => {
    tries += 1;
    return tries < 3
      ? Promise.reject(new Error("the disk is full"))
      : Promise.resolve({ ...dead, pid: 2 ** 30 + 1, gone });
  };
  const gone = new Promise<void>(() => {});
  const lines: string[] = [];
  const supervised = supervise(dead, again, (line) => lines.push(line));
  await vi.waitFor(() => expect(supervised.pid()).toBe(2 ** 30 + 1), { timeout: 5_000 });
  expect(lines.filter((line) => line === "the disk is full")).toHaveLength(2);
});
