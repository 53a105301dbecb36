import type { BankAccount } from "#features/bank-accounts/bank-account.ts";
import { type NumberField, schemeFields, schemeOf } from "#features/bank-accounts/bank-numbers.ts";
import { countries, isCountry } from "#features/institution/country.ts";
import type { Currency } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Select, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";

// The fields of a bank account, alike for staff and partners: first where it is, then what names an account there.

const names = new Map<string, Intl.DisplayNames>();

/** A country's name in the language of the page. */
export function countryName(code: string, t: T): string {
  const known = names.get(t.locale) ?? new Intl.DisplayNames(t.locale, { type: "region" });
  names.set(t.locale, known);
  return known.of(code) ?? code;
}

/**
 * The country to ask the account of: the one chosen, else the one that the currency is of. Undefined where that is
 * none (EUR), so that it is asked.
 */
export function countryFor(currency: Currency, chosen: string | undefined): string | undefined {
  if (chosen !== undefined && isCountry(chosen)) return chosen;
  const own = currency.slice(0, 2);
  return isCountry(own) ? own : undefined;
}

type WhereProps = {
  form: FormState;
  action: string;
  cancel: string;
  currencies: readonly Currency[];
  currency: Currency | undefined;
  country: string | undefined;
};

/** Asks for currency and country: what follows depends on them, and must do so without script. */
export function WhereCard({ form, action, cancel, currencies, currency, country }: WhereProps) {
  const { t } = form;
  const all = countries
    .map(({ code }) => ({ value: code, label: countryName(code, t) }))
    .sort((a, b) => a.label.localeCompare(b.label, t.locale));
  return (
    <Card title={t("bank.where")} pad>
      <p class="dim">{t("bank.whereLead")}</p>
      <Form action={action} method="get">
        <Select
          form={form}
          name="currency"
          label={t("bank.currency")}
          hint={t("bank.currencyHint")}
          value={currency ?? currencies[0]}
          options={currencies.map((value) => ({ value, label: value }))}
        />
        <Select form={form} name="country" label={t("bank.country")} value={country} options={all} />
        <Actions>
          <Button kind="primary">{t("bank.next")}</Button>
          <LinkButton kind="ghost" href={cancel}>
            {t("form.cancel")}
          </LinkButton>
        </Actions>
      </Form>
    </Card>
  );
}

type FieldsProps = {
  form: FormState;
  country: string;
  /** Where another country can be chosen. */
  elsewhere: string;
  /** The account that counts now: its holder is a good start, its number is never shown again. */
  before: Pick<BankAccount, "holderName" | "bankName"> | undefined;
};

/** What is asked of an account in this country. */
export function BankFields({ form, country, elsewhere, before }: FieldsProps) {
  const { t } = form;
  const scheme = schemeOf(country);
  return (
    <>
      <p>
        <strong>{countryName(country, t)}</strong> <a href={elsewhere}>{t("bank.otherCountry")}</a>
      </p>
      <TextField
        form={form}
        name="holder_name"
        label={t("bank.holder")}
        hint={t("bank.holderHint")}
        value={before?.holderName}
        maxlength={140}
        autocomplete="off"
      />
      <TextField
        form={form}
        name="bank_name"
        label={t("bank.bank")}
        hint={t("bank.bankHint")}
        optional
        value={before?.bankName}
        maxlength={140}
        autocomplete="off"
      />
      {schemeFields[scheme].map((field) => (
        <NumberInput form={form} field={field} scheme={scheme} />
      ))}
      <p class="hint">{t("bank.sealedNote")}</p>
    </>
  );
}

type InputProps = { form: FormState; field: NumberField; scheme: keyof typeof schemeFields };

function NumberInput({ form, field, scheme }: InputProps) {
  const { t } = form;
  const shared = { form, name: field, ltr: true, autocomplete: "off", maxlength: 60 } as const;
  switch (field) {
    case "bsb":
      return <TextField {...shared} label={t("bank.bsb")} hint={t("bank.bsbHint")} inputmode="numeric" short />;
    case "routing":
      return <TextField {...shared} label={t("bank.routing")} hint={t("bank.routingHint")} inputmode="numeric" short />;
    case "iban":
      return <TextField {...shared} label={t("bank.iban")} hint={t("bank.ibanHint")} />;
    case "bic":
      return (
        <TextField
          {...shared}
          label={t("bank.bic")}
          hint={t("bank.bicHint")}
          short
          {...(scheme === "iban" && { optional: true })}
        />
      );
    case "account": {
      const hint = scheme === "au" ? "au" : scheme === "us" ? "us" : "swift";
      return <TextField {...shared} label={t("bank.number")} hint={t(`bank.numberHint.${hint}`)} />;
    }
  }
}
