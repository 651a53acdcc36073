//! Holds `docs/errors.md` equal to the Fluent files: the page is written out from them. A file that
//! holds codes begins with `### Title` and, if wanted, `### prose`; `## prose` begins another table.
//! A new file takes its place by itself; where two branches both changed the page, it is written
//! anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Comment, Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::doctor;
use crate::graphql::RequestError;
use crate::imports::findings::FindingCode;
use crate::photos::outcome::Outcome;

/// Files in the order of the page; those that are not named come behind, by their paths.
const ORDER: [&str; 27] = [
    "graphql/request",
    "auth/auth",
    "organisations/organisations",
    "officers/register",
    "officers/officers",
    "officers/existing/existing",
    "credentials/credentials",
    "credentials/printing/printing",
    "devices/devices",
    "verification/checking",
    "documents/documents",
    "policy/policy",
    "certification/certification",
    "reorganisation/reorganisation",
    "checks/checks",
    "complaints/complaints",
    "worklist/worklist",
    "imports/imports",
    "photos/photos",
    "training/training",
    "showings/showings",
    "exports/exports",
    "app",
    "cli/cli",
    "trust/trust",
    "audit/audit",
    "cli/doctor",
];

const HEAD: &str = "# Catalogue of codes

A code is a word that stays; the text beside it may be improved. Clients decide by the code and show the text. How refusals travel is in [conventions.md](conventions.md). `{name}` stands for an argument.

This page is written out from the Fluent files beside each capability. A test compares them: `UPDATE_SNAPSHOTS=1 cargo test -p api catalogue` writes it anew.
";

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file below a folder with this ending, by its path without it.
fn files(folder: &Path, ending: &str) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(name) = path.to_str().unwrap().strip_suffix(ending) {
                let name = Path::new(name).strip_prefix(src()).unwrap();
                found.insert(name.to_str().unwrap().replace('\\', "/"), path);
            }
        }
    }
    found
}

fn is_code(id: &str) -> bool {
    id.len() > 2 && id.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn text(pattern: &Pattern<&str>) -> String {
    let element = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => (*value).to_owned(),
        PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
            InlineExpression::VariableReference { id } => format!("{{{}}}", id.name),
            InlineExpression::StringLiteral { value } => (*value).to_owned(),
            other => panic!("the catalogue cannot show {other:?}"),
        },
        other @ PatternElement::Placeable { .. } => panic!("the catalogue cannot show {other:?}"),
    };
    pattern.elements.iter().map(element).collect::<String>().replace('|', "\\|")
}

/// A part of the page: prose, then rows of code, kind and texts.
#[derive(Default)]
struct Part {
    prose: String,
    rows: Vec<[String; 4]>,
}

