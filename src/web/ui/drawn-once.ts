import { raw } from "hono/html";
import type { Child } from "hono/jsx";

type Drawn = ReturnType<typeof raw>;

/**
 * Keeps parts that look alike wherever they stand (a chip of a state, an amount, the tabs of a page), as text: an
 * element that is drawn anew costs ten times as much. The key names everything that the part is drawn from. What
 * only one person's pages show is not worth keeping.
 */
export function drawnOnce(limit = 2_000): (key: string, draw: () => Child) => Drawn {
  const known = new Map<string, Drawn>();
  return (key, draw) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = raw(String(draw()));
    if (known.size >= limit) known.clear();
    known.set(key, made);
    return made;
  };
}
