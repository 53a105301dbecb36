import { z } from "zod";
import { receiptFileName, receiptPdf } from "#features/receipts/receipt-document.ts";
import { readReceipt } from "#features/receipts/receipt-views.ts";
import { file } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";

/** A customer's receipt as PDF, in the institution's language. */
const download = route({
  id: "staff.receipts.download",
  method: "GET",
  path: "/staff/receipts/:id",
  opens: "staff",
  may: "payments.read",
  params: z.object({ id: z.string().refine((id) => isId("rcp", id)) }),
  outside: async (rq, tx) => {
    const { receipt, language } = await tx(async (cx, may) => ({
      receipt: await readReceipt(cx, may, rq.params.id),
      language: cx.institution.locale,
    }));
    return file(await receiptPdf(receipt, language), "application/pdf", receiptFileName(receipt));
  },
});

export default [download] as Route[];
