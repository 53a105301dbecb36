import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { invoicePdf } from "#features/invoices/invoice-document.ts";
import type { InvoiceSnapshot } from "#features/invoices/invoice-snapshot.ts";
import { acceptAgreement, proposeAgreement, revokeAgreement } from "#features/self-billing/agreements.ts";
import { answerDispute, disputeSelfBilled } from "#features/self-billing/disputes.ts";
import { issueSelfBilled } from "#features/self-billing/issue-self-billed.ts";
import { agreementVersion } from "#features/self-billing/self-billing.ts";
import { ownAgreement } from "#features/self-billing/self-billing-partner-view.ts";
import { translator } from "#platform/i18n/messages.ts";
import { wake } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";
import { readPdf } from "../../../test/support/pdf.ts";

let h: TestHouse;
let world: PayoutWorld;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;

beforeEach(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  await h.admin.query(
    "update app.partnership set tax_registered = true, tax_id = '98 765 432 109', address = $2 where id = $1",
    [world.partner, "1 Market Street\nSydney NSW 2000"],
  );
  contact = await h.partner(world.institution, world.partner);
}, 60_000);
afterEach(() => h.close());

type Doc = {
  id: string;
  kind: string;
  number: bigint;
  state: string;
  net_minor: bigint;
  tax_minor: bigint;
  credited_minor: bigint;
  snapshot: InvoiceSnapshot;
};
const documents = async (kind = "self_billed"): Promise<Doc[]> =>
  (
    await h.admin.query<Doc>(
      `select id, kind, number, state, net_minor, tax_minor, credited_minor, snapshot from app.invoice
        where kind = $1 order by number`,
      [kind],
    )
  ).rows.map((row) => ({
    ...row,
    number: BigInt(row.number),
    net_minor: BigInt(row.net_minor),
    tax_minor: BigInt(row.tax_minor),
    credited_minor: BigInt(row.credited_minor),
  }));

const propose = async (country?: string) =>
  await h.system(world.institution, (cx) =>
    proposeAgreement(cx, permit(cx.principal, "self-billing.write"), { partnership: world.partner, country }),
  );
const asContact = async <T>(work: (cx: Cx<Partner>) => Promise<T>) =>
  await inTx(h.ground, { as: "partner", token: contact.token, writes: true, ip: "203.0.113.9" }, (cx) =>
    work(cx as Cx<Partner>),
  );
const accept = async () =>
  await asContact(async (cx) => {
    const shown = await ownAgreement(cx);
    const version = shown ? agreementVersion(shown) : "";
    await acceptAgreement(cx, permit(cx.principal, "partner.pay"), { version, agent: "A browser" }, translator("en"));
  });
const dispute = async (number: bigint, reason = "The tax is wrong") =>
  await asContact((cx) =>
    disputeSelfBilled(cx, permit(cx.principal, "partner.pay"), { number, reason }, translator("en")),
  );
const answer = async (id: string, how: "reject" | "credit" | "reissue", words = "We looked at it") =>
  await h.system(world.institution, (cx) =>
    answerDispute(cx, permit(cx.principal, "self-billing.write"), { id, how, words }),
  );
const agreed = async (country?: string) => {
  await propose(country);
  await accept();
  h.clock.advance({ seconds: 1 });
};

