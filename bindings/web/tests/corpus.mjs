// The samples of the repository, and what the command says of them.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../../..");
export const data = join(root, "tests/data");

/// The rows of all tables that expect a verdict of a kind.
export function rows() {
  return ["plesk", "dataworks", "sms"].flatMap((system) =>
    table(system).map(([file, kind, verdict, codes]) => {
      return { file: join(system, file), kind, verdict, codes: codes ? codes.split(",") : [] };
    }),
  );
}

/// Those of requests, which name an operation: as captures they show their kind themselves.
export function requests() {
  return table("requests").map(([file]) => join("requests", file));
}

function table(folder) {
  const lines = readFileSync(join(data, folder, "expected.tsv"), "utf8").split("\n");
  return lines.filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t"));
}

/// All files in these folders of samples.
export function files(...folders) {
  return folders.flatMap((folder) => {
    const entries = readdirSync(join(data, folder), { recursive: true, withFileTypes: true });
    const found = entries.filter((entry) => entry.isFile() && !/^(README|expected)/.test(entry.name));
    return found.map((entry) => join(entry.parentPath, entry.name).slice(data.length + 1)).sort();
  });
}

export function bytes(file) {
  return readFileSync(join(data, file));
}

/// What `packetcheck check` says of files, in their order.
export function checked(files, ...options) {
  const command = join(process.env.CARGO_TARGET_DIR, "debug/packetcheck");
  const given = ["check", "--no-config", "--format", "jsonl", ...options, "--", ...files];
  let lines;
  try {
    lines = execFileSync(command, given, { cwd: data, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
  } catch (error) {
    // Something is invalid.
    if (error.status !== 1 && error.status !== 2) {
      throw error;
    }
    lines = error.stdout;
  }
  const told = new Map(lines.trim().split("\n").map((line) => JSON.parse(line)).map((one) => [one.path, one]));
  return files.map((file) => told.get(file));
}
