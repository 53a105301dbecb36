/** How long a mailed link and its code are good for. */
export const linkMinutes = 10;

/** How often a code may be wrong before its link takes codes no more. The link itself stays good. */
export const codeTries = 5;

/**
 * What a link is for: signing in (customers and contacts), setting a new password (staff), or a fresh proof in an open
 * session (contacts).
 */
export type LinkPurpose = "sign_in" | "set_password" | "step_up";

/** The faces whose way in is a link. */
export type LinkFace = "customer" | "partner";

/** A link opens the face that it was asked for and no other, and only what it was asked for. */
export type LinkKind =
  | { readonly face: LinkFace; readonly purpose: "sign_in" }
  | { readonly face: "staff"; readonly purpose: "set_password" }
  | { readonly face: "partner"; readonly purpose: "step_up" };

/**
 * How a link stands when somebody opens it. Nothing is told of links that never were, or were another institution's.
 */
export type LinkStanding = "good" | "used" | "expired" | "unknown";
