import type { Child } from "hono/jsx";
import type { T } from "#platform/i18n/messages.ts";
import { FigureTable } from "./figure-table.tsx";

export type LinePoint = {
  /** In the table and at the ends: "30 November 2026". */
  readonly name: string;
  /** In any whole unit (minor units of one currency), not below zero. */
  readonly size: bigint;
  /** The same amount as `<Money>`, for the table. */
  readonly value: Child;
};

type LineChartProps = {
  t: T;
  /** What it shows, in a sentence. */
  summary: string;
  nameHead: string;
  valueHead: string;
  points: readonly LinePoint[];
};

const width = 600;
const height = 120;

/**
 * How an amount went over time, drawn by the server: what it is at each point holds until the next. `summary` says the
 * same in words, and a table that opens under it has the figures.
 */
export function LineChart({ t, summary, nameHead, valueHead, points }: LineChartProps) {
  const most = points.reduce((found, { size }) => (size > found ? size : found), 1n);
  const steps = Math.max(1, points.length - 1);
  const place = ({ size }: LinePoint, index: number) => {
    // In a right-to-left page time runs to the left.
    const x = Math.round(((t.dir === "rtl" ? points.length - 1 - index : index) * width) / steps);
    return { x, y: height - Number((size * BigInt(height - 8)) / most) };
  };
  const places = points.map(place);
  const trace = places.map(({ x, y }, index) => (index === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join("");
  const ends = [places[0], places.at(-1)];
  return (
    <figure class="chart line">
      <svg viewBox={`0 -4 ${width} ${height + 8}`} role="img" aria-label={summary} preserveAspectRatio="none">
        {[8, (height + 8) / 2, height].map((y) => (
          <line class="grid" x1="0" x2={width} y1={y} y2={y} />
        ))}
        <path class="area" d={`${trace}V${height}H${ends[0]?.x ?? 0}Z`} />
        <path class="trace" d={trace} />
      </svg>
      <p class="ends num">
        <span>{points[0]?.name}</span>
        <span>{points.at(-1)?.name}</span>
      </p>
      <p class="dim sm">{summary}</p>
      <FigureTable t={t} summary={summary} nameHead={nameHead} valueHead={valueHead} rows={points} />
    </figure>
  );
}
