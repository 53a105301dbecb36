/** The frame of the partner portal, signing in to it, and what one sees of one's own access. */
export const partnerPortal = {
  "partner.of": "Partner of {institution}",
  "partner.nav.money": "Money",
  "partner.nav.business": "Business",
  "partner.nav.workspace": "Workspace",
  "partner.nav.overview": "Overview",
  "partner.nav.payouts": "Payouts",
  "partner.nav.invoices": "Invoices",
  "partner.nav.statement": "Statement",
  "partner.nav.customers": "Shared customers",
  "partner.nav.bankDetails": "Bank details",
  "partner.nav.selfBilling": "Self-billing",
  "partner.nav.security": "Security",
  "partner.nav.switch": "Change to another partner",
  "partner.searchCustomers": "Search customers",

  "partner.security.title": "Security",
  "partner.security.lead": "You’re signed in as {email}. There is no password: every sign-in is a link by e-mail.",
  "partner.security.sessions": "Where you’re signed in",
  "partner.security.sessionsText":
    "Each of these browsers can open the partner portal. Sign out of any that you don’t know.",

  "partner.choose.title": "Which partner do you act for?",
  "partner.choose.lead":
    "Your e-mail address belongs to more than one partner. You can change between them at any time.",

  "partner.changed.title": "This form was for {was}",
  "partner.changed.other": "another partner",
  "partner.changed.lead": "You act for {now} now: that was chosen after the form was opened, in another tab or window.",
  "partner.changed.text": "Nothing was done. To send the form for {was}, choose {was} again.",
  "partner.changed.kept": "The form is shown again, with what you typed.",
  "partner.changed.backTo": "You come back to the page that the form was on.",
  "partner.changed.gone": "Nothing was done. Your e-mail address opens that partner no more.",
  "partner.changed.choose": "Choose {was} again",
  "partner.changed.goOn": "Go on for {now}",
  "partner.changed.again": "The partner that this form is for is chosen again. Check the form, then send it.",
  "partner.signIn.title": "Sign in to the partner portal",
  "partner.signIn.sent.lead":
    "If {email} belongs to a partner of {institution}, a sign-in link is on its way to it. The link works once, for {minutes} minutes.",

  "partner.stepUp.title": "Confirm that it’s you",
  "partner.stepUp.lead":
    "What comes next is sensitive. We’ll send a link to {email}; opening it counts for ten minutes.",
  "partner.stepUp.send": "Send me a link",
  "partner.stepUp.notNow": "Not now",
  "partner.stepUp.sent": "A link is on its way to {email}. It works once, for {minutes} minutes, in this browser.",
  "partner.stepUp.again": "Send another link",
  "partner.stepUp.codeHint": "The same e-mail has a code. Enter it here if you read your mail on another device.",
  "partner.stepUp.confirm": "Confirm",
  "partner.stepUp.link.lead": "Confirm that you’re {email}, and go on with what you were doing.",
  "partner.stepUp.foreign": "This link belongs to another browser",
  "partner.stepUp.dead":
    "A link works once, for a few minutes, in the browser that asked for it. Ask for another one here.",

  "mail.partnerSignIn.subject": "Sign in to the partner portal of {institution}",
  "mail.stepUp.subject": "Confirm that it’s you, for {institution}",
  "mail.stepUp.text":
    "{minutes, plural, one {You’re about to do something sensitive in the partner portal. Confirm it with this link. It works once, within # minute.} other {You’re about to do something sensitive in the partner portal. Confirm it with this link. It works once, within # minutes.}}",
  "mail.stepUp.button": "Confirm",
  "mail.stepUp.code": "Reading this on another device? Type this code on the page where you asked for the link:",
  "mail.stepUp.notYou":
    "It was not you? Then somebody uses your session. Open Security in the partner portal and sign out everywhere else.",
  "mail.contactAccess.subject": "You have access to the partner portal of {institution}",
  "mail.contactAccess.text":
    "{institution} gave you access to its partner portal, where you see everything that concerns {partnership}: payouts, invoices and statements.",
  "mail.contactAccess.button": "Open the partner portal",
  "mail.contactAccess.how":
    "There is no password. Enter this e-mail address there, and you get a sign-in link each time.",
  "mail.contactAccess.notYou": "You did not expect this? Then do nothing, or write to us.",
} as const;
