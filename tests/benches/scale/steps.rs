//! What a province does at once, step by step: each in a server of its own, so that the most memory
//! it had is that of the step, and each answer is checked.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};
use std::time::Instant;

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::inputs::Province;
use crate::process::{Cost, Deployment, Server};
use crate::session::Session;

/// Applications of one bulk issue.
const ISSUED_AT_ONCE: usize = 5_000;
/// Cards of one PDF in the ZIP.
const CARDS_OF_A_SHEET: usize = 200;

/// Sign-in names with their passwords.
pub type Passwords = HashMap<String, String>;

/// The demo's accounts, from the file its loading leaves.
pub fn passwords(deployment: &Deployment) -> anyhow::Result<Passwords> {
    let text = std::fs::read_to_string(deployment.folder.join("passwords.txt"))?;
    let words = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    });
    Ok(words.collect())
}

fn account(server: &Server, passwords: &Passwords, login: &str) -> anyhow::Result<Session> {
    Ok(Session::new(server, login, passwords.get(login).with_context(|| login.to_owned())?))
}

fn cost(server: Server, begun: Instant) -> anyhow::Result<Cost> {
    let took = begun.elapsed();
    Ok(Cost { took, peak: server.stop()? })
}

/// A server that was started and signed in to, and does nothing: what the others are compared with.
pub async fn idle(deployment: &Deployment, passwords: &Passwords) -> anyhow::Result<Cost> {
    let begun = Instant::now();
    let server = deployment.serve().await?;
    let mut reviewer = account(&server, passwords, "reviewer.gansu")?;
    reviewer.ask("{ viewer { accountId } }", json!({})).await?;
    cost(server, begun)
}

/// The roster: sent, checked row by row, confirmed, entered.
pub async fn import(
    deployment: &Deployment,
    passwords: &Passwords,
    province: &Province,
) -> anyhow::Result<Cost> {
    let server = deployment.serve().await?;
    let mut reviewer = account(&server, passwords, "reviewer.gansu")?;
    reviewer.ask("{ viewer { accountId } }", json!({})).await?;
    let begun = Instant::now();
    let request = reviewer.request(Method::POST, "/imports?name=province.xlsx").await?;
    let answer = request.body(province.workbook.clone()).send().await?;
    let (status, staged) = (answer.status(), answer.json::<Value>().await?);
    ensure!(status == 201 && staged["total"] == province.rows && staged["failed"] == 0, "{staged}");
    let id = staged["id"].as_str().context("an import")?;
    let apply = "mutation($id: ID!) { applyImport(id: $id, confirm: true) { import { id } userErrors \
        { code } } }";
    let applied = reviewer.ask(apply, json!({ "id": id })).await?;
    ensure!(applied["userErrors"] == json!([]), "{applied}");
    let import = "query($id: ID!) { import(id: $id) { state created updated unchanged refused } }";
    let done = reviewer.until_done(import, id).await?;
    let expected = json!({
        "state": "APPLIED", "created": province.rows, "updated": 0, "unchanged": 0, "refused": 0,
    });
    ensure!(done == expected, "{done}");
    cost(server, begun)
}

/// The photos in one ZIP, by the command: an office attaches those of its own people only.
pub fn photos(deployment: &Deployment, province: &Province, count: usize) -> anyhow::Result<Cost> {
    let file = deployment.folder.join("photos.zip");
    province.write_photos(&file, count)?;
    let answer = deployment.run(&["import-photos", file.to_str().context("a path")?])?;
    let summary = format!(
        "{count} files: {count} attached, 0 unchanged, 0 failed, 0 refused, 0 ignored; APPLIED"
    );
    ensure!(answer.status == 0 && answer.out.lines().next() == Some(&summary), "{}", answer.out);
    std::fs::remove_file(file)?;
    Ok(answer.cost)
}

/// Everything before the issue, by each office: nominated, qualified, applied for, reviewed. Answers
/// the reviewed applications.
pub async fn applications(
    deployment: &Deployment,
    passwords: &Passwords,
    province: &Province,
    count: usize,
) -> anyhow::Result<(Cost, Vec<String>)> {
    const NOMINATE: &str = "mutation($ids: [ID!]!) { nominateCandidates(personIds: $ids) { results \
        { ok createdId } } }";
    const QUALIFY: &str = "mutation($ids: [ID!]!) { decideQualifications(ids: $ids, decision: \
        QUALIFY) { results { ok } } }";
    const APPLY: &str = "mutation($ids: [ID!]!) { applyForCertificates(personIds: $ids, act: \
        INITIAL) { results { ok createdId } } }";
    const APPROVE: &str = "mutation($ids: [ID!]!) { reviewApplications(ids: $ids, decision: \
        APPROVE) { results { ok } } }";
    let server = deployment.serve().await?;
    let mut reviewer = account(&server, passwords, "reviewer.gansu")?;
    let begun = Instant::now();
    let mut all = Vec::new();
    for office in &province.offices {
        if all.len() == count {
            break;
        }
        let mut hr = account(&server, passwords, &format!("hr.{office}"))?;
        // Whoever may not be put forward, or lacks a photo, is answered so and left out.
        let people = hr.ids("officers", "", usize::MAX).await?;
        let candidates = hr.each(NOMINATE, &people).await?;
        reviewer.each(QUALIFY, &candidates).await?;
        let mut applications = hr.each(APPLY, &people).await?;
        applications.truncate(count - all.len());
        reviewer.each(APPROVE, &applications).await?;
        approve_odd_ones(&mut reviewer).await?;
        all.extend(applications);
    }
    ensure!(all.len() == count, "only {} applications", all.len());
    Ok((cost(server, begun)?, all))
}

