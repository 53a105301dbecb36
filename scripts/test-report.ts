import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { DefaultReporter, type TestModule } from "vitest/node";

/** What vitest prints, then the seconds of each suite; the counts go to the file that PORTICO_TEST_RESULT names. */
export default class TestReport extends DefaultReporter {
  override onTestRunEnd(...[modules, errors, reason]: Parameters<DefaultReporter["onTestRunEnd"]>): void {
    super.onTestRunEnd(modules, errors, reason);
    this.log(secondsTable(modules));
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      // A file that could not even be read has no tests that could fail.
      if (module.state() === "failed" && module.children.size === 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "passed" || state === "failed" || state === "skipped") counts[state] += 1;
      }
    }
    // scripts/test.ts prints it as the very last line.
    const file = process.env.PORTICO_TEST_RESULT;
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
}

/** Seconds by suite, the longest first: a suite is a folder of src, test or e2e. */
function secondsTable(modules: readonly TestModule[]): string {
  const suites = new Map<string, { seconds: number; tests: number }>();
  for (const module of modules) {
    const path = relative(process.cwd(), module.moduleId);
    const depth = path.startsWith("src/") ? 3 : 1;
    const name = path.split("/").slice(0, -1).slice(0, depth).join("/") || path;
    const suite = suites.get(name) ?? { seconds: 0, tests: 0 };
    suite.seconds += module.diagnostic().duration / 1000;
    suite.tests += [...module.children.allTests()].length;
    suites.set(name, suite);
  }
  const rows = [...suites].sort(([, a], [, b]) => b.seconds - a.seconds);
  const width = Math.max(5, ...rows.map(([name]) => name.length));
  const lines = rows.map(
    ([name, { seconds, tests }]) =>
      `${name.padEnd(width)} ${seconds.toFixed(1).padStart(8)} ${String(tests).padStart(6)}`,
  );
  return ["", `${"suite".padEnd(width)}  seconds  tests`, ...lines, ""].join("\n");
}
