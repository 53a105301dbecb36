import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChecks } from "./checks.ts";
import { bringChromium } from "./chromium.ts";
import { show } from "./processes.ts";

// npm test [-- --deep] [-- path … -t name]: with a path or a name only those tests run, without the checks.
const root = fileURLToPath(new URL("..", import.meta.url));
const given = process.argv.slice(2);
const deep = given.includes("--deep");
const words = given.filter((word) => word !== "--deep");
const everything = words.length === 0;

const failedChecks = everything ? await runChecks(false) : 0;
const hasBrowser = !everything || bringChromium();

const folder = mkdtempSync(join(tmpdir(), "portico-result-"));
const result = join(folder, "counts.json");
const env = { ...process.env, PORTICO_TEST_DEEP: deep ? "1" : "", PORTICO_TEST_RESULT: result };
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=./scripts/test-report.ts", ...words];
const code = await show(process.execPath, vitest, root, env);

// Vitest that ended without a result could not even begin: that is a failure too.
const counts = existsSync(result)
  ? JSON.parse(readFileSync(result, "utf8"))
  : { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
rmSync(folder, { recursive: true, force: true });
const failed = counts.failed + failedChecks + (hasBrowser ? 0 : 1);
if (failedChecks > 0) console.log(`${failedChecks} of the checks failed, see the top`);
console.log(`${counts.passed} passed, ${failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`);
process.exit(failed === 0 && code === 0 ? 0 : 1);
