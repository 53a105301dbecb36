import type { Child, PropsWithChildren } from "hono/jsx";
import { Icon, type IconName } from "./icon.tsx";

export type NoticeTone = "info" | "ok" | "warn" | "bad";
const icons: Record<NoticeTone, IconName> = {
  info: "info-circle",
  ok: "circle-check",
  warn: "alert-triangle",
  bad: "alert-circle",
};

/**
 * Something to know before anything else on the page. `live` for news about what the person just did: it is read aloud.
 */
export function Notice({
  tone = "info",
  title,
  live,
  children,
}: PropsWithChildren<{ tone?: NoticeTone; title?: string; live?: boolean }>) {
  return (
    <div class={`notice ${tone}`} {...(live && { role: tone === "bad" ? "alert" : "status" })}>
      <Icon name={icons[tone]} />
      <div>
        {title !== undefined && <p class="strong">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** Why there is nothing here and what happens next, with at most one action. */
export function Empty({
  icon = "inbox",
  title,
  children,
  action,
}: PropsWithChildren<{ icon?: IconName; title: string; action?: Child }>) {
  return (
    <div class="empty">
      <span class="tile">
        <Icon name={icon} size="l" />
      </span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
