import type { Child } from "hono/jsx";
import type { T } from "#platform/i18n/messages.ts";
import { FigureTable } from "./figure-table.tsx";

export type Bar = {
  /** Under the bar; one or three letters. */
  readonly short: string;
  /** In the table: "November 2026". */
  readonly name: string;
  /** The bar's height, in any whole unit (minor units of one currency). Below zero draws nothing. */
  readonly size: bigint;
  /** The same amount in words or as `<Money>`, for the table. */
  readonly value: Child;
  readonly now?: boolean;
};

const height = 70;

type BarsProps = {
  t: T;
  summary: string;
  nameHead: string;
  valueHead: string;
  bars: readonly Bar[];
};

/**
 * A few bars (months), drawn by the server. `summary` says what they show: "Paid out each month; highest October,
 * A$26,100.00". The same figures stand in a table that opens under it.
 */
export function Bars({
  t,
  summary,
  nameHead,
  valueHead,
  bars,
  slot = 33,
  ownTable = true,
}: BarsProps & {
  /** The width of a bar with the space around it; wider where there are only a few bars. */
  slot?: number;
  /** False where the same figures stand in a table beside the chart. */
  ownTable?: boolean;
}) {
  const most = bars.reduce((found, bar) => (bar.size > found ? bar.size : found), 1n);
  const thick = Math.min(slot - 13, 40);
  const width = Math.max(1, bars.length) * slot;
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${width} 88`} role="img" aria-label={summary}>
        {[0, 35, 70].map((y) => (
          <line class="grid" x1="0" x2={width} y1={y} y2={y} />
        ))}
        {bars.map((bar, index) => {
          const tall = bar.size <= 0n ? 0 : Math.max(1, Number((bar.size * BigInt(height)) / most));
          // In a right-to-left page time runs to the left, so the first bar stands at the right end.
          const x = (t.dir === "rtl" ? bars.length - 1 - index : index) * slot;
          return (
            <>
              <rect
                class={bar.now ? "now" : ""}
                x={x + (slot - thick) / 2}
                y={height - tall}
                width={thick}
                height={tall}
                rx="3"
              />
              <text x={x + slot / 2} y="84">
                {bar.short}
              </text>
            </>
          );
        })}
      </svg>
      {ownTable && <FigureTable t={t} summary={summary} nameHead={nameHead} valueHead={valueHead} rows={bars} />}
    </figure>
  );
}
