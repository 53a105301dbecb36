import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { openTransfers } from "#features/transfers/confirm-transfer.ts";
import { page } from "#http/answer.ts";
import { createApp } from "#http/app.ts";
import type { House } from "#http/house.ts";
import { openPartnerLive } from "#http/live.ts";
import { type Route, route } from "#http/route.ts";
import { readConfig } from "#platform/config.ts";
import { silentLog } from "#platform/log.ts";
import { openDatabase } from "#platform/open-database.ts";
import { openStorage } from "#platform/storage.ts";
import { registry } from "#registry.ts";
import { problemPage } from "#web/problem-page.tsx";
import { fillBenchInstitution } from "./web-data.ts";
import { floorOf } from "./web-floor.ts";

// The server side of bench:web: 2,000 customers, one of them with 12 payments, signed in as that one and as staff.
const folder = await mkdtemp(join(tmpdir(), "portico-bench-"));
const config = readConfig({ DATA_DIR: folder, DATABASE_URL: process.env.DATABASE_URL });
const opened = await openDatabase(config, silentLog);
const house: House & { origin: string } = {
  ...opened.ground,
  config,
  origin: "http://127.0.0.1",
  storage: await openStorage(config),
  providers: new Map(),
  mailer: undefined,
  log: silentLog,
  live: openPartnerLive(opened.ground.pools, silentLog),
  transfers: openTransfers(opened.ground),
  ready: () => true,
};
const world = await fillBenchInstitution(house);

const pages = [
  { name: "customer overview", path: "/overview", cookie: `portico-customer=${world.customerToken}` },
  { name: "customer payments", path: "/payments", cookie: `portico-customer=${world.customerToken}` },
  { name: "staff customers", path: "/staff/customers", cookie: `portico-staff=${world.staffToken}` },
] as const;
const drawn = new Map<string, ReturnType<typeof floorOf>>();
const floors: Route[] = pages.map(({ name }, index) =>
  route({
    id: `bench.floor.${index}`,
    method: "GET",
    path: `/bench/floor/${index}`,
    opens: "visitor",
    may: "public.read",
    bare: async () => {
      await house.pools.of("visitor").query({ name: "bench-floor", text: "select 1" });
      const draw = drawn.get(name);
      if (!draw) throw new Error(`${name} was not read yet`);
      return page(draw());
    },
  }),
);
const app = createApp(house, [...registry, ...floors], problemPage);
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, async ({ port }) => {
  const origin = `http://127.0.0.1:${port}`;
  for (const [index, { name, path, cookie }] of pages.entries()) {
    const answer = await fetch(origin + path, { headers: { cookie, accept: "text/html" }, redirect: "manual" });
    if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
    const sent = await answer.text();
    drawn.set(name, floorOf(sent));
    await assertSame(sent, `${origin}/bench/floor/${index}`);
  }
  process.send?.(
    pages.map(({ name, path, cookie }, index) => ({
      page: name,
      url: origin + path,
      cookie,
      floor: `${origin}/bench/floor/${index}`,
    })),
  );
});
process.on("message", async () => {
  server.close();
  await opened.close();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
});

/** The floor is worth nothing if it draws something else than the page. */
async function assertSame(sent: string, floor: string): Promise<void> {
  const drawnAgain = await (await fetch(floor)).text();
  const count = (text: string) => text.match(/<[a-z]/g)?.length;
  if (drawnAgain.length !== sent.length || count(drawnAgain) !== count(sent))
    throw new Error(`The floor has ${drawnAgain.length} characters, its page ${sent.length}`);
}
