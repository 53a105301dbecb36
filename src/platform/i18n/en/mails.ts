/** Mails. `{institution}` is its name. Every mail says who writes, why, and what to do if it was not expected. */
export const mails = {
  "mail.hello": "Hello,",
  "mail.helloName": "Hello {name},",
  "mail.footer": "{institution} sent this mail to {email}.",
  "mail.questions": "Questions? Write to {email}.",
  "mail.questionsPhone": "Questions? Write to {email} or call {phone}.",
  "mail.buttonHint": "If the button does not work, copy this address into your browser:",

  "mail.signIn.subject": "Sign in to {institution}",
  "mail.signIn.text":
    "{minutes, plural, one {Here is your sign-in link. It works once, within # minute.} other {Here is your sign-in link. It works once, within # minutes.}}",
  "mail.signIn.button": "Sign in",
  "mail.signIn.code": "Reading this on another device? Type this code on the page where you asked for the link:",
  "mail.signIn.notYou": "You did not ask for it? Then do nothing. Nobody can sign in without this mail.",

  "mail.setPassword.subject": "Set a new password for {institution}",
  "mail.setPassword.text":
    "{minutes, plural, one {Somebody, probably you, asked for a new password. This link works once, within # minute.} other {Somebody, probably you, asked for a new password. This link works once, within # minutes.}}",
  "mail.setPassword.button": "Set a new password",
  "mail.setPassword.twoStep": "Your two-step code is asked afterwards, as always.",
  "mail.setPassword.notYou": "You did not ask for it? Then do nothing. Your password stays as it is.",

  "mail.passwordChanged.subject": "Your password for {institution} was changed",
  "mail.passwordChanged.text": "Your password was just changed, and you were signed out everywhere else.",
  "mail.passwordChanged.notYou":
    "It was not you? Ask for a new password on the sign-in page now, and tell an administrator.",

  "mail.locked.subject": "Sign-in to {institution} is paused",
  "mail.locked.text":
    "{minutes, plural, one {There were many wrong tries to sign in as you. For your safety, sign-in is paused for # minute.} other {There were many wrong tries to sign in as you. For your safety, sign-in is paused for # minutes.}}",
  "mail.locked.you": "It was you? Wait, then try again, or set a new password.",
  "mail.locked.notYou":
    "It was not you? Your account is safe: nobody got in. Tell an administrator if it happens again.",

  "mail.receipt.subject": "Receipt {number} from {institution}",
  "mail.receipt.text": "Thank you. We received your payment of {amount}.",
  "mail.receipt.number": "Receipt",
  "mail.receipt.date": "Date",
  "mail.receipt.method": "Paid by",
  "mail.receipt.amount": "Amount",
  "mail.receipt.item": "For",
  "mail.receipt.button": "See the receipt",
} as const;
