//! Rosters as offices really send them: dirty in every way that is known. What becomes of each row is
//! asserted one by one, from the report workbook, and the register afterwards holds just the people
//! whose rows could be taken, with the values as they were mended.

mod files;
mod other_programs;
mod places;
mod row;
mod table;

use std::collections::{BTreeMap, HashSet};
use std::io::Cursor;

use api::platform::clock::{Clock as _, SystemClock, local_date};
use calamine::{Reader as _, Xlsx};
use serde_json::{Value, json};

use crate::demo::Demo;
use crate::roster;
use crate::server::{Server, audit_is_intact};
use crate::session::{Session, until};
use places::{Place, Places};
use row::{Applicants, Outcome, Row};

/// A justice department that reaches a city's agencies.
const LOGIN: &str = "reviewer.lanzhou";

/// Writes cells as the file of some program.
type Write = fn(&[Vec<String>]) -> Vec<u8>;

/// Everybody whom the session reaches.
async fn everybody(session: &Session) -> HashSet<String> {
    let query = "query($after: String) { officers(first: 100, after: $after) { nodes { id } \
        pageInfo { hasNextPage endCursor } } }";
    let (mut ids, mut after) = (HashSet::new(), Value::Null);
    loop {
        let page = session.ask(query, json!({ "after": after })).await;
        let nodes = page["nodes"].as_array().unwrap();
        ids.extend(nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] == false {
            return ids;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// What the register has of a person, personal data included, in the form of [`Row::person`].
async fn person(session: &Session, id: &str) -> Value {
    let query = "query($id: ID!, $year: Int!) { officer(id: $id) { name agency { name } \
        internalUnit kind establishment duty employment position fields { nameZh } area { code } \
        hasPhoto currentCertificate { number } examResults { subject cycle attempt scoreTenths \
        takenOn } trainingMinutes(year: $year) standings { kind } } }";
    let mut person = session.ask(query, json!({ "id": id, "year": year() })).await;
    let reveal = "mutation($id: ID!) { revealPersonalData(personId: $id) { personalData { idNumber \
        phone } userErrors { code } } }";
    let data = session.ask(reveal, json!({ "id": id })).await["personalData"].clone();
    let list = |value: &Value, of: fn(&Value) -> Value| -> Value {
        value.as_array().unwrap().iter().map(of).collect()
    };
    let mut exams: Vec<String> = person["examResults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|exam| {
            let text = |field: &str| exam[field].to_string().replace('"', "");
            format!(
                "{} {}/{} {} {}",
                text("subject"),
                text("cycle"),
                text("attempt"),
                text("scoreTenths"),
                text("takenOn")
            )
        })
        .collect();
    exams.sort();
    person["exams"] = json!(exams);
    person["idNumber"] = data["idNumber"].clone();
    person["phone"] = data["phone"].clone();
    person["agency"] = person["agency"]["name"].clone();
    person["area"] = person["area"]["code"].clone();
    person["fields"] = list(&person["fields"], |field| field["nameZh"].clone());
    person["standings"] = list(&person["standings"], |standing| standing["kind"].clone());
    person.as_object_mut().unwrap().remove("examResults");
    person
}

/// The year of the server's day.
fn year() -> i32 {
    local_date(SystemClock.now()).to_string()[..4].parse().unwrap()
}

/// People by their ID number.
fn by_id_number(people: impl IntoIterator<Item = Value>) -> BTreeMap<String, Value> {
    let by_id = |person: Value| (person["idNumber"].as_str().unwrap().to_owned(), person);
    people.into_iter().map(by_id).collect()
}

/// A row of the report: where it stood, what became of it, what was found and what it holds.
struct Reported {
    position: String,
    outcome: String,
    /// Each finding's `CODE 列名` and text, and in Chinese the column and text.
    findings: Vec<(String, String)>,
    findings_zh: Vec<String>,
    cells: Vec<String>,
}

/// The cells of a sheet of a report as texts.
fn sheet(report: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut workbook = Xlsx::new(Cursor::new(report)).unwrap();
    let range = workbook.worksheet_range(name).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// Reads the report back.
fn reported(report: &[u8]) -> Vec<Reported> {
    let mut rows = sheet(report, "人员").into_iter();
    let headings = rows.next().unwrap();
    let place = |heading: &str| headings.iter().position(|h| h == heading).unwrap();
    let places = ["原表位置", "结果", "问题", "Findings"].map(place);
    rows.map(|cells| {
        let [position, outcome, zh, en] = places.map(|place| cells[place].clone());
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let finding = |line: &String| {
            let (key, text) = line.split_once(": ").expect("a finding's place and text");
            (key.to_owned(), text.to_owned())
        };
        Reported {
            position,
            outcome,
            findings: lines(&en).iter().map(finding).collect(),
            findings_zh: lines(&zh),
            cells,
        }
    })
    .collect()
}

/// Every row of the report must say just what is expected of the rows, which stood there.
fn assert_reported(report: &[u8], expected: &[(String, Row)], csv: bool) {
    let rows = reported(report);
    let positions: Vec<&String> = rows.iter().map(|row| &row.position).collect();
    assert_eq!(positions, expected.iter().map(|(position, _)| position).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (told, (position, row)) in rows.iter().zip(expected) {
        let (outcome, found) = row.expected(csv);
        let mut keys: Vec<&String> = told.findings.iter().map(|(key, _)| key).collect();
        let mut awaited: Vec<&String> = found.iter().map(|found| &found.key).collect();
        keys.sort();
        awaited.sort();
        if keys != awaited || told.outcome != outcome.word() {
            let findings = &told.findings;
            wrong.push(format!(
                "{position}: {} {findings:?}, not {outcome:?} {found:?}",
                told.outcome
            ));
        }
        for found in found {
            let said =
                |(key, text): &(String, String)| *key == found.key && text.contains(&found.says);
            if keys == awaited && !told.findings.iter().any(said) {
                wrong.push(format!("{position}: {:?} does not say {found:?}", told.findings));
            }
        }
        assert_eq!(told.findings_zh.len(), told.findings.len(), "{position}: both languages");
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

/// The sheet 汇总 as it must be: rows by outcome, and how often each code was found.
fn assert_summary(report: &[u8], expected: &[(String, Row)], csv: bool, columns: &[(&str, usize)]) {
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for (_, row) in expected {
        let (outcome, found) = row.expected(csv);
        *outcomes.entry(outcome.word().to_owned()).or_default() += 1;
        for found in found {
            let code = found.key.split(' ').next().unwrap();
            *codes.entry(code.to_owned()).or_default() += 1;
        }
    }
    codes.extend(columns.iter().map(|(code, count)| ((*code).to_owned(), *count)));
    let lines = sheet(report, "汇总");
    let number = |text: &str| text.parse::<usize>().unwrap();
    let blank = lines.iter().position(|line| line.iter().all(String::is_empty)).unwrap();
    let told: BTreeMap<String, usize> =
        lines[1..blank].iter().map(|line| (line[0].clone(), number(&line[1]))).collect();
    assert_eq!(told, outcomes);
    let told: BTreeMap<String, usize> =
        lines[blank + 2..].iter().map(|line| (line[0].clone(), number(&line[2]))).collect();
    assert_eq!(told, codes);
}

/// Enters the person of another agency whom the roster claims.
async fn enter_elsewhere(session: &Session, row: &Row) {
    let headings: Vec<String> = row.cells.keys().map(|heading| (*heading).to_owned()).collect();
    let cells = row.cells.values().map(row::Cell::in_csv).collect();
    let (status, staged) = session.stage("one.csv", roster::csv(&[headings, cells]).into()).await;
    assert_eq!((status, &staged["failed"]), (201, &json!(0)), "{staged}");
    let done = apply(session, staged["id"].as_str().unwrap()).await;
    assert_eq!(done["created"], json!(1));
}

/// Applies a staged import and waits for its end.
async fn apply(session: &Session, id: &str) -> Value {
    session.begin_import(id).await;
    until("the import", async || {
        let import = session.import(id).await;
        (import["state"] != "APPLYING").then_some(import)
    })
    .await
}

/// The report of an import.
async fn report(session: &Session, id: &str) -> Vec<u8> {
    let report = session.get(&format!("/imports/{id}/report.xlsx")).await;
    assert_eq!(report.status(), 200);
    report.bytes().await.unwrap().to_vec()
}

/// The rows of the first sheet with where they stand on a sheet of this name.
fn placed(sheet: &str, rows: &[Row]) -> Vec<(String, Row)> {
    let position = |at: usize| format!("{sheet} {}", files::first_sheet_row(at));
    rows.iter().enumerate().map(|(at, row)| (position(at), row.clone())).collect()
}

fn count(rows: &[(String, Row)], csv: bool, is: impl Fn(Outcome) -> bool) -> usize {
    rows.iter().filter(|(_, row)| is(row.expected(csv).0)).count()
}

/// The people that rows lead to.
fn people(rows: &[(String, Row)], csv: bool) -> BTreeMap<String, Value> {
    let entered = rows.iter().filter(|(_, row)| row.expected(csv).0 != Outcome::Wrong);
    by_id_number(entered.map(|(_, row)| row.person.clone()))
}

/// The register must hold just these people beside those before.
async fn assert_register(
    session: &Session,
    before: &HashSet<String>,
    people: &BTreeMap<String, Value>,
) {
    let mut told = Vec::new();
    for id in everybody(session).await.difference(before) {
        told.push(person(session, id).await);
    }
    let told = by_id_number(told);
    assert_eq!(told.keys().collect::<Vec<_>>(), people.keys().collect::<Vec<_>>());
    for (id_number, person) in people {
        assert_eq!(&told[id_number], person);
    }
}

/// What is found of whole columns of the first sheet.
const COLUMNS: [(&str, usize); 3] =
    [("COLUMN_NEVER_STORED", 3), ("COLUMN_UNKNOWN", 1), ("REMARKS_IGNORED", 1)];

#[tokio::test]
async fn each_row_of_a_dirty_workbook_has_its_outcome_and_the_register_the_mended_values() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let session = demo.sign_in(&server, LOGIN).await;
    let places = Places::ask(&session).await;
    let mut applicants = Applicants::new(&places);
    let other = table::elsewhere(&mut applicants, &places);
    enter_elsewhere(&session, &other).await;
    let before = everybody(&session).await;

    let first = table::first_sheet(&mut applicants, &places);
    let second = table::second_sheet(&mut applicants, &places);
    let mut rows = placed(files::SHEETS[0], &first);
    for (row, line) in second.iter().zip(files::FIRST_ROWS[1]..) {
        rows.push((format!("{} {line}", files::SHEETS[1]), row.clone()));
    }
    assert!(rows.len() > 80, "{}", rows.len());
    let file = files::workbook(&first, &second);
    let (status, staged) = session.stage("dirty.xlsx", file.clone()).await;
    let failed = count(&rows, false, |outcome| outcome == Outcome::Wrong);
    let id = staged["id"].as_str().unwrap_or_else(|| panic!("{staged}")).to_owned();
    let told = report(&session, &id).await;
    assert_reported(&told, &rows, false);
    assert_eq!(
        (status, &staged["total"], &staged["failed"]),
        (201, &json!(rows.len()), &json!(failed))
    );
    let mut columns = COLUMNS.to_vec();
    columns.push(("SHEET_NOT_READ", 1));
    assert_summary(&told, &rows, false, &columns);
    // What must not be stored is nowhere in what is given back.
    let cells: String = reported(&told).into_iter().flat_map(|row| row.cells).collect();
    for word in ["酒后驾驶", "记过", "返聘", "外地", "裕固", "党员", "某路", "阴性"]
    {
        assert!(!cells.contains(word), "{word} was kept");
    }

    // Nothing is entered before it was confirmed.
    let unconfirmed = "mutation($id: ID!) { applyImport(id: $id) { import { id } userErrors { code \
        } } }";
    let answer = session.ask(unconfirmed, json!({ "id": id })).await;
    assert_eq!(
        answer,
        json!({ "import": null, "userErrors": [{ "code": "IMPORT_CONFIRMATION_NEEDED" }] })
    );
    assert_eq!(everybody(&session).await, before);

    let done = apply(&session, &id).await;
    let entered = rows.len() - failed;
    let tally = |created: usize, unchanged: usize| {
        json!({
            "state": "APPLIED", "cursor": rows.len(), "total": rows.len(), "created": created,
            "updated": 0, "unchanged": unchanged, "failed": failed, "refused": 0,
        })
    };
    let without_cursor = |mut import: Value| {
        import["cursor"] = json!(rows.len());
        import
    };
    assert_eq!(without_cursor(done), tally(entered, 0));
    let people = people(&rows, false);
    assert_eq!(people.len(), entered);
    assert_register(&session, &before, &people).await;

    // The same file again changes nothing, and says the same of each row.
    let (_, staged) = session.stage("dirty.xlsx", file).await;
    let again = staged["id"].as_str().unwrap();
    assert_ne!(again, id);
    assert_reported(&report(&session, again).await, &rows, false);
    assert_eq!(without_cursor(apply(&session, again).await), tally(0, entered));
    // Nor does its first sheet as CSV, in which merged cells are lost.
    let rows = placed("CSV", &first);
    let (_, staged) =
        session.stage("dirty.csv", format!("\u{feff}{}", files::csv(&first)).into_bytes()).await;
    let utf8 = staged["id"].as_str().unwrap();
    let told = report(&session, utf8).await;
    assert_reported(&told, &rows, true);
    assert_summary(&told, &rows, true, &COLUMNS);
    let done = apply(&session, utf8).await;
    let known = count(&rows, true, |outcome| outcome != Outcome::Wrong);
    assert_eq!((&done["created"], &done["updated"]), (&json!(0), &json!(0)));
    assert_eq!((&done["unchanged"], &done["refused"]), (&json!(known), &json!(0)));
    assert_register(&session, &before, &people).await;
    server.stop().await;
    audit_is_intact(demo.data()).await;
}

#[tokio::test]
async fn the_same_rows_as_csv_in_gb18030_have_the_same_outcomes() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let session = demo.sign_in(&server, LOGIN).await;
    let places = Places::ask(&session).await;
    let mut applicants = Applicants::new(&places);
    let other = table::elsewhere(&mut applicants, &places);
    enter_elsewhere(&session, &other).await;
    let before = everybody(&session).await;

    let first = table::first_sheet(&mut applicants, &places);
    let rows = placed("CSV", &first);
    let text = files::csv(&first);
    let (gb18030, _, lossy) = encoding_rs::GB18030.encode(&text);
    assert!(!lossy);
    assert!(std::str::from_utf8(&gb18030).is_err());
    let (status, staged) = session.stage("dirty.csv", gb18030.into_owned()).await;
    let id = staged["id"].as_str().unwrap_or_else(|| panic!("{staged}"));
    assert_eq!((status, &staged["total"]), (201, &json!(rows.len())));
    let told = report(&session, id).await;
    assert_reported(&told, &rows, true);
    assert_summary(&told, &rows, true, &COLUMNS);
    let done = apply(&session, id).await;
    let people = people(&rows, true);
    assert_eq!(done["created"], json!(people.len()));
    assert_register(&session, &before, &people).await;
    server.stop().await;
    audit_is_intact(demo.data()).await;
}

/// Rows without a fault as texts, heading row first.
fn plain(
    agency: &Place,
    people: &mut Applicants<'_>,
    count: usize,
) -> (Vec<Vec<String>>, Vec<Row>) {
    let rows: Vec<Row> = (0..count).map(|_| people.next().at(agency)).collect();
    let headings: Vec<&str> = rows[0].cells.keys().copied().collect();
    let cells = |row: &Row| headings.iter().map(|h| row.cells[h].in_csv()).collect();
    let texts = rows.iter().map(cells).collect::<Vec<_>>();
    let headings = headings.iter().map(|h| (*h).to_owned()).collect();
    (std::iter::once(headings).chain(texts).collect(), rows)
}

#[tokio::test]
async fn files_of_other_programs_are_read_or_refused_with_a_code() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let session = demo.sign_in(&server, LOGIN).await;
    let places = Places::ask(&session).await;
    let before = everybody(&session).await;
    let mut applicants = Applicants::new(&places);
    let mut entered = Vec::new();
    let files: [(&str, Write); 3] = [
        // What Excel wrote until 2003, also under the name of a new workbook.
        ("old.xls", other_programs::xls),
        ("old.xlsx", other_programs::xls),
        // What programs write that stream a sheet: every text in its cell, no styles.
        ("inline.xlsx", other_programs::inline),
    ];
    for (name, write) in files {
        let (texts, rows) = plain(&places.market, &mut applicants, 3);
        let (status, staged) = session.stage(name, write(&texts)).await;
        assert_eq!((status, &staged["total"]), (201, &json!(3)), "{name}: {staged}");
        let id = staged["id"].as_str().unwrap();
        let positions: Vec<_> = reported(&report(&session, id).await)
            .into_iter()
            .map(|r| (r.position, r.outcome))
            .collect();
        let fine = |line| (format!("{} {line}", other_programs::SHEET), "通过".to_owned());
        assert_eq!(positions, [fine(2), fine(3), fine(4)], "{name}");
        assert_eq!(apply(&session, id).await["created"], json!(3), "{name}");
        entered.extend(rows.into_iter().map(|row| row.person));
    }
    for (name, file) in [
        ("web.xls", "<html><body><table><tr><td>姓名</td></tr></table></body></html>".into()),
        ("open.xlsx", other_programs::open_document()),
        ("letter.xlsx", b"{\\rtf1\\ansi \x00}".to_vec()),
    ] {
        let (status, answer) = session.stage(name, file).await;
        let error = &answer["userErrors"][0];
        assert_eq!((status, &error["code"]), (422, &json!("FILE_NOT_A_WORKBOOK")), "{name}");
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    assert_register(&session, &before, &by_id_number(entered)).await;
    server.stop().await;
}
