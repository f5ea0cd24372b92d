// The page in headless Chromium: its verdicts on every sample are those of the tables and of the command, and a person can
// use it with a mouse, with the keyboard, with a screen reader, in the dark and on a phone.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { bytes, checked, data, files, requests, root, rows, variedPackets, verdicts } from "./corpus.mjs";
import { serve } from "./serve.mjs";

const { chromium } = createRequire(import.meta.url)("playwright-core");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const isMeasured = process.argv.includes("--measured");
const target = join(process.env.CARGO_TARGET_DIR, "web");
const screens = join(target, "screens");

/// The page as it is published, compressed.
const MOST_BYTES = 760_000;
/// For a thousand packets, in milliseconds.
const MOST_TIME = 2;

const ARGUMENTS =
  "--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

let browser;
let server;

before(async () => {
  mkdirSync(screens, { recursive: true });
  server = await serve(join(target, "page"));
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  // As root Chromium runs without its sandbox only; it sees nothing but our own page.
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", ...ARGUMENTS.split(" ")] });
});

after(async () => {
  await browser?.close();
  server?.end();
});

/// Opens the page and hands it to a function. Whatever is said on the console, thrown, or asked of another place fails.
async function open(options, use) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`thrown: ${error.message}`));
  const address = options.address ?? server.address;
  page.on("request", (request) => {
    const isOurs = request.url().startsWith(address) || request.url().startsWith("data:");
    isOurs || wrong.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForSelector("html[data-ready]");
  try {
    await use(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(wrong, []);
}

/// Has the checker of the page, apart from the page itself, judge documents: `[{name, bytes, by}]`.
async function judged(page, documents, { doctype = false } = {}) {
  const given = documents.map((one) => ({ ...one, bytes: one.bytes.toString("base64") }));
  return page.evaluate(
    async ({ given, doctype }) => {
      const { load } = await import("./load.js");
      const { Checker } = await load();
      const checker = new Checker();
      checker.allow_doctype(doctype);
      return given.map(({ name, bytes, by }) => {
        const document = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
        const [isValid] = checker.are_valid(document, Uint32Array.of(document.length), by);
        return { ...JSON.parse(checker.check(name, document, by, 80)), isValid: isValid === 1 };
      });
    },
    { given, doctype },
  );
}

/// Gives files to the page as a drop does.
async function drop(page, named) {
  const given = Object.entries(named).map(([name, bytes]) => ({ name, bytes: bytes.toString("base64") }));
  const transfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of given) {
      const content = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
      transfer.items.add(new File([content], name, { lastModified: 1_700_000_000_000 }));
    }
    return transfer;
  }, given);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

const summary = (page) => page.locator("#summary");
const says = (page, words) => page.waitForFunction((words) => document.querySelector("#summary").textContent.includes(words), words);

const poll = (done) =>
  Buffer.from(
    `<packet><migration><get_status><result><status>ok</status><migration_status><total>100</total><completed>${done}</completed>` +
      `<description>Copying subscription ${done}</description></migration_status></result></get_status></migration></packet>`,
  );

const polls = {
  "polls/2026-11-18T10-00.xml": poll(0),
  "polls/2026-11-18T10-10.xml": poll(20),
  "polls/2026-11-18T10-20.xml": poll(45),
};

test("the verdict on every row of the tables is the expected one, and that of the command", async () => {
  const all = rows();
  assert.ok(all.length > 550, `${all.length}`);
  await open({}, async (page) => {
    let compared = 0;
    const shown = await judged(page, all.map((row) => ({ name: row.file, bytes: bytes(row.file), by: row.kind })));
    for (const [index, row] of all.entries()) {
      const { verdict, diagnostics, isValid } = shown[index];
      const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
      // The tables are about packets of the kind: of what seems to be none they have the symptoms.
      if (!codes.some((code) => code.startsWith("PC09"))) {
        const found = verdict === "valid" && codes.length > 0 ? "warning" : verdict === "unreadable" ? "invalid" : verdict;
        assert.equal(found, row.verdict, row.file);
        assert.deepEqual(codes, row.codes.sort(), row.file);
        compared += 1;
      }
      assert.equal(verdict !== "valid", row.verdict === "invalid", row.file);
      assert.equal(isValid, row.verdict !== "invalid", row.file);
    }
    assert.ok(compared > all.length * 0.9, `${compared}`);
    for (const kind of new Set(all.map((row) => row.kind))) {
      const some = all.flatMap((row, index) => (row.kind === kind ? [[row.file, shown[index]]] : []));
      const command = checked(some.map(([file]) => file), "--as", kind);
      some.forEach(([file, one], index) => same(one, command[index], file));
    }
  });
});

test("without a kind, samples and captures of all sorts come out as with the command", async () => {
  const all = [
    ...rows().map((row) => row.file),
    ...requests(),
    ...files("captures", "kinds", "outside", "secrets", "fuzz", "status"),
  ].filter((file) => !isPacked(bytes(file)));
  assert.ok(all.length > 650, `${all.length}`);
  await open({}, async (page) => {
    const shown = await judged(page, all.map((file) => ({ name: file, bytes: bytes(file), by: "" })));
    checked(all).forEach((command, index) => same(shown[index], command, all[index]));
  });
});

test("documents of the W3C suite for XML are well-formed where they are to the command", async (context) => {
  const suite = process.env.XMLCONF_DIR;
  if (!suite) {
    return context.skip("XMLCONF_DIR is not set");
  }
  const lines = readFileSync(join(data, "xmlconf/expected.tsv"), "utf8").trim().split("\n").slice(1);
  const folder = readdirSync(suite).includes("package") ? join(suite, "package") : suite;
  const all = lines.map((line) => join(folder, line.split("\t").at(-1)));
  await open({}, async (page) => {
    const given = all.map((file) => ({ name: file, bytes: readFileSync(file), by: "well-formed" }));
    const shown = await judged(page, given, { doctype: true });
    checked(all, "--well-formed", "--allow-doctype").forEach((command, index) => same(shown[index], command, all[index]));
  });
});

/// gzip, zstd, xz, bzip2, zip: the command opens them, the page does not.
function isPacked(bytes) {
  return /^(1f8b|28b52ffd|fd377a58|425a68|504b0304)/.test(bytes.subarray(0, 4).toString("hex"));
}

/// The page says what the command says: verdict, and every diagnostic with its place, words and help.
function same(page, command, file) {
  assert.ok(command, `the command says nothing of ${file}`);
  const diagnostics = page.diagnostics.map(({ source, ...shown }) => shown);
  assert.deepEqual(
    { verdict: page.verdict, errors: page.errors, warnings: page.warnings, diagnostics },
    { verdict: command.verdict, errors: command.errors, warnings: command.warnings, diagnostics: command.diagnostics },
    file,
  );
}

// `PACKETS=200000` compares as many; one minute of a processor.
const most = Number(process.env.PACKETS ?? 20_000);

test(`${most} packets have the verdicts that they have in Rust`, async (context) => {
  const all = variedPackets(most);
  await open({}, async (page) => {
    let valid = 0;
    for (let start = 0; start < all.length; start += 20_000) {
      const packets = all.slice(start, start + 20_000);
      const given = { all: Buffer.concat(packets).toString("base64"), lengths: packets.map((packet) => packet.length) };
      const found = await page.evaluate(async ({ all, lengths }) => {
        const { load } = await import("./load.js");
        const { Checker } = await load();
        const documents = Uint8Array.from(atob(all), (character) => character.charCodeAt(0));
        let end = 0;
        return Array.from(new Checker().are_valid(documents, Uint32Array.from(lengths, (length) => (end += length)), ""));
      }, given);
      const wrong = verdicts(packets).findIndex((verdict, index) => verdict !== found[index]);
      assert.equal(wrong, -1, wrong < 0 ? "" : packets[wrong].toString());
      valid += found.reduce((sum, one) => sum + one, 0);
    }
    context.diagnostic(`${valid} of ${all.length} are valid`);
    assert.ok(valid > all.length / 10 && valid < all.length * 0.9, `${valid}`);
  });
});

test("a thousand packets take less than 2 ms, once the page is warm", async (context) => {
  const valid = rows().filter((row) => row.kind === "plesk-response" && row.verdict === "valid" && row.file.includes("documentation"));
  const packets = Array.from({ length: 1000 }, (_, index) => bytes(valid[index % valid.length].file));
  await open({}, async (page) => {
    const measured = await page.evaluate(
      async ({ all, lengths }) => {
        const { load } = await import("./load.js");
        const { Checker } = await load();
        const checker = new Checker();
        const documents = Uint8Array.from(atob(all), (character) => character.charCodeAt(0));
        let end = 0;
        const ends = Uint32Array.from(lengths, (length) => (end += length));
        const times = [];
        let count = 0;
        for (let round = 0; round < 200; round++) {
          const start = performance.now();
          count = checker.are_valid(documents, ends, "plesk-response").reduce((sum, valid) => sum + valid, 0);
          times.push(performance.now() - start);
        }
        times.sort((one, other) => one - other);
        return { count, least: times[0], median: times[100] };
      },
      { all: Buffer.concat(packets).toString("base64"), lengths: packets.map((packet) => packet.length) },
    );
    assert.equal(measured.count, 1000);
    const said = `1,000 packets: ${measured.least.toFixed(2)} ms at best, ${measured.median.toFixed(2)} ms mostly`;
    context.diagnostic(said);
    assert.ok(!isMeasured || measured.least < MOST_TIME, said);
  });
});

test("the page is small", (context) => {
  const folder = join(target, "page");
  const sizes = readdirSync(folder).map((file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  context.diagnostic(`${all} bytes with gzip`);
  assert.ok(!isMeasured || all < MOST_BYTES, `${all}`);
});

test("it loads from servers that know what is compressed and from those that do not, and asks for nothing later", async () => {
  const knowing = await serve(join(target, "page"), { knowsGzip: true });
  for (const { address, asked } of [server, knowing]) {
    await open({ address }, async (page) => {
      await page.click("#example");
      await says(page, "1 invalid");
      asked.length = 0;
      await drop(page, polls);
      await says(page, "4 documents");
      assert.deepEqual(asked, []);
    });
  }
  knowing.end();
});

test("what cannot be loaded is said", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/*.wasm.gz", (route) => route.fulfill({ status: 404 }));
  await page.goto(server.address);
  await page.waitForSelector("#failure:not([hidden])");
  assert.match(await page.textContent("#failure"), /could not be loaded \(404\)/);
  assert.match(await summary(page).textContent(), /could not be loaded/);
  await context.close();
});

test("a broken packet is shown with its place, the source and the documentation", async () => {
  await open({}, async (page) => {
    await page.fill("#text", bytes("plesk/differences/12_error_without_errcode.xml").toString());
    await page.press("#text", "Control+Enter");
    await says(page, "1 document: 1 invalid; 1 error.");
    const shown = await page.locator("article").innerText();
    assert.match(shown, /pasted text/);
    assert.match(shown, /error PC\d{4}: /);
    assert.match(shown, /\^\^\^/);
    assert.match(shown, /Documentation\s+\S.{20}/);
    assert.match(shown, /line \d+, column \d+/);
    // It is corrected.
    await page.fill("#text", bytes("plesk/documentation/in_progress.xml").toString());
    await page.click("button[type=submit]");
    await says(page, "1 document: 1 valid.");
    assert.equal(await page.locator("article").count(), 0);
    await page.click("button[type=reset]");
    await says(page, "Nothing has been checked.");
    assert.equal(await page.inputValue("#text"), "");
    assert.ok(await page.locator("#verdicts").isHidden());
  });
});

test("secrets are masked", async () => {
  const packet = "<packet><migration><start><source><password>Zq9!x7</password><pasword>Zq9!x7</pasword></source></start></migration></packet>";
  const capture = `POST /enterprise/control/agent.php HTTP/1.1\nHost: h\nHTTP_AUTH_PASSWD: Zq9!x7\nX-Odd Zq9\n\n${packet}`;
  await open({}, async (page) => {
    await drop(page, { "a.xml": Buffer.from(packet), "b.http": Buffer.from(capture) });
    await says(page, "2 invalid");
    const shown = await page.locator("main").innerText();
    assert.match(shown, /\*{6}/);
    assert.doesNotMatch(shown, /Zq9!x7/);
  });
});

test("a folder is read with all that is in it", async () => {
  await open({}, async (page) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("#choose-folder")]);
    await chooser.setFiles(join(data, "values"));
    await says(page, "Your schema can be used.");
    assert.match(await page.locator("#schemas").innerText(), /values\/po\.xsd/);
    assert.match(await page.locator("#verdicts").innerText(), /values\/po\.xml as your schema/);
  });
});

test("a capture is judged message by message", async () => {
  await open({}, async (page) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("#choose-files")]);
    await chooser.setFiles(join(data, "captures/polls.har"));
    await says(page, "1 document");
    const messages = await page.locator("#verdicts").innerText();
    assert.match(messages, /a capture of HTTP/);
    assert.match(messages, /10 messages\s+request 1: plesk-request\s+response 1: plesk-response/);
    assert.ok((await page.locator("#progress tbody tr").count()) > 0);
  });
});

test("schema documents are used for what is dropped with them, whichever comes first", async () => {
  const po = Object.fromEntries(["po.xsd", "types.xsd"].map((name) => [name, bytes(`values/${name}`)]));
  await open({}, async (page) => {
    const order = bytes("values/po.xml");
    const broken = Buffer.from(order.toString().replace(/<(\w+)>/, "<odd/><$1>"));
    await drop(page, { "po.xml": order, "broken.xml": broken, "status.xml": poll(5) });
    await says(page, "2 invalid");
    await drop(page, po);
    await says(page, "3 documents: 2 valid, 1 invalid");
    assert.match(await summary(page).textContent(), /Your schema can be used\./);
    assert.match(await page.locator("article").innerText(), /broken\.xml[\s\S]*as your schema/);
    // The packet is still one of its own kind, until a person says otherwise.
    await page.selectOption("#by", "schema");
    await says(page, "3 documents: 1 valid, 2 invalid");
    await page.click("[aria-label='Remove types.xsd']");
    await says(page, "Your schema has errors and is not used.");
    assert.match(await page.locator("#verdicts").innerText(), /as a schema document/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "schemas-head");
  });
});

test("a location with folders finds the schema document of that name", async () => {
  const main = bytes("values/po.xsd").toString().replaceAll('schemaLocation="', 'schemaLocation="../common/v1/');
  await open({}, async (page) => {
    await drop(page, { "po.xsd": Buffer.from(main), "types.xsd": bytes("values/types.xsd"), "po.xml": bytes("values/po.xml") });
    await says(page, "1 document: 1 valid. Your schema can be used.");
  });
});

test("three polls are a row with an estimate, and a chart", async () => {
  await open({}, async (page) => {
    await drop(page, polls);
    await says(page, "3 documents: 3 valid.");
    const row = await page.locator("#progress tbody tr").innerText();
    assert.match(row, /polls\/.*plesk.*running.*45%.*45\/100/s);
    assert.match(row, /no message since|end about/);
    assert.match(row, /Copying subscription 45/);
    const chart = page.locator("svg.chart");
    assert.equal(await chart.count(), 1);
    assert.match(await chart.locator("title").textContent(), /Progress of polls\//);
    const box = await chart.locator(".line").boundingBox();
    assert.ok(box.width > 50 && box.height > 20, JSON.stringify(box));
    assert.equal(await chart.locator(".line").evaluate((line) => getComputedStyle(line).fill), "none");
  });
});

test("names and texts of strangers stay text", async () => {
  const evil = '<img src=x onerror="document.title=1">';
  await open({}, async (page) => {
    await drop(page, {
      [`${evil}.xml`]: Buffer.from(`<packet><migration><${"x"}><!-- ${evil} --></x></migration></packet>`),
      [`${evil}.json`]: Buffer.from(JSON.stringify({ name: evil, state: "RUNNING", sub_tasks: [{ name: evil, progress: 5 }] })),
    });
    await says(page, "2 documents");
    assert.equal(await page.locator("main img").count(), 0);
    assert.equal(await page.title(), "packetcheck");
  });
});

test("a checker that stopped says so", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.address);
  await page.waitForSelector("html[data-ready]");
  await page.evaluate(() => {
    JSON.parse = () => {
      throw new Error("out of memory");
    };
  });
  await page.click("#example");
  await page.waitForSelector("#failure:not([hidden])");
  assert.match(await page.textContent("#failure"), /The checker stopped: out of memory/);
  await context.close();
});

test("many files are shown as one line, and large ones do not stop the page", async () => {
  await open({}, async (page) => {
    const many = Array.from({ length: 2000 }, (_, index) => [`${index}.xml`, poll(index % 100)]);
    await drop(page, Object.fromEntries(many));
    await says(page, "2000 documents: 2000 valid.");
    assert.equal(await page.locator("#verdicts details").getAttribute("open"), null);
    assert.equal(await page.locator("article").count(), 0);
  });
});

test("all of it can be reached with the keyboard, in the order of the page", async () => {
  await open({}, async (page) => {
    await drop(page, { "po.xsd": bytes("values/po.xsd"), "types.xsd": bytes("values/types.xsd"), ...polls });
    await page.focus("#text");
    await page.evaluate(() => (document.querySelector("#text").value = "<packet><migration><chek/></migration></packet>"));
    const order = [];
    for (let step = 0; step < 14; step++) {
      order.push(await page.evaluate(() => {
        const { id, tagName, textContent, ariaLabel } = document.activeElement;
        return id || ariaLabel || `${tagName} ${textContent.trim().slice(0, 20)}`;
      }));
      if (order.at(-1) === "BUTTON Check") {
        await page.keyboard.press("Enter");
        await says(page, "4 documents");
      }
      await page.keyboard.press("Tab");
    }
    const expected = ["text", "BUTTON Check", "choose-files", "choose-folder", "example", "BUTTON Clear all", "by", "doctype", "Remove po.xsd", "Remove types.xsd"];
    assert.deepEqual(order.slice(0, expected.length), expected);
    assert.match(order[expected.length], /^Source, line 1, column 20/);
    assert.ok(order.some((one) => one.startsWith("DIV ") || one.startsWith("SUMMARY")), order.join("; "));
  });
});

for (const [name, options] of Object.entries({
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { colorScheme: "light", viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  "phone in the dark": { colorScheme: "dark", viewport: { width: 360, height: 740 }, isMobile: true },
})) {
  test(`nothing is wrong for people who see it otherwise: ${name}`, async () => {
    await open({ ...options, bypassCSP: true }, async (page) => {
      const screen = (of) => page.screenshot({ path: join(screens, `${name.replaceAll(" ", "-")}-${of}.png`), fullPage: true });
      await screen("empty");
      await audit(page);
      await page.click("#example");
      await drop(page, {
        ...polls,
        "po.xsd": bytes("values/po.xsd"),
        "types.xsd": bytes("values/types.xsd"),
        "warned.xml": bytes("plesk/differences/01_finished_blank.xml"),
        "a-rather-long-name-of-a-file-without-any-blank-in-it-0123456789.har": bytes("captures/polls.har"),
        "gzip.http": bytes("captures/gzip.http"),
      });
      await says(page, "7 documents");
      await screen("full");
      await audit(page);
      const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
      assert.ok(width <= page.viewportSize().width, `${width}`);
    });
  });
}

async function audit(page) {
  await page.evaluate(axe);
  const { violations, incomplete } = await page.evaluate(() => window.axe.run());
  // Of text in drawings, and of what is out of sight until it is scrolled to, it cannot tell the contrast; their colours are
  // those of other text.
  const unsure = incomplete.filter(({ id }) => id !== "color-contrast");
  const shown = [...violations, ...unsure].map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(shown, []);
}

test("the page has nothing in it that is loaded from elsewhere", () => {
  const folder = join(root, "bindings/web/page");
  for (const file of readdirSync(folder)) {
    const addresses = readFileSync(join(folder, file), "utf8").match(/https?:\/\/[^\s"'`)]+/g) ?? [];
    const others = addresses.filter((address) => !address.includes("www.w3.org") && !address.includes("schemas.xmlsoap.org"));
    assert.deepEqual(others, [], file);
  }
});
