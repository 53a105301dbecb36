import type { Child, PropsWithChildren } from "hono/jsx";
import { Icon, type IconName } from "./icon.tsx";

type Look = {
  kind?: "primary" | "plain" | "ghost" | "danger" | "danger-primary";
  small?: boolean;
  wide?: boolean;
  icon?: IconName;
  /** An icon after the words: where something leads on. */
  iconEnd?: IconName;
  /** What a screen reader hears after the words, where they alone are ambiguous ("Pay" + " Tuition, instalment 3"). */
  about?: string;
};

const kinds = {
  primary: " primary",
  plain: "",
  ghost: " ghost",
  danger: " danger",
  "danger-primary": " danger primary",
};

function classOf({ kind = "plain", small, wide }: Look): string {
  return `btn${kinds[kind]}${small ? " s" : ""}${wide ? " wide" : ""}`;
}

function inside({ icon, iconEnd, about }: Look, children: Child): Child[] {
  return [
    icon && <Icon name={icon} />,
    <span>{children}</span>,
    about !== undefined && <span class="vh"> {about}</span>,
    iconEnd && <Icon name={iconEnd} />,
  ];
}

type ButtonProps = PropsWithChildren<
  Look & {
    name?: string;
    value?: string;
    form?: string;
    formaction?: string;
    type?: "submit" | "button";
    popovertarget?: string;
    id?: string;
  }
>;

/** A button that sends its form. It says the result: "Pay A$4,350.00", never "Submit". One primary a view. */
export function Button(props: ButtonProps) {
  const { kind, small, wide, icon, iconEnd, about, children, type = "submit", ...rest } = props;
  return (
    <button type={type} class={classOf(props)} {...rest}>
      {inside(props, children)}
    </button>
  );
}

type LinkButtonProps = PropsWithChildren<Look & { href: string; download?: boolean; target?: "_blank" }>;

/** A link that looks like a button: for going somewhere, never for changing something. */
export function LinkButton(props: LinkButtonProps) {
  const { href, download, target, children } = props;
  return (
    <a
      class={classOf(props)}
      href={href}
      {...(download && { download: true })}
      {...(target && { target, rel: "noopener" })}
    >
      {inside(props, children)}
    </a>
  );
}

/** The row of buttons that ends a form or a card: the primary one first. */
export function Actions({ children }: { children?: Child }) {
  return <div class="actions">{children}</div>;
}
