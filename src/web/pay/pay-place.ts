import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { CheckoutLine } from "#features/checkouts/checkout-page.ts";
import type { Ui } from "#http/request.ts";
import type { Problems } from "#web/ui/form.tsx";

type FrameProps = { title: string; lead?: string; problems?: Problems | undefined; children?: Child };

/** Where somebody pays: the page around it, its addresses, and what is said differently there. */
export type PayPlace = {
  readonly ui: Ui;
  /** `/pay`: what is chosen there; checkouts stand below it. */
  readonly base: string;
  readonly Frame: (props: FrameProps) => JSX.Element;
  readonly home: string;
  /** The page of what a line is about. */
  readonly hrefOf: (line: CheckoutLine) => string;
  /** Where these lines are chosen anew. */
  readonly chooseAgain: (lines: readonly CheckoutLine[]) => string;
  readonly says: {
    readonly wait: "pay.wait.text" | "invoice.pay.wait";
    readonly matched: "pay.transfer.after3" | "invoice.pay.matched";
    readonly left: "pay.done.leftCredit" | "invoice.pay.left";
    readonly other: "pay.failed.other" | "invoice.pay.other";
    readonly home: "pay.done.overview" | "invoice.choose.back";
  };
};
