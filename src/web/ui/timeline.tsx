import type { Child } from "hono/jsx";
import { Icon, type IconName } from "./icon.tsx";
import type { Tone } from "./status.tsx";

export type Happening = {
  readonly what: Child;
  /** When, already in words: `t.instant(at, zone)`. */
  readonly when?: string;
  readonly more?: Child;
  readonly icon?: IconName;
  readonly tone?: Tone;
  /** Hasn't happened yet: drawn dashed. */
  readonly coming?: boolean;
};

/** What happened to a thing, in the order given (newest first, or a way still to go). Goes into a padded `<Card>`. */
export function Timeline({ happenings }: { happenings: readonly Happening[] }) {
  return (
    <ol class="timeline">
      {happenings.map(({ what, when, more, icon = "circle", tone = "mute", coming }) => (
        <li class={coming ? "next" : tone}>
          <span class="pip">
            <Icon name={icon} size="s" />
          </span>
          <div>
            <p class="what">{what}</p>
            {when !== undefined && <p class="when num">{when}</p>}
            {more !== undefined && <div class="more">{more}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
