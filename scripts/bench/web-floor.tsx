/** A page by the same renderer, of the same size in bytes: a table of 20 rows whose cells are as long as it takes. */
export function Floor({ size }: { size: number }) {
  const rows = Array.from({ length: 20 }, (_, index) => index);
  const cell = "x".repeat(Math.max(1, Math.floor((size - 700) / 80)));
  return (
    <html lang="en">
      <head>
        <title>Floor</title>
      </head>
      <body>
        <table>
          {rows.map((row) => (
            <tr>
              <td>{row}</td>
              <td>{cell}</td>
              <td>{cell}</td>
              <td>{cell}</td>
              <td>{cell}</td>
            </tr>
          ))}
        </table>
      </body>
    </html>
  );
}
