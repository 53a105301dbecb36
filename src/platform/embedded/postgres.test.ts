import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, dataFolder, seededFolder, startQuietly } from "../../../test/support/embedded.ts";
import { isAlive } from "./processes.ts";

// Deep, and with a blank: a socket's path may have 107 bytes only.
const deep = ["a folder", "d".repeat(60), "e".repeat(60)];

test("the first start makes database portico in UTF-8, the next start finds its rows", async () => {
  const folder = dataFolder(...deep);
  const first = await startQuietly(folder);
  expect(first.adopted).toBe(false);
  await ask(first.adminUrl, "create table kept as select 'Žofia 陳' as name");
  const settings = await ask(
    first.adminUrl,
    `select current_database() as name, current_setting('server_encoding') as encoding,
      current_setting('timezone') as zone`,
  );
  expect(settings).toEqual([{ name: "portico", encoding: "UTF8", zone: "UTC" }]);
  await first.stop();
  expect(isAlive(first.pid())).toBe(false);

  const next = await startQuietly(folder);
  expect(next.adminUrl).toBe(first.adminUrl);
  expect(await ask(next.adminUrl, "select name from kept")).toEqual([{ name: "Žofia 陳" }]);
  expect(await ask(next.tcpUrl, "select name from kept")).toEqual([{ name: "Žofia 陳" }]);
  await next.stop();
});

test("nobody but the account reads the password, the log and the socket's folder", async () => {
  const folder = dataFolder();
  const server = await startQuietly(folder);
  const mode = (path: string) => statSync(path).mode & 0o077;
  const [row] = await ask(server.adminUrl, "show unix_socket_directories");
  expect(mode(join(folder, "postgres", "password"))).toBe(0);
  expect(mode(join(folder, "postgres", "log"))).toBe(0);
  expect(mode(String(row?.unix_socket_directories))).toBe(0);
  await expect(ask(server.tcpUrl.replace(/:[0-9a-f]{48}@/, ":wrong@"), "select 1")).rejects.toThrow("password");
  await server.stop();
});

const hasChrt = process.platform === "linux" && ["/usr/bin/chrt", "/bin/chrt"].some((path) => existsSync(path));
test.runIf(hasChrt)("what serves a connection runs as batch work (docs/decisions/0015)", async () => {
  const server = await startQuietly(await seededFolder());
  const [row] = await ask(server.adminUrl, "select pg_backend_pid() as pid, pg_read_file('/proc/self/stat') as stat");
  // proc_pid_stat(5): the 41st field is the policy, and 3 is SCHED_BATCH; the second ends with a bracket.
  const fields = String(row?.stat).slice(String(row?.stat).lastIndexOf(")") + 2);
  expect(String(row?.stat)).toContain(`${row?.pid} (postgres)`);
  expect(fields.split(" ")[41 - 3]).toBe("3");
  await server.stop();
});

test("the server has a session of its own, so Ctrl-C in our terminal does not reach it", async () => {
  const server = await startQuietly(await seededFolder());
  if (process.platform === "linux") {
    const stat = readFileSync(`/proc/${server.pid()}/stat`, "utf8");
    const [, , group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    expect([Number(group), Number(session)]).toEqual([server.pid(), server.pid()]);
  }
  await server.stop();
});

test("two starts at the same moment on an empty folder share one server", async () => {
  const folder = dataFolder();
  const [one, two] = await Promise.all([startQuietly(folder), startQuietly(folder)]);
  expect(two.pid()).toBe(one.pid());
  expect([one.adopted, two.adopted].sort()).toEqual([false, true]);
  await Promise.all([one.stop(), two.stop()]);
});

test("a setting that PostgreSQL refuses is said with its own words", async () => {
  const start = startQuietly(await seededFolder(), { settings: { max_connections: "many" } });
  await expect(start).rejects.toThrow(/PostgreSQL did not start:[\s\S]*max_connections/);
});
