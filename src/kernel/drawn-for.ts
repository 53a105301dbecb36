/** The hidden field of a form that says for which partnership its page was drawn. */
export const drawnForField = "drawn_for";

/** Beside it: that partnership is to be chosen again and the form shown as it was typed, and nothing is done. */
export const chooseAgainField = "choose_again";
