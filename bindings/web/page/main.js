// The page: what was given is kept, and all of it is checked again whenever something changes.

import { chosen, dropped, isSchema, locations, pasted } from "./files.js";
import { load } from "./load.js";
import { counted, element, figure, row, unreadable, valid, verdict } from "./show.js";

const EXAMPLE = `<?xml version="1.0" encoding="UTF-8"?>
<packet version="1.6.9.0">
  <migration>
    <get_status>
      <result>
        <status>ok</status>
        <migration_status>
          <total>100</total>
          <completed>many</completed>
        </migration_status>
      </result>
    </get_status>
  </migration>
</packet>
`;

/// How the text in the field is called.
const PASTED = "pasted text";

const find = (selector) => document.querySelector(selector);
const form = find("#form");
const text = find("#text");
const by = find("#by");

/// By their names: what is to be checked, and the schema documents.
const documents = new Map();
const schemas = new Map();

let packetcheck;
let checker;
/// Counts the checks: one that has begun while another one was at work replaces it.
let turn = 0;

start().catch((error) => {
  find("#summary").textContent = "The checker could not be loaded.";
  failure(`${error.message ?? error}. A browser with WebAssembly is needed, and the page must come from a web server.`);
});

// Memory ran out, most likely: what comes after that cannot be relied on.
addEventListener("unhandledrejection", ({ reason }) => {
  find("#summary").textContent = "The checker stopped: reload the page to continue.";
  failure(`The checker stopped: ${reason.message ?? reason}. Reload the page to continue.`);
});

async function start() {
  packetcheck = await load();
  checker = new packetcheck.Checker();
  const style = new CSSStyleSheet();
  style.replaceSync(packetcheck.chart_style());
  document.adoptedStyleSheets = [style];
  for (const { name, description } of JSON.parse(packetcheck.kinds())) {
    by.append(element("option", { value: name }, `${name}: ${description}`));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Nothing in the field: what was given before is checked again.
    take(text.value.trim() ? [pasted(text.value, PASTED)] : []);
  });
  form.addEventListener("reset", () => setTimeout(clear));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  for (const input of [find("#files"), find("#folder")]) {
    find(`#choose-${input.id}`).addEventListener("click", () => input.click());
    input.addEventListener("change", async () => {
      const files = await chosen(input.files);
      input.value = "";
      await take(files);
    });
  }
  // Phones have no folders to choose.
  find("#choose-folder").hidden = !("webkitdirectory" in HTMLInputElement.prototype);
  by.addEventListener("change", check);
  find("#doctype").addEventListener("change", check);
  find("#example").addEventListener("click", () => {
    text.value = EXAMPLE;
    form.requestSubmit();
  });
  listenForDrops();
  find("#summary").textContent = "Ready: nothing has been checked yet.";
  form.querySelectorAll("button").forEach((button) => (button.disabled = false));
  document.documentElement.dataset.ready = "";
}

function listenForDrops() {
  let depth = 0;
  const mark = () => document.body.classList.toggle("drop", depth > 0);
  const isOurs = (event) => event.dataTransfer.types.includes("Files") || event.target !== text;
  document.addEventListener("dragenter", () => mark((depth += 1)));
  document.addEventListener("dragleave", () => mark((depth -= 1)));
  document.addEventListener("dragover", (event) => isOurs(event) && event.preventDefault());
  document.addEventListener("drop", async (event) => {
    depth = 0;
    mark();
    if (isOurs(event)) {
      event.preventDefault();
      await take(await dropped(event.dataTransfer));
    }
  });
}

/// Keeps what was given, in place of what had the same name.
async function take(files) {
  for (const file of files) {
    const isForSchema = !file.failure && isSchema(file);
    (isForSchema ? documents : schemas).delete(file.name);
    (isForSchema ? schemas : documents).set(file.name, file);
  }
  compile();
  await check();
}

function clear() {
  documents.clear();
  schemas.clear();
  compile();
  check();
}

// The verdicts on the schema's documents.
let schemaVerdicts = [];

