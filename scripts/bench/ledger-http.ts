import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import type { PreparedTransfer } from "./ledger-http-server.ts";
import { load } from "./ledger-load.ts";

/** The whole way of a member's transfer through HTTP: how many are confirmed a second. */
export type ThroughHttp = { run(callers: number, seconds: number): Promise<number>; close(): Promise<void> };

/**
 * A program in a process of its own, with so many transfers prepared: each caller presses the button of the check page,
 * under a key of its own, and waits for the answer. Session, role, quote, both wallets, the log and the news of it are
 * all part of it. Throws when one is not confirmed, or when all that were prepared are used up.
 */
export async function openThroughHttp(prepared: number): Promise<ThroughHttp> {
  const server = fork(fileURLToPath(new URL("./ledger-http-server.ts", import.meta.url)), [String(prepared)], {
    execArgv: ["--import", fileURLToPath(new URL("../../bin/sources.mjs", import.meta.url))],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [{ port, quotes }] = (await once(server, "message")) as [{ port: number; quotes: readonly PreparedTransfer[] }];
  const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
  let next = 0;
  const confirm = async () => {
    const at = next++;
    const one = quotes[at];
    if (!one) throw new Error(`All ${quotes.length} prepared transfers are used up`);
    const { status, location } = await post(agent, port, one, `bench-key-${at}`);
    if (status !== 303 || !location.endsWith("?done=confirmed"))
      throw new Error(`A transfer was answered ${status} ${location}`);
  };
  return {
    run: (callers, seconds) => load(callers, seconds, confirm),
    async close() {
      agent.destroy();
      const exited = once(server, "exit");
      server.send("stop");
      await exited;
    },
  };
}

async function post(agent: Agent, port: number, { quote, token }: PreparedTransfer, key: string) {
  return await new Promise<{ status: number; location: string }>((resolve, reject) => {
    const body = `key=${key}`;
    const asked = request({
      agent,
      port,
      host: "127.0.0.1",
      method: "POST",
      path: `/partner/transfers/check/${quote}`,
      headers: {
        cookie: `portico-partner=${token}`,
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": body.length,
      },
    });
    asked.on("error", reject);
    asked.on("response", (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? "" }));
    });
    asked.end(body);
  });
}
