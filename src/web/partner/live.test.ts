import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { streamsPerSession } from "#http/live.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";

type Contact = Awaited<ReturnType<TestHouse["partner"]>>;
type Message = { readonly id: string; readonly event: string; readonly data: string };

let h: TestHouse;
let world: PayoutWorld;
let contact: Contact;
const open = new Set<Stream>();

beforeEach(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  contact = await h.partner(world.institution, world.partner);
});
afterEach(async () => {
  for (const stream of open) await stream.leave();
  open.clear();
  await h.close();
});

/** A stream as a browser reads it. */
class Stream {
  readonly status: number;
  readonly headers: Headers;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #text = "";

  constructor(response: Response) {
    this.status = response.status;
    this.headers = response.headers;
    this.#reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    open.add(this);
  }

  /** The next message; undefined when the stream has ended, or nothing was said in that time. */
  async next(milliseconds = 15_000): Promise<Message | "ended" | undefined> {
    const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), milliseconds).unref());
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const message = readMessage(block);
        if (message) return message;
        continue;
      }
      this.#pending ??= this.#reader?.read();
      const read = await Promise.race([this.#pending, late]);
      if (read === "late") return undefined;
      this.#pending = undefined;
      if (!read || read.done) return "ended";
      this.#text += new TextDecoder().decode(read.value);
    }
  }
  #pending: ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]> | undefined;

  async leave(): Promise<void> {
    await this.#reader?.cancel();
  }
}

/** Comments say nothing but that the stream is there. */
function readMessage(block: string): Message | undefined {
  const lines = block.split("\n").filter((line) => !line.startsWith(":"));
  if (lines.length === 0) return undefined;
  const of = (name: string) =>
    lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  return { id: of("id").join(""), event: of("event").join(""), data: of("data").join("\n") };
}

async function connect(path: string, who: Contact = contact, headers: Record<string, string> = {}): Promise<Stream> {
  const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const accept = "text/html, text/event-stream";
  const request = new Request(`${h.house.origin}${path}`, { headers: { cookie, accept, ...headers } });
  return new Stream(await h.app.fetch(request));
}

/** The address that a page connects to: it says what the page shows already. */
async function addressIn(path: string): Promise<string> {
  const { text } = await contact.get(path);
  return /hx-sse:connect="([^"]+)"/.exec(text)?.[1]?.replaceAll("&amp;", "&") ?? "";
}

describe("P6: the partner's pages update themselves", () => {
  test.each(["/partner", "/partner/payouts"])(
    "%s hears of a share as soon as its payment is paid in full",
    async (path) => {
      const stream = await connect(await addressIn(path));
      expect(stream.status).toBe(200);
      expect(stream.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
      expect(stream.headers.get("cache-control")).toBe("no-store");
      await world.earn(100_000n);
      await world.look();
      const message = await stream.next();
      expect(message).toMatchObject({ event: "" });
      expect(JSON.stringify(message)).toContain("PO-000001");
      expect(JSON.stringify(message)).toContain('hx-target=\\"#live-figures\\"');
    },
  );

  test("a payout's page hears that it was approved, sent and paid", async () => {
    await world.account();
    await world.earn(100_000n);
    await world.look();
    const stream = await connect(await addressIn("/partner/payouts/1"));
    await h.admin.query("update app.payout set state = 'in_review' where partnership_id = $1", [world.partner]);
    expect(JSON.stringify(await stream.next())).toContain("In review");
    await h.admin.query("update app.payout set state = 'paid', paid_at = $2 where partnership_id = $1", [
      world.partner,
      h.clock.now().toString(),
    ]);
    expect(JSON.stringify(await stream.next())).toContain("Arrived at your bank");
  });

  test("nothing is said when nothing changed that the partner sees, or when it is another's", async () => {
    const payment = await world.earn(100_000n);
    await world.look();
    const stream = await connect(await addressIn("/partner/payouts"));
    // A part payment and a new discount of other payments, who approved, and a notice about nothing.
    const other = await world.payment(await world.customer("Ben"), {
      list: 500_000n,
      allowPart: true,
      shareBps: 1_000,
    });
    await h.admin.query("update app.payment set state = 'partially_paid', paid_minor = 1 where id = $1", [other]);
    await h.admin.query("update app.payment set updated_at = now() where id = $1", [payment]);
    await h.admin.query("update app.payout set approved_by = 'somebody' where partnership_id = $1", [world.partner]);
    await h.admin.query("select pg_notify('portico_partner', $1)", [world.partner]);
    await h.admin.query("select pg_notify('portico_partner', 'prt_other')");
    expect(await stream.next(1_000)).toBeUndefined();
  });

  test("who comes back with what was said last is told only what is new", async () => {
    await world.earn(100_000n);
    await world.look();
    const stale = await connect("/partner/live?of=payouts&known=nothing");
    const message = await stale.next();
    const id = typeof message === "object" ? message.id : "";
    expect(id).toMatch(/^[\w-]{22}$/);
    const fresh = await connect("/partner/live?of=payouts&known=nothing", contact, { "last-event-id": id });
    expect(await fresh.next(700)).toBeUndefined();
  });
});

test("a listening connection that is lost is opened again, and what happened meanwhile is told", async () => {
  const stream = await connect(await addressIn("/partner/payouts"));
  expect(await stream.next(500)).toBeUndefined();
  const { rowCount } = await h.admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen %'`,
  );
  expect(rowCount).toBe(1);
  await world.earn(100_000n);
  await world.look();
  expect(JSON.stringify(await stream.next())).toContain("PO-000001");
});