function compile() {
  checker.clear_schema();
  const names = [...schemas.keys()];
  const answers = new Map([...schemas.values()].flatMap((schema) => locations(schema, names)));
  schemas.forEach((schema) => checker.add_schema(schema.name, schema.bytes));
  answers.forEach((name, location) => checker.map(location, name));
  schemaVerdicts = schemas.size > 0 ? JSON.parse(checker.compile(columns())) : [];
  const isUsable = schemas.size > 0 && schemaVerdicts.every((one) => one.errors === 0);
  const option = by.querySelector("[value=schema]");
  option.disabled = !isUsable;
  if (option.selected && !isUsable) {
    by.value = "";
  }
  const items = [...schemas.keys()].map((name) => {
    const button = element("button", { type: "button", "aria-label": `Remove ${name}` }, "Remove");
    button.addEventListener("click", () => {
      schemas.delete(name);
      compile();
      check();
      // The button is gone.
      (schemas.size > 0 ? find("#schemas-head") : text).focus();
    });
    return element("li", {}, name, button);
  });
  find("#schemas ul").replaceChildren(...items);
  find("#schemas").hidden = items.length === 0;
}

/// So many columns of the source fit the page.
function columns() {
  const probe = element("pre", { "aria-hidden": "true" }, element("span", {}, "0".repeat(100)));
  probe.style.visibility = "hidden";
  const article = element("article", {}, probe);
  find("main").append(article);
  const width = probe.clientWidth - parseFloat(getComputedStyle(probe).paddingLeft) * 2;
  const column = probe.firstChild.getBoundingClientRect().width / 100;
  article.remove();
  return Math.max(30, Math.min(120, Math.floor(width / column)));
}

/// Shows of all documents what there is to say.
async function check() {
  const mine = ++turn;
  const width = columns();
  const kind = by.value;
  checker.allow_doctype(find("#doctype").checked);
  const results = [];
  const failures = [];
  const polls = new packetcheck.Polls();
  let since = performance.now();
  for (const file of documents.values()) {
    if (file.failure) {
      failures.push(file);
      continue;
    }
    results.push(JSON.parse(checker.check(file.name, file.bytes, kind, width)));
    polls.add(file.name, file.bytes, kind, file.modified);
    // Many files take a while: the page stays alive.
    if (performance.now() - since > 50) {
      find("#summary").textContent = `Checking: ${results.length} of ${documents.size}…`;
      await new Promise((done) => setTimeout(done));
      since = performance.now();
      if (mine !== turn) {
        polls.free();
        return;
      }
    }
  }
  show(results, failures);
  showProgress(JSON.parse(polls.migrations(Date.now())));
}

function show(results, failures) {
  const isSilent = (one) => one.verdict === "valid" && one.diagnostics.length === 0;
  const silent = results.filter(isSilent);
  const shown = [...failures.map(unreadable), ...[...schemaVerdicts, ...results.filter((one) => !isSilent(one))].map(verdict)];
  if (silent.length > 0) {
    shown.push(valid(silent));
  }
  find("#verdicts div").replaceChildren(...shown);
  find("#verdicts").hidden = shown.length === 0;
  const summary = find("#summary");
  const isBad = failures.length > 0 || [...schemaVerdicts, ...results].some((one) => one.verdict !== "valid");
  summary.className = results.length + failures.length + schemaVerdicts.length === 0 ? "" : isBad ? "bad" : "good";
  summary.textContent = summarized(results, failures);
}

/// `3 documents: 2 valid, 1 invalid; 2 errors`.
function summarized(results, failures) {
  const broken = schemaVerdicts.filter((one) => one.errors > 0).length;
  const schema = broken > 0 ? `Your schema has errors and is not used.` : schemas.size > 0 ? "Your schema can be used." : "";
  const count = (verdict) => results.filter((one) => one.verdict === verdict).length;
  const unread = count("unreadable") + failures.length;
  const verdicts = [
    count("valid") && `${count("valid")} valid`,
    count("invalid") && `${count("invalid")} invalid`,
    unread && `${unread} unreadable`,
  ].filter(Boolean);
  const sum = (what) => results.reduce((sum, one) => sum + one[what], 0);
  const said = [sum("errors") && counted(sum("errors"), "error"), sum("warnings") && counted(sum("warnings"), "warning")];
  const words = said.filter(Boolean).join(", ");
  const all = results.length + failures.length;
  const documents = all > 0 && `${counted(all, "document")}: ${verdicts.join(", ")}${words && `; ${words}`}.`;
  return [documents, schema].filter(Boolean).join(" ") || "Nothing has been checked.";
}

function showProgress({ summary, migrations }) {
  find("#progress").hidden = migrations.length === 0;
  find("#progress > p").textContent = `${summary}.`;
  find("#progress .charts").replaceChildren(...migrations.map(figure).filter(Boolean));
  find("#progress tbody").replaceChildren(...migrations.map(row));
}

function failure(words) {
  find("#failure").textContent = words;
  find("#failure").hidden = false;
}
