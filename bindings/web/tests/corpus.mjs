// The samples of the repository, and what the command says of them.

import { execFileSync, spawnSync } from "node:child_process";
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
  const reports = new Map(lines.trim().split("\n").map((line) => JSON.parse(line)).map((one) => [one.path, one]));
  return files.map((file) => reports.get(file));
}

/// As many packets, the same in every run: the samples of the tables, most of them changed in a place or two. Most that are
/// valid stay so, since names, numbers and texts are changed too.
export function variedPackets(count) {
  const samples = rows().map(({ file }) => bytes(file)).filter((sample) => sample.length < 4096);
  let state = 0x2545f491;
  const draw = (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  return Array.from({ length: count }, () => {
    let packet = samples[draw(samples.length)];
    for (let changes = draw(3); changes > 0; changes--) {
      const [start, other] = [draw(packet.length), draw(packet.length)];
      const piece = packet.subarray(other, other + 1 + draw(8));
      const kept = packet.subarray(start + (draw(2) ? piece.length : 0));
      const digit = packet.findIndex((byte, index) => index >= start && byte >= 0x30 && byte <= 0x39);
      packet = Buffer.concat(
        digit >= 0 && draw(2)
          ? [packet.subarray(0, digit), Buffer.from(String(draw(1000))), packet.subarray(digit + 1)]
          : [packet.subarray(0, start), piece, kept],
      );
    }
    return packet;
  });
}

/// The verdicts of the library on packets, by the kind that each shows: 1 for valid, 0 for invalid.
export function verdicts(packets) {
  const input = Buffer.concat(
    packets.flatMap((packet) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(packet.length);
      return [length, packet];
    }),
  );
  const library = join(process.env.CARGO_TARGET_DIR, "debug/examples/many_packets");
  const { status, stdout, error } = spawnSync(library, { input, maxBuffer: packets.length + 1 });
  if (error || status !== 0) {
    throw error ?? new Error(`many_packets ended with ${status}`);
  }
  return Array.from(stdout, (byte) => byte - 0x30);
}
