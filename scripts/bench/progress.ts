import { performance } from "node:perf_hooks";

const began = performance.now();

/** Says on standard error what a long measurement does now, and how long it has run: figures go to standard output. */
export function progress(step: string): void {
  const seconds = Math.round((performance.now() - began) / 1_000);
  process.stderr.write(
    `${`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`.padStart(6)}  ${step}\n`,
  );
}
