import { chmodSync, chownSync, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ask, dataFolder, runProgram, seededFolder, startQuietly } from "../../../test/support/embedded.ts";

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

test("an ordinary user runs PostgreSQL directly", async () => {
  const folder = dataFolder("data");
  if (isRoot) chownSync(dirname(folder), nobody, nobody);
  const program = await runProgram(folder, isRoot ? { uid: nobody, gid: nobody, env: { PATH: process.env.PATH } } : {});
  expect(program.said).toMatchObject({ account: "self" });
  expect(await ask(program.said.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
  await program.end("SIGTERM");
});

// The next two are about root's ways; an ordinary user has only the one above.
test.runIf(isRoot)(
  "root: PostgreSQL runs though the data lies in a home of mode 0700, and its files stay root's",
  async () => {
    const folder = dataFolder("home", "portico", "data");
    mkdirSync(folder, { recursive: true });
    chmodSync(dirname(dirname(folder)), 0o700);
    const server = await startQuietly(folder);
    expect(await ask(server.adminUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    if (server.account === "user-namespace") {
      expect(statSync(join(folder, "postgres", "cluster", "PG_VERSION")).uid).toBe(0);
    }
    await server.stop();
  },
);

test.runIf(isRoot)(
  "root without user namespaces: PostgreSQL moves to a user postgres, says so, and comes back there",
  async () => {
    const folder = dataFolder("home", "data");
    const elsewhere = join(dirname(dirname(folder)), "var");
    chmodSync(dirname(dirname(folder)), 0o755);
    const lines: string[] = [];
    const more = { elsewhere, log: (line: string) => lines.push(line) };
    const first = await startQuietly(folder, { ...more, force: "postgres-user" });
    expect(first.account).toBe("postgres-user");
    expect(lines.join("\n")).toContain(elsewhere);
    await ask(first.adminUrl, "create table kept as select 1 as row");
    await first.stop();
    expect(existsSync(join(folder, "postgres", "cluster"))).toBe(false);

    const next = await startQuietly(folder, more);
    expect(next.account).toBe("postgres-user");
    expect(await ask(next.adminUrl, "select row from kept")).toEqual([{ row: 1 }]);
    await next.stop();
  },
);

test.runIf(isRoot)("root: a cluster in ./data goes along when PostgreSQL must move, with all its rows", async () => {
  const folder = await seededFolder("home", "data");
  const elsewhere = join(dirname(dirname(folder)), "var");
  chmodSync(dirname(dirname(folder)), 0o755);
  const first = await startQuietly(folder);
  await ask(first.adminUrl, "create table kept as select 1 as row");
  await first.stop();
  const next = await startQuietly(folder, { elsewhere, force: "postgres-user" });
  expect(await ask(next.adminUrl, "select row from kept")).toEqual([{ row: 1 }]);
  await next.stop();
});

test.runIf(isRoot)("an ordinary user on root's data is told whose it is", async () => {
  const folder = await seededFolder("data");
  chmodSync(dirname(folder), 0o755);
  const program = await runProgram(folder, { uid: nobody, gid: nobody, env: { PATH: process.env.PATH } });
  expect(program.said.error).toMatch(/belongs to another user \(id 0\)/);
});
