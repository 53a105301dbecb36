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

  "partner.choose.title": "باسم أي شريك تعمل؟",
  "partner.choose.lead": "عنوان بريدك الإلكتروني مسجل لأكثر من شريك. يمكنك الانتقال بينهم في أي وقت.",

  "partner.changed.title": "كان هذا النموذج باسم {was}",
  "partner.changed.other": "شريك آخر",
  "partner.changed.lead": "أنت تعمل الآن باسم {now}: جرى هذا الاختيار بعد فتح النموذج، في علامة تبويب أو نافذة أخرى.",
  "partner.changed.text": "لم يُنفَّذ شيء. لإرسال النموذج باسم {was}، اختر {was} مرة أخرى.",
  "partner.changed.kept": "سيظهر النموذج مرة أخرى وفيه ما كتبته.",
  "partner.changed.backTo": "ستعود إلى الصفحة التي كان فيها النموذج.",
  "partner.changed.gone": "لم يُنفَّذ شيء. لم يعد عنوان بريدك الإلكتروني يفتح حساب ذلك الشريك.",
  "partner.changed.choose": "اختيار {was} مرة أخرى",
  "partner.changed.goOn": "المتابعة باسم {now}",
  "partner.changed.again": "تم اختيار الشريك صاحب هذا النموذج مرة أخرى. تحقق من النموذج ثم أرسله.",
  "partner.signIn.title": "تسجيل الدخول إلى بوابة الشركاء",
  "partner.signIn.sent.lead":
    "إذا كان {email} يخص أحد شركاء {institution}، فإن رابط تسجيل الدخول في طريقه إليه. يعمل الرابط مرة واحدة لمدة {minutes} دقائق.",

  "partner.stepUp.title": "أكّد أنك أنت",
  "partner.stepUp.lead": "الخطوة التالية حساسة. سنرسل رابطًا إلى {email}، وفتحه يسري لمدة عشر دقائق.",
  "partner.stepUp.send": "أرسل إليّ رابطًا",
  "partner.stepUp.notNow": "ليس الآن",
  "partner.stepUp.sent": "الرابط في طريقه إلى {email}. يعمل مرة واحدة لمدة {minutes} دقائق في هذا المتصفح.",
  "partner.stepUp.again": "أرسل رابطًا آخر",
  "partner.stepUp.codeHint": "تحتوي الرسالة نفسها على رمز. أدخله هنا إذا كنت تقرأ بريدك على جهاز آخر.",
  "partner.stepUp.confirm": "تأكيد",
  "partner.stepUp.link.lead": "أكّد أنك {email} ثم تابع ما كنت تفعله.",
  "partner.stepUp.foreign": "هذا الرابط يخص متصفحًا آخر",
  "partner.stepUp.dead": "يعمل الرابط مرة واحدة لبضع دقائق في المتصفح الذي طُلب منه. اطلب رابطًا آخر هنا.",

  "mail.partnerSignIn.subject": "تسجيل الدخول إلى بوابة شركاء {institution}",
  "mail.stepUp.subject": "أكّد أنك أنت لدى {institution}",
  "mail.stepUp.text":
    "{minutes, plural, zero {أنت على وشك القيام بإجراء حساس في بوابة الشركاء. أكّده الآن بهذا الرابط.} one {أنت على وشك القيام بإجراء حساس في بوابة الشركاء. أكّده بهذا الرابط. يعمل مرة واحدة خلال دقيقة واحدة.} two {أنت على وشك القيام بإجراء حساس في بوابة الشركاء. أكّده بهذا الرابط. يعمل مرة واحدة خلال دقيقتين.} few {أنت على وشك القيام بإجراء حساس في بوابة الشركاء. أكّده بهذا الرابط. يعمل مرة واحدة خلال # دقائق.} many {أنت على وشك القيام بإجراء حساس في بوابة الشركاء. أكّده بهذا الرابط. يعمل مرة واحدة خلال # دقيقة.} other {أنت على وشك القيام بإجراء حساس في بوابة الشركاء. أكّده بهذا الرابط. يعمل مرة واحدة خلال # دقيقة.}}",
  "mail.stepUp.button": "تأكيد",
  "mail.stepUp.code": "هل تقرأ هذه الرسالة على جهاز آخر؟ اكتب هذا الرمز في الصفحة التي طلبت فيها الرابط:",
  "mail.stepUp.notYou":
    "لم تكن أنت؟ إذن يستخدم شخص آخر جلستك. افتح صفحة الأمان في بوابة الشركاء وسجل الخروج من كل مكان آخر.",
  "mail.contactAccess.subject": "أصبح بإمكانك دخول بوابة شركاء {institution}",
  "mail.contactAccess.text":
    "منحتك {institution} حق الدخول إلى بوابة الشركاء حيث ترى كل ما يخص {partnership}: الدفعات الصادرة والفواتير وكشوف الحساب.",
  "mail.contactAccess.button": "افتح بوابة الشركاء",
  "mail.contactAccess.how":
    "لا توجد كلمة مرور. أدخل عنوان البريد هذا هناك لتصلك في كل مرة رسالة فيها رابط تسجيل الدخول.",
  "mail.contactAccess.notYou": "لم تتوقع هذه الرسالة؟ إذن لا تفعل شيئًا، أو اكتب إلينا.",
};
