import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "#http/app.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { House } from "#http/house.ts";
import { openPools } from "#platform/database.ts";
import { type EmbeddedPostgres, startEmbedded } from "#platform/embedded/postgres.ts";
import { wake } from "#platform/jobs.ts";
import { prepareDatabase } from "#platform/migrate.ts";
import { inTx } from "#platform/tx.ts";
import { startWorker } from "#platform/worker.ts";
import { allRoutes } from "#server.ts";
import { problemPage } from "#web/problem-page.tsx";
import { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";

describe("a database without room", () => {
  let h: TestHouse;
  beforeAll(async () => {
    h = await testHouse();
  });
  afterAll(() => h.close());

  test("503 with Retry-After while the disk is full; the same form goes in once there is room, and nothing went in twice", async () => {
    const institution = await h.institution();
    const owner = await h.staff(institution);
    // PostgreSQL answers 53100 when it can't extend a file: here at the first write of a customer.
    await h.admin.query(`create function pg_temp.full() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
    await h.admin.query(
      "create trigger full_disk before insert on app.customer for each row execute function pg_temp.full()",
    );
    const form = {
      given_name: "Aiko",
      family_name: "Tanaka",
      email: "aiko@students.example",
      language: "en-AU",
      time_zone: "Asia/Tokyo",
    };
    const refused = await owner.post("/staff/customers/new", form);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await h.admin.query("drop trigger full_disk on app.customer");
    const taken = await owner.post("/staff/customers/new", form);
    expect(taken.status, taken.text.slice(0, 400)).toBe(303);
    const { rows } = await h.admin.query(
      "select count(*)::int as customers from app.customer where institution_id = $1",
      [institution],
    );
    expect(rows[0]?.customers).toBe(1);
  });
});

describe("a database that goes away", () => {
  const folder = mkdtempSync(join(tmpdir(), "portico-outage-"));
  let server: EmbeddedPostgres;
  const start = () => startEmbedded({ dataDir: folder, settings: { fsync: "off" }, log: () => undefined });

  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop("immediate");
    rmSync(folder, { recursive: true, force: true });
  });

  test("503 with Retry-After while it is away; pages and jobs go on by themselves when it is back, and a kept session still opens", async () => {
    const base = await testHouse();
    const access = { adminUrl: server.adminUrl, rolePrefix: "outage", secretKey: base.access.secretKey };
    await prepareDatabase(access);
    const pools = openPools(access, () => undefined);
    const house: House = { ...base.house, pools };
    const app = createApp(house, allRoutes(house), problemPage);
    const done: string[] = [];
    const tasks = {
      ...base.tasks,
      "audit.seal": async (work: { institution: string }) => void done.push(work.institution),
    };
    const worker = await startWorker(house, { tasks: tasks as never, schedules: [], log: house.log });
    const admin = new pg.Client({ connectionString: server.adminUrl });
    await admin.connect();
    await admin.query(
      "insert into app.institution (id, name, legal_name, created_at) values ('inst_out', 'Outage', 'Outage', now())",
    );
    const cookie = await plantStaffSession(admin, house);
    await admin.end();
    const browser = new Browser(app, house.origin).with(sessionCookie.staff, cookie);
    expect((await browser.get("/staff/customers")).status).toBe(200);

    await server.stop("immediate");
    for (let tries = 0; tries < 3; tries++) {
      const away = await browser.get("/staff/customers");
      expect(away.status).toBe(503);
      expect(away.headers.get("retry-after")).toBe("5");
      expect(away.text).not.toContain("ECONNREFUSED");
    }
    expect((await browser.get("/healthz")).status).toBe(200);
    expect((await browser.get("/readyz")).status).toBe(503);

    server = await start();
    let back = await browser.get("/staff/customers");
    for (let tries = 0; tries < 50 && back.status !== 200; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      back = await browser.get("/staff/customers");
    }
    expect(back.status).toBe(200);
    await inTx(house, { as: "system", institution: "inst_out", task: "test" }, (cx) => wake(cx, "audit.seal", {}));
    for (let tries = 0; tries < 150 && done.length === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(done).toEqual(["inst_out"]);
    await worker.stop();
    await pools.end();
    await base.close();
  });
});

async function plantStaffSession(admin: pg.Client, house: House): Promise<string> {
  const { tokenHash } = await import("#platform/tx.ts");
  const token = "outage".padEnd(43, "A");
  const now = house.clock.now().toString();
  await admin.query(
    `insert into app.staff_member (institution_id, id, email, name, role, created_at, totp_confirmed_at)
     values ('inst_out', 'stf_out', 'owner@outage.example', 'Owner', 'OWNER', $1, $1)`,
    [now],
  );
  await admin.query(
    `insert into app.session (institution_id, id, token_hash, face, email, staff_id, created_at, last_seen_at,
      idle_seconds, expires_at)
     values ('inst_out', 'ses_out', $1, 'staff', 'owner@outage.example', 'stf_out', $2, $2, 86400, $3)`,
    [tokenHash(token), now, house.clock.now().add({ hours: 24 }).toString()],
  );
  return token;
}
