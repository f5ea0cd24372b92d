// A file server that sets no header but `Content-Type`, and that for few types. With `knowsGzip` it says that `.gz` files are
// compressed, as some servers do.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";

const TYPES = { html: "text/html", css: "text/css", js: "text/javascript" };

/// Serves a folder on the loopback interface. Gives its address, all that it was asked for, and what ends it.
export async function serve(folder, { knowsGzip = false } = {}) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    asked.push(path);
    const file = join(folder, normalize(path === "/" ? "/index.html" : path));
    try {
      const bytes = await readFile(file);
      const end = file.split(".").pop();
      const type = TYPES[end] && { "Content-Type": TYPES[end] };
      const coding = knowsGzip && end === "gz" && { "Content-Encoding": "gzip" };
      response.writeHead(200, { ...type, ...coding }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  return { address: `http://127.0.0.1:${port}/`, asked, end: () => server.close() };
}
