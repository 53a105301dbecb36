import type { problems as en } from "../en/problems.ts";

/** صفحات الأخطاء: Error pages in Arabic. */
export const problems: Readonly<Record<keyof typeof en, string>> = {
  "problem.back": "العودة إلى البداية",
  "problem.reference": "اذكر هذا المرجع إذا راسلتنا:",
  "problem.other": "لم ينجح ذلك",
  "problem.not-found": "هذه الصفحة غير موجودة",
  "problem.not-found.detail": "تحقق من العنوان، أو عد إلى البداية.",
  "problem.host.unknown": "لا توجد بوابة على هذا العنوان",
  "problem.host.unknown.detail": "تحقق من الرابط الذي وصلك، أو اسأل من أرسله إليك.",
  "problem.unavailable": "الخدمة غير متاحة الآن",
  "problem.unavailable.detail": "يرجى المحاولة بعد لحظات. لم يُفقد شيء.",
  "problem.internal": "حدث خطأ من جانبنا",
  "problem.internal.detail": "لقد سجّلنا الخطأ. يرجى المحاولة مرة أخرى.",
  "problem.rate.limited": "محاولات كثيرة",
  "problem.rate.limited.detail": "يرجى الانتظار قليلًا ثم المحاولة مرة أخرى.",
  "problem.other.detail": "عد إلى الصفحة وتحقق منها ثم حاول مرة أخرى.",
  "language.title": "اللغة",
  "language.lead": "اختر لغة هذه الصفحات في هذا المتصفح.",
};
