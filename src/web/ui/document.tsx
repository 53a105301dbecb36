import { html, raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import type { T } from "#platform/i18n/messages.ts";
import { asset, type Surface, surfaces } from "./assets.ts";
import { themeCss } from "./branding.ts";
import { hasProblems, type Problems } from "./form.tsx";

/** What an institution's pages carry of it. */
export type Brand = {
  readonly name: string;
  /** `#rrggbb`; made readable by branding.ts. */
  readonly colour: string;
  /** Address of the logo; without one the first letter stands in its place. */
  readonly logo?: string | undefined;
  /** The line of the footer: "Northbridge College, ABN 12 345 678 901". */
  readonly legal?: string | undefined;
  /** Where "Contact us" leads: mailto: or a page. */
  readonly contact?: string | undefined;
  readonly privacy?: string | undefined;
  readonly terms?: string | undefined;
  readonly accessibility?: string | undefined;
};

/** What every layout takes. */
export type PageProps = PropsWithChildren<{
  t: T;
  /** The page's own title, without the institution's name. */
  title: string;
  brand: Brand;
  /** The nonce of this answer's Content-Security-Policy. */
  nonce: string;
  /** Turns the title into "Error: …". */
  problems?: Problems | undefined;
}>;

type DocumentProps = PageProps & {
  surface: Surface;
  bodyClass?: string;
  /** Fetch pages that are likely next; never on sign-in and token pages. */
  speculate?: boolean;
  noindex?: boolean;
};

// Links that do something when fetched, or cost the server a file, are never fetched ahead.
const speculation = JSON.stringify({
  prefetch: [
    {
      where: {
        and: [
          { href_matches: "/*" },
          { not: { selector_matches: "[download],[data-no-prefetch],[target=_blank]" } },
          {
            not: {
              href_matches: [
                "/sign-*",
                "/*/sign-*",
                "/p/*",
                "/preview/*",
                "/*.pdf*",
                "/*.csv*",
                "/*/download*",
                "/dev/*",
              ],
            },
          },
        ],
      },
      eagerness: "moderate",
    },
  ],
});

/** Written as text, not as elements: it says almost the same on every page, and took a tenth of drawing one. */
function Head({ t, title, brand, nonce, problems, surface, noindex }: DocumentProps) {
  const { css, js } = surfaces[surface];
  const full = `${title} – ${brand.name}`;
  return html`<head><meta charset="utf-8"/>
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"/>
<title>${hasProblems(problems) ? t("form.errorTitle", { title: full }) : full}</title>
${noindex && html`<meta name="robots" content="noindex"/>`}
${surface !== "customer" && html`<meta name="htmx-config" content="${htmxConfig}"/>`}
${css.map((name) => html`<link rel="stylesheet" href="${asset(name).path}"/>`)}
<style nonce="${nonce}">${raw(themeCss(brand.colour))}</style>
${js.map((name) => html`<script src="${asset(name).path}" nonce="${nonce}" defer></script>`)}
</head>`;
}

/** The whole HTML document around a layout. Pages use a layout, not this. */
export function Document(props: DocumentProps) {
  const { t, nonce, bodyClass, speculate, children } = props;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={t.locale === "en" ? "en-AU" : t.locale} dir={t.dir}>
        <Head {...props} />
        <body {...(bodyClass !== undefined && { class: bodyClass })}>
          <a class="skip" href="#main">
            {t("nav.skip")}
          </a>
          {children}
          {speculate && html`<script type="speculationrules" nonce="${nonce}">${raw(speculation)}</script>`}
        </body>
      </html>
    </>
  );
}

/** No inline styles under our policy, no snapshots of private pages in the history, and an error keeps the page. */
const htmxConfig = JSON.stringify({ includeIndicatorCSS: false, history: false, noSwap: [204, 304, "5xx"] });

/** The institution's logo, or its first letter in its colour. */
export function Mark({ brand }: { brand: Brand }) {
  if (brand.logo !== undefined) return <img class="mark" src={brand.logo} alt="" width="34" height="34" />;
  return (
    <span class="mark" aria-hidden="true">
      {[...brand.name][0] ?? ""}
    </span>
  );
}

/** The initials of a person, for the round mark: "Aiko Tanaka" is AT. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? "")][0] ?? "";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** Who stands behind the page, and where to turn. */
export function FootLinks({ t, brand }: { t: T; brand: Brand }) {
  return (
    <>
      <span>{brand.legal ?? brand.name}</span>
      {brand.contact !== undefined && <a href={brand.contact}>{t("foot.contact")}</a>}
      {brand.privacy !== undefined && <a href={brand.privacy}>{t("foot.privacy")}</a>}
      {brand.terms !== undefined && <a href={brand.terms}>{t("foot.terms")}</a>}
      {brand.accessibility !== undefined && <a href={brand.accessibility}>{t("foot.accessibility")}</a>}
    </>
  );
}
