import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { upsertContacts } from "#features/partnerships/upsert-contacts.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { partnerRow, paymentsGround } from "../../../test/support/payments.ts";

const { ground, run } = await paymentsGround();
afterAll(() => ground.end());

test("partnerships and contacts: created, unchanged, updated; a removed contact stays removed", async () => {
  const rows = [
    partnerRow("P100"),
    partnerRow("P101", { kind: "friend", commission_percent: "101", tax_registered: "maybe" }),
  ];
  const sendPartners = (given = rows) => run((cx, may) => upsertPartnerships(cx, may.partnerships, given));
  expect((await sendPartners()).map((one) => one.outcome)).toEqual(["created", "bad"]);
  expect((await sendPartners()).map((one) => one.outcome)).toEqual(["unchanged", "bad"]);
  expect((await sendPartners([partnerRow("P100", { name: "New" })])).map((one) => one.outcome)).toEqual(["updated"]);
  const contacts = [
    { partnership_external_id: "P100", name: "Ahmed", email: "A@p.example", phone: "+61 1", rights: "pay|view" },
    { partnership_external_id: "P100", name: "Again", email: "a@P.example" },
    { partnership_external_id: "P404", name: "Lost", email: "l@p.example", rights: "fly" },
  ];
  const sendContacts = () => run((cx, may) => upsertContacts(cx, may.partnerships, contacts));
  expect((await sendContacts()).map((one) => one.outcome)).toEqual(["created", "bad", "bad"]);
  expect((await sendContacts()).map((one) => one.outcome)).toEqual(["unchanged", "bad", "bad"]);
  await run((cx) => sql`update app.contact set removed_at = ${cx.now}`.execute(cx.db));
  expect((await sendContacts())[0]).toMatchObject({
    outcome: "bad",
    problems: [{ reason: expect.stringMatching(/removed/) }],
  });
});
