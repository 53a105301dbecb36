export type Part = { readonly size: bigint; readonly look: "a" | "b" };

/** Thousandths of the whole, so that a bar needs no float and no style attribute. */
function share(part: bigint, whole: bigint): number {
  if (whole <= 0n) return 0;
  const size = (part * 1000n) / whole;
  return Number(size > 1000n ? 1000n : size < 0n ? 0n : size);
}

/**
 * How a whole is made up: paid (a, full), due now (b, hatched), the rest empty. `label` says it in words; it is all a
 * screen reader gets, so put the same figures beside it.
 */
export function PartsBar({ label, whole, parts }: { label: string; whole: bigint; parts: readonly Part[] }) {
  let at = 0;
  const placed = parts.map((part) => {
    const from = at;
    at = Math.min(1000, at + share(part.size, whole));
    return { from, width: at - from, look: part.look };
  });
  return (
    <svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label={label}>
      {placed.map(
        ({ from, width, look }) =>
          width > 0 && <rect class={look} x={from} y="0" width={Math.max(0, width - 4)} height="10" />,
      )}
    </svg>
  );
}

type ProgressProps = {
  label: string;
  done: number;
  total: number | undefined;
  /** The line under the bar: "1,200 of 3,400 rows". */
  note?: string;
  /** Where htmx asks for this part again, every second, until it comes back without `poll`. */
  poll?: string;
};

/** Work that takes a while. Without script the page says to reload. */
export function Progress({ label, done, total, note, poll }: ProgressProps) {
  return (
    <div
      class="progress"
      {...(poll !== undefined && { "hx-get": poll, "hx-trigger": "every 1s", "hx-swap": "outerHTML" })}
    >
      <span class="strong">{label}</span>
      {total === undefined ? (
        <progress aria-label={label} />
      ) : (
        <progress aria-label={label} value={done} max={Math.max(total, 1)} />
      )}
      {note !== undefined && (
        <p class="sm dim num" role="status">
          {note}
        </p>
      )}
    </div>
  );
}

/** Where one stands in a flow: Choose, Review, Pay. */
export function Steps({ label, steps, current }: { label: string; steps: readonly string[]; current: number }) {
  return (
    <nav aria-label={label}>
      <ol class="steps">
        {steps.map((step, index) => (
          <li {...(index === current && { "aria-current": "step" })}>{step}</li>
        ))}
      </ol>
    </nav>
  );
}
