import type { Child } from "hono/jsx";
import type { Currency } from "#kernel/money.ts";
import { controlOf, Field, FieldProblem, type FormState, fieldId, keptValue } from "./form.tsx";

type Common = {
  form: FormState;
  name: string;
  label: string;
  /** One line that helps before the mistake. */
  hint?: Child;
  /** Says "(optional)" beside the label; every other field is required. */
  optional?: boolean;
  /** What the field starts with; what was typed wins after a refusal. */
  value?: string | undefined;
};

type TextProps = Common & {
  type?: "text" | "email" | "tel" | "url" | "password" | "search" | "number";
  autocomplete?: string;
  inputmode?: "text" | "numeric" | "decimal" | "email" | "tel" | "url";
  maxlength?: number;
  placeholder?: string;
  short?: boolean;
  readonly?: boolean;
  /** Text that is never in the page's language: an address, a code, an IBAN. */
  ltr?: boolean;
};

function base({ form, name, label, hint, optional }: Common) {
  return { form, name, label, ...(hint !== undefined && { hint }), ...(optional && { optional }) };
}

/** One line of text. Passwords are never filled in again. */
export function TextField(props: TextProps) {
  const { form, name, type = "text", autocomplete, inputmode, maxlength, placeholder, short, readonly, ltr } = props;
  const leftToRight = ltr || type === "email" || type === "tel" || type === "url";
  return (
    <Field {...base(props)}>
      <input
        class={short ? "input short" : "input"}
        type={type}
        {...controlOf(form, name, props)}
        {...(type !== "password" && { value: keptValue(form, name, props.value) })}
        {...(autocomplete !== undefined && { autocomplete })}
        {...(inputmode !== undefined && { inputmode })}
        {...(maxlength !== undefined && { maxlength })}
        {...(placeholder !== undefined && { placeholder })}
        {...(readonly && { readonly: true })}
        {...(leftToRight && { dir: "ltr" })}
      />
    </Field>
  );
}

/** Several lines of text. */
export function TextArea(props: Common & { rows?: number; maxlength?: number }) {
  const { form, name, rows = 4, maxlength } = props;
  return (
    <Field {...base(props)}>
      <textarea
        class="input"
        rows={rows}
        dir="auto"
        {...controlOf(form, name, props)}
        {...(maxlength !== undefined && { maxlength })}
      >
        {keptValue(form, name, props.value)}
      </textarea>
    </Field>
  );
}

/** The six digits of a sign-in or authenticator code; phones offer to fill it in. */
export function CodeField(props: Common & { digits?: number }) {
  const { form, name, digits = 6 } = props;
  return (
    <Field {...base(props)}>
      <input
        class="input code"
        type="text"
        inputmode="numeric"
        autocomplete="one-time-code"
        dir="ltr"
        maxlength={digits + 2}
        {...controlOf(form, name, props)}
        value={keptValue(form, name, props.value)}
      />
    </Field>
  );
}

export type Option = { readonly value: string; readonly label: string };

