import { z } from "zod";
import { currencies, isCurrency } from "#kernel/money.ts";

const names = new Intl.DisplayNames("en-AU", { type: "currency" });

/** Every currency that Portico knows, as an option of a choice: `AUD – Australian Dollar`. */
export const currencyOptions = currencies.map((value) => ({ value, label: `${value} – ${names.of(value) ?? value}` }));

/** Currencies ticked in a list: none, one or several. */
export const tickedCurrencies = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : typeof value === "string" ? [value] : value))
  .pipe(z.array(z.string().refine(isCurrency, "Choose currencies of the list.")));