/// Approves what still waits, with what is odd about it: old age, in a roster like this.
async fn approve_odd_ones(reviewer: &mut Session) -> anyhow::Result<()> {
    const ODD: &str = "{ applications(first: 100, state: APPLIED, oddFirst: true) { nodes { id \
        oddities { code mustBeAcknowledged } } } }";
    const APPROVE: &str = "mutation($ids: [ID!]!, $seen: [AcknowledgedOddities!]!) { \
        reviewApplications(ids: $ids, decision: APPROVE, acknowledged: $seen) { results { ok } } }";
    loop {
        let waiting = reviewer.ask(ODD, json!({})).await?;
        let nodes = waiting["nodes"].as_array().context("a list")?;
        let seen: Vec<Value> = nodes
            .iter()
            .map(|node| {
                let all = node["oddities"].as_array().into_iter().flatten();
                let codes: Vec<&Value> = all.map(|oddity| &oddity["code"]).collect();
                json!({ "id": node["id"], "oddities": codes })
            })
            .collect();
        if seen.is_empty() {
            return Ok(());
        }
        let ids: Vec<&Value> = seen.iter().map(|one| &one["id"]).collect();
        let done = reviewer.ask(APPROVE, json!({ "ids": ids, "seen": seen })).await?;
        let results = done["results"].as_array().context("results")?;
        ensure!(results.iter().all(|result| result["ok"] == true), "{done}");
    }
}

/// Certificates in bulk: one call for every 5,000, then until the last job is done.
pub async fn issue(
    deployment: &Deployment,
    passwords: &Passwords,
    applications: &[String],
) -> anyhow::Result<Cost> {
    let server = deployment.serve().await?;
    let mut issuer = account(&server, passwords, "issuer.gansu")?;
    issuer.ask("{ viewer { accountId } }", json!({})).await?;
    let begun = Instant::now();
    let bulk = "mutation($ids: [ID!]!) { issueCertificatesInBulk(applicationIds: $ids) { job { id } \
        userErrors { code } } }";
    let mut jobs = Vec::new();
    for ids in applications.chunks(ISSUED_AT_ONCE) {
        let asked = issuer.ask(bulk, json!({ "ids": ids })).await?;
        let job = asked["job"]["id"].as_str().with_context(|| asked.to_string())?.to_owned();
        jobs.push((job, ids.len()));
    }
    let job_of = "query($id: ID!) { job(id: $id) { state total done failed } }";
    for (job, count) in jobs {
        let done = issuer.until_done(job_of, &job).await?;
        let expected = json!({ "state": "DONE", "total": count, "done": count, "failed": 0 });
        ensure!(done == expected, "{done}");
    }
    cost(server, begun)
}

/// Certificates that wait for their handover: id and number of so many at most.
async fn numbered(issuer: &mut Session, most: usize) -> anyhow::Result<Vec<(String, String)>> {
    const PAGE: &str = "query($after: String) { certificates(first: 100, after: $after, state: ISSUED) \
        { nodes { id number } pageInfo { hasNextPage endCursor } } }";
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = issuer.ask(PAGE, json!({ "after": after })).await?;
        for node in page["nodes"].as_array().context("a list")? {
            let word = |name: &str| node[name].as_str().map(str::to_owned).context("a word");
            found.push((word("id")?, word("number")?));
        }
        if found.len() >= most || page["pageInfo"]["hasNextPage"] == false {
            return Ok(found);
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Cards as PDF, sheets of 200 in one ZIP.
pub async fn cards(
    deployment: &Deployment,
    passwords: &Passwords,
    count: usize,
) -> anyhow::Result<Cost> {
    let server = deployment.serve().await?;
    let mut issuer = account(&server, passwords, "issuer.gansu")?;
    let mut issued = numbered(&mut issuer, count * 2).await?;
    // Names with a character that the font lacks are refused with their numbers: they go elsewhere.
    let (begun, zip) = loop {
        ensure!(issued.len() >= count, "only {} certificates can be drawn", issued.len());
        let ids: Vec<&String> = issued.iter().take(count).map(|(id, _)| id).collect();
        let begun = Instant::now();
        let request = issuer.request(Method::POST, "/cards/sheets.zip").await?;
        let answer = request.json(&json!({ "ids": ids })).send().await?;
        if answer.status() == 422 {
            let (before, refused) = (issued.len(), answer.text().await?);
            issued.retain(|(_, number)| !refused.contains(number));
            ensure!(issued.len() < before, "{refused}");
            continue;
        }
        break (begun, answer.error_for_status()?.bytes().await?);
    };
    let cost = cost(server, begun)?;
    let mut zip = zip::ZipArchive::new(Cursor::new(zip))?;
    ensure!(zip.len() == count.div_ceil(CARDS_OF_A_SHEET), "{} files", zip.len());
    for index in 0..zip.len() {
        let mut start = [0; 5];
        zip.by_index(index)?.read_exact(&mut start)?;
        ensure!(&start == b"%PDF-", "no PDF");
    }
    Ok(cost)
}

/// The whole audit log, which must be intact.
pub fn audit(deployment: &Deployment) -> anyhow::Result<Cost> {
    let answer = deployment.run(&["audit", "verify"])?;
    ensure!(answer.status == 0 && answer.out.trim_end().ends_with(": intact"), "{}", answer.out);
    Ok(answer.cost)
}
