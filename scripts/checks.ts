import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { checkHouse, describeViolation } from "./house/house.ts";
import { collect, type Ended } from "./processes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

type Check = { readonly name: string; run(): Promise<Ended> };

const node = (name: string, script: string, ...args: string[]): Check => ({
  name,
  run: () => collect(process.execPath, [`node_modules/${script}`, ...args], root),
});

const tsc = (name: string, project: string) => node(name, "typescript7/bin/tsc", "--noEmit", "--project", project);

const house: Check = {
  name: "house",
  run: async () => {
    const since = performance.now();
    const found = checkHouse(root).map(describeViolation);
    return { code: found.length, output: found.join("\n"), seconds: (performance.now() - since) / 1000 };
  },
};

const checks: readonly Check[] = [
  tsc("types", "tsconfig.json"),
  tsc("types of the browser scripts", "src/web/client/tsconfig.json"),
  tsc("types of the browser tests", "e2e/tsconfig.json"),
  node("style (Biome)", "@biomejs/biome/bin/biome", "check", "--max-diagnostics=40", "--error-on-warnings", "."),
  node("imports", "dependency-cruiser/bin/dependency-cruiser.mjs", "--config", ".dependency-cruiser.cjs", "src"),
  node("nothing unused (knip)", "knip/bin/knip.js", "--no-progress"),
  house,
];

/**
 * Runs all checks, two at a time, and prints a line for each; a failed one prints what it said.
 *
 * @param write whether Biome may first mend what it can
 * @returns how many failed
 */
export async function runChecks(write: boolean): Promise<number> {
  if (write) await node("", "@biomejs/biome/bin/biome", "check", "--write", ".").run();
  const waiting = [...checks];
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { code, output, seconds } = await check.run();
      if (code !== 0) failed += 1;
      console.log(`${code === 0 ? "ok    " : "FAILED"} ${seconds.toFixed(1).padStart(5)} s  ${check.name}`);
      if (code !== 0) console.log(`${output.trim()}\n`);
    }
  };
  await Promise.all([work(), work()]);
  return failed;
}
