import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { maskName } from "#features/wallets/wallet.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { plain } from "../../../../test/support/transfer-pages.ts";
import { type TransferWorld, transferWorld } from "../../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;
let home: string;

beforeEach(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  home = `/partner/wallets/${world.from.number}`;
});
afterEach(() => h.close());

/** A transfer of the member's from the first wallet to the other partner's, confirmed on its page. */
async function transfer(minor: string, reference = "Rent"): Promise<void> {
  const { from, to, member } = world;
  const asked = { wallet: from.number, route: "wallet", to: to.number, amount: minor, reference };
  const sent = await member.post("/partner/transfers/new", asked);
  const check = await member.get(sent.location);
  const key = /name="key" value="([\w-]+)"/.exec(check.text)?.[1] ?? "";
  const done = await member.post(sent.location, { key });
  expect(done.status).toBe(303);
}

/** Rows of a CSV as lists of cells, the heading apart. */
function rowsOf(csv: string): string[][] {
  return csv
    .trim()
    .split("\r\n")
    .slice(1)
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, 15).map(([, cell = ""]) => cell));
}

describe("W2: a partner's own wallets", () => {
  test("each has a card with its number, state and what is available, pending and in all", async () => {
    await world.ask({ route: "wallet", waits: true, minor: 100_000n, fee: 150n });
    const text = plain((await world.member.get("/partner/wallets")).text);
    expect(text).toMatch(/General .*Active/);
    expect(text).toContain("AUD 998,998.50");
    expect(text).toContain("Pending 1,001.50");
    expect(text).toContain("Total 1,000,000.00");
  });

  test("where there is none the page says why and what comes next", async () => {
    await h.admin.query("delete from app.wallet_adjustment; delete from app.wallet");
    const { text } = await world.member.get("/partner/wallets");
    expect(text).toContain("You have no wallet yet");
    expect(text).toContain("mailto:pay@northbridge.example");
  });

  test("the page of one says how it is set up, and why it is frozen", async () => {
    await h.admin.query(
      "update app.wallet set state = 'frozen', state_why = 'A check of <papers>', state_at = $2 where id = $1",
      [world.from.id, h.clock.now().toString()],
    );
    const { text } = await world.member.get(home);
    expect(text).toContain("This wallet is frozen");
    expect(text).toContain("A check of &lt;papers&gt;");
    expect(text).toContain("don’t come to this wallet");
    expect(text).not.toContain("/partner/transfers/new?wallet=");
  });

  test("it offers a transfer to who may make one, and to nobody else", async () => {
    const viewer = await h.member(world.institution, world.partner, "VIEWER");
    expect((await world.member.get(home)).text).toContain(`/partner/transfers/new?wallet=${world.from.number}`);
    expect((await viewer.get(home)).text).not.toContain("/partner/transfers/new");
  });
});

describe("W3: what is in it", () => {
  test("pending money says what it waits for, where it goes and with which fee", async () => {
    await world.ask({ route: "wallet", minor: 900_000n, fee: 250n, waits: true });
    const text = plain((await world.member.get(home)).text);
    expect(text).toContain("Waits for approval by Northbridge College");
    expect(text).toContain(`To ${maskName("Kestrel Schools")}`.slice(0, 3));
    expect(text).toContain("AUD 9,002.50 with a fee of 2.50");
    expect(text).toContain("AUD 990,997.50");
  });

  test("the chart says in words and as a table what it draws", async () => {
    h.clock.advance({ hours: 24 * 3 });
    await world.fund(world.from, 5_000n);
    const later = await h.member(world.institution, world.partner);
    const text = plain((await later.get(home)).text);
    expect(text).toContain(
      "From AUD 0.00 on 20 Nov 2026 to AUD 1,000,050.00 on 24 Nov 2026; lowest AUD 0.00 on 20 Nov 2026, " +
        "highest AUD 1,000,050.00 on 24 Nov 2026",
    );
    expect(text).toMatch(/23 Nov 2026 AUD 1,000,000.00 24 Nov 2026 AUD 1,000,050.00/);
    expect((await later.get(`${home}?span=months`)).text).toContain('aria-current="true">12 months');
  });

  test("an open page hears of a transfer on both sides, and of a wallet that is frozen", async () => {
    const read = async (who: typeof world.member, number: string) =>
      (await who.get(`/partner/wallets/live?number=${number}`)).text;
    const before = await read(world.receiver, world.to.number);
    await transfer("12.34");
    const after = await read(world.receiver, world.to.number);
    expect(after.split("\n")[0]).not.toBe(before.split("\n")[0]);
    expect(after).toContain("12");
    expect(await read(world.member, world.from.number)).toContain("999,987");
    expect((await world.member.get("/partner/wallets/live")).text).toContain("999,987");
  });
});

