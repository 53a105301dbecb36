#!/usr/bin/env node
// The way in: `node bin/portico.mjs <command>`, which `npm start`, `npm test` … call. Plain JavaScript without
// dependencies, so that any Node from 20 on can run it in a clone where nothing is installed yet. It brings
// node_modules in line with package-lock.json, then hands over to the Node that the lock file pins.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bringPackages } from "./install.mjs";
import { findNode, handOver } from "./node.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Each command's entry, and whether it needs the packages for development (tests, checks, measurements). */
const commands = {
  start: { entry: "src/main.ts", development: false, reader: "./bin/sources.mjs" },
  dev: { entry: "src/main.ts", development: false, flags: ["--watch"] },
  "books:verify": { entry: "scripts/books-verify.ts", development: false },
  "audit:verify": { entry: "scripts/audit-verify.ts", development: false },
  roles: { entry: "scripts/roles.ts", development: false },
  test: { entry: "scripts/test.ts", development: true },
  check: { entry: "scripts/check.ts", development: true },
  schema: { entry: "scripts/schema.ts", development: true },
  "bench:web": { entry: "scripts/bench/web.ts", development: true },
  "bench:payouts": { entry: "scripts/bench/payouts.ts", development: true },
  "bench:import": { entry: "scripts/bench/import.ts", development: true },
  "bench:ledger": { entry: "scripts/bench/ledger.ts", development: true },
  "drill:crash": { entry: "scripts/drill/crash.ts", development: true },
  "bench:pdf": { entry: "scripts/bench/pdf.ts", development: true },
};

try {
  const [name = "start", ...rest] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Error(`There is no command ${name}. There are: ${Object.keys(commands).join(", ")}.`);
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new Error(`Node ${process.versions.node} is too old to install Portico: Node 20 or newer is needed.`);
  }
  if (process.platform === "win32") throw new Error("Portico runs on Linux and macOS; on Windows use it inside WSL.");
  const isNew = await bringPackages(root, { development: command.development });
  // The program keeps what V8 made of its modules: without it a third of every start goes into compiling them again.
  if (command.entry === "src/main.ts")
    process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "compile");
  if (isNew && command.reader) {
    console.log("Preparing the program …");
    spawnSync(findNode(root), ["--import", command.reader, "bin/prepare.mjs"], {
      cwd: root,
      stdio: "ignore",
      timeout: 60_000,
    });
  }
  const flags = [...(command.flags ?? []), "--import", command.reader ?? "tsx"];
  await handOver(root, findNode(root), [...flags, command.entry, ...rest]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
