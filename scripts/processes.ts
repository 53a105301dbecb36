import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

export type Ended = { readonly code: number; readonly output: string; readonly seconds: number };

/** Runs a program to its end and collects all it printed. @returns its exit code, its words, and the time it took */
export function collect(file: string, args: readonly string[], root: string): Promise<Ended> {
  const since = performance.now();
  const child = spawn(file, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    const end = (code: number | null, more = "") =>
      resolve({ code: code ?? 1, output: output + more, seconds: (performance.now() - since) / 1000 });
    child.once("error", (cause) => end(1, `${file} can't be run: ${cause.message}`));
    child.once("close", (code) => end(code));
  });
}

/** Runs a program whose words go straight to the terminal. @returns its exit code */
export function show(file: string, args: readonly string[], root: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(file, args, { cwd: root, stdio: "inherit", env });
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", (code) => resolve(code ?? 1));
  });
}