describe("W4: flows", () => {
  test("each has kind, counterparty, reference, amount and balance after; other holders are masked", async () => {
    await transfer("100.00", "Autumn <b>rent</b>");
    const { text } = await world.member.get(`${home}/flows`);
    expect(text).toContain("Autumn &lt;b&gt;rent&lt;/b&gt;");
    expect(plain(text)).toContain(maskName("Kestrel Schools"));
    expect(text).not.toContain("Kestrel");
    expect(plain(text)).toContain("−100.00");
    expect(plain(text)).toContain("AUD 999,900.00");
    const theirs = await world.receiver.get(`/partner/wallets/${world.to.number}/flows`);
    expect(plain(theirs.text)).toContain("100.00");
    expect(theirs.text).not.toMatch(/TR[0-9A-Z]{12}/);
    expect(theirs.text).not.toContain("Meridian");
  });

  test("the filters, the CSV and the PDF show exactly what passes", async () => {
    for (const [amount, reference] of [
      ["10.00", "One"],
      ["20.00", "Two"],
      ["30.00", "=3+4"],
    ] as const) {
      h.clock.advance({ minutes: 1 });
      await transfer(amount, reference);
    }
    const shown = async (query: string) => plain((await world.member.get(`${home}/flows?${query}`)).text);
    expect(await shown("amount=20")).toContain("−20.00");
    expect(await shown("amount=20")).not.toContain("−10.00");
    expect(await shown("least=15&most=25")).not.toContain("−30.00");
    expect(await shown("kind=adjustment")).not.toContain("−20.00");
    expect(await shown("direction=in")).toContain("To begin with");
    expect(await shown(`q=${world.to.number}`)).not.toContain("To begin with");
    expect(await shown("with=institution")).not.toContain("−20.00");
    expect(await shown("from=2027-01-01")).toContain("No flow fits these filters");
    const csv = await world.member.get(`${home}/flows.csv?kind=transfer&least=15`);
    expect(rowsOf(csv.text).map((row) => [row[0], row[8], row[11], row[12], row[13]])).toEqual([
      ["4", "'=3+4", "", "30.00", "999940.00"],
      ["3", "Two", "", "20.00", "999970.00"],
    ]);
    const pdf = await world.member.get(`${home}/flows.pdf?kind=transfer`);
    expect([pdf.status, pdf.text.slice(0, 5)]).toEqual([200, "%PDF-"]);
  });

  test("what can't be read in a filter does not count, and the page says so and keeps it", async () => {
    for (const query of [
      "amount=lots",
      "amount=20,00",
      "least=1e400",
      "q=12",
      "from=2026-13-40",
      "kind=everything",
      "before=x",
    ]) {
      const { status, text } = await world.member.get(`${home}/flows?${query}`);
      expect([status, text.includes("To begin with")]).toEqual([200, true]);
    }
    const { text } = await world.member.get(`${home}/flows?amount=%3Cb%3Elots&q=4821`);
    expect(text).toContain("“&lt;b&gt;lots” is no amount in AUD");
    expect(text).toContain("“4821” is no wallet number");
    expect(text).toContain('value="&lt;b&gt;lots"');
  });

  test("pages lead to older and newer flows and back to the same ones", async () => {
    for (let index = 0; index < 60; index++) await world.fund(world.from, BigInt(100 + index));
    const first = await world.member.get(`${home}/flows?kind=adjustment`);
    const older = /href="([^"]*before=\d+)"/.exec(first.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(older).toContain("kind=adjustment");
    const second = await world.member.get(older);
    expect(plain(second.text)).toContain("11 shown");
    const newer = /href="([^"]*after=\d+)"/.exec(second.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const rows = (html: string) => [...html.matchAll(/flows\/(\d+)"/g)].map(([, seq]) => seq);
    expect(rows((await world.member.get(newer)).text)).toEqual(rows(first.text));
  });
});

