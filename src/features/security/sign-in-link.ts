/** How long a mailed link and its code are good for. */
export const linkMinutes = 10;

/** How often a code may be wrong before its link takes codes no more. The link itself stays good. */
export const codeTries = 5;

/** What a link is for: signing in (customers), or setting a new password (staff). */
export type LinkPurpose = "sign_in" | "set_password";

/**
 * How a link stands when somebody opens it. Nothing is told of links that never were, or were another institution's.
 */
export type LinkStanding = "good" | "used" | "expired" | "unknown";