describe("a stream ends when it must", () => {
  const gone = async (stream: Stream) => {
    const farewell = await stream.next();
    expect(JSON.stringify(farewell)).toContain("This page is no longer updated");
    expect(await stream.next()).toMatchObject({ event: "end" });
    expect(await stream.next()).toBe("ended");
  };

  test("when the contact is removed or restricted or signed out, and what stood there is taken away", async () => {
    await world.earn(100_000n);
    await world.look();
    const ends = [
      "update app.contact set removed_at = now() where id = $1",
      "update app.contact set access_on = false where id = $1",
      "update app.contact set rights = '{pay}' where id = $1",
      `update app.session set ended_at = now()
        where email = (select c.email from app.contact c where c.id = $1)`,
    ];
    const streams = [];
    for (const statement of ends) {
      const other = await h.partner(world.institution, world.partner);
      const stream = await connect(await addressIn("/partner/payouts"), other);
      expect(await stream.next(300)).toBeUndefined();
      streams.push(stream);
      await h.admin.query(statement, [other.contactId]);
    }
    // Nothing notices the change but the stream's own look, every three seconds.
    await Promise.all(streams.map(gone));
  });

  test("401 with a status that script understands, and no page, to who comes back afterwards", async () => {
    await h.admin.query("update app.contact set removed_at = now() where id = $1", [contact.contactId]);
    const refused = await connect("/partner/live?of=payouts");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect((await contact.get("/partner/live?of=payouts")).location).toMatch(/^\/partner\/sign-in/);
  });

  test("when the program ends; a new one is refused with a time to come back", async () => {
    const stream = await connect("/partner/live?of=overview&known=x");
    h.house.live.drain();
    await stream.next();
    expect(await stream.next()).toBe("ended");
    const late = await connect("/partner/live?of=overview");
    expect([late.status, late.headers.get("retry-after")]).toEqual([503, "5"]);
  });

  test("a session has only so many at once, and one that was left makes room", async () => {
    const streams = [];
    for (let index = 0; index < streamsPerSession; index++) streams.push(await connect("/partner/live?of=payouts"));
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    expect((await connect("/partner/live?of=payouts")).status).toBe(429);
    await streams[0]?.leave();
    expect((await connect("/partner/live?of=payouts")).status).toBe(200);
  });

  test("HEAD opens none, and asked without Accept: text/event-stream it says once what there is", async () => {
    const cookie = [...contact.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    for (let index = 0; index <= streamsPerSession; index++) {
      const headers = { cookie, accept: "text/event-stream" };
      const head = new Request(`${h.house.origin}/partner/live`, { method: "HEAD", headers });
      expect((await h.app.fetch(head)).status).toBe(200);
    }
    const once = await contact.get("/partner/live?of=payouts");
    expect(once.text).toMatch(/^id: [\w-]{22}\ndata: <hx-partial hx-target="#live-figures"/);
  });
});
