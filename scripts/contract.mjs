// The files of the contract that are made from others, and whether the contract was kept:
//
//   node scripts/contract.mjs write             writes the documents as graphql-js prints them, and
//                                               their manifest anew
//   node scripts/contract.mjs check             the operations are good, the manifest is what they
//                                               give, and the schema breaks nothing that was released
//   node scripts/contract.mjs release X.Y.Z     what stands in CHANGELOG.md under "Unreleased"
//                                               becomes that version, and the schema its baseline
//
// `--in FOLDER` takes another folder than `mobile-contract`. Schemas are compared, and operations
// held against them, by graphql-inspector; the form of the manifest is Apollo's.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Kind, parse, print, visit } from "graphql";

/** Who runs the operations of a folder. */
const AUDIENCES = ["account", "officer", "public", "supervisor"];

/** What graphql-inspector says where there is nothing to say. */
const NOTHING = /^(✔|No changes detected|No breaking changes|All documents are valid|Detected the following)/;

class Wrong extends Error {}

const scripts = path.dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const named = words.indexOf("--in");
const contract =
  named < 0 ? path.join(scripts, "../mobile-contract") : path.resolve(words.splice(named, 2)[1]);
const manifest = path.join(contract, "operations/manifest.json");
const schema = path.join(contract, "schema.graphql");
const baseline = path.join(contract, "baseline/schema.graphql");
const changelog = path.join(contract, "CHANGELOG.md");

try {
  switch (words.join(" ").replace(/^release .*/, "release")) {
    case "write":
      write();
      break;
    case "check":
      check();
      break;
    case "release":
      release(words[1]);
      break;
    default:
      throw new Wrong("usage: contract.mjs write | check | release X.Y.Z  [--in FOLDER]");
  }
} catch (wrong) {
  if (!(wrong instanceof Wrong)) throw wrong;
  console.error(`contract: ${wrong.message}`);
  process.exitCode = 1;
}

function write() {
  const found = operations();
  for (const { at, document } of found) {
    fs.writeFileSync(path.join(contract, at), `${print(document)}\n`);
  }
  fs.writeFileSync(manifest, asManifest(found));
}

function check() {
  const found = operations();
  const problems = found.flatMap(problemsOf);
  const names = found.map((operation) => operation.name);
  for (const name of names.filter((name, at) => names.indexOf(name) < at)) {
    problems.push(`${name}: two operations have this name`);
  }
  if (problems.length > 0) throw new Wrong(problems.join("\n  "));
  if (read(manifest) !== asManifest(found)) {
    throw new Wrong(
      "operations/manifest.json is not what the operations give; `node scripts/contract.mjs write`",
    );
  }
  const documents = path.join(contract, "operations/*/*.graphql");
  inspect(["validate", documents, schema], "an operation does not fit the schema");
  inspect(["diff", baseline, schema], "the schema breaks what was released; see VERSIONING.md");
  console.log(`${found.length} operations, and nothing is broken that was released`);
}

