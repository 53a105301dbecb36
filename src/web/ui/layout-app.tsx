import type { Child } from "hono/jsx";
import { Document, initialsOf, Mark, type PageProps } from "./document.tsx";
import { ErrorSummary } from "./form.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { type Post, PostButton } from "./layout-customer.tsx";

export type NavItem = {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  readonly count?: number | undefined;
  readonly bad?: boolean;
};
export type NavGroup = { readonly label?: string; readonly items: readonly NavItem[] };
export type Crumb = { readonly href: string; readonly label: string };

type AppProps = PageProps & {
  surface: "staff" | "partner";
  /** Whose books are open: "Northbridge College", or "Meridian Education" with "Partner of Northbridge College". */
  workspace: { readonly name: string; readonly sub?: string; readonly href: string };
  nav: readonly NavGroup[];
  /** The href of the lit item; deeper addresses light the nearest item above them. */
  current: string;
  person: { readonly name: string; readonly sub?: string };
  /** Links in the account menu (Security, Language). */
  personLinks?: readonly NavItem[];
  signOut: Post;
  /** The search box of the bar: a GET form. */
  search?: { readonly action: string; readonly label: string; readonly value?: string } | undefined;
  crumbs?: readonly Crumb[];
  /** A line under the title. */
  lead?: Child;
  /** Beside the title: a status chip. */
  beside?: Child;
  /** At the end of the title row: buttons; the primary one first. */
  end?: Child;
  /** What the last step did, as a `<Notice live>`. */
  flash?: Child;
  /** Above everything: a preview or maintenance banner. */
  banner?: Child;
};

function lit(nav: readonly NavGroup[], current: string): string | undefined {
  const path = current.split("?")[0] ?? current;
  const all = nav.flatMap((group) => group.items.map((item) => item.href));
  const above = all.filter((href) => path === href || path.startsWith(`${href}/`));
  return above.sort((a, b) => b.length - a.length)[0];
}

function Rail({ t, brand, workspace, nav, current }: AppProps) {
  const on = lit(nav, current);
  return (
    <aside class="rail" id="rail" popover="auto">
      <a class="ws" href={workspace.href}>
        <Mark brand={brand} />
        <span>
          <b>{workspace.name}</b>
          {workspace.sub !== undefined && <small>{workspace.sub}</small>}
        </span>
      </a>
      {nav.map((group) => (
        <nav class="nav" aria-label={group.label ?? t("nav.main")}>
          {group.label !== undefined && <h2>{group.label}</h2>}
          {group.items.map((item) => (
            <a href={item.href} {...(item.href === on && { "aria-current": "page" })}>
              <Icon name={item.icon} />
              {item.label}
              {item.count !== undefined && item.count > 0 && (
                <span class={item.bad ? "count bad" : "count"}>{t.number(item.count)}</span>
              )}
            </a>
          ))}
        </nav>
      ))}
    </aside>
  );
}

function TopBar({ t, brand, person, personLinks = [], signOut, search }: AppProps) {
  return (
    <header class="topbar">
      <button class="btn ghost to-rail" type="button" popovertarget="rail" aria-label={t("nav.menu")}>
        <Icon name="menu-2" />
      </button>
      {search !== undefined && (
        <form class="find" method="get" action={search.action} aria-label={search.label}>
          <Icon name="search" />
          <input
            type="search"
            name="q"
            aria-label={search.label}
            placeholder={search.label}
            value={search.value ?? ""}
            data-search
          />
          <kbd>Ctrl K</kbd>
        </form>
      )}
      <div class="end">
        <details class="menu" name="menu">
          <summary>
            <span class="avatar" aria-hidden="true">
              {initialsOf(person.name)}
            </span>
            <span class="vh">{t("nav.account", { name: person.name })}</span>
          </summary>
          <div class="sheet">
            <p class="who">
              <bdi class="strong">{person.name}</bdi>
              <br />
              {person.sub ?? brand.name}
            </p>
            {personLinks.map((link) => (
              <a href={link.href}>
                <Icon name={link.icon} />
                {link.label}
              </a>
            ))}
            <PostButton post={signOut} icon="logout" words={t("nav.signOut")} />
          </div>
        </details>
      </div>
    </header>
  );
}

/** Staff and partner pages: a rail of places, a bar with search and account, the page with its title row. */
export function AppLayout(props: AppProps) {
  const { t, title, problems, crumbs = [], lead, beside, end, flash, banner, children } = props;
  return (
    <Document {...props} speculate noindex>
      {banner}
      <div class="app">
        <Rail {...props} />
        <div>
          <TopBar {...props} />
          <main class="main" id="main">
            {crumbs.length > 0 && (
              <nav aria-label={t("nav.back")}>
                <ol class="crumbs">
                  {crumbs.map((crumb) => (
                    <li>
                      <a href={crumb.href}>{crumb.label}</a>
                      <Icon name="chevron-right" size="s" />
                    </li>
                  ))}
                </ol>
              </nav>
            )}
            <div class="ph">
              <div>
                <div class="beside">
                  <h1>{title}</h1>
                  {beside}
                </div>
                {lead !== undefined && <p>{lead}</p>}
              </div>
              {end !== undefined && <div class="end">{end}</div>}
            </div>
            <div class="stack">
              <ErrorSummary form={{ t, ...(problems && { problems }) }} />
              {flash}
              {children}
            </div>
          </main>
        </div>
      </div>
    </Document>
  );
}