/// The parts of a file; none where it holds no codes.
fn parts(name: &str, zh_cn: &str, en: &str) -> Vec<Part> {
    let zh_cn = fluent_syntax::parser::parse(zh_cn).unwrap();
    let messages = zh_cn.body.iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name, message.value.as_ref()?)),
        _ => None,
    });
    let zh_cn: BTreeMap<&str, &Pattern<&str>> = messages.collect();
    let lines = |comment: &Comment<&str>| comment.content.join("\n\n");
    let mut parts = vec![Part::default()];
    for entry in fluent_syntax::parser::parse(en).unwrap().body {
        match entry {
            Entry::ResourceComment(comment) => {
                parts.last_mut().unwrap().prose = format!("## {}\n", lines(&comment));
            }
            Entry::GroupComment(comment) => {
                parts.push(Part { prose: format!("{}\n", lines(&comment)), rows: Vec::new() });
            }
            Entry::Message(message) if is_code(message.id.name) => {
                let code = message.id.name;
                let other = zh_cn.get(code).unwrap_or_else(|| panic!("{name}: {code} in Chinese"));
                let own = message.value.unwrap();
                parts.last_mut().unwrap().rows.push([
                    code.to_owned(),
                    kind(name, code).unwrap_or_default(),
                    text(other),
                    text(&own),
                ]);
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.rows.is_empty());
    if let Some(first) = parts.first() {
        assert!(
            first.prose.starts_with("## "),
            "{name}.en.ftl holds codes: begin it with ### Title"
        );
    }
    parts
}

/// What a code is beside its texts, where its file tells that.
fn kind(name: &str, code: &str) -> Option<String> {
    match name {
        "graphql/request" => {
            let error = RequestError::ALL.iter().find(|error| error.code() == code)?;
            Some(error.status().to_string())
        }
        "imports/imports" => {
            let finding = FindingCode::ALL.iter().find(|finding| finding.code() == code)?;
            Some(finding.severity().code().to_owned())
        }
        "photos/photos" => Outcome::from_code(code).map(|outcome| outcome.state().code()),
        "cli/doctor" => {
            let known = doctor::CODES.iter().find(|known| known.word == code)?;
            Some(known.level.word().to_owned())
        }
        _ => None,
    }
}

/// Every file with its parts, in the order of the page.
fn catalogues() -> Vec<(String, Vec<Part>)> {
    let english = files(&src(), ".en.ftl");
    let place = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
    let mut names: Vec<&String> = english.keys().collect();
    names.sort_by_key(|name| (place(name), *name));
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let of = |name: &String| {
        let zh_cn = read(&src().join(format!("{name}.zh-CN.ftl")));
        (name.clone(), parts(name, &zh_cn, &read(&english[name])))
    };
    names.into_iter().map(of).collect()
}

/// Each code of the files that are wanted, with its kind and its texts.
pub(super) fn rows(wanted: impl Fn(&str) -> bool) -> Vec<(String, [String; 4])> {
    let of = |(name, parts): (String, Vec<Part>)| {
        let rows = parts.into_iter().flat_map(|part| part.rows);
        rows.map(move |row| (name.clone(), row.map(|cell| cell.replace("\\|", "|"))))
    };
    catalogues().into_iter().filter(|(name, _)| wanted(name)).flat_map(of).collect()
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for (name, parts) in catalogues() {
        for part in parts {
            let kinds = part.rows.iter().filter(|[_, kind, ..]| !kind.is_empty()).count();
            assert!(kinds == 0 || kinds == part.rows.len(), "{name}: some codes have no kind");
            let (title, rule) = match name.as_str() {
                _ if kinds == 0 => ("", ""),
                "graphql/request" => (" HTTP |", "---|"),
                "imports/imports" => (" severity |", "---|"),
                "photos/photos" => (" state |", "---|"),
                _ => (" level |", "---|"),
            };
            write!(page, "\n{}\n| code |{title} zh-CN | en |\n|---|{rule}---|---|\n", part.prose)
                .unwrap();
            for [code, kind, zh_cn, en] in part.rows {
                let kind = if kinds == 0 { String::new() } else { format!(" {kind} |") };
                writeln!(page, "| `{code}` |{kind} {zh_cn} | {en} |").unwrap();
            }
        }
    }
    page
}

#[test]
fn the_page_is_what_the_texts_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors.md");
    let page = page();
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap();
    let differs = page.lines().zip(committed.lines()).find(|(new, old)| new != old);
    assert!(
        page == committed,
        "docs/errors.md is another, first at {differs:?}. Run the test with UPDATE_SNAPSHOTS=1 and \
         review the difference."
    );
}

/// The codes of the Fluent files of each folder of `src`; of `src` itself by the file's name.
fn codes() -> BTreeMap<String, BTreeSet<String>> {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, path) in files(&src(), ".en.ftl") {
        let source = std::fs::read_to_string(path).unwrap();
        let folder = name.split('/').next().unwrap().to_owned();
        let resource = fluent_syntax::parser::parse(source.as_str()).unwrap();
        codes.entry(folder).or_default().extend(resource.body.iter().filter_map(
            |entry| match entry {
                Entry::Message(message) if is_code(message.id.name) => {
                    Some(message.id.name.to_owned())
                }
                _ => None,
            },
        ));
    }
    codes
}

#[test]
fn every_code_has_its_text_and_every_text_its_code() {
    let codes = codes();
    let mut sources: BTreeMap<String, String> = BTreeMap::new();
    for (name, path) in files(&src(), ".rs") {
        let folder = name.split('/').next().unwrap().to_owned();
        sources.entry(folder).or_default().push_str(&std::fs::read_to_string(path).unwrap());
    }
    let mut wrong = Vec::new();
    for (folder, source) in &sources {
        let known = |code: &str| codes.get(folder).is_some_and(|codes| codes.contains(code));
        for answers in source.split("fn code(&self)").skip(1) {
            let body = answers.split("\n    }\n").next().unwrap();
            for word in body.split('"').skip(1).step_by(2).filter(|word| is_code(word)) {
                if !known(word) {
                    wrong.push(format!("{folder}: {word} has no text"));
                }
            }
        }
        // Such a line would be told in one language only.
        for begun in source.split('"').filter_map(|text| text.split_once(": ")).map(|(w, _)| w) {
            if is_code(begun) && begun.contains('_') && folder != "lib" {
                wrong.push(format!("{folder}: {begun} is written out in the code"));
            }
        }
    }
    for (folder, codes) in &codes {
        let source = sources.get(folder).map_or("", String::as_str);
        for code in codes {
            // Quoted, or as the name of a constant that carries it.
            let carried = |end: &str| source.contains(&format!("{code}{end}"));
            if !source.contains(&format!("\"{code}\""))
                && !carried(" [")
                && !carried(" Ok [")
                && !carried(" Warn [")
                && !carried(" Fail [")
            {
                wrong.push(format!("{folder}: nothing answers {code}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
