import type { Child } from "hono/jsx";
import { localeNames } from "#platform/i18n/locales.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Document, FootLinks, initialsOf, Mark, type PageProps } from "./document.tsx";
import { drawnOnce } from "./drawn-once.ts";
import { ErrorSummary, Hidden } from "./form.tsx";
import { Icon, type IconName } from "./icon.tsx";

export const customerTabs = ["overview", "payments", "directDebit", "documents", "statement", "profile"] as const;
export type CustomerTab = (typeof customerTabs)[number];

const places: Record<CustomerTab, { readonly path: string; readonly icon: IconName }> = {
  overview: { path: "/overview", icon: "home" },
  payments: { path: "/payments", icon: "credit-card" },
  directDebit: { path: "/direct-debit", icon: "repeat" },
  documents: { path: "/documents", icon: "file-text" },
  statement: { path: "/statement", icon: "list-check" },
  profile: { path: "/profile", icon: "user" },
};

export type Post = { readonly action: string; readonly hidden?: Readonly<Record<string, string | undefined>> };

type CustomerProps = PageProps & {
  /** The tab that is lit; absent on pages that belong to none. */
  current?: CustomerTab;
  /** Who is signed in. */
  person: { readonly name: string };
  /** Tabs this person has; a payer has no documents or profile. All of them by default. */
  tabs?: readonly CustomerTab[];
  /** How many things wait behind a tab; `bad` for overdue. */
  counts?: Partial<Record<CustomerTab, { readonly count: number; readonly bad?: boolean }>>;
  /** Where there is more than one customer to pay for: whose pages these are, and where to change. */
  payingFor?: { readonly name: string; readonly href: string } | undefined;
  /** Staff looking on: the banner, and every address of the navigation begins with `base`. */
  preview?: { readonly name: string; readonly base: string; readonly exit: Post } | undefined;
  signOut?: Post;
  languageHref?: string;
  helpHref?: string;
  /** A line under the title. */
  lead?: Child;
  /** Beside the title: a button. */
  end?: Child;
  /** The overview says its headline itself; the title is then for screen readers only. */
  hideTitle?: boolean;
  /** What the last step did ("Your profile is saved"), as a `<Notice live>`. */
  flash?: Child;
};

function TabLinks(props: CustomerProps & { where: "tabs" | "dock" }) {
  const { t, current, tabs = customerTabs, counts = {}, preview, where } = props;
  const waiting = tabs.map((tab) => `${tab}:${counts[tab]?.count ?? 0}:${counts[tab]?.bad ?? false}`);
  return links([t.locale, where, current, preview?.base, ...waiting].join(" "), () => drawTabs(props));
}

const links = drawnOnce();

function drawTabs(props: CustomerProps & { where: "tabs" | "dock" }) {
  const { t, current, tabs = customerTabs, counts = {}, preview, where } = props;
  // Five fit a phone; the statement is then reached from payments and from the menu.
  const shown = where === "dock" ? tabs.filter((tab) => tab !== "statement" || tabs.length <= 5) : tabs;
  return (
    <nav class={where} aria-label={t("nav.main")}>
      {shown.map((tab) => {
        const count = counts[tab];
        return (
          <a href={(preview?.base ?? "") + places[tab].path} {...(tab === current && { "aria-current": "page" })}>
            {where === "dock" && <Icon name={places[tab].icon} />}
            {t(`nav.${tab}`)}
            {count !== undefined && count.count > 0 && (
              <>
                <span class={count.bad ? "count bad" : "count"} aria-hidden="true">
                  {t.number(count.count)}
                </span>
                <span class="vh">{t("nav.needsYou", { count: count.count })}</span>
              </>
            )}
          </a>
        );
      })}
    </nav>
  );
}

function AccountMenu(props: CustomerProps) {
  const { t, person } = props;
  return (
    <details class="menu" name="menu">
      <summary>
        <span class="avatar" aria-hidden="true">
          {initialsOf(person.name)}
        </span>
        <span class="vh">{t("nav.account", { name: person.name })}</span>
      </summary>
      <div class="sheet">
        <p class="who">
          <bdi>{person.name}</bdi>
        </p>
        <MenuLinks {...props} />
      </div>
    </details>
  );
}

