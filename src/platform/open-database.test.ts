import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { dataFolder, seededFolder } from "../../test/support/embedded.ts";
import { ConfigError, readConfig } from "./config.ts";
import { createLog } from "./log.ts";
import { lookAtDatabase, openDatabase } from "./open-database.ts";

function heard() {
  const lines: string[] = [];
  return { lines, log: createLog({ level: "warn", to: { write: (line) => void lines.push(line) } }) };
}

test("our own database stops behind the pools without a warning of the connections that go with it", {
  timeout: 60_000,
}, async () => {
  const { lines, log } = heard();
  const opened = await openDatabase(readConfig({ DATA_DIR: await seededFolder() }), log);
  const { rows } = await opened.ground.pools.of("staff").query("select pg_backend_pid() as pid");
  // One that is slow to hear that we leave is told by PostgreSQL that it stops.
  process.kill(rows[0].pid, "SIGSTOP");
  setTimeout(() => process.kill(rows[0].pid, "SIGCONT"), 500);
  await opened.close();
  expect(lines).toEqual([]);
});

test("who looks at a database can change nothing in it, and makes none where none is", {
  timeout: 60_000,
}, async () => {
  const empty = dataFolder("nothing");
  await expect(lookAtDatabase(readConfig({ DATA_DIR: empty }), heard().log)).rejects.toThrow(ConfigError);
  expect(existsSync(empty)).toBe(false);

  const dataDir = await seededFolder();
  const config = readConfig({ DATA_DIR: dataDir, SECRET_KEY: "x".repeat(40) });
  const made = readdirSync(dataDir);
  await expect(lookAtDatabase(config, heard().log)).rejects.toThrow("portico_owner does not open");
  expect(readdirSync(dataDir)).toEqual(made);
  await (await openDatabase(config, heard().log)).close();
  const looking = await lookAtDatabase(config, heard().log);
  const worker = looking.ground.pools.of("worker");
  expect((await worker.query("select from app.institution_ids()")).rowCount).toBe(0);
  await expect(worker.query("insert into app.books_proof default values")).rejects.toThrow("read-only transaction");
  await looking.close();
});
