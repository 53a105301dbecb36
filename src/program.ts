import { demoSignIns, isDemo, loadDemo } from "#features/demo/load-demo.ts";
import { setupCodeOf } from "#features/institution/setup-code.ts";
import { openTransfers } from "#features/transfers/confirm-transfer.ts";
import type { House } from "#http/house.ts";
import { openPartnerLive } from "#http/live.ts";
import { asksForSetupCode } from "#http/set-up.ts";
import { type Config, originAt } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import { type Mailer, mailerWithoutServer, smtpMailer } from "#platform/mailer.ts";
import type { Opened } from "#platform/open-database.ts";
import { openStorage } from "#platform/storage.ts";
import { startWorker, type Worker } from "#platform/worker.ts";
import { openProviders } from "#providers/providers.ts";
import { type Listening, listen } from "./server.ts";
import { schedules, tasksOf } from "./tasks.ts";

export type Program = {
  readonly origin: string;
  /** The port it listens on; `origin` may name another one, of a proxy before it. */
  readonly port: number;
  /** What set-up asks for, where strangers could reach it and there is no institution yet. */
  readonly setupCode: string | undefined;
  /** A short list for the terminal: where to go and how to sign in. */
  welcome(onLoopback: boolean): string;
  /** Takes no new requests, lets the running ones and the jobs end, then lets the database go. */
  stop(why: string): Promise<void>;
};

type Options = { readonly empty: boolean };

/** Everything on an open database, in order: demo data where it is empty, the web server, the queue. */
export async function startProgram(opened: Opened, config: Config, log: Log, options: Options): Promise<Program> {
  try {
    return await startOn(opened, config, log, options);
  } catch (error) {
    // A port that is taken, say: the database that was started for nothing goes again.
    await opened.close();
    throw error;
  }
}

async function startOn(opened: Opened, config: Config, log: Log, options: Options): Promise<Program> {
  const mailer = mailerOf(config);
  let running = true;
  // Links need the origin and the origin may need the port, so the house learns it once the server listens.
  const house: House & { origin: string } = {
    ...opened.ground,
    config,
    mailer,
    log,
    origin: config.origin ?? originAt(config.host, config.port),
    storage: await openStorage(config),
    providers: openProviders(opened.ground, config),
    live: openPartnerLive(opened.ground.pools, log),
    transfers: openTransfers(opened.ground),
    ready: () => running,
  };
  if (!options.empty && !config.production) await loadDemo(house);
  const isEmpty = await hasNoInstitution(opened);
  const signIns = !config.production && (await isDemo(house)) ? demoSignIns : [];
  const listening = await listen(house, config.host, config.port);
  if (config.origin === undefined) house.origin = originAt(config.host, listening.port);
  opened.hold?.publish(house.origin);
  const worker = await startWorker(house, { tasks: tasksOf(house, { deliver: fetch }), schedules, log });
  return {
    origin: house.origin,
    port: listening.port,
    setupCode: isEmpty && asksForSetupCode(house) ? setupCodeOf(house.keys) : undefined,
    welcome: (onLoopback) => welcomeText(house, isEmpty, onLoopback ? signIns : []),
    stop: async (why) => {
      log.info({ why }, "Stopping");
      running = false;
      await stopAll(house, listening, worker, opened);
      log.info("Stopped");
    },
  };
}

/** Undefined in development without SMTP_URL: mails land on /dev/mail. */
function mailerOf(config: Config): Mailer | undefined {
  if (config.smtpUrl) return smtpMailer({ url: config.smtpUrl, from: config.mailFrom });
  return config.production ? mailerWithoutServer : undefined;
}

async function stopAll(house: House, listening: Listening, worker: Worker, opened: Opened): Promise<void> {
  await house.live.close();
  await listening.close();
  await worker.stop();
  await house.transfers.close();
  house.mailer?.close();
  await opened.close();
}

async function hasNoInstitution(opened: Opened): Promise<boolean> {
  const found = await opened.ground.pools.of("worker").query("select from app.institution_ids() limit 1");
  return found.rowCount === 0;
}

function welcomeText(house: House, needsSetUp: boolean, signIns: readonly (typeof demoSignIns)[number][]): string {
  const rows: [string, string][] = needsSetUp
    ? [["Set up your institution", `${house.origin}/setup`]]
    : [
        ["Customers", `${house.origin}/sign-in`],
        ["Partners", `${house.origin}/partner/sign-in`],
        ["Staff", `${house.origin}/staff/sign-in`],
      ];
  if (signIns.length > 0) {
    rows.push(["Sign in to the demo with one click", `${house.origin}/dev/sign-in`]);
    for (const one of signIns) rows.push([`  ${one.who}`, one.what]);
  }
  if (!house.mailer) rows.push(["Mail that would have been sent", `${house.origin}/dev/mail`]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    "",
    "Portico is running.",
    "",
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    "",
    "Stop it with Ctrl C.",
    "",
  ].join("\n");
}
