import { copyButtons, focusProblems, menusClose, sendOnce } from "./niceties.ts";

focusProblems();
sendOnce();
copyButtons();
menusClose();