describe("self-billing", () => {
  test("P8: who accepted, when and from where stands in the agreement; contacts get a copy of its words", async () => {
    await propose();
    await h.drain();
    await accept();
    await h.drain();
    const { rows } = await h.admin.query(
      `select state, accepted_name, accepted_email, accepted_ip, accepted_agent, accepted_at, body
         from app.self_billing_agreement`,
    );
    expect(rows[0]).toMatchObject({
      state: "accepted",
      accepted_name: "Ahmed Sharma",
      accepted_email: contact.email,
      accepted_ip: "203.0.113.9",
      accepted_agent: "A browser",
    });
    expect(rows[0].accepted_at).not.toBeNull();
    expect(rows[0].body).toContain("recipient created tax invoices");
    expect(rows[0].body).toContain("Meridian Pty Ltd");
    const mails = (await h.mails()).filter((mail) => mail.to_email === contact.email);
    expect(mails.map((mail) => mail.subject)).toEqual([
      expect.stringContaining("an agreement waits for you"),
      expect.stringContaining("your copy of the agreement"),
    ]);
    expect(mails[1]?.text_body).toContain("The supplier does not issue tax invoices for these supplies.");
    await expect(accept()).rejects.toMatchObject({ code: "conflict" });
  });

  test("P8: each share earned is invoiced by itself, numbered without gaps, in the partner's name; nothing from before", async () => {
    await world.earn(50_000n);
    h.clock.advance({ seconds: 1 });
    await agreed();
    await world.earn(100_000n);
    await world.earn(200_000n);
    await h.drain();
    const issued = await documents();
    expect(issued.map((one) => [one.number, one.net_minor, one.tax_minor])).toEqual([
      [1n, 10_000n, 1_000n],
      [2n, 20_000n, 2_000n],
    ]);
    const snapshot = issued[0]?.snapshot;
    expect(snapshot).toMatchObject({
      number: "RCTI-000001",
      partnerSupplies: true,
      title: "Recipient created tax invoice",
      partner: { legalName: "Meridian Pty Ltd", taxId: "98 765 432 109" },
    });
    expect(snapshot?.lines[0]?.description).toBe("Tuition · Aiko Tanaka");
    // Looked at again, by however many at once, nothing is issued twice.
    await Promise.all([h.drain(), h.drain()]);
    expect(await documents()).toHaveLength(2);
  });

  test("P8: words that are too long are cut between characters: a document is issued whatever its customer is called", async () => {
    await h.admin.query("update app.customer set given_name = $1", [`x${"𠮷".repeat(199)}`]);
    await h.admin.query("update app.customer set family_name = $1", ["𠮷".repeat(200)]);
    await agreed();
    await world.earn(100_000n);
    await h.drain();
    expect((await documents())[0]?.snapshot.lines[0]?.description).toMatch(/^Tuition · x𠮷+$/u);
  });

  test("P8: twenty shares earned at once, issued by four jobs at once, count up one by one", async () => {
    await agreed();
    await Promise.all(Array.from({ length: 20 }, () => world.earn(10_000n)));
    const work = { ground: h.ground, institution: world.institution, payload: {}, signal: AbortSignal.timeout(60_000) };
    await Promise.all(Array.from({ length: 4 }, () => issueSelfBilled({ ...work, log: h.house.log })));
    expect((await documents()).map((one) => one.number)).toEqual(Array.from({ length: 20 }, (_, i) => BigInt(i + 1)));
  });

  test("P8: what refunds took back, credited by four jobs at once, is credited once, and no job fails", async () => {
    await agreed();
    const payments = await Promise.all(Array.from({ length: 8 }, () => world.earn(100_000n)));
    await h.drain();
    for (const payment of payments) await world.refund(payment, 40_000n);
    const work = { ground: h.ground, institution: world.institution, payload: {}, signal: AbortSignal.timeout(60_000) };
    await Promise.all(Array.from({ length: 4 }, () => issueSelfBilled({ ...work, log: h.house.log })));
    expect((await documents("credit_note")).map((one) => [one.number, one.net_minor])).toEqual(
      Array.from({ length: 8 }, (_, i) => [BigInt(i + 1), 4_000n]),
    );
    expect((await documents()).map((one) => one.credited_minor)).toEqual(Array.from({ length: 8 }, () => 4_400n));
  });

  test("P8: no registration for tax on the day, no invoice; from the day it is registered on there are invoices", async () => {
    await h.admin.query("update app.partnership set tax_registered = false where id = $1", [world.partner]);
    await agreed();
    await world.earn(100_000n);
    await h.drain();
    expect(await documents()).toEqual([]);
    await h.admin.query(
      `insert into app.partner_tax_status (institution_id, partnership_id, from_date, tax_registered, tax_id, set_by,
         created_at)
       values ($1, $2, '2026-11-23', true, '11 222 333 444', 'test', now())`,
      [world.institution, world.partner],
    );
    h.clock.advance({ hours: 72 });
    await world.earn(100_000n);
    await h.drain();
    const issued = await documents();
    expect(issued).toHaveLength(1);
    expect(issued[0]?.snapshot.partner.taxId).toBe("11 222 333 444");
  });

  test("P8: a refund takes its part back by a credit note that names the invoice, also after the agreement ended", async () => {
    const id = await propose();
    await accept();
    h.clock.advance({ seconds: 1 });
    const payment = await world.earn(100_000n);
    await h.drain();
    await h.system(world.institution, (cx) =>
      revokeAgreement(cx, permit(cx.principal, "self-billing.write"), { partnership: world.partner, id }),
    );
    await world.refund(payment, 40_000n);
    await world.earn(300_000n);
    await h.drain();
    expect(await documents()).toHaveLength(1);
    expect(await documents("credit_note")).toMatchObject([
      { number: 1n, net_minor: 4_000n, tax_minor: 400n, snapshot: { corrects: "RCTI-000001", partnerSupplies: true } },
    ]);
    expect((await documents())[0]?.credited_minor).toBe(4_400n);
  });

  test("P8: after its last day an agreement is over by itself", async () => {
    await agreed("GB");
    h.clock.advance({ hours: 24 * 366 });
    await h.system(world.institution, (cx) => wake(cx, "self-billing.issue", {}));
    await h.drain();
    const { rows } = await h.admin.query("select state from app.self_billing_agreement");
    expect(rows).toEqual([{ state: "expired" }]);
    await world.earn(100_000n);
    await h.drain();
    expect(await documents()).toEqual([]);
  });

  test("P8: a dispute is answered with words, and the invoice stays; both are told", async () => {
    await agreed();
    await world.earn(100_000n);
    await h.drain();
    await dispute(1n);
    const [invoice] = await documents();
    expect(invoice?.state).toBe("disputed");
    await expect(dispute(1n)).rejects.toMatchObject({ code: "conflict" });
    await answer(invoice?.id ?? "", "reject", "The rate is the one we agreed on.");
    await h.drain();
    expect((await documents())[0]).toMatchObject({ state: "issued", credited_minor: 0n });
    const mail = (await h.mails()).at(-1);
    expect(mail?.subject).toContain("RCTI-000001");
    expect(mail?.text_body).toContain("The rate is the one we agreed on.");
    await expect(answer(invoice?.id ?? "", "credit")).rejects.toMatchObject({ code: "conflict" });
  });

  test("P8: what refunds took back altogether while it was disputed gets no credit note of nothing", async () => {
    await agreed();
    const payment = await world.earn(100_000n);
    await h.drain();
    await dispute(1n);
    await world.refund(payment, 100_000n);
    await h.drain();
    const [one] = await documents();
    await expect(answer(one?.id ?? "", "credit")).rejects.toMatchObject({ code: "conflict" });
    await answer(one?.id ?? "", "reject", "It was refunded");
    expect((await documents("credit_note")).map((note) => note.net_minor + note.tax_minor)).toEqual([11_000n]);
  });

  test("P8: a dispute that is right: a credit note takes all of it back, and a new invoice says what is right by now", async () => {
    await agreed();
    await world.earn(100_000n);
    await h.drain();
    await dispute(1n, "Our address changed");
    await h.admin.query("update app.partnership set address = '9 New Road' where id = $1", [world.partner]);
    await answer((await documents())[0]?.id ?? "", "reissue", "Issued anew with your new address.");
    await h.drain();
    const issued = await documents();
    expect(issued.map((one) => [one.number, one.credited_minor, one.snapshot.partner.address])).toEqual([
      [1n, 11_000n, "1 Market Street\nSydney NSW 2000"],
      [2n, 0n, "9 New Road"],
    ]);
    expect(await documents("credit_note")).toMatchObject([
      { net_minor: 10_000n, snapshot: { corrects: "RCTI-000001" } },
    ]);
  });

  const wordings = [
    ["AU", "Recipient created tax invoice", "GST shown is payable by the supplier"],
    ["GB", "Self-billed VAT invoice", "The VAT shown is your output tax due to HMRC"],
    ["NZ", "Buyer created taxable supply information", "Buyer created taxable supply information."],
    ["*", "Self-billed invoice", "Self-billing. The tax shown is payable by the supplier."],
  ] as const;

  test.each(wordings)("P8: the PDF has the words of %s: %s", async (country, title, notice) => {
    await agreed(country);
    await world.earn(100_000n);
    await h.drain();
    const [invoice] = await documents();
    // The mark beside the name is the first letter of it: no word.
    const { pages } = await readPdf(await invoicePdf(invoice?.snapshot as InvoiceSnapshot, undefined, "en"));
    const text = pages.join("\n").replace(/\s+/g, " ").replace(" M ", " ");
    for (const words of [title, notice, "RCTI-000001", "Meridian Pty Ltd", "98 765 432 109", "Northbridge College"]) {
      expect(text).toContain(words);
    }
    expect(text).toContain("Tuition · Aiko Tanaka");
  });
});
