import type { partnerPortal as en } from "../en/partner-portal.ts";

export const partnerPortal: Record<keyof typeof en, string> = {
  "partner.of": "شريك {institution}",
  "partner.nav.money": "الأموال",
  "partner.nav.business": "الأعمال",
  "partner.nav.workspace": "مساحة العمل",
  "partner.nav.overview": "نظرة عامة",
  "partner.nav.payouts": "الدفعات الصادرة",
  "partner.nav.invoices": "الفواتير",
  "partner.nav.statement": "كشف الحساب",
  "partner.nav.customers": "العملاء المشتركون",
  "partner.nav.bankDetails": "البيانات المصرفية",
  "partner.nav.selfBilling": "الفوترة الذاتية",
  "partner.nav.security": "الأمان",
  "partner.nav.switch": "الانتقال إلى شريك آخر",
  "partner.searchCustomers": "البحث عن عملاء",

  "partner.security.title": "الأمان",
  "partner.security.lead":
    "سجلت الدخول باسم {email}. لا توجد كلمة مرور: كل تسجيل دخول يتم برابط عبر البريد الإلكتروني.",
  "partner.security.sessions": "الأجهزة المسجل دخولك منها",
  "partner.security.sessionsText":
    "كل متصفح من هذه المتصفحات يستطيع فتح بوابة الشركاء. سجل الخروج من أي متصفح لا تعرفه.",
};
