import { describe, expect, test } from "vitest";
import { money } from "#kernel/money.ts";
import { readPdf } from "../../../test/support/pdf.ts";
import { type DocumentStanding, invoiceDocument, invoiceFileName, invoicePdf } from "./invoice-document.ts";
import type { InvoiceSnapshot } from "./invoice-snapshot.ts";

function sample(values: Partial<InvoiceSnapshot> = {}): InvoiceSnapshot {
  const party = { name: "", legalName: "", address: "", taxId: "", email: "", phone: "" };
  return {
    version: 1,
    kind: "invoice",
    number: "INV-000003",
    issuedOn: "2026-11-21",
    dueOn: "2026-12-20",
    corrects: "",
    institution: {
      ...party,
      name: "Northbridge College",
      legalName: "Northbridge College Pty Ltd",
      taxId: "ABN 51 824 753 556",
      email: "pay@northbridge.example",
      colour: "#0b5d4e",
    },
    partner: {
      ...party,
      name: "Meridian",
      legalName: "Meridian Pty Ltd",
      address: "1 High Street\nSydney",
      taxId: "77",
    },
    partnerSupplies: false,
    title: "",
    notice: "",
    taxName: "GST",
    currency: "AUD",
    net: "30000",
    tax: "2000",
    total: "32000",
    notes: "=1+1\n<script>alert(1)</script>",
    lines: [
      { description: "Portal fee", quantity: 2, unit: "10000", taxBps: 1_000, net: "20000", tax: "2000" },
      { description: "Stand at the fair", quantity: 1, unit: "10000", taxBps: 0, net: "10000", tax: "0" },
    ],
    ...values,
  };
}

const standing: DocumentStanding = {
  owed: money(12_000n, "AUD"),
  isVoid: false,
  money: [
    {
      amount: money(20_000n, "AUD"),
      on: Temporal.PlainDate.from("2026-11-25"),
      at: Temporal.Instant.from("2026-11-25T00:00:00Z"),
      kind: "card",
      methodLabel: "Visa •••• 4242",
      payout: undefined,
    },
  ],
  creditNotes: [],
  returned: money(0n, "AUD"),
};

describe("the document of an invoice", () => {
  test("says who, to whom, tax ids, dates, lines, the tax of each rate, what was paid and what is left", () => {
    const words = JSON.stringify(invoiceDocument(sample(), standing, "en-AU"));
    for (const part of [
      "Tax invoice",
      "INV-000003",
      "Northbridge College Pty Ltd",
      "ABN 51 824 753 556",
      "Meridian Pty Ltd",
      "1 High Street",
      "Tax number 77",
      "20 December 2026",
      "2 × A$100.00",
      "GST 10%",
      "No tax",
      "A$20.00",
      "A$320.00",
      "Visa •••• 4242",
      "A$120.00 AUD",
      "<script>alert(1)</script>",
    ]) {
      expect(words).toContain(part);
    }
  });

  test("a void one says so; a self-billed one comes from the partner, with the words of its country", () => {
    const gone = JSON.stringify(invoiceDocument(sample(), { ...standing, money: [], isVoid: true }, "en"));
    expect(gone).toContain("This invoice is void");
    const own = sample({ kind: "self_billed", partnerSupplies: true, title: "Recipient created tax invoice" });
    const document = invoiceDocument(own, undefined, "en");
    expect(document.kind).toBe("Recipient created tax invoice");
    expect(document.sender).toEqual({ data: "Meridian" });
  });

  const scripts: readonly (readonly [language: string, description: string])[] = [
    ["en-AU", "Portal fee"],
    ["zh-Hans", "门户服务费"],
    ["ja", "ポータル利用料"],
    ["ko", "포털 이용료"],
    ["vi", "Phí cổng thông tin"],
    ["ar", "رسوم البوابة"],
  ];
  for (const [language, description] of scripts) {
    test(`is read back as written in ${language}, with yen and dinars in their own decimals`, async () => {
      const [first] = sample().lines;
      const line = first ?? expect.fail();
      const own = sample({ currency: "KWD", lines: [{ ...line, description }], notes: "" });
      const { pages } = await readPdf(await invoicePdf(own, undefined, language));
      const text = pages.join("\n");
      if (language === "ar") expect(text.replaceAll(/\s/g, "")).toMatch(/[\u0600-\u06ff]{6}/);
      else expect(text).toContain(description.normalize("NFKC"));
      expect(text).toContain("32.000");
      expect(text).toContain("INV-000003");
    });
  }

  test("the same document, standing and language give the same bytes; its name is its number", async () => {
    const [one, two] = await Promise.all([invoicePdf(sample(), standing, "en"), invoicePdf(sample(), standing, "en")]);
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
    expect(invoiceFileName(sample())).toBe("INV-000003.pdf");
  });
});
