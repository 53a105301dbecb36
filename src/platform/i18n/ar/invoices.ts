import type { invoices as en } from "../en/invoices.ts";

export const invoices: Readonly<Record<keyof typeof en, string>> = {
  "invoice.pay.wait":
    "لم يردّ مصرفك بعد. قد يستغرق ذلك بضع دقائق. لا حاجة إلى الانتظار هنا: تظهر الفاتورة مدفوعة حالما يصل المال.",
  "invoice.pay.matched": "نطابق التحويل عن طريق الرقم المرجعي، فتظهر الفاتورة مدفوعة.",
  "invoice.pay.left": "كان {amount} أكثر من المطلوب. يُعاد إليك مع دفعتك القادمة.",
  "invoice.pay.other": "اختيار فواتير أخرى للدفع",
};
