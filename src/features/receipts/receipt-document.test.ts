import { describe, expect, test } from "vitest";
import { renderPdf } from "#platform/pdf/render.ts";
import { readPdf } from "../../../test/support/pdf.ts";
import { sampleReceipt } from "../../../test/support/receipt.ts";
import { receiptDocument, receiptPdf } from "./receipt-document.ts";

test("the document says who, tax id, item, date, amount, method, reference and number (domain rule 15)", () => {
  const words = JSON.stringify(receiptDocument(sampleReceipt(), "en-AU"));
  for (const part of [
    "Northbridge College Pty Ltd",
    "ABN 51 824 753 556",
    "Aiko Tanaka",
    "NB-10482",
    "Tuition, Bachelor of Business, Term 1 2027",
    "5 Dec 2026",
    "20 November 2026",
    "A$4,402.20 AUD",
    "A$500.00 still to pay",
    "Paid in full",
    "Visa •••• 4242",
    "NBC-7K2M9Q",
    "R-000012",
    "A$52.20",
  ]) {
    expect(words).toContain(part);
  }
});

test("what is nought or empty takes no room: no surcharge, credit or reference line", () => {
  const plain = sampleReceipt({
    surcharge: "0",
    reference: "",
    paid: "435000",
    method: "bank_transfer",
    methodLabel: "",
  });
  const words = JSON.stringify(receiptDocument(plain, "en-AU"));
  expect(words).toContain("Bank transfer");
  for (const part of ["Surcharge", "credit", "Reference", "Paid by"]) expect(words).not.toContain(part);
});

test("an institution without a number shows no label of one", () => {
  const { institution } = sampleReceipt();
  const words = JSON.stringify(
    receiptDocument(sampleReceipt({ institution: { ...institution, registrationNumber: "" } }), "en-AU"),
  );
  expect(words).not.toContain("ABN");
});

test("yen have no decimals, dinars three", () => {
  const yen = JSON.stringify(receiptDocument(sampleReceipt({ currency: "JPY", paid: "1000000" }), "en-AU"));
  expect(yen).toContain("JP¥1,000,000 JPY");
  const dinar = JSON.stringify(receiptDocument(sampleReceipt({ currency: "KWD", paid: "1234567" }), "en-AU"));
  expect(dinar).toContain("1,234.567");
});

const scripts: readonly (readonly [language: string, name: string, item: string])[] = [
  ["vi", "Nguyễn Thị Ngọc Ánh", "Học phí kỳ 1, ngành Quản trị kinh doanh"],
  ["zh-Hans", "王小明", "学费（第一学期）"],
  ["ko", "김서연", "등록금 1학기"],
  ["ja", "田中 愛子", "授業料（前期）と教材費"],
  ["ar", "ليلى الحداد", "رسوم الدراسة (الفصل 1)"],
  ["hi", "आरव शर्मा", "ट्यूशन शुल्क, सत्र १"],
  ["en-AU", "สมชาย ใจดี", "ค่าเล่าเรียน ภาคเรียนที่ 1"],
  ["fr", "Zoë Œuvrard-Łukasik", "Frais de scolarité, œuvre n° 7"],
];

describe("a reader finds in the PDF what was written", () => {
  test.each(scripts)("%s: %s", async (language, name, item) => {
    const bytes = await renderPdf(receiptDocument(sampleReceipt({ name, items: [item] }), language));
    const { pages } = await readPdf(bytes);
    const text = plain(pages.join("\n"));
    // Devanagari is drawn in another order than it is written; readers that honour ActualText find the written one.
    const found = language === "hi" ? sorted(text) : text;
    for (const word of `${name} ${item}`.split(/[ ()]+/).filter((part) => part !== "")) {
      if (language === "hi") expect([...word].every((letter) => found.includes(letter))).toBe(true);
      else expect(found).toContain(plain(word));
    }
    expect(text).toContain(plain("ABN 51 824 753 556"));
    expect(text).toContain(plain("+61 2 5550 0100"));
  });
});

function sorted(text: string): string {
  return [...text].sort().join("");
}

/** Without blanks: a reader puts them where fonts change. */
function plain(text: string): string {
  return text.normalize("NFKC").replace(/\s/g, "");
}

test("an Arabic receipt is Arabic, with Latin names and numbers whole inside it", async () => {
  const receipt = sampleReceipt({ name: "ليلى الحداد", payerName: "Omar Haddad", items: ["تأمين صحي OSHC 2027"] });
  const { pages } = await readPdf(await renderPdf(receiptDocument(receipt, "ar-EG")));
  const text = plain(pages[0] ?? "");
  for (const part of [
    "إيصال",
    "المبلغ المدفوع",
    "NBC-7K2M9Q",
    "Omar Haddad",
    "AUD 4,402.20",
    "Visa •••• 4242",
    "OSHC 2027",
  ]) {
    expect(text).toContain(plain(part));
  }
});

test("many lines go on over pages, each with its head and number, and the total stands with the last", async () => {
  const items = Array.from({ length: 120 }, (_, index) => `Instalment ${index + 1} of 120`);
  const { pages } = await readPdf(await renderPdf(receiptDocument(sampleReceipt({ items }), "en-AU")));
  expect(pages.length).toBeGreaterThan(5);
  for (const [index, page] of pages.entries()) {
    expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
    expect(page).toContain("Northbridge College");
    expect(page).toContain("R-000012");
  }
  expect(pages.slice(0, -1).every((page) => page.includes("Due date"))).toBe(true);
  const all = pages.join("\n");
  for (const item of items) expect(all).toContain(item);
  expect(pages.at(-1)).toContain("Total paid");
});

test("a word of 5,000 letters and markup stay text, within the page", async () => {
  const items = ["W".repeat(5_000), "<script>alert(1)</script> & \u202Eevil"];
  const { pages } = await readPdf(await renderPdf(receiptDocument(sampleReceipt({ items }), "en-AU")));
  const all = plain(pages.join(""));
  expect([...all].filter((letter) => letter === "W").length).toBeGreaterThanOrEqual(5_000);
  expect(all).toContain("<script>alert(1)</script>");
});

test("the same receipt gives the same bytes, in another thread and after other documents too", async () => {
  const receipt = sampleReceipt();
  const first = await receiptPdf(receipt, "en-AU");
  await receiptPdf(sampleReceipt({ name: "王小明" }), "ko");
  const again = await receiptPdf(receipt, "en-AU");
  const here = await renderPdf(receiptDocument(receipt, "en-AU"));
  expect(Buffer.from(again).equals(Buffer.from(first))).toBe(true);
  expect(here.equals(Buffer.from(first))).toBe(true);
});

test("the file names its title and language, and is tagged for screen readers", async () => {
  const bytes = await renderPdf(receiptDocument(sampleReceipt(), "ar"));
  expect((await readPdf(bytes)).title).toBe("الإيصال R-000012، Northbridge College");
  const raw = bytes.toString("latin1");
  expect(raw).toContain("/Lang (ar)");
  // A structure for screen readers: a heading, paragraphs, a table with its head.
  for (const part of ["/MarkInfo", "/Marked true", "/S /H1", "/S /Table", "/S /TH"]) expect(raw).toContain(part);
});
