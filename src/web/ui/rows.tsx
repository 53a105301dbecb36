import type { Child } from "hono/jsx";

export type Row = {
  readonly title: string;
  readonly href?: string;
  /** The small line under the title: a date first. */
  readonly sub?: Child;
  /** More of the small line, left out on phones. */
  readonly more?: string;
  readonly status?: Child;
  readonly amount?: Child;
  readonly action?: Child;
  /** Keeps the action on phones, on a line of its own (a receipt); otherwise the whole row leads to the payment. */
  readonly keepAction?: boolean;
};

/** What customers get instead of a table: one thing a row, the whole row to tap. Goes into a `<Card>` without `pad`. */
export function Rows({ rows }: { rows: readonly Row[] }) {
  const noAction = rows.every((row) => row.action === undefined);
  return (
    <ul class={noAction ? "rows no-act" : "rows"}>
      {rows.map((row) => (
        <li>
          <span class="t">{row.href === undefined ? row.title : <a href={row.href}>{row.title}</a>}</span>
          {(row.sub !== undefined || row.more !== undefined) && (
            <span class="sub">
              {row.sub}
              {row.more !== undefined && <span class="prog"> · {row.more}</span>}
            </span>
          )}
          {row.status !== undefined && <span class="meta-s">{row.status}</span>}
          {row.amount}
          {row.action !== undefined && <span class={row.keepAction ? "act keep" : "act"}>{row.action}</span>}
        </li>
      ))}
    </ul>
  );
}
