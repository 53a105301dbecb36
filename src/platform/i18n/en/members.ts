/** Invitations to partner accounts, and what members of one read of their own access. */
export const members = {
  "members.role.OWNER": "Owner",
  "members.role.ADMIN": "Administrator",
  "members.role.OPERATOR": "Operator",
  "members.role.VIEWER": "Viewer",
  "members.may.OWNER": "You see all of the account, make transfers, and answer for the account.",
  "members.may.ADMIN": "You see all of the account and make transfers.",
  "members.may.OPERATOR": "You see the wallets, and prepare and confirm transfers.",
  "members.may.VIEWER": "You see the wallets, their flows and transfers. You change nothing.",
  "members.joined": "You’re a member now. Next time, sign in with a link that we mail to you.",

  "members.home.lead": "Your wallets with {institution}, and what you may do here.",
  "members.home.wallet": "Wallet",
  "members.home.allWallets": "All wallets",
  "members.home.noWallets": "{institution} opens wallets for you, one for each currency and purpose. Ask for one.",
  "members.home.access": "Your access",
  "members.home.email": "Signed in as",
  "members.home.role": "Role",
  "members.home.may": "What it may do",
  "members.home.more": "More",
  "members.home.ask":
    "Payouts, invoices and shared customers are open to contacts of the partner. {institution} decides who is one, and who has which role.",
  "members.home.nothing":
    "Nothing is open to you at the moment. {institution} decides what each person may see; ask it.",

  "invitation.title": "You’re invited",
  "invitation.lead": "{inviter} of {institution} invites you to the account of {partnership} in its partner portal.",
  "invitation.leadOfInstitution": "{institution} invites you to the account of {partnership} in its partner portal.",
  "invitation.for": "For",
  "invitation.role": "Your role",
  "invitation.until": "Good until",
  "invitation.yours": "Accept only if this is your address. If somebody else sent you this link, close the page.",
  "invitation.accept": "Accept and sign in",
  "invitation.decline": "Decline",
  "invitation.accepted.title": "This invitation was accepted already",
  "invitation.accepted.lead": "An invitation works once. Whoever accepted it signs in with a mailed link.",
  "invitation.member.title": "You’re a member already",
  "invitation.member.lead":
    "{email} is a member of the account of {partnership}. Nothing was changed. Sign in with a mailed link.",
  "invitation.declined.title": "This invitation was declined",
  "invitation.declined.lead": "Nobody was given access. If that was a mistake, ask {institution} for another one.",
  "invitation.withdrawn.title": "This invitation was withdrawn",
  "invitation.withdrawn.lead": "It opens nothing any more. If you expected it, ask {institution} for another one.",
  "invitation.expired.title": "This invitation has expired",
  "invitation.expired.lead":
    "An invitation can be accepted for {days} days. Ask {institution} to send it again; the new mail brings a new link.",
  "invitation.unknown.title": "This invitation can’t be used",
  "invitation.unknown.lead":
    "The link may be cut off, or replaced by a newer one. Use the link in the newest mail, or ask {institution} for another one.",
  "invitation.signIn": "Sign in",

  "mail.memberInvited.subject": "Invitation to the partner portal of {institution}",
  "mail.memberInvited.text": "{inviter} of {institution} invites you to the account of {partnership}.",
  "mail.memberInvited.textOfInstitution": "{institution} invites you to the account of {partnership}.",
  "mail.memberInvited.button": "Look at the invitation",
  "mail.memberInvited.until":
    "The link opens a page where you accept or decline. It works once, until {until}, and is for you alone: don’t pass it on.",
  "mail.memberInvited.notYou": "You didn’t expect this? Then do nothing, or write to us.",
  "mail.memberJoined.subject": "{who} joined the account of {partnership}",
  "mail.memberJoined.text": "{who} ({email}) accepted an invitation and can sign in now.",
  "mail.memberJoined.role": "Role",
  "mail.memberJoined.account": "Account",
  "mail.memberJoined.notKnown": "You don’t know this person? Write to us at once, and we’ll keep them out.",

  "problem.permission.denied": "This is not open to you",
  "problem.permission.denied.detail":
    "What each person may do here is set by the institution. Ask it to change your role or your rights.",
} as const;
