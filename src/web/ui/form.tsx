import { type Child, createContext, type PropsWithChildren, useContext } from "hono/jsx";
import { drawnForField } from "#kernel/drawn-for.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Icon } from "./icon.tsx";

/** What is wrong, by field name, in words that say what to do. The key "" is about the form as a whole. */
export type Problems = Readonly<Record<string, string>>;

/** What a form shows again after a refusal: what was typed, what is wrong, and the language to say it in. */
export type FormState = {
  readonly t: T;
  readonly values?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly problems?: Problems;
};

/** The id of a field's control: what the error summary and labels point to. */
export function fieldId(name: string): string {
  return `f-${name.replaceAll(/[^A-Za-z0-9_-]/g, "-")}`;
}

/** What was typed into a field last time, or the value it starts with. */
export function keptValue(form: FormState, name: string, initial = ""): string {
  const kept = form.values?.[name];
  if (kept === undefined) return initial;
  return typeof kept === "string" ? kept : (kept[0] ?? "");
}

export function problemOf(form: FormState, name: string): string | undefined {
  return form.problems?.[name];
}

export function hasProblems(problems: Problems | undefined): boolean {
  return problems !== undefined && Object.keys(problems).length > 0;
}

type FormProps = PropsWithChildren<{
  action: string;
  /** Extra hidden fields: form token, idempotency key, what the page already knows. */
  hidden?: Readonly<Record<string, string | undefined>>;
  method?: "post" | "get";
  /** With a file field. */
  upload?: boolean;
  /** `wide` fills its column; `bare` lays nothing out. */
  layout?: "column" | "wide" | "bare";
  id?: string;
}>;

/** For which partnership the forms of a page are drawn; pages of other faces say nothing. */
const DrawnFor = createContext<string | undefined>(undefined);

/** Forms within say for which partnership they were drawn, and are refused while another one is chosen. */
export function FormsFor({ partnership, children }: PropsWithChildren<{ partnership: string }>) {
  return <DrawnFor.Provider value={partnership}>{children}</DrawnFor.Provider>;
}

/** What a POST form of the partner portal carries; `Form` has it already. */
export function SaysWhose() {
  return <Hidden values={{ [drawnForField]: useContext(DrawnFor) }} />;
}

/** A form that works without script; with script it can't be sent twice by a double click. */
export function Form({ action, hidden, method = "post", upload, layout = "column", id, children }: FormProps) {
  const classes = { column: "form", wide: "form wide", bare: "" };
  return (
    <form
      action={action}
      method={method}
      novalidate
      {...(classes[layout] && { class: classes[layout] })}
      {...(upload && { enctype: "multipart/form-data" })}
      {...(id !== undefined && { id })}
    >
      {method === "post" && <SaysWhose />}
      <Hidden values={hidden ?? {}} />
      {children}
    </form>
  );
}

/** Hidden fields; undefined values are left out. */
export function Hidden({ values }: { values: Readonly<Record<string, string | undefined>> }) {
  return (
    <>
      {Object.entries(values).map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
    </>
  );
}

/**
 * What is wrong, on top of the page, focused, each line a link to its field. Renders nothing without problems.
 * Fields that the page doesn't show link nowhere; give them the key "".
 */
export function ErrorSummary({ form }: { form: FormState }) {
  const problems = Object.entries(form.problems ?? {});
  if (problems.length === 0) return null;
  return (
    <div class="summary" id="problems" role="alert" tabindex={-1} autofocus>
      <h2>
        <Icon name="alert-circle" />
        {form.t("form.problems", { count: problems.length })}
      </h2>
      <ul>
        {problems.map(([name, words]) => (
          <li>{name === "" ? words : <a href={`#${fieldId(name)}`}>{words}</a>}</li>
        ))}
      </ul>
    </div>
  );
}

type FieldProps = PropsWithChildren<{ form: FormState; name: string; label: string; hint?: Child; optional?: boolean }>;

/** Label, hint, problem and whatever control stands between them. The named fields below are made of it. */
export function Field({ form, name, label, hint, optional, children }: FieldProps) {
  const id = fieldId(name);
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional && <span class="opt-l"> ({form.t("form.optional")})</span>}
      </label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-h`}>
          {hint}
        </p>
      )}
      <FieldProblem form={form} name={name} />
      {children}
    </div>
  );
}

/** The problem of one field, in the same words as in the summary. */
export function FieldProblem({ form, name }: { form: FormState; name: string }) {
  const problem = problemOf(form, name);
  if (problem === undefined) return null;
  return (
    <p class="error" id={`${fieldId(name)}-e`}>
      <Icon name="alert-circle" size="s" />
      <span>{problem}</span>
    </p>
  );
}

/** The attributes that tie a control to its label, hint and problem. */
export function controlOf(form: FormState, name: string, has: { hint?: unknown; optional?: boolean | undefined }) {
  const id = fieldId(name);
  const wrong = problemOf(form, name) !== undefined;
  const describedBy = [has.hint === undefined ? "" : `${id}-h`, wrong ? `${id}-e` : ""].filter(Boolean).join(" ");
  return {
    id,
    name,
    ...(describedBy !== "" && { "aria-describedby": describedBy }),
    ...(wrong && { "aria-invalid": "true" as const }),
    ...(!has.optional && { required: true }),
  };
}
