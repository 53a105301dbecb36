/** Error pages, by the code of the problem (src/kernel/problem.ts). English readers also see the detail written there. */
export const problems = {
  "problem.back": "Back to the start",
  "problem.reference": "Quote this reference if you write to us:",
  "problem.other": "That did not work",
  "problem.not-found": "This page does not exist",
  "problem.not-found.detail": "Check the address, or go back to the start.",
  "problem.host.unknown": "There is no portal at this address",
  "problem.host.unknown.detail": "Check the link that you were given, or ask who sent it to you.",
  "problem.unavailable": "We are not available right now",
  "problem.unavailable.detail": "Please try again in a moment. Nothing was lost.",
  "problem.internal": "Something went wrong on our side",
  "problem.internal.detail": "We have noted it. Please try again.",
  "problem.rate.limited": "Too many tries",
  "problem.rate.limited.detail": "Please wait a little, then try again.",
  "problem.other.detail": "Go back to the page, check it, and try again.",
  "language.title": "Language",
  "language.lead": "Choose the language of these pages in this browser.",
} as const;
