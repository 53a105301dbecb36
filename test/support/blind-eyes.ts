import type { LiveNews, Watch } from "#http/live.ts";
import type { Route } from "#http/route.ts";
import type { OutgoingMail } from "#platform/mailer.ts";
import type { World } from "./blind-hands.ts";
import type { Browser } from "./browser.ts";

/** One thing that a partner can see, whole: what it asked for, and everything that came back. */
export type Sight = { readonly of: string; readonly what: string };

/** Mails that left for partners, in their order, with the moment. */
export type Letter = { readonly at: string; readonly mail: OutgoingMail };

/** Pages of each route that one look opens; the rest of a list are more of the same. */
const mostOfEach = 2;
const turns = 8;
/** Where money shows: looked at each time. */
const core = new Set([
  "/partner",
  "/partner/payouts",
  "/partner/customers",
  "/partner/statement",
  "/partner/invoices",
  "/partner/wallets",
]);

export type Eyes = ReturnType<typeof openEyes>;

/**
 * Looks at everything that the registry has for partners. `seen` collects the routes that answered, or led on to
 * another.
 */
export function openEyes(routes: readonly Route[], seen: Set<string> = new Set()) {
  const own = routes.filter((route) => route.opens === "partner");
  const gets = own.filter((route) => route.method === "GET");
  const patterns = gets.map((route) => ({ route, pattern: patternOf(route.path) }));
  const routeOf = (path: string) => patterns.find(({ pattern }) => pattern.test(path.split("?")[0] ?? ""))?.route;

  /**
   * Follows links from the pages that need none, and asks for what is not there or another's. What hangs on no payment,
   * and what leads nowhere, is asked in turns: each in every eighth pair, of which there are hundreds.
   */
  async function look(
    world: World,
    number: number | undefined,
    ask: (path: string) => ReturnType<Browser["get"]>,
  ): Promise<Sight[]> {
    const inTurn = <T>(all: readonly T[]) => inTurns(all, number);
    const fixed = gets.map((route) => route.path).filter((path) => !path.includes(":"));
    const queue = [
      ...fixed.filter((path) => core.has(path)),
      ...inTurn(fixed.filter((path) => !core.has(path))),
      ...inTurn(foreign(gets, world)),
      ...world.extra,
    ];
    const turn = number === undefined || number % turns === 0;
    const sights: Sight[] = [];
    const asked = new Set(queue);
    const counts = new Map<string, number>();
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      const shown = await ask(path);
      const led = shown.status === 303 && shown.location.startsWith("/partner") && !shown.location.includes("sign-in");
      if (shown.status === 200 || led) seen.add(routeOf(path)?.id ?? "");
      sights.push(sightOf(`GET ${path}`, shown));
      for (const link of linksOf(shown.text)) {
        const route = routeOf(link);
        const most = route?.path.includes(":") && turn ? mostOfEach : 1;
        const count = counts.get(route?.id ?? "") ?? 0;
        // Other orders, filters and pages of a list are more of the same: looked at in turns, too. So are files, which
        // say what their page says, and cost more than it: each kind in every third pair.
        if (!route || asked.has(link) || count >= most || (link.includes("?") && !turn)) continue;
        if (number !== undefined && isFile(route) && !isTurnOf(route, number)) continue;
        counts.set(route.id, count + 1);
        asked.add(link);
        queue.push(link);
      }
    }
    return sights;
  }
  return { look, gets, posts: own.filter((route) => route.method === "POST"), seen };
}

/** All of them where no number is given, else those whose turn it is. */
export function inTurns<T>(all: readonly T[], number: number | undefined): readonly T[] {
  return number === undefined ? all : all.filter((_, index) => index % turns === number % turns);
}

const isFile = (route: Route) => /\.(csv|pdf)$|\/pdf$/.test(route.path);

function isTurnOf(route: Route, number: number): boolean {
  return (route.id.length + number) % 3 === 0;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:\w+(\{[^}]*\})?/g, "[^/]+")}$`);
}

/** Addresses that lead to nothing, or are not of this portal at all: the answer must be the same in both worlds. */
function foreign(gets: readonly Route[], world: World): string[] {
  const fill = (path: string, value: string) => path.replaceAll(/:\w+(\{[^}]*\})?/g, value);
  return gets
    .filter((route) => route.path.includes(":"))
    .flatMap((route) => ["99", world.payments[0] ?? "x"].map((value) => fill(route.path, value)));
}

function linksOf(html: string): string[] {
  const found = [...html.matchAll(/href="(\/partner[^"#]*)"/g)].map((match) => match[1] ?? "");
  return found.map((link) => link.replaceAll("&amp;", "&"));
}

/** Status, every header, and the body. */
export function sightOf(of: string, shown: Awaited<ReturnType<Browser["get"]>>): Sight {
  const headers = [...shown.headers].map(([name, value]) => `${name}: ${value}`);
  return { of, what: [String(shown.status), ...headers, "", shown.text].join("\n") };
}

export function letterSight(letter: Letter, index: number): Sight {
  return { of: `mail ${index + 1}`, what: `${letter.at}\n${JSON.stringify(letter.mail, undefined, 1)}` };
}

/** The first sight that differs, with the place; undefined where two worlds look the same. */
export function differenceOf(a: readonly Sight[], b: readonly Sight[]): string | undefined {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [one, other] = [a[index], b[index]];
    if (one?.of !== other?.of) return `${one?.of ?? "nothing"} in one world, ${other?.of ?? "nothing"} in the other`;
    if (one && other && one.what !== other.what) return `${one.of}: ${aroundFirst(one.what, other.what)}`;
  }
  return undefined;
}

function aroundFirst(one: string, other: string): string {
  let at = 0;
  while (one[at] === other[at]) at += 1;
  const from = Math.max(0, at - 160);
  return `…${one.slice(from, at + 120)}…\n  in the other world …${other.slice(from, at + 120)}…`;
}

/** Streams of events, read when told: what differs since the last time is what would have been sent. */
export function slowLive() {
  const watches: { watch: Watch; known: string }[] = [];
  return {
    live: {
      open: (watch: Watch) => {
        watches.push({ watch, known: watch.known });
        return new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
      },
      admit: () => undefined,
      drain: () => undefined,
      close: () => Promise.resolve(),
    },
    /** What each stream says now. */
    async read(): Promise<LiveNews[]> {
      const said: LiveNews[] = [];
      for (const one of watches) {
        const news = await one.watch.read(one.known);
        if (news.id !== one.known) said.push(news);
        one.known = news.id;
      }
      return said;
    },
    forget: () => watches.splice(0),
  };
}
