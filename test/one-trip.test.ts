import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { inOneTrip } from "#platform/tx.ts";
import type { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { customersOf } from "./support/sign-in.ts";

// Pages whose statements leave before it is known who asks, and settings that are kept between requests
// (access.md 2 and 9).
let h: TestHouse;
let institution: InstitutionId;
let way: ReturnType<typeof customersOf>;
let id: string;
let browser: Browser;

const opening = () => ({ as: "customer" as const, token: browser.cookies.get(sessionCookie.customer) ?? "" });
const seen = "select last_seen_at::text as at from app.session where customer_id = $1 and ended_at is null";

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution({ host: "127.0.0.1:8080" });
  way = customersOf(h, institution);
  const customer = await way.customer();
  id = customer.id;
  browser = h.browser();
  await browser.post((await way.asked(browser, customer.email)).path);
});
afterAll(() => h.close());

describe("what is asked before it is known who asks", () => {
  test("reads the rows of the customer whose session it is", async () => {
    const rows = await inOneTrip(h.house, opening(), async ({ db }, who) => {
      const found = await sql<{ id: string }>`select id from app.customer`.execute(db);
      expect((await who).principal).toMatchObject({ kind: "customer", customer: id });
      return found.rows;
    });
    expect(rows).toEqual([{ id }]);
  });

  test("finds no row of anybody for a token that opens nothing, and its page is never drawn", async () => {
    let found: Promise<{ rows: unknown[] }> | undefined;
    const asking = inOneTrip(h.house, { as: "customer", token: "x".repeat(43) }, async ({ db }) => {
      found = sql`select id from app.customer union all select id from app.payment`.execute(db);
      return await found;
    });
    await expect(asking).rejects.toMatchObject({ code: "sign-in.required" });
    expect((await found)?.rows).toEqual([]);
  });

  test("is all of it: asking once the answers are there is refused, whoever has the connection then", async () => {
    const asking = inOneTrip(h.house, opening(), async (cx, who) => {
      await sql`select 1`.execute(cx.db);
      await who;
      return await sql`select id from app.customer`.execute(cx.db);
    });
    await expect(asking).rejects.toThrow("the trip has left");
  });

  test("a statement that fails gives back its place in the pool, and the next page is served", async () => {
    for (let time = 0; time < 20; time++) {
      await expect(
        inOneTrip(h.house, opening(), async ({ db }) => await sql`select 1 / 0`.execute(db)),
      ).rejects.toMatchObject({ code: "22012" });
    }
    expect((await browser.get("/overview")).status).toBe(200);
  });

  test("an answer or a value that can't be read or written fails its page alone, and no place in the pool is lost", async () => {
    for (let time = 0; time < 8; time++) {
      const unreadable = inOneTrip(h.house, opening(), async ({ db }) => {
        const [, rest] = await Promise.all([
          sql`select 'infinity'::timestamptz as at`.execute(db),
          sql`select 1 as one`.execute(db),
        ]);
        return rest;
      });
      await expect(unreadable).rejects.toThrow(RangeError);
      const unwritable = inOneTrip(h.house, opening(), async ({ db }) => sql`select ${{ a: 1n }}::jsonb`.execute(db));
      await expect(unwritable).rejects.toThrow("BigInt");
    }
    expect((await browser.get("/overview")).status).toBe(200);
  });

  test("a connection that is lost under way fails the trip, read-only too, and nothing else", async () => {
    const asking = inOneTrip(h.house, { ...opening(), readOnly: true }, async ({ db }) =>
      sql`select pg_terminate_backend(pg_backend_pid())`.execute(db),
    );
    await expect(asking).rejects.toMatchObject({ code: "unavailable" });
    expect((await browser.get("/overview")).status).toBe(200);
  });

  test("who may not ask is told so, whatever the question did", async () => {
    const asking = inOneTrip(h.house, { as: "customer", token: "y".repeat(43) }, async ({ db }) =>
      sql`select 1 / 0`.execute(db),
    );
    await expect(asking).rejects.toMatchObject({ code: "sign-in.required" });
  });

  test("a page opened so says when the session was last seen, once a minute at most", async () => {
    h.clock.advance({ minutes: 5 });
    await browser.get("/overview");
    const { rows } = await h.admin.query<{ at: string }>(seen, [id]);
    expect(Temporal.Instant.from((rows[0]?.at ?? "").replace(" ", "T")).equals(h.clock.now())).toBe(true);
    h.clock.advance({ seconds: 50 });
    await browser.get("/overview");
    expect((await h.admin.query(seen, [id])).rows).toEqual(rows);
  });
});

describe("an institution's settings", () => {
  test("are new at the next request after a change, on pages of either kind", async () => {
    for (const name of ["Harbour College", "Lakeside College"]) {
      await browser.get("/overview");
      await h.admin.query("update app.institution set name = $2 where id = $1", [institution, name]);
      expect((await browser.get("/overview")).text).toContain(name);
      await h.admin.query("update app.institution set name = $2 where id = $1", [institution, `${name} 2`]);
      expect((await browser.get("/profile/sessions")).text).toContain(`${name} 2`);
    }
  });

  test("many pages at once after a change wait for nobody's connection", async () => {
    await h.admin.query("update app.institution set name = 'Busy College' where id = $1", [institution]);
    const pages = await Promise.all(Array.from({ length: 40 }, () => browser.get("/overview")));
    expect(pages.every((page) => page.status === 200 && page.text.includes("Busy College"))).toBe(true);
  });
});

describe("an ended session", () => {
  test("is refused on pages that ask ahead, at the next request", async () => {
    expect((await browser.get("/payments")).status).toBe(200);
    await h.admin.query("update app.session set ended_at = now() where customer_id = $1", [id]);
    const answer = await browser.get("/payments");
    expect([answer.status, answer.location]).toEqual([303, "/sign-in?return_to=%2Fpayments"]);
  });
});
