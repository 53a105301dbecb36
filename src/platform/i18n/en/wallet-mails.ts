/** Mails to owners and administrators of a partner account about its wallets. They say what its own pages show. */
export const walletMails = {
  "mail.wallet.opened.subject": "{institution} opened a wallet for {partnership}",
  "mail.wallet.opened.text":
    "{institution} opened a wallet for you. Money in it is yours: you see it and send it yourself.",
  "mail.wallet.frozen.subject": "Wallet {number} is frozen",
  "mail.wallet.frozen.text":
    "{institution} froze this wallet. It goes on receiving money; nothing can be sent from it until it is unfrozen.",
  "mail.wallet.unfrozen.subject": "Wallet {number} can send again",
  "mail.wallet.unfrozen.text": "{institution} unfroze this wallet. You can send from it again.",
  "mail.wallet.closed.subject": "Wallet {number} is closed",
  "mail.wallet.closed.text":
    "{institution} closed this wallet. It was empty, and nothing moves in it any more. What happened in it stays for you to read.",
  "mail.wallet.credited.subject": "{amount} was added to wallet {number}",
  "mail.wallet.credited.text": "{institution} added {amount} to this wallet by hand.",
  "mail.wallet.debited.subject": "{amount} was taken out of wallet {number}",
  "mail.wallet.debited.text": "{institution} took {amount} out of this wallet by hand.",
  "mail.wallet.partner": "Partner account",
  "mail.wallet.number": "Wallet",
  "mail.wallet.purpose": "Purpose",
  "mail.wallet.currency": "Currency",
  "mail.wallet.amount": "Amount",
  "mail.wallet.reason": "Reason",
  "mail.wallet.button": "Open the wallet",
  "mail.wallet.ask": "If you have a question, reply to {institution}.",
} as const;
