import { flushCompileCache } from "node:module";
import { isLoopback, readConfig } from "#platform/config.ts";
import { createLog } from "#platform/log.ts";
import type { Program } from "./program.ts";

// Starts Portico. What goes wrong before it runs is one plain line, not a stack: most of it is a setting or another
// program.
const plain = ["ConfigError", "DataDirHeldError", "EmbeddedPostgresError", "DatabaseRefusedError"];

async function main(): Promise<void> {
  const startedAt = performance.now();
  const config = readConfig();
  const log = createLog({ level: config.logLevel, readable: !config.production && process.stdout.isTTY === true });
  // Loaded only now, so that a wrong setting is said at once; and beside the database's own start, which takes as long.
  const { openDatabase } = await import("#platform/open-database.ts");
  const [opened, { startProgram }] = await Promise.all([openDatabase(config, log), import("./program.ts")]);
  const program = await startProgram(opened, config, log, { empty: process.argv.includes("--empty") });
  listenForTheEnd(program);
  log.info(
    { origin: program.origin, port: program.port, seconds: Math.round(performance.now() - startedAt) / 1_000 },
    "Ready",
  );
  // What V8 made of the modules is kept though the program may be killed: the start after that must be quick too.
  setTimeout(flushCompileCache, 500).unref();
  if (program.setupCode) console.log(`Set up at ${program.origin}/setup with the code ${program.setupCode}`);
  if (!config.production) console.log(program.welcome(isLoopback(program.origin)));
}

function listenForTheEnd(program: Program): void {
  let ending = false;
  const end = (signal: string) => {
    if (ending) return;
    ending = true;
    program.stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(signal));
}

/** Ours by name; else what a file, a network or PostgreSQL refused: it says itself which and why. */
function isPlain(error: Error): boolean {
  return plain.includes(error.name) || "syscall" in error || "severity" in error;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error && isPlain(error) ? `Portico did not start. ${error.message}` : error);
  process.exit(1);
});
