import type { payoutMails as en } from "../en/payout-mails.ts";

export const payoutMails: Record<keyof typeof en, string> = {
  "mail.payout.sent.subject": "أرسلت {institution} الدفعة المستحقة لكم {number}",
  "mail.payout.sent.text": "المبلغ {amount} في طريقه إلى حسابكم المصرفي.",
  "mail.payout.paid.subject": "وصلت الدفعة {number} من {institution}",
  "mail.payout.paid.text": "دُفع المبلغ {amount} إلى حسابكم المصرفي.",
  "mail.payout.paid.walletSubject": "الدفعة {number} من {institution} في محفظتكم",
  "mail.payout.paid.walletText": "أُودع المبلغ {amount} في محفظتكم.",
  "mail.payout.paid.nettedText": "استُخدمت هذه الدفعة كاملة لسداد فواتير مستحقة عليكم كما اتُّفق. لم يبق ما يُرسل.",
  "mail.payout.failed.subject": "تعذّر دفع الدفعة {number} من {institution}",
  "mail.payout.failed.text": "لم يصل المبلغ {amount} إلى حسابكم المصرفي.",
  "mail.payout.returned.subject": "أعاد مصرفكم الدفعة {number} من {institution}",
  "mail.payout.returned.text": "عاد المبلغ {amount} من مصرفكم.",
  "mail.payout.safe": "لم يضع شيء: المال لكم وينتظر إرساله مرة أخرى.",
  "mail.payout.partner": "الشريك",
  "mail.payout.number": "الدفعة",
  "mail.payout.amount": "المبلغ",
  "mail.payout.account": "الحساب المصرفي",
  "mail.payout.accountIs": "{bank} المنتهي بالأرقام {last4}",
  "mail.payout.wallet": "المحفظة",
  "mail.payout.button": "عرض الدفعة",
  "mail.payout.fix": "راجعوا بياناتكم المصرفية",
};
