import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { setupCodeOf } from "#features/institution/setup-code.ts";
import { codeAt } from "#features/security/totp.ts";
import { sessionCookie } from "#http/cookies.ts";
import { newId } from "#kernel/ids.ts";
import { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { offered } from "./support/sign-in.ts";

// S1: the first run, from an empty database to live.
let h: TestHouse;
beforeEach(async () => {
  h = await testHouse();
});
afterEach(() => h.close());

const form = {
  name: "Southgate Language School",
  country: "NZ",
  time_zone: "Pacific/Auckland",
  currency: "NZD",
  more: ["AUD", "JPY"],
  owner: "Mere Walker",
  email: "Mere.Walker@southgate.example",
  password: "seven wet umbrellas",
  again: "seven wet umbrellas",
};

async function setUp(browser: Browser, fields: Record<string, string | string[]> = form): Promise<Uint8Array> {
  const begun = await browser.post("/setup", fields);
  expect([begun.status, begun.location]).toEqual([303, "/staff/two-step/new?return_to=%2Fstaff%2Fsetup"]);
  const { offer, secret } = offered(await browser.get(begun.location));
  const code = codeAt(secret, h.clock.now());
  const done = await browser.post("/staff/two-step/new", { offer, code, return_to: "/staff/setup" });
  expect(done.status).toBe(200);
  expect(done.text).toContain('href="/staff/setup"');
  return secret;
}

describe("set-up", () => {
  test("is where every page leads while there is no institution", async () => {
    for (const path of ["/sign-in", "/staff/sign-in"]) expect((await h.browser().get(path)).location).toBe("/setup");
    expect((await h.browser().get("/setup")).status).toBe(200);
  });

  test("is not what a host leads to that belongs to none of several institutions: 421, and a page that says so", async () => {
    const [north, south] = [
      await h.institution({ host: "north.example" }),
      await h.institution({ host: "south.example" }),
    ];
    expect(north).not.toBe(south);
    const stranger = new Browser(h.app, h.house.origin, "stranger.example");
    for (const path of ["/setup", "/sign-in", "/staff/sign-in"]) {
      const shown = await stranger.get(path);
      expect([shown.status, shown.location], path).toEqual([421, ""]);
      expect(shown.text).toContain("There is no portal at this address");
    }
    const arabic = await stranger.get("/sign-in", { "accept-language": "ar" });
    expect(arabic.text).toContain("لا توجد بوابة على هذا العنوان");
    // Every page of this address would say the same.
    expect(arabic.text).not.toContain('href="/overview"');
    expect((await stranger.post("/setup", form)).status).toBe(421);
    expect((await stranger.post("/events/sandbox")).status).toBe(421);
    expect((await new Browser(h.app, h.house.origin, "south.example").get("/sign-in")).status).toBe(200);
  });

  test("makes the institution, its owner and the sandbox methods; then two-step, then the list of steps", async () => {
    const browser = h.browser();
    await setUp(browser);
    const { rows } =
      await h.admin.query(`select i.name, i.country, i.time_zone, i.currencies, i.tax_name, i.tax_bps, i.live_at,
        i.is_demo, m.email, m.role, m.totp_confirmed_at is not null as two_step
      from app.institution i join app.staff_member m on m.institution_id = i.id`);
    expect(rows).toEqual([
      {
        name: "Southgate Language School",
        country: "NZ",
        time_zone: "Pacific/Auckland",
        currencies: ["NZD", "AUD", "JPY"],
        tax_name: "GST",
        tax_bps: 1_500,
        live_at: null,
        is_demo: false,
        email: "mere.walker@southgate.example",
        role: "OWNER",
        two_step: true,
      },
    ]);
    const products = await h.admin.query(
      "select kind, provider, currencies from app.channel_product order by position",
    );
    const currencies = ["NZD", "AUD", "JPY"];
    expect(products.rows).toEqual([
      { kind: "card", provider: "sandbox", currencies },
      { kind: "bank_transfer", provider: "sandbox", currencies },
    ]);
    const list = await browser.get("/staff/setup");
    expect(list.status).toBe(200);
    expect(list.text).toContain("The institution’s details");
    const events = await h.admin.query("select event from app.audit_entry order by seq");
    expect(events.rows.map((row) => row.event)).toContain("institution.created");
  });

  test("without two-step finished opens nothing", async () => {
    const browser = h.browser();
    await browser.post("/setup", form);
    expect((await browser.get("/staff/setup")).location).toContain("/staff/sign-in");
    // Coming back later with the password goes on where it stopped.
    const later = h.browser();
    await later.post("/staff/sign-in", { email: form.email, password: form.password });
    expect((await later.get("/staff/two-step")).location).toBe("/staff/two-step/new");
  });

  test("is gone once there is an institution: no page, no second owner", async () => {
    await setUp(h.browser());
    const stranger = h.browser();
    expect((await stranger.get("/setup")).status).toBe(404);
    expect((await stranger.post("/setup", { ...form, email: "eve@evil.example" })).status).toBe(404);
    expect((await stranger.post("/setup", {})).status).toBe(404);
    const { rows } = await h.admin.query("select count(*)::int as n from app.staff_member");
    expect(rows[0].n).toBe(1);
  });

  test("of ten at once makes one institution", async () => {
    const browsers = Array.from({ length: 10 }, () => h.browser());
    const shown = await Promise.all(
      browsers.map((browser, n) => browser.post("/setup", { ...form, email: `o${n}@a.example` })),
    );
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 404)).toHaveLength(9);
    expect(browsers.filter((browser) => browser.cookies.has(sessionCookie.staff))).toHaveLength(1);
    const { rows } = await h.admin.query(
      `select (select count(*)::int from app.institution) as institutions,
        (select count(*)::int from app.staff_member) as staff`,
    );
    expect(rows[0]).toEqual({ institutions: 1, staff: 1 });
  });

  test("says what is wrong beside the field, keeps what was typed, and never shows a password again", async () => {
    const bad = { ...form, name: " ", country: "XX", time_zone: "Mars/Olympus", currency: "BTC", email: "nobody" };
    const shown = await h.browser().post("/setup", bad);
    expect(shown.status).toBe(422);
    for (const words of ["Write the institution", "Choose a country", "Choose a time zone", "Choose a currency"]) {
      expect(shown.text).toContain(words);
    }
    const weak = await h.browser().post("/setup", { ...form, password: "southgate1", again: "southgate1" });
    expect(weak.status).toBe(422);
    expect(weak.text).toContain("Mere Walker");
    expect(weak.text).toContain('value="NZD" selected');
    expect(weak.text).not.toContain("southgate1");
  });

  test("in production asks for the code that was printed at start", async () => {
    const house = await testHouse({ config: { production: true }, origin: "https://pay.southgate.example" });
    try {
      const browser = house.browser();
      expect((await browser.get("/setup")).text).toContain("Set-up code");
      for (const setup_code of ["", "0000-0000-0000", setupCodeOf(house.house.keys).slice(1)]) {
        expect((await browser.post("/setup", { ...form, setup_code })).status).toBe(422);
      }
      expect((await house.admin.query("select from app.institution")).rowCount).toBe(0);
      const typed = setupCodeOf(house.house.keys).toUpperCase().replaceAll("-", " ");
      const begun = await browser.post("/setup", { ...form, setup_code: typed });
      expect(begun.status).toBe(303);
      const cookies = begun.headers.getSetCookie();
      expect(cookies[0]).toMatch(/^__Host-portico-staff=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
      expect(begun.headers.get("strict-transport-security")).toContain("max-age=31536000");
    } finally {
      await house.close();
    }
  });
});

