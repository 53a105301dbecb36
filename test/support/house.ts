import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import pg from "pg";
import {
  type ContactId,
  type ContactRight,
  type CustomerId,
  contactRights,
  type InstitutionId,
  type MemberId,
  type Role,
  type StaffId,
} from "#access/principal.ts";
import { openTransfers } from "#features/transfers/confirm-transfer.ts";
import { createApp } from "#http/app.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { House } from "#http/house.ts";
import { openPartnerLive } from "#http/live.ts";
import { newId } from "#kernel/ids.ts";
import { secretToken, seededRandom } from "#kernel/random.ts";
import { manualClock } from "#kernel/time.ts";
import { type Config, readConfig } from "#platform/config.ts";
import { openKeys } from "#platform/crypto.ts";
import { openPools, type Pools } from "#platform/database.ts";
import { silentLog } from "#platform/log.ts";
import { openStorage } from "#platform/storage.ts";
import { type Cx, inTx, tokenHash } from "#platform/tx.ts";
import { drain } from "#platform/worker.ts";
import { openProviders } from "#providers/providers.ts";
import { allRoutes } from "#server.ts";
import { tasksOf } from "#tasks.ts";
import { problemPage } from "#web/problem-page.tsx";
import { Browser } from "./browser.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";

export type TestHouse = Awaited<ReturnType<typeof testHouse>>;

/** The moment at which tests begin: a Saturday noon in Sydney, as in the pictures of the design. */
export const testNow = "2026-11-21T01:00:00Z";

type Options = { readonly config?: Partial<Config>; readonly origin?: string; readonly house?: Partial<House> };

/**
 * A whole Portico without a socket: its own database, a clock that moves when told, seeded randomness, files in a
 * folder.
 */
export async function testHouse(options: Options = {}) {
  const database = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), "portico-house-"));
  const config: Config = { ...readConfig({ NODE_ENV: "test", DATA_DIR: folder }), ...options.config };
  const pools = openPools(database.access, () => undefined);
  const clock = manualClock(testNow);
  const random = seededRandom(7);
  const ground = { pools, clock, random, keys: openKeys(database.access.secretKey) };
  const origin = options.origin ?? "http://127.0.0.1:8080";
  const storage = await openStorage(config);
  const house: House = {
    ...ground,
    config,
    origin,
    storage,
    mailer: undefined,
    log: silentLog,
    ready: () => true,
    live: openPartnerLive(pools, silentLog),
    transfers: openTransfers(ground),
    // The far side keeps the same time as the house, whichever clock that has.
    providers: openProviders({ ...ground, ...options.house }, config),
    ...options.house,
  };
  const app = createApp(house, allRoutes(house), problemPage);
  const admin = new pg.Client({ connectionString: database.access.adminUrl });
  await admin.connect();
  const deliver = (url: string, init: RequestInit) => Promise.resolve(app.fetch(new Request(url, init)));
  const tasks = tasksOf(house, { deliver });
  return {
    house,
    ground: house,
    app: app as Hono,
    clock,
    random,
    admin,
    tasks,
    access: database.access,
    /** A browser without a session; cookies stay in it. */
    browser: () => new Browser(app, origin),
    /** Runs all queued jobs until none is left. */
    drain: () => drain(house, tasks),
    /** A transaction of the program's own in an institution. */
    system: <T>(institution: InstitutionId, work: (cx: Cx) => T | Promise<T>) =>
      inTx(house, { as: "system", institution, task: "test" }, work),
    institution: (values: InstitutionValues = {}) => makeInstitution(admin, house, values),
    staff: (institution: InstitutionId, role: Role = "OWNER") => staffBrowser(admin, house, app, institution, role),
    customer: (institution: InstitutionId, customer: CustomerId) =>
      customerBrowser(admin, house, app, institution, customer),
    /** A contact of the partnership, made for the purpose and signed in with a fresh proof, without the pages. */
    partner: (institution: InstitutionId, partnership: string, rights: readonly ContactRight[] = contactRights) =>
      partnerBrowser(admin, house, app, institution, partnership, rights),
    /** A member of the partnership's account (made where there is none), signed in with a fresh proof. */
    member: (institution: InstitutionId, partnership: string, role: Role = "OWNER") =>
      memberBrowser(admin, house, app, institution, partnership, role),
    /** Mail that went out, newest last. Run `drain()` first. */
    mails: async () =>
      (
        await admin.query<{ to_email: string; subject: string; text_body: string; html_body: string }>(
          "select to_email, subject, text_body, html_body from app.dev_mail order by at, id",
        )
      ).rows,
    close: () => closeAll({ house, pools, admin, database, folder }),
  };
}

type Opened = { house: House; pools: Pools; admin: pg.Client; database: TestDatabase; folder: string };

async function closeAll({ house, pools, admin, database, folder }: Opened): Promise<void> {
  await house.live.close();
  await house.transfers.close();
  await pools.end();
  await admin.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}

type InstitutionValues = {
  readonly name?: string;
  readonly host?: string;
  readonly isDemo?: boolean;
  readonly currencies?: readonly string[];
};

