// Loads the checker.

import init, * as packetcheck from "./packetcheck.js";

/// The functions of the checker, once it is ready.
export async function load() {
  const address = new URL("packetcheck.wasm.gz", import.meta.url);
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`${address.pathname} could not be loaded (${answer.status})`);
  }
  await init({ module_or_path: await WebAssembly.compile(await unpacked(await answer.arrayBuffer())) });
  return packetcheck;
}

/// The file is compressed, since most file servers compress nothing, and have no type for WebAssembly. Some see by its name that
/// it is compressed, and have the browser undo that.
async function unpacked(bytes) {
  const [first, second] = new Uint8Array(bytes, 0, 2);
  if (first !== 0x1f || second !== 0x8b) {
    return bytes;
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
