import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { readPidFile } from "#platform/embedded/postmaster.ts";
import { isAlive } from "#platform/embedded/processes.ts";
import { seed } from "./support/seed.ts";

// The program as a person starts it: a process of its own, on its own database.
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const reader = new URL("../bin/sources.mjs", import.meta.url).href;
const folders: string[] = [];
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  for (const folder of folders) {
    const server = readPidFile(join(folder, "postgres", "cluster"));
    if (server && isAlive(server.pid)) process.kill(server.pid, "SIGQUIT");
    rmSync(folder, { recursive: true, force: true });
  }
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "portico-start-"));
  folders.push(made);
  return made;
}

/** A folder whose PostgreSQL was made before: that costs a second, and is not what every test here is about. */
async function seeded(): Promise<string> {
  const made = folder();
  await seed(made);
  return made;
}

type Started = { readonly child: ChildProcess; output(): string; readonly ended: Promise<number | null> };

function start(env: Record<string, string>, args: readonly string[] = []): Started {
  const child = spawn(process.execPath, ["--import", reader, main, ...args], {
    env: { PATH: process.env.PATH ?? "", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: once(child, "exit").then(([code]) => code as number | null) };
}

async function ready(started: Started): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const found = /"origin":"([^"]+)"[^\n]*"msg":"Ready"/.exec(started.output())?.[1];
    if (found) return found;
    if (started.child.exitCode !== null) throw new Error(started.output());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Not ready:\n${started.output()}`);
}

describe("npm start", () => {
  test("loads the demo, says where to go, names itself to a second start, survives kill -9, and stops on SIGTERM", {
    timeout: 120_000,
  }, async () => {
    const data = folder();
    const first = start({ DATA_DIR: data });
    const origin = await ready(first);
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    for (let tries = 0; tries < 50 && !first.output().includes("one click"); tries++)
      await new Promise((go) => setTimeout(go, 50));
    expect(first.output()).toContain(`${origin}/dev/sign-in`);
    const people = await (await fetch(`${origin}/dev/sign-in`, { headers: { accept: "text/html" } })).text();
    for (const name of ["Aiko Tanaka", "Ahmed Sharma", "Grace Okafor"]) {
      expect(people).toContain(name);
      expect(first.output()).toContain(name);
    }

    const second = start({ DATA_DIR: data });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(String(first.child.pid));
    expect(second.output().trim().split("\n").at(-1)).toMatch(
      /^Portico did not start\. .*already: process \d+, since /,
    );

    first.child.kill("SIGKILL");
    await first.ended;
    const third = start({ DATA_DIR: data });
    const again = await ready(third);
    expect(third.output()).not.toContain("Making a PostgreSQL database");
    expect(await (await fetch(`${again}/dev/sign-in`, { headers: { accept: "text/html" } })).text()).toContain(
      "Aiko Tanaka",
    );

    third.child.kill("SIGTERM");
    expect(await third.ended).toBe(0);
    expect(third.output()).toContain('"msg":"Stopped"');
    const server = readPidFile(join(data, "postgres", "cluster"));
    expect(server === undefined || !isAlive(server.pid)).toBe(true);
  });

  test("--empty leads to set-up", { timeout: 60_000 }, async () => {
    const program = start({ DATA_DIR: await seeded() }, ["--empty"]);
    const origin = await ready(program);
    const answer = await fetch(`${origin}/`, { headers: { accept: "text/html" }, redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/setup"]);
    program.child.kill("SIGTERM");
    expect(await program.ended).toBe(0);
  });

  test("a port that is taken is one clear line, and no database is left running", { timeout: 60_000 }, async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const data = await seeded();
    const taken = (other.address() as { port: number }).port;
    const program = start({ DATA_DIR: data, PORT: String(taken) }, ["--empty"]);
    expect(await program.ended).toBe(1);
    expect(program.output().trim().split("\n").at(-1)).toMatch(/^Portico did not start\. .*EADDRINUSE/);
    const server = readPidFile(join(data, "postgres", "cluster"));
    expect(server === undefined || !isAlive(server.pid)).toBe(true);
    other.close();
  });

  test("production has neither demo nor development pages", { timeout: 60_000 }, async () => {
    const program = start({
      DATA_DIR: await seeded(),
      NODE_ENV: "production",
      SECRET_KEY: "x".repeat(40),
      ORIGIN: "http://127.0.0.1:9",
      SMTP_URL: "smtp://127.0.0.1:9",
    });
    await ready(program);
    const port = /"port":(\d+)/.exec(program.output())?.[1];
    const at = `http://127.0.0.1:${port}`;
    for (const path of ["/dev/sign-in", "/dev/mail", "/sandbox/bank"]) {
      expect((await fetch(at + path, { headers: { accept: "text/html" }, redirect: "manual" })).status, path).toBe(404);
    }
    expect(
      (await fetch(`${at}/dev/sign-in/owner`, { method: "POST", headers: { "sec-fetch-site": "same-origin" } })).status,
    ).toBe(404);
    expect(program.output()).not.toContain("one click");
    program.child.kill("SIGTERM");
    expect(await program.ended).toBe(0);
  });

  test("a wrong or missing setting is one clear line and exit code 1, before anything is made", {
    timeout: 60_000,
  }, async () => {
    for (const [name, env] of [
      ["PORT", { PORT: "eighty" }],
      ["SECRET_KEY", { NODE_ENV: "production", ORIGIN: "https://pay.example.edu", SMTP_URL: "smtp://127.0.0.1:9" }],
    ] as const) {
      const data = folder();
      const program = start({ DATA_DIR: data, ...env });
      expect(await program.ended).toBe(1);
      const lines = program.output().trim().split("\n");
      expect(lines, program.output()).toHaveLength(1);
      expect(lines[0]).toContain(name);
      expect(readdirSync(data)).toEqual([]);
    }
  });

  test("a place that can't be used is one clear line that names its setting, soon and without its password", {
    timeout: 60_000,
  }, async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const key = { SECRET_KEY: "x".repeat(40) };
    const wrong: [name: string, env: Record<string, string>][] = [
      ["DATA_DIR", { DATA_DIR: file }],
      ["DATA_DIR", { DATA_DIR: join(file, "below") }],
      ["DATABASE_URL", { ...key, DATA_DIR: folder(), DATABASE_URL: "postgres://a:topsecret@127.0.0.1:1/x" }],
      ["HOST", { DATA_DIR: await seeded(), HOST: "192.0.2.1", LOG_LEVEL: "warn" }],
    ];
    // Only Linux has a folder in which nothing can be made and nobody says so.
    if (process.platform === "linux") wrong.push(["DATA_DIR", { DATA_DIR: "/proc/nope" }]);
    for (const [name, env] of wrong) {
      const program = start(env, ["--empty"]);
      expect(await program.ended).toBe(1);
      const lines = program.output().trim().split("\n");
      expect(lines, program.output()).toHaveLength(1);
      expect(lines[0]).toMatch(new RegExp(`^Portico did not start\\. .*${name}`));
      expect(lines[0]).not.toContain("topsecret");
    }
  });

  test("another SECRET_KEY than the one that a data folder was made with is refused in one line", {
    timeout: 60_000,
  }, async () => {
    const data = await seeded();
    const first = start({ DATA_DIR: data }, ["--empty"]);
    await ready(first);
    first.child.kill("SIGTERM");
    await first.ended;
    const key = "another key, of forty characters or more";
    const second = start({ DATA_DIR: data, SECRET_KEY: key, LOG_LEVEL: "warn" }, ["--empty"]);
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/^Portico did not start\. SECRET_KEY [^\n]*SECRET_KEY_OLD[^\n]*\n$/);
    const old = readFileSync(join(data, "secret-key"), "utf8").trim();
    const third = start({ DATA_DIR: data, SECRET_KEY: key, SECRET_KEY_OLD: old }, ["--empty"]);
    await ready(third);
    third.child.kill("SIGTERM");
    expect(await third.ended).toBe(0);
  });
});
