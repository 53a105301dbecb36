import { readBooks } from "#features/books/books-views.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { BooksPage } from "./books-page.tsx";

const books = route({
  id: "staff.books",
  method: "GET",
  path: "/staff/books",
  opens: "staff",
  may: "books.read",
  handle: async (rq, cx, may) => page(<BooksPage ui={rq.ui} staff={cx.principal} books={await readBooks(cx, may)} />),
});

export default [books] as Route[];
