import type { walletMails as en } from "../en/wallet-mails.ts";

export const walletMails: Record<keyof typeof en, string> = {
  "mail.wallet.opened.subject": "فتحت {institution} محفظة لـ {partnership}",
  "mail.wallet.opened.text": "فتحت {institution} محفظة لكم. المال الذي فيها لكم: ترونه وترسلونه بأنفسكم.",
  "mail.wallet.frozen.subject": "المحفظة {number} مجمّدة",
  "mail.wallet.frozen.text":
    "جمّدت {institution} هذه المحفظة. تستمر في استقبال المال، ولا يمكن إرسال شيء منها حتى يُرفع التجميد.",
  "mail.wallet.unfrozen.subject": "يمكن الإرسال من المحفظة {number} من جديد",
  "mail.wallet.unfrozen.text": "رفعت {institution} التجميد عن هذه المحفظة. يمكنكم الإرسال منها من جديد.",
  "mail.wallet.closed.subject": "أُغلقت المحفظة {number}",
  "mail.wallet.closed.text":
    "أغلقت {institution} هذه المحفظة. كانت فارغة، ولن يتحرك فيها شيء بعد الآن. يبقى ما جرى فيها متاحًا لتقرؤوه.",
  "mail.wallet.credited.subject": "أُضيف المبلغ {amount} إلى المحفظة {number}",
  "mail.wallet.credited.text": "أضافت {institution} المبلغ {amount} إلى هذه المحفظة يدويًا.",
  "mail.wallet.debited.subject": "سُحب المبلغ {amount} من المحفظة {number}",
  "mail.wallet.debited.text": "سحبت {institution} المبلغ {amount} من هذه المحفظة يدويًا.",
  "mail.wallet.partner": "حساب الشريك",
  "mail.wallet.number": "المحفظة",
  "mail.wallet.purpose": "الغرض",
  "mail.wallet.currency": "العملة",
  "mail.wallet.amount": "المبلغ",
  "mail.wallet.reason": "السبب",
  "mail.wallet.button": "فتح المحفظة",
  "mail.wallet.ask": "إن كان لديكم سؤال فردّوا على {institution}.",
};
