import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent } from "./mail-kinds.ts";

/** The mails about getting into the partner portal, and what each is told. */
export type PartnerAccessMails = {
  partner_sign_in: { readonly link: string; readonly code: string; readonly minutes: number };
  step_up: { readonly link: string; readonly code: string; readonly minutes: number };
  contact_access: { readonly name: string; readonly partnership: string; readonly link: string };
};

type Writers = {
  readonly [K in keyof PartnerAccessMails]: (t: T, at: Institution, params: PartnerAccessMails[K]) => MailContent;
};

export const partnerAccessMails: Writers = {
  partner_sign_in: (t, { name }, { link, code, minutes }) => ({
    subject: t("mail.partnerSignIn.subject", { institution: name }),
    parts: [
      { paragraph: t("mail.hello") },
      { paragraph: t("mail.signIn.text", { minutes }) },
      { button: t("mail.signIn.button"), link },
      { paragraph: t("mail.signIn.code") },
      { code },
      { small: t("mail.signIn.notYou") },
    ],
  }),
  step_up: (t, { name }, { link, code, minutes }) => ({
    subject: t("mail.stepUp.subject", { institution: name }),
    parts: [
      { paragraph: t("mail.hello") },
      { paragraph: t("mail.stepUp.text", { minutes }) },
      { button: t("mail.stepUp.button"), link },
      { paragraph: t("mail.stepUp.code") },
      { code },
      { small: t("mail.stepUp.notYou") },
    ],
  }),
  contact_access: (t, institution, { name, partnership, link }) => ({
    subject: t("mail.contactAccess.subject", { institution: institution.name }),
    parts: [
      { paragraph: t("mail.helloName", { name }) },
      { paragraph: t("mail.contactAccess.text", { institution: institution.name, partnership }) },
      { button: t("mail.contactAccess.button"), link },
      { paragraph: t("mail.contactAccess.how") },
      { small: t("mail.contactAccess.notYou") },
    ],
  }),
};