/** A short list to choose one from. With `placeholder` nothing is chosen at first. */
export function Select(props: Common & { options: readonly Option[]; placeholder?: string }) {
  const { form, name, options, placeholder } = props;
  const chosen = keptValue(form, name, props.value);
  return (
    <Field {...base(props)}>
      <select class="input" {...controlOf(form, name, props)}>
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {options.map(({ value, label }) => (
          <option value={value} selected={value === chosen}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}

/**
 * An amount, as plain digits beside its currency; read it with `parseMoney`. With `currencies` the currency is a choice
 * of its own, sent as `currencyName` (default "currency").
 */
export function MoneyField(
  props: Common & { currency: Currency; currencies?: readonly Currency[]; currencyName?: string },
) {
  const { form, name, currency, currencies, currencyName = "currency" } = props;
  const chosen = keptValue(form, currencyName, currency);
  return (
    <Field {...base(props)}>
      <div class="group short">
        {currencies === undefined ? (
          <span class="addon">{currency}</span>
        ) : (
          <select class="input" name={currencyName} id={fieldId(currencyName)} aria-label={form.t("list.currency")}>
            {currencies.map((code) => (
              <option value={code} selected={code === chosen}>
                {code}
              </option>
            ))}
          </select>
        )}
        <input
          class="input num"
          type="text"
          inputmode="decimal"
          dir="ltr"
          autocomplete="off"
          {...controlOf(form, name, props)}
          value={keptValue(form, name, props.value)}
        />
      </div>
    </Field>
  );
}

/** A calendar date (`2026-12-05`), by the browser's own picker. */
export function DateField(props: Common & { min?: string; max?: string }) {
  const { form, name, min, max } = props;
  return (
    <Field {...base(props)}>
      <input
        class="input"
        type="date"
        {...controlOf(form, name, props)}
        value={keptValue(form, name, props.value)}
        {...(min !== undefined && { min })}
        {...(max !== undefined && { max })}
      />
    </Field>
  );
}

/** A file to upload; the form needs `upload`. */
export function FileField(props: Common & { accept?: string }) {
  const { form, name, accept } = props;
  return (
    <Field {...base(props)}>
      <input class="input" type="file" {...controlOf(form, name, props)} {...(accept !== undefined && { accept })} />
    </Field>
  );
}

/** One box to tick; sends `on`. A tick that is already on and can't be taken off says why in its hint. */
export function Checkbox(props: Omit<Common, "value"> & { checked?: boolean; disabled?: boolean; value?: string }) {
  const { form, name, label, hint, checked, disabled, value = "on" } = props;
  const kept = form.values === undefined ? (checked ?? false) : keptValues(form, name).includes(value);
  return (
    <div>
      <label class="check">
        <input
          type="checkbox"
          {...controlOf(form, name, { hint, optional: true })}
          value={value}
          checked={kept}
          disabled={disabled ?? false}
        />
        <span>
          {label}
          {hint !== undefined && (
            <span class="hint" id={`${fieldId(name)}-h`}>
              <br />
              {hint}
            </span>
          )}
        </span>
      </label>
      <FieldProblem form={form} name={name} />
    </div>
  );
}

function keptValues(form: FormState, name: string): readonly string[] {
  const kept = form.values?.[name];
  if (kept === undefined) return [];
  return typeof kept === "string" ? [kept] : kept;
}

export type Choice = {
  readonly value: string;
  readonly label: Child;
  readonly hint?: Child;
  /** What stands at the far end of the row: an amount, a fee, a chip. */
  readonly end?: Child;
  readonly disabled?: boolean;
};

type ChoicesProps = Omit<Common, "label" | "value"> & {
  legend: string;
  /** Chosen at first. */
  chosen?: readonly string[];
  options: readonly Choice[];
  kind?: "radio" | "checkbox";
  /** `cards` for a decision, `list` for many small ones. */
  look?: "cards" | "list";
  hideLegend?: boolean;
};

/** Choose one (radio) or several (checkbox) of a few, each a whole row to tap. */
export function Choices(props: ChoicesProps) {
  const { form, name, legend, hint, chosen = [], options, kind = "radio", look = "cards", hideLegend } = props;
  const on = form.values === undefined ? chosen : keptValues(form, name);
  const id = fieldId(name);
  return (
    <fieldset class="field" {...(hint !== undefined && { "aria-describedby": `${id}-h` })}>
      <legend class={hideLegend ? "vh" : "legend"}>{legend}</legend>
      {hint !== undefined && (
        <p class="hint" id={`${id}-h`}>
          {hint}
        </p>
      )}
      <FieldProblem form={form} name={name} />
      <div class={look === "cards" ? "choices" : ""}>
        {options.map((option, index) => (
          <label class={look === "cards" ? "choice" : "check"}>
            <input
              type={kind}
              name={name}
              id={index === 0 ? id : `${id}-${index}`}
              value={option.value}
              checked={on.includes(option.value)}
              disabled={option.disabled ?? false}
            />
            <span>
              <b>{option.label}</b>
              {option.hint !== undefined && <small>{option.hint}</small>}
            </span>
            {option.end !== undefined && <span class="end">{option.end}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
