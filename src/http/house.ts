import type { Transfers } from "#features/transfers/confirm-transfer.ts";
import type { Live } from "#http/live.ts";
import type { Config } from "#platform/config.ts";
import type { Log } from "#platform/log.ts";
import type { Mailer } from "#platform/mailer.ts";
import type { Storage } from "#platform/storage.ts";
import type { Ground } from "#platform/tx.ts";
import type { Providers } from "#providers/provider.ts";

/** Everything the running program holds, handed to routes and jobs. Made once, in src/server.ts. */
export type House = Ground & {
  readonly config: Config;
  /** `https://pay.example.edu`, without a slash at the end. */
  readonly origin: string;
  readonly storage: Storage;
  readonly providers: Providers;
  /** Undefined in development without SMTP: mail then lands on /dev/mail. */
  readonly mailer: Mailer | undefined;
  readonly log: Log;
  /** Pages of partners that update themselves. */
  readonly live: Live;
  /** Gathers the transfers that members confirm at once. */
  readonly transfers: Transfers;
  /** False from the moment when the program was told to stop. */
  ready(): boolean;
};
