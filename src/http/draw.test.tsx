import { html, raw } from "hono/html";
import { createContext, useContext } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { expect, test } from "vitest";
import { draw } from "#http/draw.ts";

const Name = ({ name, children }: { name: string; children?: unknown }) => (
  <b title={name}>
    {name}
    {children as string}
  </b>
);
const Colour = createContext("none");
const Coloured = () => <i>{useContext(Colour)}</i>;
const Later = async () => <p>later</p>;
const Nothing = () => null;
const several = ["a", "<b>", 3, null, undefined, false, ["c"]] as unknown as string;

const pages: Record<string, () => JSX.Element> = {
  "text that could be markup": () => <p title={`"&'<>`}>{`"&'<>`}</p>,
  "attributes of every kind": () => (
    <input {...({ className: "x", value: 3, disabled: true, checked: false, onClick: undefined } as object)} />
  ),
  "elements without an end": () => (
    <div>
      <br />
      <img src="/x" alt="" />
      <option selected={true}>1</option>
      <button type="submit" />
    </div>
  ),
  "parts, lists and what isn't there": () => (
    <>
      <Name name="<A>" />
      <Name name="B">
        one
        <i>two</i>
      </Name>
      <Nothing />
      {several}
    </>
  ),
  "text that is markup already": () => <div>{[raw("<hr>"), html`<u>${"<"}</u>`]}</div>,
  "a head, and what moves into it": () => (
    <html lang="en">
      <head>
        <title>A & B</title>
      </head>
      <body>
        <meta name="late" content="x" />
        <svg viewBox="0 0 1 1" aria-hidden="true">
          <path strokeWidth="2" />
        </svg>
      </body>
    </html>
  ),
  "styles as an object": () => <p style={{ color: "red" }}>red</p>,
  "what comes later": () => (
    <div>
      <Later />
    </div>
  ),
  "a context": () => (
    <Colour.Provider value="green">
      <Coloured />
    </Colour.Provider>
  ),
};

test.each(Object.keys(pages))("a page is drawn as Hono draws it: %s", async (name) => {
  const page = pages[name] as () => JSX.Element;
  expect(await draw(page())).toBe(String(await (await page()).toString()));
});

test("an attribute that would run script is refused, as by Hono", async () => {
  const page = () => <p {...({ title: () => "x" } as object)}>x</p>;
  await expect(draw(page())).rejects.toThrow("Invalid prop");
});
