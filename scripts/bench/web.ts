import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";

type Figure = {
  readonly page: string;
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  readonly ofFloor: number;
  readonly kilobytes: number;
};
type Target = { readonly page: string; readonly url: string; readonly cookie: string; readonly floor: string };

/**
 * Requests a second and p99 of the pages that are opened most, 32 connections, beside a floor: a page of the same
 * renderer and size after one prepared `select 1`, in the same process. Server and load run in two processes on this
 * machine. `--json` prints JSON only; `--seconds N` (default 5) is the length of one measurement; `--rounds N`
 * (default 3).
 */
async function main(): Promise<void> {
  const seconds = option("--seconds", 5);
  const rounds = option("--rounds", 3);
  const server = fork(fileURLToPath(new URL("./web-server.ts", import.meta.url)), {
    execArgv: ["--import", fileURLToPath(new URL("../../bin/sources.mjs", import.meta.url))],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [targets] = (await once(server, "message")) as [readonly Target[]];
  const figures: Figure[] = [];
  for (const target of targets) {
    // Long enough for V8 to have made up its mind about either.
    await shoot(target.url, target.cookie, 4);
    await shoot(target.floor, "", 4);
    const runs: { own: autocannon.Result; floor: autocannon.Result }[] = [];
    for (let round = 0; round < rounds; round++) {
      runs.push({
        own: await shoot(target.url, target.cookie, seconds),
        floor: await shoot(target.floor, "", seconds),
      });
    }
    const own = median(runs.map((run) => run.own.requests.average));
    const floor = median(runs.map((run) => run.floor.requests.average));
    const bytes = (await (await fetch(target.url, { headers: { cookie: target.cookie } })).arrayBuffer()).byteLength;
    const p99 = (one: "own" | "floor") => median(runs.map((run) => run[one].latency.p99));
    const kilobytes = Math.round(bytes / 102.4) / 10;
    figures.push({
      page: target.page,
      requestsPerSecond: Math.round(own),
      p99Milliseconds: p99("own"),
      ofFloor: round2(own / floor),
      kilobytes,
    });
    figures.push({
      page: `floor of ${target.page}`,
      requestsPerSecond: Math.round(floor),
      p99Milliseconds: p99("floor"),
      ofFloor: 1,
      kilobytes,
    });
  }
  server.send("stop");
  if (process.argv.includes("--json")) console.log(JSON.stringify(figures, null, 2));
  else console.table(figures);
}

async function shoot(url: string, cookie: string, seconds: number): Promise<autocannon.Result> {
  const result = await autocannon({
    url,
    connections: 32,
    duration: seconds,
    headers: { cookie, accept: "text/html" },
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 200, ${result.errors} errors`);
  return result;
}

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

await main();