function release(version) {
  if (!/^[0-9]+\.[0-9]+\.[0-9]+$/.test(version ?? "")) {
    throw new Wrong("which version? release X.Y.Z");
  }
  const text = read(changelog);
  const last = /^## ([0-9]+)\.([0-9]+)\.([0-9]+)/m.exec(text)?.slice(1).map(Number);
  const next = version.split(".").map(Number);
  if (last && !isLater(next, last)) throw new Wrong(`${version} is not later than ${last.join(".")}`);
  if (!/^## Unreleased\n+[^#\s]/m.test(text)) {
    throw new Wrong("CHANGELOG.md says nothing under `## Unreleased`");
  }
  if (last && next[0] === last[0]) {
    inspect(["diff", baseline, schema], "the schema breaks what was released: this is a new first number");
  }
  const today = new Date().toISOString().slice(0, 10);
  const heading = `## Unreleased\n\n## ${version} (${today})\n`;
  fs.writeFileSync(changelog, text.replace(/^## Unreleased\n/m, heading));
  fs.copyFileSync(schema, baseline);
}

function isLater(one, other) {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at >= 0 && one[at] > other[at];
}

/** Runs graphql-inspector and shows what it warns of; ends where it fails. */
function inspect(command, problem) {
  const program = path.join(scripts, "node_modules/@graphql-inspector/cli/cjs/index.js");
  const ran = spawnSync(process.execPath, [program, ...command], { encoding: "utf8" });
  const said = `${ran.stdout}${ran.stderr}`.replace(/^\[(log|success|error|warn|info)\] ?/gm, "");
  const lines = said.split("\n").filter((line) => line.trim() && !NOTHING.test(line));
  for (const line of lines) console.log(line);
  if (ran.status !== 0) throw new Wrong(problem);
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    throw new Wrong(`${path.relative(contract, file)} cannot be read`);
  }
}

/** Every document of the folders of audiences, by name. */
function operations() {
  const folder = path.join(contract, "operations");
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    if (!AUDIENCES.includes(entry.name)) throw new Wrong(`operations/${entry.name}: for whom?`);
    for (const file of fs.readdirSync(path.join(folder, entry.name))) {
      const at = `operations/${entry.name}/${file}`;
      if (!file.endsWith(".graphql")) throw new Wrong(`${at}: what is this?`);
      const text = read(path.join(contract, at));
      let document;
      try {
        document = parse(text, { noLocation: true });
      } catch (error) {
        throw new Wrong(`${at}: ${error.message}`);
      }
      found.push({ at, name: file.slice(0, -".graphql".length), text, document });
    }
  }
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** What is wrong with a document, whatever the schema. */
function problemsOf({ at, name, text, document }) {
  const problems = [];
  const say = (problem) => problems.push(`${at}: ${problem}`);
  const [operation, ...more] = document.definitions;
  if (operation.kind !== Kind.OPERATION_DEFINITION || more.length > 0) {
    say("holds one operation and nothing else");
  } else if (operation.name?.value !== name) {
    say("the operation has the name of its file");
  }
  if (text !== `${print(document)}\n`) {
    say("is not written as graphql-js prints it, without comments; `node scripts/contract.mjs write`");
  }
  visit(document, {
    Argument({ name, value }) {
      if (value.kind !== Kind.VARIABLE) say(`${name.value}: a value is a variable`);
    },
    VariableDefinition({ variable, defaultValue }) {
      if (defaultValue) say(`$${variable.name.value}: the client says what it wants`);
    },
    Field({ name, alias, selectionSet }) {
      if (alias) say(`${alias.value}: no alias`);
      if (name.value.startsWith("__")) say(`${name.value}: the manifest adds __typename by itself`);
      const fields = selectionSet?.selections.map((field) => field.name?.value).join(" ");
      if (name.value === "userErrors" && fields !== "code field message") {
        say("userErrors { code field message }");
      }
    },
  });
  if (operation.operation === "mutation" && !text.includes("userErrors")) {
    say("a mutation asks for userErrors");
  }
  return problems;
}

/** The manifest in Apollo's form: version 1, bodies as Apollo Client sends them, ids their SHA-256. */
function asManifest(found) {
  const listed = found.map(({ name, document }) => {
    const body = print(withTypenames(document));
    const id = createHash("sha256").update(body).digest("hex");
    return { id, name, type: document.definitions[0].operation, body };
  });
  const file = { format: "apollo-persisted-query-manifest", version: 1, operations: listed };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** `__typename` at the end of every selection but the root's: what caches of Apollo's clients need. */
function withTypenames(document) {
  return visit(document, {
    SelectionSet(set, _key, parent) {
      if (parent.kind === Kind.OPERATION_DEFINITION) return undefined;
      const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };
      return { ...set, selections: [...set.selections, typename] };
    },
  });
}
