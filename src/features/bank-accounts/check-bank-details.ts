import type { BankDetailsInput, BankDetailsText } from "#features/bank-accounts/bank-account.ts";
import { type NumberField, readNumbers } from "#features/bank-accounts/bank-numbers.ts";
import { isCountry } from "#features/institution/country.ts";
import { type Currency, isCurrency } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { readLine } from "#kernel/text.ts";
import type { T } from "#platform/i18n/messages.ts";

const mostName = 140;

/**
 * Reads what was typed of an account. Throws `form.invalid` with the words for each field, in the reader's language.
 * The words never repeat a number.
 */
export function checkBankDetails(text: BankDetailsText, currencies: readonly Currency[], t: T): BankDetailsInput {
  const fields: Partial<Record<keyof BankDetailsText, string>> = {};
  const { currency = "", country = "" } = text;
  const known = isCurrency(currency) && currencies.includes(currency);
  if (!known) fields.currency = t("bank.problem.currency");
  if (!isCountry(country)) fields.country = t("bank.problem.country");
  const holder = readLine(text.holder_name ?? "", mostName);
  if (typeof holder !== "string") fields.holder_name = t("bank.problem.tooLong", { most: mostName });
  else if (holder.length < 2) fields.holder_name = t("bank.problem.holder");
  const bank = readLine(text.bank_name ?? "", mostName);
  if (typeof bank !== "string") fields.bank_name = t("bank.problem.tooLong", { most: mostName });
  const read = readNumbers(country, text);
  if ("problems" in read) {
    for (const [field, problem] of Object.entries(read.problems)) {
      fields[field as NumberField] = t(`bank.problem.${problem}`);
    }
  }
  if (Object.keys(fields).length > 0 || !known || typeof holder !== "string" || typeof bank !== "string") {
    throw new Problem("form.invalid", t("bank.problem.check"), { fields: fields as Record<string, string> });
  }
  if ("problems" in read) throw new Error("Numbers with a problem left a field marked.");
  return { currency, country, holderName: holder, bankName: bank, numbers: read.numbers };
}
