// That `contract.mjs` sees what breaks the contract: each case is a copy of it with one thing
// altered. Run by `make contract`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const scripts = path.dirname(fileURLToPath(import.meta.url));
const contract = path.join(scripts, "../mobile-contract");
const parts = ["schema.graphql", "baseline", "operations", "CHANGELOG.md"];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "contract-"));
after(() => fs.rmSync(folder, { recursive: true }));

/** A copy whose baseline is the schema itself, so that what is altered is all that differs. */
function copy() {
  const made = fs.mkdtempSync(path.join(folder, "copy-"));
  for (const part of parts) {
    fs.cpSync(path.join(contract, part), path.join(made, part), { recursive: true });
  }
  fs.copyFileSync(path.join(made, "schema.graphql"), path.join(made, "baseline/schema.graphql"));
  return made;
}

function alter(copy, file, from, to) {
  const at = path.join(copy, file);
  const text = fs.readFileSync(at, "utf8");
  assert.match(text, from);
  fs.writeFileSync(at, text.replace(from, to));
}

function run(copy, ...command) {
  const program = path.join(scripts, "contract.mjs");
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...command, "--in", copy], (error, stdout, stderr) => {
      resolve({ status: error?.code ?? 0, said: stdout + stderr });
    });
  });
}

/** A field with its description, where it stands first. */
const field = (name) => new RegExp(`\\t"""\\n(?:\\t(?!""").*\\n)*\\t"""\\n\\t${name}: .*\\n`);
const inEnum = (name, value) => new RegExp(`^(enum ${name} \\{[^}]*\\t${value}\\n)`, "m");

describe("contract.mjs", { concurrency: 4 }, () => {
  test("a removed field fails", async () => {
    const altered = copy();
    alter(altered, "schema.graphql", field("exchangeDueOn"), "");
    // No operation is to fail for it: the comparison alone has to.
    const ask = path.join(altered, "operations/supervisor/CertificateInFull.graphql");
    fs.writeFileSync(ask, fs.readFileSync(ask, "utf8").replace(/ +exchangeDueOn\n/, ""));
    assert.equal((await run(altered, "write")).status, 0);
    const { status, said } = await run(altered, "check");
    assert.equal(status, 1, said);
    assert.match(said, /Field exchangeDueOn was removed from object type Certificate/);
    assert.match(said, /the schema breaks what was released/);
  });

  test("an argument that must be given, and an answer that may be null, fail", async () => {
    const altered = copy();
    alter(altered, "schema.graphql", /^\tviewer: Viewer$/m, "\tviewer(why: String!): Viewer");
    alter(altered, "schema.graphql", /^\ttotpRequired: Boolean!$/m, "\ttotpRequired: Boolean");
    fs.rmSync(path.join(altered, "operations/account/Viewer.graphql"));
    assert.equal((await run(altered, "write")).status, 0);
    const { status, said } = await run(altered, "check");
    assert.equal(status, 1, said);
    assert.match(said, /Argument why: String! added to field Query.viewer/);
    assert.match(said, /Viewer.totpRequired changed type from Boolean! to Boolean/);
  });

  test("what is added passes: a value of an enumeration with a warning, a field silently", async () => {
    const altered = copy();
    alter(altered, "schema.graphql", inEnum("Employment", "IN_POST"), "$1\tON_LEAVE\n");
    alter(altered, "schema.graphql", /^type Viewer \{\n/m, 'type Viewer {\n\t"""\n\tX.\n\t"""\n\textra: Int\n');
    const { status, said } = await run(altered, "check");
    assert.equal(status, 0, said);
    const told = said.split("\n").filter((line) => /added|removed/.test(line));
    assert.deepEqual(told, ["⚠  Enum value ON_LEAVE was added to enum Employment"]);
  });

  test("an operation that asks for an unknown field fails", async () => {
    const altered = copy();
    alter(altered, "operations/account/Viewer.graphql", / {4}personId\n/, "    personId\n    salary\n");
    assert.equal((await run(altered, "write")).status, 0);
    const { status, said } = await run(altered, "check");
    assert.equal(status, 1, said);
    assert.match(said, /Cannot query field salary on type Viewer/);
  });

  test("a manifest that is not what the operations give fails", async () => {
    const altered = copy();
    alter(altered, "operations/account/Viewer.graphql", / {4}personId\n/, "");
    const { status, said } = await run(altered, "check");
    assert.equal(status, 1, said);
    assert.match(said, /manifest.json is not what the operations give/);
  });

  test("a document that is not of the form fails, with all that is wrong", async () => {
    const altered = copy();
    const text = "# Mine\nmutation Other { a: signOut { signedOut __typename } agency(id: 1) { id } }\n";
    fs.writeFileSync(path.join(altered, "operations/account/SignOut.graphql"), text);
    const { status, said } = await run(altered, "check");
    assert.equal(status, 1, said);
    for (const problem of [
      /SignOut.graphql: the operation has the name of its file/,
      /is not written as graphql-js prints it/,
      /id: a value is a variable/,
      /a: no alias/,
      /__typename: the manifest adds __typename by itself/,
      /a mutation asks for userErrors/,
    ]) {
      assert.match(said, problem);
    }
  });

  test("a release takes what is unreleased, and breaks only with a new first number", async () => {
    const altered = copy();
    const file = path.join(altered, "CHANGELOG.md");
    fs.writeFileSync(file, "# Changes\n\n## Unreleased\n\n## 1.2.0 (2026-01-01)\n\n- Before.\n");
    assert.match((await run(altered, "release", "1.3.0")).said, /says nothing under `## Unreleased`/);
    fs.writeFileSync(file, "# Changes\n\n## Unreleased\n\n- This.\n\n## 1.2.0 (2026-01-01)\n\n- Before.\n");
    for (const version of ["1.2.0", "1.1.9", "0.9.0", "1.3", "next"]) {
      assert.equal((await run(altered, "release", version)).status, 1, version);
    }
    alter(altered, "schema.graphql", field("exchangeDueOn"), "");
    assert.match((await run(altered, "release", "1.3.0")).said, /this is a new first number/);
    const before = fs.readFileSync(file, "utf8");
    assert.equal((await run(altered, "release", "2.0.0")).status, 0);
    const text = fs.readFileSync(file, "utf8");
    assert.match(text, /^# Changes\n\n## Unreleased\n\n## 2\.0\.0 \(\d{4}-\d\d-\d\d\)\n\n- This\.\n\n## 1\.2\.0/);
    assert.notEqual(text, before);
    const [schema, baseline] = ["schema.graphql", "baseline/schema.graphql"].map((name) =>
      fs.readFileSync(path.join(altered, name), "utf8"),
    );
    assert.equal(baseline, schema);
  });
});
