import type { Child, PropsWithChildren } from "hono/jsx";
import { Icon, type IconName } from "./icon.tsx";

type CardProps = PropsWithChildren<{
  title?: string;
  /** A link or button at the end of the heading. */
  end?: Child;
  /** Space around what is inside; tables, rows and facts bring their own. */
  pad?: boolean;
  /** A named region for screen readers where there is no title. */
  label?: string;
  id?: string;
  raised?: boolean;
  /** One of several cards of a kind: its heading is enough, and no landmark of the page. */
  oneOfMany?: boolean;
}>;

/** A white card. With a title it is a section with a heading. */
export function Card({ title, end, pad, label, id, raised, oneOfMany, children }: CardProps) {
  const name = oneOfMany ? undefined : (title ?? label);
  return (
    <section
      class={`card${pad && title === undefined ? " pad" : ""}${raised ? " raised" : ""}`}
      {...(name !== undefined && { "aria-label": name })}
      {...(id !== undefined && { id })}
    >
      {title !== undefined && (
        <div class="sec-h">
          <h2>{title}</h2>
          {end !== undefined && <div class="sm">{end}</div>}
        </div>
      )}
      {pad && title !== undefined ? <div class="pad pad-under">{children}</div> : children}
    </section>
  );
}

/** A small card that asks for one thing: an icon, a heading, a line, a button. */
export function Todo({ icon, title, children }: PropsWithChildren<{ icon: IconName; title: string }>) {
  return (
    <section class="card pad todo" aria-label={title}>
      <span class="tile">
        <Icon name={icon} />
      </span>
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </section>
  );
}

export type Fact = readonly [label: string, value: Child];

/** What is known about a thing, label beside value (label over value on phones). Goes into a `<Card>` without `pad`. */
export function Facts({ facts }: { facts: readonly (Fact | false | undefined)[] }) {
  return (
    <dl class="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

export type SumLine = {
  readonly label: Child;
  readonly value: Child;
  readonly key?: "a" | "b" | "c";
  readonly total?: boolean;
};

/** A little sum: amounts at the end, the total under a line. `key` draws the colour of a bar's part. */
export function Sum({ lines }: { lines: readonly (SumLine | false | undefined)[] }) {
  return (
    <dl class="kv num">
      {lines.map(
        (line) =>
          line && (
            <>
              <dt class={line.total ? "total" : ""}>
                {line.key && <span class={`key ${line.key}`} />}
                {line.label}
              </dt>
              <dd class={line.total ? "total" : ""}>{line.value}</dd>
            </>
          ),
      )}
    </dl>
  );
}

export type Figure = {
  readonly label: string;
  readonly value: Child;
  /** A line under the figure; may hold a link to its rows. */
  readonly note?: Child;
  readonly href?: string;
  readonly bad?: boolean;
  /** Twice as wide: for a chart. */
  readonly wide?: boolean;
};

/** The row of headline figures on top of a page. Each is a link to its rows where `href` is given. */
export function Figures({ label, figures }: { label: string; figures: readonly Figure[] }) {
  return (
    <section class="card" aria-label={label}>
      <dl class="figs">
        {figures.map((figure) => (
          <div class={figure.wide ? "fig w" : "fig"}>
            <dt>{figure.label}</dt>
            <dd class={`v num${figure.bad ? " txt-bad" : ""}`}>
              {figure.href === undefined ? figure.value : <a href={figure.href}>{figure.value}</a>}
            </dd>
            {figure.note !== undefined && <dd class="n">{figure.note}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}
