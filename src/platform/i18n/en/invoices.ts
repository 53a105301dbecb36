/** Invoices raised on a partner: its pages, the documents and the mail. */
export const invoices = {
  "invoice.pay.wait":
    "Your bank has not answered yet. This can take a few minutes. You need not wait here: the invoice shows as paid as soon as the money is there.",
  "invoice.pay.matched": "We match it by the reference, and the invoice shows as paid.",
  "invoice.pay.left": "{amount} was more than needed. It is paid back with your next payout.",
  "invoice.pay.other": "Choose other invoices to pay",
} as const;
