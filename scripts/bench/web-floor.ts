import { raw } from "hono/html";
import { Fragment, type JSX, jsx, jsxs } from "hono/jsx/jsx-runtime";

type Drawn = {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | true>>;
  readonly inside: string[];
};

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};
const plain = (text: string) => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (found) => entities[found] ?? found);

/**
 * The floor of a page: the same elements with the same attributes and words, by the same renderer, and nothing else:
 * no component, no query, no word looked up. `answer` is the page as it was sent; it becomes what the compiler makes of
 * a page that is written out in plain elements. What our pages put in as text that was made before (the head, icons,
 * scripts) goes in as text here as well.
 */
export function floorOf(answer: string): () => JSX.Element {
  const finished: string[] = [];
  const written = read(answer, finished);
  const made = new Function("jsx", "jsxs", "Fragment", "finished", `return () => ${written};`);
  return made(
    jsx,
    jsxs,
    Fragment,
    finished.map((text) => raw(text)),
  ) as () => JSX.Element;
}

/** The page as the calls that draw it. It reads what our renderer writes: elements closed, attributes quoted. */
function read(answer: string, finished: string[]): string {
  const open: Drawn[] = [{ tag: "", attributes: {}, inside: [] }];
  const add = (code: string) => open.at(-1)?.inside.push(code);
  const finishedText = /(<!doctype html>|<(head|svg|script)\b.*?<\/\2>)/.source;
  const openTag = /<([\w-]+)((?:\s[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>/.source;
  const token = new RegExp(`${finishedText}|<\\/([\\w-]+)>|${openTag}|([^<]+)`, "gs");
  for (const [, done, , closing, tag, attributes = "", alone, text] of answer.matchAll(token)) {
    if (done !== undefined) add(`finished[${finished.push(done) - 1}]`);
    else if (text !== undefined) add(JSON.stringify(plain(text)));
    else if (tag !== undefined) {
      open.push({ tag, attributes: attributesOf(attributes), inside: [] });
      if (alone !== "") add(callOf(open.pop()));
    } else {
      const ended = open.pop();
      if (ended?.tag !== closing) throw new Error(`The page closes <${closing}> that is not open`);
      add(callOf(ended));
    }
  }
  if (open.length !== 1) throw new Error("The page leaves an element open");
  return `jsxs(Fragment, { children: [${open[0]?.inside.join(", ")}] })`;
}

function callOf(drawn: Drawn | undefined): string {
  const { tag, attributes, inside } = drawn ?? { tag: "", attributes: {}, inside: [] };
  const given = Object.entries(attributes).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (inside.length === 1) given.push(`children: ${inside[0]}`);
  if (inside.length > 1) given.push(`children: [${inside.join(", ")}]`);
  return `${inside.length > 1 ? "jsxs" : "jsx"}(${JSON.stringify(tag)}, { ${given.join(", ")} })`;
}

function attributesOf(written: string): Record<string, string | true> {
  const found: Record<string, string | true> = {};
  for (const [, name = "", value] of written.matchAll(/\s([\w:-]+)(?:="([^"]*)")?/g)) {
    found[name] = value === undefined ? true : plain(value);
  }
  return found;
}