/** What the account menu leads to. It names nobody. */
function MenuLinks(props: CustomerProps) {
  const { t, tabs = customerTabs, preview, signOut, languageHref, helpHref } = props;
  const leave = preview ? undefined : signOut;
  const base = preview?.base ?? "";
  const key = JSON.stringify([t.locale, base, tabs, languageHref, helpHref, leave]);
  return menus(key, () => {
    const links: (readonly [string, IconName, string] | undefined)[] = [
      tabs.includes("profile") ? [base + places.profile.path, "user", t("nav.profile")] : undefined,
      tabs.includes("statement") ? [base + places.statement.path, "list-check", t("nav.statement")] : undefined,
      languageHref === undefined
        ? undefined
        : [languageHref, "world", t("nav.languageNow", { language: localeNames[t.locale] })],
      helpHref === undefined ? undefined : [helpHref, "help-circle", t("nav.help")],
    ];
    return (
      <>
        {links.map(
          (link) =>
            link && (
              <a href={link[0]}>
                <Icon name={link[1]} />
                {link[2]}
              </a>
            ),
        )}
        {leave && <PostButton post={leave} icon="logout" words={t("nav.signOut")} />}
      </>
    );
  });
}

const menus = drawnOnce();

/** A form that is only a button, as menus need it. */
export function PostButton({ post, icon, words }: { post: Post; icon: IconName; words: string }) {
  return (
    <form method="post" action={post.action}>
      <Hidden values={post.hidden ?? {}} />
      <button type="submit">
        <Icon name={icon} />
        {words}
      </button>
    </form>
  );
}

/** The banner over everything while staff look on as the customer. */
export function PreviewBanner({ t, name, exit }: { t: T; name: string; exit: Post }) {
  return (
    <section class="preview" aria-label={t("preview.banner", { name })}>
      <Icon name="eye" />
      <span>{t("preview.banner", { name })}</span>
      <form class="end" method="post" action={exit.action}>
        <Hidden values={exit.hidden ?? {}} />
        <button class="btn s" type="submit">
          {t("preview.exit")}
        </button>
      </form>
    </section>
  );
}

function Header(props: CustomerProps) {
  const { t, brand, payingFor, preview, languageHref, helpHref } = props;
  return (
    <header class="c-top">
      <div class="c-in">
        <div class="c-head">
          <a class="logo" href={`${preview?.base ?? ""}/overview`}>
            <Mark brand={brand} />
            <span>{brand.name}</span>
          </a>
          <div class="end">
            {languageHref && (
              <a class="btn s ghost hide-s" href={languageHref}>
                <Icon name="world" />
                {localeNames[t.locale]}
              </a>
            )}
            {helpHref && (
              <a class="btn s ghost hide-s" href={helpHref}>
                <Icon name="help-circle" />
                {t("nav.help")}
              </a>
            )}
            <AccountMenu {...props} />
          </div>
        </div>
        {payingFor && (
          <p class="who-for">
            {t("nav.payingFor", { name: payingFor.name })} <a href={payingFor.href}>{t("nav.switchPerson")}</a>
          </p>
        )}
        <TabLinks {...props} where="tabs" />
      </div>
    </header>
  );
}

/** The customer portal: header with tabs, the page, footer; on phones a dock of five. Works without script. */
export function CustomerLayout(props: CustomerProps) {
  const { t, title, brand, problems, preview, lead, end, hideTitle, flash, children } = props;
  const heading = (
    <div>
      <h1>{title}</h1>
      {lead !== undefined && <p>{lead}</p>}
    </div>
  );
  return (
    <Document {...props} surface="customer" bodyClass="c-body has-dock" noindex speculate={preview === undefined}>
      {preview && <PreviewBanner t={t} name={preview.name} exit={preview.exit} />}
      <Header {...props} />
      <main id="main" class="c-in c-main">
        <ErrorSummary form={{ t, ...(problems && { problems }) }} />
        {flash}
        {hideTitle ? (
          <h1 class="vh">{title}</h1>
        ) : (
          <div class="ph">
            {heading}
            {end}
          </div>
        )}
        {children}
      </main>
      <footer class="foot c-foot">
        <div class="c-in">
          <FootLinks t={t} brand={brand} />
        </div>
      </footer>
      <TabLinks {...props} where="dock" />
    </Document>
  );
}
