//! The table of floors, and the check of every arrow against it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::paths::{self, Reached};

/// The floors from the bottom up. A module rests on floors below its own and on itself: no arrow
/// goes up, none along a floor.
///
/// Names of capabilities that are still to come have their place already.
const FLOORS: &[&[&str]] = &[
    &["platform"],
    // Side by side: a permission is no audit entry, and neither knows the other.
    &["access", "audit"],
    // Above `access`, because its guard asks for a permission before any row is read.
    &["graphql"],
    // Below `auth`: whether a role asks for a second factor is a rule that varies.
    &["policy"],
    &["auth", "documents"],
    &["credentials", "organisations", "procedures"],
    // What apps trust tells of agencies and of status lists. Phones are enrolled for accounts and
    // show certificates; what a scan must know of them is written in `credentials`.
    &["verification", "officers", "trust", "devices"],
    // A workbook is read and judged alone, but its rows are entered through the use-cases of
    // organisations and officers: so it stands one floor above those, not beside them.
    // Photos in a ZIP likewise. Photo packs read what `officers` and `credentials` keep.
    &["imports", "photos", "photo_packs"],
    // Its workbooks are read by the reader of rosters; what it writes into the register of people is
    // read there by certification, and neither knows the other.
    // What is shown is judged by the register of people and by what is public of a certificate;
    // certification reads it to say how a certificate stood when it was shown.
    &["training", "showings"],
    // Complaints come from the public pages and know officers and agencies; a reform hands them on.
    &["certification", "assessment", "equipment", "supervision", "complaints"],
    // A reform of agencies reaches everything that hangs on one, down to the card.
    // Records of checks ask certification how a certificate stood.
    &["exit", "reorganisation", "checks"],
    &["consequences"],
    // Reads the states that all those below write, and writes none.
    &["worklist"],
    // Above all that is listed: what is exported is everything.
    &["exports"],
    &["schema"],
    // What a deployment is configured by; knows nothing, and only those who start one know it.
    &["config"],
    // The router is given an open deployment, and opening one needs no router.
    &["http", "app"],
    // Both drive the real use-cases of a deployment: one to fill it, one to work what it queued.
    &["demo", "worker"],
    &["cli"],
    &["lib", "main"],
];

/// An arrow that the ground plan does not have.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    line: usize,
    why: String,
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// What is wrong with the arrows of one file: `file` is its path below `src`.
fn check(file: &Path, source: &str) -> Vec<Wrong> {
    let own = paths::module_of(file);
    let Some(own_floor) = floor_of(&own[0]) else {
        return vec![Wrong { line: 1, why: format!("`{}` has no floor in the table", own[0]) }];
    };
    let mut wrong = Vec::new();
    for (line, reached) in paths::reached(&own, source) {
        let why = match reached {
            Reached::Module(name) if name == own[0] => continue,
            Reached::Module(name) => match floor_of(&name) {
                None => format!("`{name}` has no floor in the table"),
                Some(floor) if floor > own_floor => format!("an arrow up to `{name}`"),
                Some(floor) if floor == own_floor => format!("an arrow along to `{name}`"),
                Some(_) => continue,
            },
            Reached::WholeCrate => "the whole crate under another name hides its arrows".into(),
        };
        wrong.push(Wrong { line, why });
    }
    wrong
}

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn every_arrow_goes_down() {
    let files = sources();
    assert!(files.len() > 40, "the sources were not found: {}", files.len());
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|(file, text)| {
            let of_file = check(file, text).into_iter();
            of_file.map(move |w| format!("{}:{}: {}", file.display(), w.line, w.why))
        })
        .collect();
    assert!(wrong.is_empty(), "against the ground plan:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_has_one_floor() {
    let modules: BTreeSet<String> =
        sources().iter().map(|(file, _)| paths::module_of(file)[0].clone()).collect();
    let homeless: Vec<_> = modules.iter().filter(|m| floor_of(m).is_none()).collect();
    assert!(homeless.is_empty(), "place these in the table of floors: {homeless:?}");
    let mut seen = BTreeSet::new();
    for name in FLOORS.iter().copied().flatten() {
        assert!(seen.insert(name), "{name} stands on two floors");
    }
}

fn whys(file: &str, source: &str) -> Vec<(usize, String)> {
    check(Path::new(file), source).into_iter().map(|w| (w.line, w.why)).collect()
}

#[test]
fn an_arrow_up_or_along_is_found_however_it_is_written() {
    let up = |line| (line, "an arrow up to `certification`".to_owned());
    let file = "officers/rules.rs";
    for (source, expected) in [
        ("use crate::certification;", vec![up(1)]),
        ("\nuse crate::certification::rules::Decision;", vec![up(2)]),
        (
            "use crate::{\n    platform::Platform,\n    certification::{self, rules},\n};",
            vec![up(3)],
        ),
        ("use crate::{platform::{clock, ids}, graphql::*, certification as c};", vec![up(1)]),
        ("use {std::fmt, crate::certification::X};", vec![up(1)]),
        ("fn f() { crate::certification::apply(1) }", vec![up(1)]),
        ("pub(in crate::certification) fn f() {}", vec![up(1)]),
        ("macro_rules! m { () => { $crate::certification::apply() } }", vec![up(1)]),
        ("use super::super::certification::X;", vec![up(1)]),
        ("mod tests { use super::super::super::certification::X; }", vec![up(1)]),
        ("fn f<'a>(x: &'a str) -> char { let c = '\"'; crate::certification::f(c) }", vec![up(1)]),
        ("use crate::verification::Page;", vec![(1, "an arrow along to `verification`".into())]),
        ("use crate::nowhere::X;", vec![(1, "`nowhere` has no floor in the table".into())]),
        (
            "use crate as all;",
            vec![(1, "the whole crate under another name hides its arrows".into())],
        ),
        ("use crate::*;", vec![(1, "the whole crate under another name hides its arrows".into())]),
        (
            "use crate::{self as all};",
            vec![(1, "the whole crate under another name hides its arrows".into())],
        ),
    ] {
        assert_eq!(whys(file, source), expected, "{source}");
    }
    assert_eq!(
        whys("somewhere/mod.rs", ""),
        [(1, "`somewhere` has no floor in the table".to_owned())]
    );
}

#[test]
fn an_arrow_down_to_itself_or_in_words_is_none() {
    for source in [
        "use crate::platform::{Platform, keys};",
        "use crate::officers::{self, photo};",
        "use super::store;",
        "mod tests { use super::super::photo; }",
        "// use crate::certification;\n/* crate::certification /* nested */ crate::exit */",
        "//! See `crate::certification`.\n/// crate::certification",
        r##"const A: &str = "\" crate::certification"; const B: &str = r#"" crate::exit"#;"##,
        "pub(crate) fn f() {}",
        "use other::certification::X;",
        "fn f() { let certification = 1; other_crate::certification::f(certification) }",
    ] {
        assert_eq!(whys("officers/rules.rs", source), [], "{source}");
    }
}
