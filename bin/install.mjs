// Installs what package-lock.json names when node_modules is not that.
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Brings node_modules in line with package-lock.json. Two starts at once wait for each other.
 *
 * @param {string} root the folder of package.json
 * @param {{ development: boolean }} needs whether the packages for tests and checks are needed too
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function bringPackages(root, needs) {
  if (isInstalled(root, needs)) return false;
  const lock = join(root, ".portico-install");
  await takeLock(lock);
  const release = () => rmSync(lock, { force: true });
  process.once("exit", release);
  try {
    if (isInstalled(root, needs)) return false;
    await install(root, lock, needs);
    return true;
  } finally {
    process.off("exit", release);
    release();
  }
}

const markerFile = (root) => join(root, "node_modules", ".portico-lock");

/** What the marker holds: the lock file's digest and the platform, for binaries differ by it. */
function fingerprint(root) {
  const digest = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  return `${digest} ${process.platform}-${process.arch}`;
}

function isInstalled(root, needs) {
  const wanted = fingerprint(root);
  let marker = "";
  try {
    marker = readFileSync(markerFile(root), "utf8").trim();
  } catch {
    // No marker: nothing is installed, or npm was called by hand.
  }
  if (marker === `${wanted} all` || (marker === `${wanted} runtime` && !needs.development)) return true;
  const installed = installedByHand(root);
  if (installed === undefined || (installed === "runtime" && needs.development)) return false;
  writeMarker(root, installed);
  return true;
}

function writeMarker(root, extent) {
  try {
    writeFileSync(markerFile(root), `${fingerprint(root)} ${extent}\n`);
  } catch {
    // A read-only clone whose packages are right may run; the next start looks again.
  }
}

/**
 * Somebody may have run `npm ci` or `npm install`: npm notes what it installed in node_modules/.package-lock.json.
 *
 * @returns {"all" | "runtime" | undefined} undefined when it differs from package-lock.json
 */
function installedByHand(root) {
  let wanted;
  let found;
  try {
    wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
    found = JSON.parse(readFileSync(join(root, "node_modules", ".package-lock.json"), "utf8")).packages;
  } catch {
    return undefined;
  }
  let extent = "all";
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "" || found[path]?.version === entry.version || isForOthers(entry)) continue;
    if (found[path] || !entry.dev) return undefined;
    extent = "runtime";
  }
  return extent;
}

/** Packages with binaries name the machines they are for; npm leaves out those for others, and some optional ones. */
function isForOthers(entry) {
  const fits = (list, value) => !list || [list].flat().some((one) => one === value || one.startsWith("!"));
  if (!fits(entry.os, process.platform) || !fits(entry.cpu, process.arch)) return true;
  return entry.optional === true && (Boolean(entry.libc) || !entry.os);
}

async function install(root, lock, needs) {
  const production = process.env.NODE_ENV === "production" && !needs.development;
  const which = existsSync(join(root, "node_modules")) ? "Bringing the packages up to date" : "Installing packages";
  console.log(`${which} (npm ci; a minute at most, only when package-lock.json has changed) …`);
  // No package needs its install script here: esbuild finds its binary by itself, the links of PostgreSQL are made
  // by src/platform/embedded/binaries.ts. So no foreign code runs while installing.
  const words = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier", "--loglevel=error"];
  const code = await runNpm(root, lock, [...words, ...(production ? ["--omit=dev"] : ["--include=dev"])]);
  if (code !== 0) throw new Error(`The packages could not be installed: npm ci ended with ${code}, see above.`);
  writeMarker(root, production ? "runtime" : "all");
}

function runNpm(root, lock, words) {
  // Under `npm start` the npm that called us is the best choice; otherwise the one on the PATH.
  const calling = process.env.npm_execpath ?? "";
  const viaNode = basename(calling) === "npm-cli.js" && existsSync(calling);
  const [file, args] = viaNode ? [process.execPath, [calling, ...words]] : ["npm", words];
  const child = spawn(file, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  // Should we be killed outright, npm goes on: the next start waits for it too.
  if (child.pid) writeFileSync(lock, `${process.pid} ${child.pid}`);
  const interrupt = (signal) => child.kill(signal);
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => {
      const why = cause.code === "ENOENT" ? "npm was not found on the PATH" : cause.message;
      reject(new Error(`The packages can't be installed: ${why}. Install Node with npm, or run npm ci yourself.`));
    });
    child.once("exit", (code, signal) => {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      if (signal === "SIGINT" || signal === "SIGTERM") process.exit(signal === "SIGINT" ? 130 : 143);
      resolve(code ?? signal);
    });
  });
}

/** Waits for the lock. One whose processes have all died is taken over. */
async function takeLock(lock) {
  const mine = `${lock}.${randomUUID()}`;
  writeFileSync(mine, String(process.pid));
  let told = false;
  try {
    for (;;) {
      try {
        // A link appears whole, with its content, or not at all.
        linkSync(mine, lock);
        break;
      } catch (cause) {
        if (cause.code !== "EEXIST") throw cause;
      }
      if (isAbandoned(lock)) {
        takeAway(lock, `${mine}.old`);
        continue;
      }
      if (!told) console.log("Another start is installing the packages; waiting for it …");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function isAbandoned(lock) {
  let pids;
  try {
    // In a container the same few process ids come back after each restart; no install takes ten minutes.
    if (Date.now() - statSync(lock).mtimeMs > 600_000) return true;
    pids = readFileSync(lock, "utf8").split(" ").map(Number);
  } catch {
    return false;
  }
  return !pids.some((pid) => pid !== process.pid && isAlive(pid));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause.code === "EPERM";
  }
}

function takeAway(lock, away) {
  try {
    renameSync(lock, away);
    if (!isAbandoned(away)) linkSync(away, lock);
  } catch {
    // Another waiting start was faster; the loop looks again.
  }
  rmSync(away, { force: true });
}