describe("X2: why this amount?", () => {
  test("a transfer opens to what is behind it and the entries of the own wallet alone", async () => {
    await transfer("100.00");
    const mine = await world.member.get(`${home}/flows/2`);
    expect(plain(mine.text)).toContain("You transferred this to another wallet.");
    expect(mine.text).toMatch(/\/partner\/transfers\/TR/);
    expect(plain(mine.text)).toContain("Balance before 1,000,000.00 Amount −100.00 Balance after AUD 999,900.00");
    const theirs = await world.receiver.get(`/partner/wallets/${world.to.number}/flows/1`);
    expect(plain(theirs.text)).toContain("Somebody transferred this to your wallet.");
    expect(theirs.text).not.toContain("999,900");
    expect(theirs.text).not.toMatch(/\/partner\/transfers\/TR/);
  });

  test("an adjustment says who put it in by hand, and why", async () => {
    const text = plain((await world.member.get(`${home}/flows/1`)).text);
    expect(text).toContain("Northbridge College put this in by hand.");
    expect(text).toContain("Reason To begin with");
  });

  test("404: a number that no flow has", async () => {
    for (const seq of ["2", "0", "99999999999999", "x"]) {
      expect((await world.member.get(`${home}/flows/${seq}`)).status).toBe(404);
    }
  });
});

describe("whose wallets", () => {
  test("the database masks a name as the pages do", async () => {
    for (const name of ["Kestrel Schools", "  A  ", "Zoë  Ångström-Li", "北 海道", ""]) {
      const { rows } = await h.admin.query<{ masked: string }>("select app.mask_name($1) as masked", [name]);
      expect(rows[0]?.masked).toBe(maskName(name));
    }
  });

  test("404: another partner's, and a number that nobody has, look alike", async () => {
    const nobody = world.from.number.replace(/^\d/, (digit) => String((Number(digit) % 9) + 1));
    for (const path of ["", "/flows", "/flows.csv", "/flows.pdf", "/flows/1"]) {
      for (const number of [world.to.number, nobody, "123"]) {
        expect((await world.member.get(`/partner/wallets/${number}${path}`)).status, `${number}${path}`).toBe(404);
      }
    }
    expect((await world.member.get(`/partner/wallets/live?number=${world.to.number}`)).status).toBe(404);
  });

  test("a contact who is no member has no wallets", async () => {
    const contact = await h.partner(world.institution, world.partner);
    for (const path of ["/partner/wallets", home, `${home}/flows`, `${home}/flows.csv`, "/partner/wallets/live"]) {
      expect((await contact.get(path)).status, path).toBe(403);
    }
    expect((await contact.get("/partner")).text).not.toContain('href="/partner/wallets"');
  });

  test("a filter by a wallet's number says the same of one that exists and one that does not", async () => {
    const unused = "482109375519";
    const [known, unknown] = [world.to.number, unused].map((number) => `${home}/flows?q=${number}`);
    const read = async (path = "") => plain((await world.member.get(path)).text).replaceAll(/\d{12}/g, "");
    expect(await read(known)).toBe(await read(unknown));
  });
});
