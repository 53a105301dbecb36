import { afterAll, beforeAll, expect, test } from "vitest";
import { wake } from "#platform/jobs.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";

let h: TestHouse;
beforeAll(async () => {
  h = await testHouse();
});
afterAll(() => h.close());

test("what has expired is taken away after its time, and what is still needed stays", async () => {
  const mine = await h.institution({ host: "mine.example" });
  const other = await h.institution({ host: "other.example" });
  for (const institution of [mine, other]) {
    for (const [id, days] of [
      ["old", 3],
      ["fresh", 0],
    ] as const) {
      const at = h.clock
        .now()
        .subtract({ hours: days * 24 })
        .toString();
      await h.admin.query(
        `insert into app.sign_in_link (institution_id, id, face, purpose, email, token_hash, code_hash, browser_hash,
          created_at, expires_at)
         values ($1, $2, 'customer', 'sign_in', 'a@b.example', $3, '\\x00', '\\x00', $4, $4)`,
        [institution, `lnk_${id}`, Buffer.from(id), at],
      );
    }
  }
  await h.system(mine, (cx) => wake(cx, "cleanup.expired", {}));
  await h.drain();
  const { rows } = await h.admin.query("select institution_id, id from app.sign_in_link order by id");
  expect(rows.filter((row) => row.institution_id === mine).map((row) => row.id)).toEqual(["lnk_fresh"]);
  expect(rows.filter((row) => row.institution_id === other)).toHaveLength(2);
});
