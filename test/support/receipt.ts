import type { ReceiptSnapshot } from "#features/receipts/receipt.ts";

/** A receipt for tests; `items` are what was paid for, `customer` who paid. */
export function sampleReceipt(
  values: Partial<ReceiptSnapshot> & { readonly items?: readonly string[]; readonly name?: string } = {},
): ReceiptSnapshot {
  const {
    items = ["Tuition, Bachelor of Business, Term 1 2027", "Student services fee"],
    name = "Aiko Tanaka",
    ...rest
  } = values;
  return {
    version: 1,
    number: "R-000012",
    issuedOn: "2026-11-21",
    institution: {
      name: "Northbridge College",
      legalName: "Northbridge College Pty Ltd",
      registrationLabel: "ABN",
      registrationNumber: "51 824 753 556",
      address: "Level 3, 18 Harbour Street\nSydney NSW 2000",
      email: "accounts@northbridge.example",
      phone: "+61 2 5550 0100",
      colour: "#0d5c4b",
    },
    customer: { name, email: "aiko@students.example", externalId: "NB-10482" },
    currency: "AUD",
    paid: "440220",
    surcharge: "5220",
    credit: "0",
    receivedOn: "2026-11-20",
    method: "card",
    methodLabel: "Visa •••• 4242",
    reference: "NBC-7K2M9Q",
    payerName: "",
    lines: items.map((item, index) => ({
      payment: `pay_${index}`,
      item,
      dueOn: "2026-12-05",
      amount: String(217_500 - index),
      stillOwed: index === 1 ? "50000" : "0",
    })),
    ...rest,
  };
}
