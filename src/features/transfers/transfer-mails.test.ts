import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { approveTransfer, rejectTransfer } from "#features/transfers/decide-transfer.ts";
import type { TransferId } from "#features/transfers/transfer.ts";
import { newId } from "#kernel/ids.ts";
import { tell } from "#platform/outbox.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type TransferWorld, transferWorld } from "../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;
let asker: string;
let staff: string;
const owner = "olga@members.example";

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  const { rows } = await h.admin.query<{ email: string }>(
    "update app.member set role = 'OPERATOR', language = 'ar' where id = $1 returning email",
    [world.member.memberId],
  );
  await h.admin.query("update app.member set name = 'Yuki Mori' where id = $1", [world.receiver.memberId]);
  asker = rows[0]?.email ?? "";
  await join(world.partner, owner, "OWNER");
  await join(world.partner, "adam@members.example", "ADMIN");
  await join(world.partner, "gone@members.example", "OWNER", "suspended_at");
  await join(world.other, "vera@members.example", "VIEWER");
  staff = (await h.staff(world.institution, "ADMIN")).token;
}, 60_000);
beforeEach(async () => {
  await h.drain();
  await h.admin.query("delete from app.dev_mail");
});
afterAll(async () => await h?.close());

async function join(partner: string, email: string, role: string, gone?: "suspended_at"): Promise<void> {
  const id = newId("mbr", h.clock.now(), h.random);
  await h.admin.query(
    `insert into app.member (institution_id, id, partnership_id, name, email, role, created_at, updated_at)
     values ($1, $2, $3, 'Olga Petrova', $4, $5, $6, $6)`,
    [world.institution, id, partner, email, role, h.clock.now().toString()],
  );
  if (gone) await h.admin.query(`update app.member set ${gone} = now() where id = $1`, [id]);
}

async function mails() {
  await h.drain();
  return (await h.mails()).map((one) => ({ to: one.to_email, subject: one.subject, text: one.text_body }));
}
const byStaff = <T>(work: (cx: Cx, may: Parameters<typeof approveTransfer>[1]) => Promise<T>) =>
  inTx(h.ground, { as: "staff", token: staff }, (cx) => work(cx, permit(cx.principal, "transfers.approve")));
const ref = async (id: TransferId) => (await world.read(id)).ref;

describe("mails about transfers", () => {
  test("one that waits: whoever asked and the owners hear of it, each in their language, and nobody else", async () => {
    const id = await world.ask({ route: "wallet", minor: 900_000n, waits: true });
    await h.system(world.institution, (cx) => tell(cx, "transfer.waiting", id, {}));
    const sent = await mails();
    expect(sent.map((one) => one.to).sort()).toEqual([asker, owner].sort());
    const english = sent.find((one) => one.to === owner);
    expect(english?.subject).toBe(`Transfer ${await ref(id)} waits for Northbridge College`);
    for (const words of [
      "A$9,000.00",
      "A$1.50",
      "K•••••• S••••••",
      "Rosa Weber",
      `/partner/transfers/${await ref(id)}`,
    ]) {
      expect(english?.text).toContain(words);
    }
    expect(english?.text).not.toContain("Kestrel");
    expect(sent.find((one) => one.to === asker)?.subject).toContain("التحويل");
  });

  test("approved to a wallet: the other partner's owners and administrators read of what arrived, its sender masked", async () => {
    const id = await world.ask({ route: "wallet", minor: 900_000n, fee: 777n, waits: true });
    await byStaff((cx, may) => approveTransfer(cx, may, id));
    const sent = await mails();
    expect(sent.map((one) => one.to).sort()).toEqual([asker, owner, world.receiver.email].sort());
    const received = sent.find((one) => one.to === world.receiver.email);
    expect(received?.subject).toMatch(/^A\$9,000.00 arrived in wallet \d{4} \d{4} \d{4}$/);
    expect(received?.text).toContain("M•••••••");
    expect(received?.text).toContain(`/partner/wallets/${world.to.number}`);
    for (const secret of ["Meridian", "Rosa", "7.77", await ref(id)]) expect(received?.text).not.toContain(secret);
    expect(sent.find((one) => one.to === owner)?.text).toContain("is in the other wallet");
  });

  test("rejected: they read what staff wrote", async () => {
    const id = await world.ask({ route: "wallet", waits: true });
    await byStaff((cx, may) => rejectTransfer(cx, may, id, "Please send it in two parts"));
    const [one] = (await mails()).filter((mail) => mail.to === owner);
    expect(one?.subject).toBe(`Northbridge College did not approve transfer ${await ref(id)}`);
    expect(one?.text).toContain("Please send it in two parts");
    expect(one?.text).toContain("available in your wallet again");
  });

  test("to the bank: arrived, failed and returned, each once, with the reason in plain words", async () => {
    const subjects = async () => (await mails()).filter((mail) => mail.to === owner).map((mail) => mail.subject);
    for (const [ending, days, expected] of [
      ["4321", 0, [/has arrived at your bank/]],
      ["9201", 0, [/could not be sent/]],
      ["9304", 4, [/has arrived at your bank/, /Your bank returned/]],
    ] as const) {
      await world.account(ending);
      await world.ask();
      await world.wait({ minutes: 1 });
      await world.wait({ minutes: 1 });
      if (days > 0) await world.wait({ hours: 24 * days });
      const found = await subjects();
      expect(found).toHaveLength(expected.length);
      for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
      await h.admin.query("delete from app.dev_mail");
    }
    await world.account("9201");
    await world.ask();
    await world.wait({ minutes: 1 });
    await world.wait({ minutes: 1 });
    const [failed] = (await mails()).filter((mail) => mail.to === owner);
    expect(failed?.text).toContain("The bank account is closed. Give us another account");
    expect(failed?.text).toContain("Sample Bank ending in");
  });
});
