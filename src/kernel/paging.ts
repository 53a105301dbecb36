/** Which page of a list is asked for, as its address says: `before` and `after` are places in the list's order. */
export type Paging<P> = { readonly before?: P | undefined; readonly after?: P | undefined; readonly size: number };

/** What a page shows, and whether there is more in front of it and behind it. */
export type Page<R> = { readonly rows: readonly R[]; readonly inFront: boolean; readonly behind: boolean };

/**
 * Makes a page of what was read: at most one row more than its size, in the list's order. `upwards` says that
 * reading went from
 * a place towards the front, so the row too many stands there; `begun` that the page does not begin at the front.
 */
export function cutPage<R>(found: readonly R[], size: number, upwards: boolean, begun: boolean): Page<R> {
  const more = found.length > size;
  if (upwards) return { rows: more ? found.slice(1) : found, inFront: more, behind: true };
  return { rows: found.slice(0, size), inFront: begun, behind: more };
}
