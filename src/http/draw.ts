import { isValidElement, jsx } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { HtmlEscapedString } from "hono/utils/html";

type Element = { readonly tag: unknown; readonly props: Props; readonly children: readonly unknown[] };
type Props = Readonly<Record<string, unknown>>;
type Component = (props: Props) => unknown;

/** What this file leaves to Hono: contexts, promises, styles as objects, elements that move into the head. */
class Unusual extends Error {}

/**
 * The text of a page: what Hono's own `toString` writes, in half of the time, for drawing was a third of the work of
 * answering. What is unusual goes to Hono as a whole; how a tag or an attribute is written is asked of Hono, once a
 * name.
 */
export async function draw(page: JSX.Element): Promise<string> {
  try {
    return drawn(await page);
  } catch (error) {
    if (error instanceof Unusual) return String(await (await page).toString());
    throw error;
  }
}

function drawn(child: unknown): string {
  if (typeof child === "string") return escaped(child);
  if (child === null || child === undefined || typeof child === "boolean") return "";
  if (typeof child === "number") return String(child);
  if (isElement(child)) return drawnElement(child);
  if (child instanceof String) return rawText(child as HtmlEscapedString);
  if (Array.isArray(child)) return drawnAll(child);
  throw new Unusual();
}

function isElement(child: unknown): child is Element {
  return isValidElement(child);
}

function drawnAll(children: readonly unknown[]): string {
  let text = "";
  for (const child of children) text += drawn(child);
  return text;
}

function rawText(text: HtmlEscapedString): string {
  if (text.isEscaped !== true || text.callbacks?.length) throw new Unusual();
  return text.toString();
}

function atOnce(text: unknown): string {
  if (typeof text !== "string") throw new Unusual();
  return text;
}

function drawnElement(element: Element): string {
  const { tag, props, children } = element;
  if (typeof tag === "function") {
    if ("Provider" in tag) throw new Unusual();
    const inner = children.length === 1 ? children[0] : children.length === 0 ? props.children : children;
    return drawn((tag as Component)(inner === props.children ? props : { ...props, children: inner }));
  }
  if (tag === "") return drawnAll(children);
  // Here another name space begins, which Hono keeps in a context.
  if (tag === "head" || tag === "svg") return atOnce(element.toString());
  const known = tagOf(tag as string);
  let text = known.open;
  for (const name in props) {
    if (name === "children") continue;
    const value = props[name];
    if (value === undefined || value === null) continue;
    const attribute = attributeOf(name);
    if (typeof value === "string") {
      if (attribute.open !== undefined) text += `${attribute.open}${escaped(value)}"`;
    } else if (typeof value === "number" || typeof value === "boolean") {
      if (value === true && attribute.bare !== undefined) text += attribute.bare;
      else if (value !== false || attribute.bare === undefined) text += `${attribute.open}${value}"`;
    } else throw new Unusual();
  }
  return known.isEmpty && children.length === 0 ? `${text}/>` : `${text}>${drawnAll(children)}${known.close}`;
}

type Tag = { readonly open: string; readonly close: string; readonly isEmpty: boolean };
const tags = new Map<string, Tag>();

function tagOf(name: string): Tag {
  const known = tags.get(name);
  if (known) return known;
  const made = { open: `<${name}`, close: `</${name}>`, isEmpty: String(jsx(name, {})) === `<${name}/>` };
  tags.set(name, made);
  return made;
}

/** ` name="`, and ` name=""` where it is one that is either there or not. */
type Attribute = { readonly open: string | undefined; readonly bare: string | undefined };
const attributes = new Map<string, Attribute>();

function attributeOf(name: string): Attribute {
  const known = attributes.get(name);
  if (known) return known;
  const write = (value: string | boolean) => String(jsx("i", { [name]: value })).slice("<i".length, -"></i>".length);
  const [text, bare] = [write("x"), write(true)];
  // Never more than the names that stand in our own pages.
  const made = { open: text === "" ? undefined : text.slice(0, -2), bare: bare.endsWith('=""') ? bare : undefined };
  attributes.set(name, made);
  return made;
}

const special = /[&<>'"]/;
const replacements: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return special.test(text) ? text.replace(/[&<>'"]/g, (one) => replacements[one] ?? one) : text;
}
