import type { members as en } from "../en/members.ts";

export const members: Record<keyof typeof en, string> = {
  "members.role.OWNER": "مالك",
  "members.role.ADMIN": "مسؤول",
  "members.role.OPERATOR": "مشغّل",
  "members.role.VIEWER": "مطّلع",
  "members.may.OWNER": "ترى كل ما في الحساب وتُجري التحويلات وتكون مسؤولًا عن الحساب.",
  "members.may.ADMIN": "ترى كل ما في الحساب وتُجري التحويلات.",
  "members.may.OPERATOR": "ترى المحافظ وتُعدّ التحويلات وتؤكدها.",
  "members.may.VIEWER": "ترى المحافظ وحركاتها والتحويلات، ولا تغيّر شيئًا.",
  "members.joined": "أصبحت عضوًا الآن. في المرة القادمة سجّل الدخول برابط نرسله إليك بالبريد.",

  "members.home.lead": "محافظك لدى {institution} وما يمكنك فعله هنا.",
  "members.home.access": "صلاحياتك",
  "members.home.email": "سجلت الدخول باسم",
  "members.home.role": "الدور",
  "members.home.may": "ما يتيحه",
  "members.home.more": "المزيد",
  "members.home.ask":
    "الدفعات الصادرة والفواتير والعملاء المشتركون متاحة لجهات الاتصال لدى الشريك. {institution} هي التي تحدد من هو جهة اتصال ومن له أي دور.",
  "members.home.nothing": "لا شيء متاح لك حاليًا. {institution} هي التي تحدد ما يراه كل شخص، فاسألها.",

  "invitation.title": "لديك دعوة",
  "invitation.lead": "يدعوك {inviter} من {institution} إلى حساب {partnership} في بوابة الشركاء.",
  "invitation.leadOfInstitution": "تدعوك {institution} إلى حساب {partnership} في بوابة الشركاء.",
  "invitation.for": "موجهة إلى",
  "invitation.role": "دورك",
  "invitation.until": "صالحة حتى",
  "invitation.yours": "اقبل فقط إذا كان هذا عنوانك. إذا أرسل إليك شخص آخر هذا الرابط، فأغلق الصفحة.",
  "invitation.accept": "قبول وتسجيل الدخول",
  "invitation.decline": "رفض",
  "invitation.accepted.title": "سبق قبول هذه الدعوة",
  "invitation.accepted.lead": "تُقبل كل دعوة مرة واحدة. من قبلها يسجّل الدخول برابط يصله بالبريد.",
  "invitation.member.title": "أنت عضو بالفعل",
  "invitation.member.lead": "{email} عضو في حساب {partnership}. لم يتغير شيء. سجّل الدخول برابط يصلك بالبريد.",
  "invitation.declined.title": "رُفضت هذه الدعوة",
  "invitation.declined.lead": "لم يُمنح أحد حق الدخول. إذا كان ذلك خطأ، فاطلب من {institution} دعوة أخرى.",
  "invitation.withdrawn.title": "سُحبت هذه الدعوة",
  "invitation.withdrawn.lead": "لم تعد تفتح شيئًا. إذا كنت تنتظرها، فاطلب من {institution} دعوة أخرى.",
  "invitation.expired.title": "انتهت صلاحية هذه الدعوة",
  "invitation.expired.lead":
    "يمكن قبول الدعوة خلال {days} أيام. اطلب من {institution} إرسالها مرة أخرى، وستجد في الرسالة الجديدة رابطًا جديدًا.",
  "invitation.unknown.title": "لا يمكن استخدام هذه الدعوة",
  "invitation.unknown.lead":
    "ربما لم يُنسخ الرابط كاملًا، أو حلّ محله رابط أحدث. استخدم الرابط الموجود في أحدث رسالة، أو اطلب من {institution} دعوة أخرى.",
  "invitation.signIn": "تسجيل الدخول",

  "mail.memberInvited.subject": "دعوة إلى بوابة شركاء {institution}",
  "mail.memberInvited.text": "يدعوك {inviter} من {institution} إلى حساب {partnership}.",
  "mail.memberInvited.textOfInstitution": "تدعوك {institution} إلى حساب {partnership}.",
  "mail.memberInvited.button": "عرض الدعوة",
  "mail.memberInvited.until":
    "يفتح الرابط صفحة تقبل فيها الدعوة أو ترفضها. يعمل مرة واحدة حتى {until}، وهو لك وحدك: لا ترسله إلى غيرك.",
  "mail.memberInvited.notYou": "لم تتوقع هذه الرسالة؟ إذن لا تفعل شيئًا، أو اكتب إلينا.",
  "mail.memberJoined.subject": "انضم {who} إلى حساب {partnership}",
  "mail.memberJoined.text": "قبل {who} ({email}) دعوة ويمكنه تسجيل الدخول الآن.",
  "mail.memberJoined.role": "الدور",
  "mail.memberJoined.account": "الحساب",
  "mail.memberJoined.notKnown": "لا تعرف هذا الشخص؟ اكتب إلينا فورًا وسنمنعه من الدخول.",

  "problem.permission.denied": "هذه الصفحة غير متاحة لك",
  "problem.permission.denied.detail": "تحدد المؤسسة ما يمكن لكل شخص فعله هنا. اطلب منها تغيير دورك أو صلاحياتك.",
};
