import { type Postmaster, type StopMode, stopPostmaster } from "./postmaster.ts";
import { isAlive, sleep } from "./processes.ts";

/**
 * Watches the server and starts it again when it dies while we run: at once, then after waits that double from
 * 0.1 s to 5 s. It never gives up: the pools answer 503 meanwhile and find it again under the same address.
 */
export function supervise(
  first: Postmaster,
  again: () => Promise<Postmaster>,
  log: (line: string) => void,
): { pid(): number; stop(mode?: StopMode): Promise<void> } {
  let server = first;
  let stopping = false;
  const watch = async () => {
    for (;;) {
      await server.gone;
      if (stopping) return;
      log("PostgreSQL ended unexpectedly; starting it again");
      const started = await startAgain(again, () => stopping, log);
      if (!started) return;
      server = started;
      log(`PostgreSQL runs again (process ${server.pid})`);
    }
  };
  const watching = watch();
  return {
    pid: () => server.pid,
    async stop(mode = "fast") {
      stopping = true;
      if (isAlive(server.pid)) await stopPostmaster(server, mode);
      await watching;
      // It may have been on its way up again when we were told to stop.
      if (isAlive(server.pid)) await stopPostmaster(server, mode);
    },
  };
}

async function startAgain(
  again: () => Promise<Postmaster>,
  isStopping: () => boolean,
  log: (line: string) => void,
): Promise<Postmaster | undefined> {
  for (let wait = 100; !isStopping(); wait = Math.min(wait * 2, 5_000)) {
    try {
      return await again();
    } catch (error) {
      log(error instanceof Error ? error.message : String(error));
      await sleep(wait);
    }
  }
  return undefined;
}
