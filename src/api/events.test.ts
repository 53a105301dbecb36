import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sign, signatureHeader } from "#providers/sandbox/signature.ts";
import { type TestHouse, testHouse } from "../../test/support/house.ts";
import { count, expectBooksInOrder } from "../../test/support/money.ts";

let h: TestHouse;
let institution: InstitutionId;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
}, 60_000);
afterAll(async () => await h?.close());

type Sent = { body?: string; at?: Temporal.Instant; signature?: string | undefined; provider?: string };

async function send({ body = event("ev_1"), at = h.clock.now(), signature, provider = "sandbox" }: Sent) {
  const signed = signature ?? sign(h.house.keys, institution, body, at);
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (signed !== "") headers[signatureHeader] = signed;
  const request = new Request(`http://127.0.0.1:8080/events/${provider}`, { method: "POST", headers, body });
  return await h.app.fetch(request);
}

function event(id: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ id, type: "charge.changed", ref: "ch_unknown", ...more });
}

describe("the door for a provider's events", () => {
  test("401: no signature, a wrong one, one over other bytes, or by the key of another institution", async () => {
    const body = event("ev_bad");
    const good = sign(h.house.keys, institution, body, h.clock.now());
    const foreign = sign(h.house.keys, "inst_00000000000000000000000000", body, h.clock.now());
    const wrong = ["", "nonsense", good.replace(/.$/, (sign) => (sign === "0" ? "1" : "0")), foreign, `${good},v1=00`];
    for (const signature of wrong) {
      const answer = await send({ body, signature });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: "signature.invalid" });
    }
    expect((await send({ body: `${body} `, signature: good })).status).toBe(401);
    expect(await count(h, "app.provider_event", "event_id = 'ev_bad'")).toBe(0);
  });

  test("401: signed 301 seconds ago or ahead; 300 seconds are fine", async () => {
    for (const seconds of [-301, 301]) {
      expect((await send({ body: event("ev_old"), at: h.clock.now().add({ seconds }) })).status).toBe(401);
    }
    for (const seconds of [-300, 300]) {
      expect((await send({ body: event(`ev_edge${seconds}`), at: h.clock.now().add({ seconds }) })).status).toBe(202);
    }
    expect(await count(h, "app.provider_event", "event_id = 'ev_old'")).toBe(0);
  });

  test("the same event ten times at once is kept and looked into once", async () => {
    const body = event("ev_again");
    const answers = await Promise.all(Array.from({ length: 10 }, () => send({ body })));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 202));
    await h.drain();
    expect(await count(h, "app.provider_event", "event_id = 'ev_again' and processed_at is not null")).toBe(1);
  });

  test("unknown references and unknown types are answered, kept, and move nothing", async () => {
    const bodies = [
      event("ev_u1"),
      event("ev_u2", { type: "credit.received", ref: "cr_unknown" }),
      event("ev_u3", { type: "refund.changed", ref: "re_unknown" }),
      event("ev_u4", { type: "payout.paid" }),
      event("ev_u5", { ref: { $ne: 1 } }),
      event("ev_u6", { ref: "../../etc", __proto__: { ref: "x" } }),
    ];
    for (const body of bodies) expect((await send({ body })).status).toBe(202);
    await h.drain();
    expect(await count(h, "app.provider_event", "event_id like 'ev_u%' and processed_at is not null")).toBe(6);
    expect(await count(h, "app.money_received", "true")).toBe(0);
    await expectBooksInOrder(h, institution);
  });

  test("400: a signed body that is no event", async () => {
    for (const body of ["", "[]", "null", "{", '{"id":1}', `{"id":"${"x".repeat(200)}"}`, "\u0000"]) {
      expect((await send({ body })).status).toBe(400);
    }
  });

  test("404: a provider that this installation does not know; 405: GET; 413: a body without end", async () => {
    expect((await send({ provider: "stripe" })).status).toBe(404);
    expect((await h.app.fetch(new Request("http://127.0.0.1:8080/events/sandbox"))).status).toBe(405);
    expect((await send({ body: "x".repeat(300_000) })).status).toBe(413);
  });
});
