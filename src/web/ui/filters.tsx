import type { Child } from "hono/jsx";
import type { T } from "#platform/i18n/messages.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

export type Tab = {
  readonly href: string;
  readonly label: string;
  readonly count?: number | undefined;
  readonly bad?: boolean;
  readonly current?: boolean;
};

/** Ready-made views of a list (All, Overdue, Paid) as links; `label` names the row for screen readers. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav class="seg" aria-label={label}>
      {tabs.map((tab) => (
        <a href={tab.href} {...(tab.current && { "aria-current": "true" })}>
          {tab.label}
          {tab.count !== undefined && <span class={tab.bad && tab.count > 0 ? "count bad" : "count"}>{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}

type FiltersProps = {
  t: T;
  /** The list's own address; the form is a GET, so the filters live in the URL. */
  action: string;
  /** What is being searched: "Name, e-mail or reference". Absent: no search box. */
  search?: { readonly value: string | undefined; readonly placeholder: string } | undefined;
  /** Filters that the form must keep but doesn't show (the chosen tab). */
  keep?: Readonly<Record<string, string | undefined>>;
  /** Where "Clear filters" goes; give it only while something is filtered. */
  clear?: string | undefined;
  /** `<FilterSelect>`, `<FilterDate>`. */
  children?: Child;
  /** At the far end: export links. */
  end?: Child;
};

/** The bar over a list. Without script it is a form with an Apply button. */
export function Filters({ t, action, search, keep = {}, clear, children, end }: FiltersProps) {
  return (
    <form class="filters" method="get" action={action} data-filters>
      {Object.entries(keep).map(
        ([name, value]) => value !== undefined && value !== "" && <input type="hidden" name={name} value={value} />,
      )}
      {search !== undefined && (
        <label class="find">
          <span class="vh">{t("list.search")}</span>
          <Icon name="search" />
          <input type="search" name="q" value={search.value ?? ""} placeholder={search.placeholder} />
        </label>
      )}
      {children}
      <Button small>{t("list.apply")}</Button>
      {clear !== undefined && (
        <a class="end sm" href={clear}>
          {t("list.clear")}
        </a>
      )}
      {end !== undefined && <span class={clear === undefined ? "end" : ""}>{end}</span>}
    </form>
  );
}

type FilterSelectProps = {
  name: string;
  label: string;
  value: string | undefined;
  /** The words for no filter: "All currencies". */
  all: string;
  options: readonly { readonly value: string; readonly label: string }[];
};

export function FilterSelect({ name, label, value, all, options }: FilterSelectProps) {
  return (
    <span class="field">
      <label for={`q-${name}`}>{label}</label>
      <select class="input" name={name} id={`q-${name}`}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}

export function FilterDate({ name, label, value }: { name: string; label: string; value: string | undefined }) {
  return (
    <span class="field">
      <label for={`q-${name}`}>{label}</label>
      <input class="input" type="date" name={name} id={`q-${name}`} value={value ?? ""} />
    </span>
  );
}

/** A short text or number; `inputmode` brings up the right keys on a phone. */
export function FilterText({
  name,
  label,
  value,
  inputmode,
}: {
  name: string;
  label: string;
  value: string | undefined;
  inputmode?: "decimal" | "numeric";
}) {
  return (
    <span class="field">
      <label for={`q-${name}`}>{label}</label>
      <input
        class="input num"
        name={name}
        id={`q-${name}`}
        value={value ?? ""}
        size={9}
        {...(inputmode && { inputmode })}
      />
    </span>
  );
}
