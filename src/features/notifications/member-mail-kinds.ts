import type { Role } from "#access/principal.ts";
import type { Instant } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { MailContent } from "./mail-kinds.ts";

/** The mails about partner accounts, and what each is told. */
export type MemberMails = {
  member_invited: {
    readonly name: string;
    readonly partnership: string;
    /** Who of the institution invites; empty where it is the institution itself. */
    readonly invitedBy: string;
    readonly role: Role;
    readonly until: Instant;
    readonly link: string;
  };
  /** To the owners of the account: somebody is there whom they may not know. */
  member_joined: {
    readonly name: string;
    readonly partnership: string;
    readonly who: string;
    readonly email: string;
    readonly role: Role;
  };
};

type Writers = { readonly [K in keyof MemberMails]: (t: T, at: Institution, params: MemberMails[K]) => MailContent };

export const memberMails: Writers = {
  member_invited: (t, at, { name, partnership, invitedBy: inviter, role, until, link }) => ({
    subject: t("mail.memberInvited.subject", { institution: at.name }),
    parts: [
      { paragraph: t("mail.helloName", { name }) },
      {
        paragraph:
          inviter === ""
            ? t("mail.memberInvited.textOfInstitution", { institution: at.name, partnership })
            : t("mail.memberInvited.text", { inviter, institution: at.name, partnership }),
      },
      { facts: [[t("invitation.role"), t(`members.role.${role}`)]] },
      { paragraph: t(`members.may.${role}`) },
      { button: t("mail.memberInvited.button"), link },
      { small: t("mail.memberInvited.until", { until: t.instant(until, at.timeZone, "zoned") }) },
      { small: t("mail.memberInvited.notYou") },
    ],
  }),
  member_joined: (t, _at, { name, partnership, who, email, role }) => ({
    subject: t("mail.memberJoined.subject", { who, partnership }),
    parts: [
      { paragraph: t("mail.helloName", { name }) },
      { paragraph: t("mail.memberJoined.text", { who, email }) },
      {
        facts: [
          [t("mail.memberJoined.account"), partnership],
          [t("mail.memberJoined.role"), t(`members.role.${role}`)],
        ],
      },
      { paragraph: t("mail.memberJoined.notKnown") },
    ],
  }),
};