describe("the checklist", () => {
  test("reads what is done from the rows, and lets go live once what customers need is there", async () => {
    const browser = h.browser();
    await setUp(browser);
    const early = await browser.post("/staff/setup/live");
    expect(early.status).toBe(409);
    const details = {
      name: form.name,
      legal_name: "Southgate Language School Limited",
      registration_label: "NZBN",
      registration_number: "9429 0000 0001",
      address: "1 Quay Street\r\nAuckland 1010",
      contact_email: "pay@southgate.example",
      contact_phone: "",
      time_zone: "Pacific/Auckland",
      due_window_days: "14",
      brand_colour: "#FFDD00",
    };
    expect((await browser.post("/staff/settings/institution", details)).location).toBe(
      "/staff/settings/institution?done=saved",
    );
    const { rows } = await h.admin.query("select address, brand_colour, due_window_days from app.institution");
    expect(rows[0]).toEqual({ address: "1 Quay Street\nAuckland 1010", brand_colour: "#ffdd00", due_window_days: 14 });
    expect((await browser.get("/staff/setup")).text).toContain("filled in");
    await h.admin.query("update app.channel_product set state = 'inactive'");
    expect((await browser.post("/staff/setup/live")).status).toBe(409);
    await h.admin.query("update app.channel_product set state = 'active'");
    await h.admin.query(
      `insert into app.customer (institution_id, id, given_name, created_at, updated_at)
       select id, $1, 'Ana', $2, $2 from app.institution`,
      [newId("cus", h.clock.now(), h.random), h.clock.now().toString()],
    );
    expect((await browser.get("/staff/setup")).text).toContain("There are customers");
    expect((await browser.post("/staff/setup/live")).location).toBe("/staff/setup?done=live");
    const live = await h.admin.query("select live_at from app.institution");
    expect(String(live.rows[0].live_at)).toBe(h.clock.now().toString());
    h.clock.advance({ minutes: 1 });
    await browser.post("/staff/setup/live");
    expect(String((await h.admin.query("select live_at from app.institution")).rows[0].live_at)).not.toBe(
      h.clock.now().toString(),
    );
  });

  test("the details refuse what can't be, and a viewer changes nothing", async () => {
    await setUp(h.browser());
    const { rows } = await h.admin.query("select id from app.institution");
    const viewer = await h.staff(rows[0].id, "VIEWER");
    expect((await viewer.get("/staff/settings/institution")).status).toBe(200);
    expect((await viewer.post("/staff/settings/institution", { name: "Mine" })).status).toBe(403);
    const admin = await h.staff(rows[0].id, "ADMIN");
    const bad = {
      name: "x".repeat(201),
      due_window_days: "366",
      brand_colour: "red;}",
      time_zone: "+10:00",
      contact_email: "a\r\nb",
    };
    const shown = await admin.post("/staff/settings/institution", bad);
    expect(shown.status).toBe(422);
    for (const words of ["at most 200", "from 0 to 365", "#0d5c4b", "Choose a time zone"])
      expect(shown.text).toContain(words);
  });
});
