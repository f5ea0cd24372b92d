// What is pasted, chosen and dropped: bytes with a name.

/// Files that were chosen; those of a folder are named by their path in it.
export async function chosen(files) {
  return Promise.all([...files].map((file) => read(file, file.webkitRelativePath || file.name)));
}

/// All that was dropped: files, folders with what is in them, or text.
export async function dropped(transfer) {
  // The items are gone once this function waits.
  const text = transfer.getData("text/plain");
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...transfer.files];
  if (entries.length > 0) {
    return (await Promise.all(entries.map(inside))).flat();
  }
  if (plain.length > 0) {
    return chosen(plain);
  }
  return text ? [pasted(text, "dropped text")] : [];
}

export function pasted(text, name) {
  return { name, bytes: new TextEncoder().encode(text), modified: undefined };
}

async function read(file, name) {
  try {
    return { name, bytes: new Uint8Array(await file.arrayBuffer()), modified: file.lastModified };
  } catch (error) {
    return { name, failure: error.message };
  }
}

/// What is in a folder, and in those in it, but for hidden files.
async function inside(entry) {
  const name = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    try {
      return [await read(await new Promise((done, fail) => entry.file(done, fail)), name)];
    } catch (error) {
      return [{ name, failure: error.message }];
    }
  }
  const reader = entry.createReader();
  const all = [];
  for (;;) {
    // A browser gives some of them at a time.
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) {
      break;
    }
    all.push(...some);
  }
  const shown = all.filter((one) => !one.name.startsWith("."));
  return (await Promise.all(shown.map(inside))).flat();
}

const SCHEMA = /<(?:[\w.-]+:)?(?:schema\b[^>]*http:\/\/www\.w3\.org\/2001\/XMLSchema|definitions\b[^>]*http:\/\/schemas\.xmlsoap\.org\/wsdl\/|description\b[^>]*http:\/\/www\.w3\.org\/ns\/wsdl)/;

/// Whether a file is a schema document and not one to check: by its name, or by how it begins.
export function isSchema({ name, bytes }) {
  return /\.(xsd|wsdl)$/i.test(name) || SCHEMA.test(text(bytes.subarray(0, 4096)));
}

/// The locations in a schema document that lead to none of these names, where one of them has the same last part:
/// `../types/order.xsd` is meant for `order.xsd` that was dropped beside it.
export function locations({ name, bytes }, names) {
  const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/") + 1) : "";
  const found = text(bytes).matchAll(/\bschemaLocation\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  const last = (path) => path.slice(path.lastIndexOf("/") + 1);
  return [...found].flatMap(([, double, single]) => {
    const location = (double ?? single).trim();
    const there = names.filter((other) => last(other) === last(location));
    return there.length === 1 && !names.includes(folder + location) ? [[location, there[0]]] : [];
  });
}

/// A document as text: enough to look for names in it.
function text(bytes) {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || bytes[1] === 0;
  const isBigEndian = (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] !== 0);
  const label = isBigEndian ? "utf-16be" : isUtf16 ? "utf-16le" : "utf-8";
  return new TextDecoder(label).decode(bytes);
}
