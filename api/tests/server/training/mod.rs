//! Training and exams: dirty workbooks and every row's outcome, resits, the year at a glance, scope,
//! permission, limits, and two who act at once.

mod attendance;
mod corrections;
mod duties;
mod exams;
mod limits;
mod over_http;
mod year;

use std::collections::HashMap;

use api::graphql::ids::encode;
use api::officers::{self, NewPerson};
use api::platform::actor::Actor;
use api::platform::failure::{Failure, Refusal};
use api::training::{self, NewSession, NewSitting, Step, Target, TrainingRefusal, uploads};
use chrono::NaiveDate;
use entities::enums::{ExamSubject, PersonKind, Role, TrainingKind, TrainingMode};
use entities::ids::{AgencyId, ExamSittingId, PersonId, TrainingSessionId};
use entities::{person, training_record, training_upload};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::{Province, officer};

/// The county with an agency's HR and two reviewers, on 2026-03-02.
struct Desk {
    app: TestApp,
    province: Province,
    hr: Actor,
    reviewer: Actor,
    second: Actor,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The code of a refusal.
fn refused<T: std::fmt::Debug>(result: Result<T, Failure<TrainingRefusal>>) -> &'static str {
    match result {
        Err(Failure::Refused(refusal)) => refusal.code(),
        other => panic!("not refused: {other:?}"),
    }
}

impl Desk {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
        let justice = province.county_justice;
        let reviewer = province.sign_in(&app, "reviewer", Role::JusticeReviewer, justice).await;
        let second = province.sign_in(&app, "second", Role::JusticeReviewer, justice).await;
        Self { app, province, hr, reviewer, second }
    }

    /// Enters an officer with the ID number `n` of the county's market bureau.
    async fn officer(&self, n: u32, name: &str) -> PersonId {
        self.person(officer(n, name, self.province.county_market)).await
    }

    async fn auxiliary(&self, n: u32, name: &str) -> PersonId {
        let kind = PersonKind::AuxiliaryStaff;
        self.person(NewPerson { kind, ..officer(n, name, self.province.county_market) }).await
    }

    async fn person(&self, new: NewPerson) -> PersonId {
        officers::enter_person(&self.app.platform, &Actor::System, new).await.unwrap()
    }

    #[expect(clippy::unused_self, reason = "reads as what the desk plans")]
    fn session_of(&self, organiser: AgencyId, minutes: i64) -> NewSession {
        NewSession {
            organiser,
            title: "春季执法培训".into(),
            kind: TrainingKind::PublicLaw,
            mode: TrainingMode::OnSite,
            field: None,
            off_post: false,
            starts_on: day("2026-03-01"),
            ends_on: day("2026-03-02"),
            minutes,
        }
    }

    /// A session of the county's market bureau that was held.
    async fn held(&self, minutes: i64) -> TrainingSessionId {
        let new = self.session_of(self.province.county_market, minutes);
        let row = training::plan_session(&self.app.platform, &self.hr, new).await.unwrap();
        let held = training::move_session(&self.app.platform, &self.hr, row.id, Step::Hold).await;
        held.unwrap().id
    }

    async fn sitting(&self, held_on: &str, resits_allowed: bool) -> ExamSittingId {
        let new = NewSitting {
            organiser: self.province.county_justice,
            subject: ExamSubject::PublicLaw,
            field: None,
            held_on: day(held_on),
            place: "城关区党校".into(),
            resits_allowed,
        };
        training::plan_sitting(&self.app.platform, &self.reviewer, new).await.unwrap().id
    }

    async fn stage(&self, actor: &Actor, target: Target, file: Vec<u8>) -> training_upload::Model {
        uploads::stage(&self.app.platform, actor, target, "名单.csv", file).await.unwrap()
    }

    /// The rows of an upload as `number STATE name CODE,CODE`.
    async fn rows(&self, actor: &Actor, upload: &training_upload::Model) -> Vec<String> {
        let query = "query($id: ID!) { trainingUpload(id: $id) { rows(first: 100) { nodes {
            number state officer { name } findings { code } } } } }";
        let answer = self.ask(actor, query, json!({ "id": encode(upload.id) })).await;
        let nodes = answer["rows"]["nodes"].as_array().unwrap();
        let line = |node: &Value| {
            let codes = node["findings"].as_array().unwrap().iter();
            let codes: Vec<&str> = codes.map(|f| f["code"].as_str().unwrap()).collect();
            let name = node["officer"]["name"].as_str().unwrap_or("-");
            let state = node["state"].as_str().unwrap();
            format!("{} {state} {name} {}", node["number"], codes.join(","))
        };
        nodes.iter().map(line).collect()
    }

    /// Executes an operation and answers its one field.
    async fn ask(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        let answer = self.app.graphql(Some(actor), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        let data = answer["data"].as_object().unwrap();
        assert_eq!(data.len(), 1, "{answer}");
        data.values().next().unwrap().clone()
    }

    /// What is recorded of training, as `name year minutes`, by name.
    async fn hours(&self) -> Vec<String> {
        let names = self.names().await;
        let rows = training_record::Entity::find().all(self.app.platform.db.read()).await.unwrap();
        let line = |row: training_record::Model| {
            format!("{} {} {}", names[&row.person_id], row.year, row.minutes)
        };
        let mut lines: Vec<String> = rows.into_iter().map(line).collect();
        lines.sort();
        lines
    }

    /// The names of everybody in the register.
    async fn names(&self) -> HashMap<PersonId, String> {
        let people = person::Entity::find().all(self.app.platform.db.read()).await.unwrap();
        people.into_iter().map(|person| (person.id, person.name)).collect()
    }

    /// How often an action stands in the audit log.
    async fn logged(&self, action: &str) -> usize {
        self.app.audit_log().await.iter().filter(|entry| entry.action == action).count()
    }
}

/// A CSV file of these lines.
fn csv(lines: &[String]) -> Vec<u8> {
    (lines.join("\r\n") + "\r\n").into_bytes()
}

/// Digits in full width, as an input method leaves them.
fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + 0xff10).unwrap(),
        'X' => 'Ｘ',
        other => other,
    };
    text.chars().map(wide).collect()
}

/// An ID number with another check character.
fn mistyped(number: &str) -> String {
    let last = if number.ends_with('1') { '2' } else { '1' };
    format!("{}{last}", &number[..17])
}
