import type { common as en } from "../en/common.ts";

export const common: Record<keyof typeof en, string> = {
  "nav.main": "القائمة الرئيسية",
  "nav.skip": "انتقل إلى المحتوى",
  "nav.overview": "نظرة عامة",
  "nav.payments": "المدفوعات",
  "nav.directDebit": "خصم مباشر",
  "nav.documents": "المستندات",
  "nav.statement": "كشف الحساب",
  "nav.profile": "حسابي",
  "nav.help": "مساعدة",
  "nav.menu": "القائمة",
  "nav.account": "حسابك، {name}",
  "nav.signOut": "تسجيل الخروج",
  "nav.language": "اللغة",
  "nav.languageNow": "اللغة: {language}",
  "nav.needsYou":
    "{count, plural, zero {لا شيء بحاجة إليك} one {عنصر واحد بحاجة إليك} two {عنصران بحاجة إليك}" +
    " few {# عناصر بحاجة إليك} many {# عنصرًا بحاجة إليك} other {# عنصر بحاجة إليك}}",
  "nav.payingFor": "الدفع عن {name}",
  "nav.switchPerson": "تغيير",
  "nav.back": "رجوع",
  "nav.backTo": "الرجوع إلى {place}",
  "foot.contact": "اتصل بنا",
  "foot.privacy": "الخصوصية",
  "foot.terms": "شروط الدفع",
  "foot.accessibility": "إمكانية الوصول",
  "preview.banner": "أنت تشاهد بصفة {name}. الدفع والحفظ متوقفان.",
  "preview.exit": "إنهاء المعاينة",

  "form.optional": "اختياري",
  "form.errorTitle": "خطأ: {title}",
  "form.problems":
    "{count, plural, zero {لا توجد مشكلات} one {هناك مشكلة} two {هناك مشكلتان}" +
    " few {هناك # مشكلات} many {هناك # مشكلة} other {هناك # مشكلة}}",
  "form.choose": "اختر",
  "form.save": "حفظ التغييرات",
  "form.cancel": "إلغاء",
  "form.continue": "متابعة",
  "form.working": "جارٍ التنفيذ…",
  "form.chooseFile": "اختر ملفًا",
  "form.showPassword": "إظهار كلمة المرور",
  "form.hidePassword": "إخفاء كلمة المرور",

  "list.newer": "الأحدث",
  "list.older": "الأقدم",
  "list.pages": "الصفحات",
  "list.search": "بحث",
  "list.apply": "تطبيق",
  "list.clear": "مسح عوامل التصفية",
  "list.filters": "عوامل التصفية",
  "list.from": "من",
  "list.to": "إلى",
  "list.status": "الحالة",
  "list.currency": "العملة",
  "list.all": "الكل",
  "list.total":
    "{count, plural, =0 {لا شيء} zero {لا شيء} one {واحد إجمالًا} two {اثنان إجمالًا}" +
    " few {# إجمالًا} many {# إجمالًا} other {# إجمالًا}}",
  "list.shown":
    "{count, plural, =0 {لا شيء للعرض} zero {لا شيء للعرض} one {معروض واحد} two {معروضان}" +
    " few {# معروضة} many {# معروضًا} other {# معروض}}",
  "list.downloadCsv": "تنزيل CSV",
  "list.downloadPdf": "تنزيل PDF",
  "list.print": "طباعة",
  "chart.table": "عرض الأرقام في جدول",

  "copy.copy": "نسخ",
  "copy.copied": "تم النسخ",

  "due.today": "مستحق اليوم",
  "due.tomorrow": "مستحق غدًا",
  "due.in":
    "{count, plural, zero {مستحق اليوم} one {خلال يوم واحد} two {خلال يومين}" +
    " few {خلال # أيام} many {خلال # يومًا} other {خلال # يوم}}",
  "due.overdue":
    "{count, plural, zero {متأخر} one {متأخر يومًا واحدًا} two {متأخر يومين}" +
    " few {متأخر # أيام} many {متأخر # يومًا} other {متأخر # يوم}}",

  "error.notFound.title": "تعذّر العثور على هذه الصفحة",
  "error.notFound.text": "ربما كُتب العنوان بشكل خاطئ أو نُقلت الصفحة.",
  "error.forbidden.title": "لا يمكنك فتح هذه الصفحة",
  "error.forbidden.text": "حسابك لا يصل إليها. إذا كنت ترى أنه ينبغي ذلك، فاتصل بـ {name}.",
  "error.broken.title": "حدث خطأ من جانبنا",
  "error.broken.text": "لم يُفقد شيء. يُرجى المحاولة بعد دقيقة.",
  "error.busy.title": "محاولات كثيرة جدًا",
  "error.busy.text": "يُرجى الانتظار بضع دقائق ثم المحاولة مرة أخرى.",
  "error.expired.title": "انتهت صلاحية هذا النموذج",
  "error.expired.text": "لم يتغير شيء. افتح الصفحة مرة أخرى وكرّر الخطوة الأخيرة.",
  "error.reference": "المرجع: {reference}",
  "error.home": "الذهاب إلى صفحة البداية",
};
