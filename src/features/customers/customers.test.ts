import { sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import { createCustomer } from "#features/customers/create-customer.ts";
import { editCustomer } from "#features/customers/edit-customer.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import { paymentsGround } from "../../../test/support/payments.ts";

const { ground, run, auditOf } = await paymentsGround();
afterAll(() => ground.end());

describe("customers", () => {
  test("422: no name, a bad address, an unknown language and zone; each said beside its field", async () => {
    const attempt = run((cx, may) =>
      createCustomer(cx, may.customers, {
        given_name: " ",
        family_name: "\u202e",
        email: "not-an-address",
        language: "xx-YY",
        time_zone: "Mars/Olympus",
        phone: "1".repeat(41),
        external_id: "C1",
        partnership: "prt_00000000000000000000000000",
      }),
    );
    await expect(attempt).rejects.toMatchObject({
      code: "form.invalid",
      fields: {
        email: expect.stringMatching(/whole e-mail address/),
        language: expect.stringMatching(/en-AU/),
        time_zone: expect.stringMatching(/Sydney/),
        phone: expect.stringMatching(/at most 40/),
        external_id: expect.stringMatching(/Another customer/),
        partnership: expect.stringMatching(/from the list/),
        family_name: "Write a name.",
      },
    });
  });

  test("markup is kept as text, control characters and huge texts are refused, an address is kept in one form", async () => {
    const one = await run((cx, may) =>
      createCustomer(cx, may.customers, {
        given_name: "<b>Zoë</b>",
        family_name: "=1+1",
        email: "Z.OE@Students.Example",
      }),
    );
    expect([one.name, one.email]).toEqual(["<b>Zoë</b> =1+1", "z.oe@students.example"]);
    const bad = (given_name: string) =>
      run((cx, may) => createCustomer(cx, may.customers, { given_name, family_name: "A" }));
    await expect(bad("x".repeat(100_000))).rejects.toMatchObject({
      fields: { given_name: expect.stringMatching(/at most 200/) },
    });
    await expect(bad("a\u0007b")).rejects.toMatchObject({
      fields: { given_name: expect.stringMatching(/can't be shown/) },
    });
    await expect(bad("a\nb")).rejects.toMatchObject({ fields: { given_name: expect.stringMatching(/line break/) } });
  });

  test("an edit says what changed; one that changes nothing is not logged", async () => {
    const one = await run((cx, may) =>
      createCustomer(cx, may.customers, { family_name: "Edited", email: "a@b.example" }),
    );
    const same = { family_name: "Edited", email: "A@b.example", language: one.language, time_zone: one.timeZone };
    await run((cx, may) => editCustomer(cx, may.customers, one.id, same));
    expect(await auditOf(one.id)).toEqual(["customer.created"]);
    await run((cx, may) => editCustomer(cx, may.customers, one.id, { ...same, email: "" }));
    expect(await auditOf(one.id)).toEqual(["customer.created", "customer.edited"]);
  });

  test("rows of a file: rules as in the form, payers granted once, twice is unchanged", async () => {
    const rows = [
      {
        external_id: "D1",
        given_name: "Aiko",
        family_name: "Tanaka",
        email: "D1@S.example",
        language: "zh-hans",
        time_zone: "Asia/Tokyo",
        partnership_external_id: "P001",
        payer_email: "p@f.example",
      },
      { external_id: "D2", given_name: "", family_name: "Sato", email: "", payer_email: "" },
      {
        external_id: "D3",
        given_name: "Own",
        family_name: "Address",
        email: "own@s.example",
        payer_email: "Own@s.example",
      },
      {
        external_id: "D4",
        given_name: "",
        family_name: "",
        email: "nope",
        language: "xx-YY",
        time_zone: "Mars/Olympus",
        partnership_external_id: "P999",
      },
      { external_id: "D1", given_name: "Twice", family_name: "Again" },
    ];
    const sendCustomers = () => run((cx, may) => upsertCustomers(cx, may.customers, rows));
    const first = await sendCustomers();
    expect(first.map((one) => one.outcome)).toEqual(["created", "created", "created", "bad", "bad"]);
    expect(first[3]).toMatchObject({
      problems: [
        { column: "family_name" },
        { column: "email" },
        { column: "language" },
        { column: "time_zone" },
        { column: "partnership_external_id" },
      ],
    });
    expect((await sendCustomers()).map((one) => one.outcome)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
      "bad",
      "bad",
    ]);
    const payers = await run((cx) => sql<{ email: string }>`select email from app.payer order by email`.execute(cx.db));
    expect(payers.rows).toEqual([{ email: "p@f.example" }]);
  });
});
