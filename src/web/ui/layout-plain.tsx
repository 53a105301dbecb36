import type { Child } from "hono/jsx";
import type { Surface } from "./assets.ts";
import { Document, FootLinks, Mark, type PageProps } from "./document.tsx";
import { ErrorSummary } from "./form.tsx";
import { Icon, type IconName } from "./icon.tsx";

type PlainProps = PageProps & {
  surface: Surface;
  /** A line under the heading. */
  lead?: Child;
  /** A round icon over the heading: an envelope for "Check your e-mail". */
  icon?: IconName;
  wide?: boolean;
  /** Under the card: another way to go. */
  under?: Child;
  /** At the end of the footer: a language link. */
  foot?: Child;
};

/** Sign-in, error and one-question pages: the logo, one card, the small print. Never indexed, nothing fetched ahead. */
export function PlainLayout(props: PlainProps) {
  const { t, title, brand, problems, lead, icon, wide, under, foot, children } = props;
  return (
    <Document {...props} noindex>
      <div class="plain">
        <main id="main">
          <span class="logo">
            <Mark brand={brand} />
            <span>{brand.name}</span>
          </span>
          <div class={wide ? "card box wide" : "card box"}>
            <ErrorSummary form={{ t, ...(problems && { problems }) }} />
            {icon && (
              <span class="badge">
                <Icon name={icon} size="l" />
              </span>
            )}
            <div>
              <h1>{title}</h1>
              {lead !== undefined && <p class="lead mt-s">{lead}</p>}
            </div>
            {children}
          </div>
          {under !== undefined && <div class="under">{under}</div>}
        </main>
        <footer class="foot">
          <div class="in">
            <FootLinks t={t} brand={brand} />
            {foot}
          </div>
        </footer>
      </div>
    </Document>
  );
}
