// Verdicts and progress as elements. All that comes from a document is text: nothing of it is ever read as HTML.

/// An element with attributes and children; `false` and nothing are left out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

export function counted(count, word) {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}

/// `2 errors, 1 warning`.
function counts({ errors, warnings }) {
  return [errors && counted(errors, "error"), warnings && counted(warnings, "warning")].filter(Boolean).join(", ");
}

/// Longer lists are folded.
const SHORT = 10;

const TONES = { valid: "good", invalid: "bad", unreadable: "bad" };

/// The words of a verdict, with what decided.
function basis({ by, reason, errors, warnings }) {
  const what = by && ` as ${by}${reason ? ` (${reason})` : ""}`;
  const said = counts({ errors, warnings });
  return `${what}${said && `: ${said}`}`;
}

/// One document of which there is something to say.
export function verdict(result) {
  const { name, verdict, diagnostics, errors, warnings, messages } = result;
  const hidden = errors + warnings - diagnostics.length;
  return element(
    "article",
    { class: verdict },
    element("h3", {}, name),
    element("p", {}, element("span", { class: `state ${TONES[verdict]}` }, verdict), basis(result)),
    messages.length > 0 && folded(counted(messages.length, "message"), list(messages.map(message), "messages")),
    element("ol", { class: "diagnostics" }, ...diagnostics.map(diagnostic)),
    hidden > 0 && element("p", {}, `… and ${hidden} more`),
  );
}

function list(items, kind) {
  return element("ul", { class: kind }, ...items.map((item) => element("li", {}, item)));
}

/// Open while it is short.
function folded(head, items) {
  const shown = element("details", {}, element("summary", {}, head), items);
  shown.open = items.childElementCount <= SHORT;
  return shown;
}

function message(result) {
  const said = counts(result);
  return `${result.direction} ${result.exchange}: ${result.kind ?? "of no known kind"}${said && `, ${said}`}`;
}

function diagnostic(result) {
  const { severity, code, message, line, column, path, source, documentation, help, constraint, decoded } = result;
  const tone = severity === "error" ? "bad" : "warning";
  const place = `line ${line}, column ${column}`;
  const inner = decoded && ` (decoded from ${decoded.from}: line ${decoded.line}, column ${decoded.column})`;
  const facts = [
    ["Place", place + (inner ?? "")],
    ["Path", path],
    ["Documentation", documentation],
    ["Constraint", constraint],
    ["Help", help],
  ].filter(([, text]) => text);
  return element(
    "li",
    {},
    element("h4", {}, element("span", { class: `state ${tone}` }, `${severity} ${code}`), `: ${message}`),
    // What is too wide for the screen can be moved with the keyboard too.
    source && element("pre", { tabindex: "0", role: "region", "aria-label": `Source, ${place}` }, source),
    element("dl", {}, ...facts.map(([name, text]) => element("div", {}, element("dt", {}, name), element("dd", {}, text)))),
  );
}

/// Documents of which there is nothing to say but that they are valid.
export function valid(all) {
  const lines = all.map((result) => result.name + basis(result));
  const head = element("span", { class: "state good" }, `${all.length} valid`);
  return folded(head, list(lines, "names"));
}

/// A file that could not be read.
export function unreadable({ name, failure }) {
  return element("article", {}, element("h3", {}, name), element("p", {}, `cannot be read: ${failure}`));
}

export function row(migration) {
  const { name, system, percent, percents, done, left, age, time, step, notes } = migration;
  // The number beside it says the same.
  const bar = element("span", { class: "bar", "aria-hidden": "true" }, element("span"));
  bar.firstChild.style.width = `${percent ?? 0}%`;
  const lines = notes.flatMap((note) => [element("br"), note]).slice(1);
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, name),
    element("td", {}, system),
    element("td", {}, state(migration)),
    element("td", {}, bar, percents),
    element("td", {}, done),
    element("td", {}, left),
    element("td", {}, age && (time ? element("time", { datetime: time, title: time }, age) : age)),
    element("td", {}, step),
    element("td", {}, ...lines),
  );
}

function state({ state, tone }) {
  return element("span", { class: `state ${tone}` }, state);
}

/// The chart of a migration with what is said of it; nothing where too little is known for one.
export function figure(migration) {
  if (!migration.chart) {
    return null;
  }
  const svg = new DOMParser().parseFromString(migration.chart, "image/svg+xml").documentElement;
  return element(
    "figure",
    {},
    element("figcaption", {}, element("b", {}, migration.name), " ", state(migration)),
    document.adoptNode(svg),
    list(migration.notes, "notes"),
  );
}