async function makeInstitution(admin: pg.Client, house: House, values: InstitutionValues): Promise<InstitutionId> {
  const id = newId("inst", house.clock.now(), house.random);
  await admin.query(
    `insert into app.institution (id, name, legal_name, registration_number, host, is_demo, currencies, contact_email,
      created_at)
     values ($1, $2, $2, '12 345 678 901', $3, $4, $5, 'pay@northbridge.example', $6)`,
    [
      id,
      values.name ?? "Northbridge College",
      values.host ?? null,
      values.isDemo ?? false,
      values.currencies ?? ["AUD", "JPY", "USD", "KWD"],
      house.clock.now().toString(),
    ],
  );
  const products = [
    ["card", "Card", 0],
    ["bank_transfer", "Bank transfer", 1],
  ] as const;
  for (const [kind, name, position] of products) {
    await admin.query(
      `insert into app.channel_product (institution_id, id, provider, kind, name, currencies, position, created_at)
       values ($1, $2, 'sandbox', $3, $4, $5, $6, $7)`,
      [
        id,
        newId("chp", house.clock.now(), house.random),
        kind,
        name,
        values.currencies ?? ["AUD", "JPY", "USD", "KWD"],
        position,
        house.clock.now().toString(),
      ],
    );
  }
  return id;
}

async function hostOf(admin: pg.Client, institution: InstitutionId): Promise<string | undefined> {
  const { rows } = await admin.query<{ host: string | null }>("select host from app.institution where id = $1", [
    institution,
  ]);
  return rows[0]?.host ?? undefined;
}

/** A member of staff, signed in with both steps and a fresh proof, without the pages. */
async function staffBrowser(admin: pg.Client, house: House, app: Hono, institution: InstitutionId, role: Role) {
  const now = house.clock.now();
  const id: StaffId = newId("stf", now, house.random);
  const email = `${role.toLowerCase()}.${id.slice(-6)}@northbridge.example`;
  await admin.query(
    `insert into app.staff_member (institution_id, id, email, name, role, created_at, totp_confirmed_at)
     values ($1, $2, $3, $4, $5, $6, $6)`,
    [institution, id, email, `Priya ${role}`, role, now.toString()],
  );
  const token = await openSession(admin, house, institution, { face: "staff", email, staff: id });
  const browser = new Browser(app, house.origin, await hostOf(admin, institution)).with(sessionCookie.staff, token);
  return Object.assign(browser, { staffId: id, token, email });
}

/** A customer's browser, signed in with the address that stands on the customer. */
async function customerBrowser(
  admin: pg.Client,
  house: House,
  app: Hono,
  institution: InstitutionId,
  customer: CustomerId,
) {
  const { rows } = await admin.query<{ email: string }>(
    "select email from app.customer where institution_id = $1 and id = $2",
    [institution, customer],
  );
  const email = rows[0]?.email ?? "";
  const token = await openSession(admin, house, institution, { face: "customer", email, customer });
  const browser = new Browser(app, house.origin, await hostOf(admin, institution)).with(sessionCookie.customer, token);
  return Object.assign(browser, { token, email });
}

async function partnerBrowser(
  admin: pg.Client,
  house: House,
  app: Hono,
  institution: InstitutionId,
  partnership: string,
  rights: readonly ContactRight[],
) {
  const contact: ContactId = newId("con", house.clock.now(), house.random);
  const email = `${contact.slice(-8)}@partners.example`;
  await admin.query(
    `insert into app.contact (institution_id, id, partnership_id, name, email, rights, created_at, updated_at)
     values ($1, $2, $3, 'Ahmed Sharma', $4, $5, $6, $6)`,
    [institution, contact, partnership, email, rights, house.clock.now().toString()],
  );
  const token = await openSession(admin, house, institution, { face: "partner", email, partnership });
  const browser = new Browser(app, house.origin, await hostOf(admin, institution)).with(sessionCookie.partner, token);
  return Object.assign(browser, { contactId: contact, token, email });
}

async function memberBrowser(
  admin: pg.Client,
  house: House,
  app: Hono,
  institution: InstitutionId,
  partnership: string,
  role: Role,
) {
  const now = house.clock.now();
  const member: MemberId = newId("mbr", now, house.random);
  const email = `${member.slice(-8)}@members.example`;
  await admin.query(
    `insert into app.workspace (institution_id, id, partnership_id, name, provisioned_by, created_at)
     values ($1, $2, $3, 'Sample account', 'test', $4) on conflict (institution_id, partnership_id) do nothing`,
    [institution, newId("wsp", now, house.random), partnership, now.toString()],
  );
  await admin.query(
    `insert into app.member (institution_id, id, partnership_id, name, email, role, created_at, updated_at)
     values ($1, $2, $3, 'Rosa Weber', $4, $5, $6, $6)`,
    [institution, member, partnership, email, role, now.toString()],
  );
  const token = await openSession(admin, house, institution, { face: "partner", email, partnership });
  const browser = new Browser(app, house.origin, await hostOf(admin, institution)).with(sessionCookie.partner, token);
  return Object.assign(browser, { memberId: member, token, email });
}

type SessionValues = {
  face: "staff" | "customer" | "partner";
  email: string;
  staff?: StaffId;
  customer?: CustomerId;
  partnership?: string;
};

async function openSession(
  admin: pg.Client,
  house: House,
  institution: InstitutionId,
  values: SessionValues,
): Promise<string> {
  const token = secretToken(house.random);
  const now = house.clock.now();
  await admin.query(
    `insert into app.session (institution_id, id, token_hash, face, email, staff_id, customer_id, partnership_id,
      stepped_up_at, created_at, last_seen_at, idle_seconds, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9, 86400, $10)`,
    [
      institution,
      newId("ses", now, house.random),
      tokenHash(token),
      values.face,
      values.email,
      values.staff ?? null,
      values.customer ?? null,
      values.partnership ?? null,
      now.toString(),
      now.add({ hours: 24 * 30 }).toString(),
    ],
  );
  return token;
}
