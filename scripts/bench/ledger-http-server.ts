import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import pg from "pg";
import { openTransfers } from "#features/transfers/confirm-transfer.ts";
import { createApp } from "#http/app.ts";
import type { House } from "#http/house.ts";
import { openPartnerLive } from "#http/live.ts";
import { readConfig } from "#platform/config.ts";
import { silentLog } from "#platform/log.ts";
import { openDatabase } from "#platform/open-database.ts";
import { openStorage } from "#platform/storage.ts";
import { registry } from "#registry.ts";
import { problemPage } from "#web/problem-page.tsx";
import { type DrillWorld, makeWorld } from "../drill/crash-world.ts";

/** A transfer that was prepared, and the session of the member who may confirm it. */
export type PreparedTransfer = { readonly quote: string; readonly token: string };

// The server side of bench:ledger's way through HTTP: members whose transfers are prepared and not confirmed.
const prepared = Number(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), "portico-bench-"));
const config = readConfig({ DATA_DIR: folder });
const opened = await openDatabase(config, silentLog);
const transfers = openTransfers(opened.ground);
const house: House & { origin: string } = {
  ...opened.ground,
  config,
  origin: "http://127.0.0.1",
  storage: await openStorage(config),
  providers: new Map(),
  mailer: undefined,
  log: silentLog,
  live: openPartnerLive(opened.ground.pools, silentLog),
  transfers,
  ready: () => true,
};
const quotes = await prepare(await makeWorld(house));
const app = createApp(house, registry, problemPage);
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
  process.send?.({ port, quotes });
});
process.on("message", async () => {
  server.close();
  await transfers.close();
  await opened.close();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
});

/** Transfers of one cent from wallet to wallet, prepared: the pages of the form are not measured. */
async function prepare({ institution, parties }: DrillWorld): Promise<readonly PreparedTransfer[]> {
  const rich = parties.filter(({ minor }) => minor > BigInt(prepared));
  const admin = new pg.Client({ connectionString: opened.access.adminUrl });
  await admin.connect();
  const { rows } = await admin.query<{ id: string; wallet_id: string }>(
    `insert into app.transfer_quote (institution_id, id, partnership_id, wallet_id, member_id, route, to_wallet_id,
       to_number, to_name, currency, minor, fee_minor, reference, created_at, expires_at)
     select w.institution_id, 'quo_' || left(md5(w.id || n), 26), w.partnership_id, w.id, m.id, 'wallet', o.id,
            o.number, 'B', 'AUD', 1, 0, 'bench', now(), now() + interval '1 day'
       from unnest($2::text[], $3::text[]) with ordinality p(own, other, place)
       join app.wallet w on w.institution_id = $1 and w.id = p.own
       join app.wallet o on o.institution_id = $1 and o.id = p.other
       join app.member m on m.institution_id = $1 and m.partnership_id = w.partnership_id
       cross join generate_series(1, $4::integer) n
     returning id, wallet_id`,
    [
      institution,
      rich.map(({ id }) => id),
      rich.map((_, index) => rich[(index + 1) % rich.length]?.id),
      Math.ceil(prepared / rich.length),
    ],
  );
  await admin.query("vacuum analyze");
  await admin.end();
  const tokens = new Map(rich.map(({ id, token }) => [id, token]));
  const found = rows.map((row) => ({ quote: row.id, token: tokens.get(row.wallet_id) ?? "" }));
  // By turns, so that no wallet is alone with its callers.
  const each = Math.ceil(found.length / rich.length);
  return found
    .map((_, index) => found[(index % rich.length) * each + Math.floor(index / rich.length)])
    .filter((one) => one !== undefined);
}
