//! Bars on people: recorded by hand or by a roster, lifted with a reason, and never raised again by
//! an old roster.

use api::graphql::ids::encode;
use api::imports::{self, ImportRefusal};
use api::officers;
use api::platform::actor::Actor;
use api::platform::failure::Failure;
use api::platform::jobs;
use chrono::Duration;
use entities::enums::{ImportMode, Role, StandingKind, StandingLift};
use entities::ids::{AgencyId, ImportBatchId, PersonId};
use entities::{agency, import_batch, standing};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::{Province, id_number, officer};

async fn enter(app: &TestApp, n: u32, name: &str, agency: AgencyId) -> PersonId {
    let new = officer(n, name, agency);
    officers::enter_person(&app.platform, &Actor::System, new).await.unwrap()
}

/// A roster of one person of the county's market bureau, with what bars them.
async fn roster(app: &TestApp, p: &Province, bar: &str) -> Vec<u8> {
    let bureau = agency::Entity::find_by_id(p.county_market).one(app.platform.db.read()).await;
    let bureau = bureau.unwrap().unwrap();
    let headings = "姓名,身份证号,所属机关全称,统一社会信用代码,人员类别,编制类型,在岗状态,\
                    执法领域,不得申领情形";
    let row = format!(
        "张三,{},{},{},执法人员,行政,在岗,市场监管,{bar}",
        id_number(1),
        bureau.name,
        bureau.uscc
    );
    format!("{headings}\r\n{row}\r\n").into_bytes()
}

async fn stage(app: &TestApp, file: Vec<u8>) -> import_batch::Model {
    let (system, mode) = (&Actor::System, ImportMode::AtomicRow);
    imports::stage(&app.platform, system, "名册.csv", file, mode, &|_, _| ()).await.unwrap()
}

/// How often each finding that asks for a confirmation was made.
fn again(batch: &import_batch::Model) -> Value {
    batch.summary["codes"]["STANDING_AGAIN"].clone()
}

async fn apply(app: &TestApp, id: ImportBatchId) -> import_batch::Model {
    let batch = imports::begin(&app.platform, &Actor::System, id, true).await.unwrap();
    let job = jobs::claim(&app.platform, &[imports::JOB], batch.job_id).await.unwrap().unwrap();
    imports::work(&app.platform, job, &|_, _| ()).await.unwrap();
    imports::batch(&app.platform, &Actor::System, id).await.unwrap().unwrap()
}

async fn import(app: &TestApp, file: Vec<u8>) -> import_batch::Model {
    let staged = stage(app, file).await;
    apply(app, staged.id).await
}

async fn imported(app: &TestApp) -> PersonId {
    let known = officers::known_by_id_number(&app.platform, &[&id_number(1)]).await.unwrap();
    known[&id_number(1)].0
}

const RECORD: &str = "mutation($input: RecordStandingInput!) { recordStanding(input: $input) {
    standing { kind fromOn untilOn inForce liftedAt liftReason } userErrors { code field } } }";
const LIFT: &str = "mutation($id: ID!, $reason: StandingLift!) {
    liftStanding(input: { id: $id, reason: $reason }) {
    standing { kind inForce liftedAt liftReason } userErrors { code field } } }";

/// The standings of a person as somebody sees them, without their ids.
async fn standings(app: &TestApp, actor: &Actor, person: PersonId, lifted: bool) -> Value {
    let query = "query($id: ID!, $lifted: Boolean!) { officer(id: $id) { standings(lifted: $lifted)
        { kind fromOn untilOn inForce liftedAt liftReason } } }";
    let variables = json!({ "id": encode(person), "lifted": lifted });
    app.graphql(Some(actor), query, variables).await["data"]["officer"]["standings"].clone()
}

/// The id of a person's only standing that is not lifted.
async fn standing_id(app: &TestApp, actor: &Actor, person: PersonId) -> Value {
    let query = "query($id: ID!) { officer(id: $id) { standings { id } } }";
    let answer = app.graphql(Some(actor), query, json!({ "id": encode(person) })).await;
    let found = answer["data"]["officer"]["standings"].as_array().unwrap().clone();
    assert_eq!(found.len(), 1, "{answer}");
    found[0]["id"].clone()
}

async fn record(app: &TestApp, actor: &Actor, input: Value) -> Value {
    app.graphql(Some(actor), RECORD, json!({ "input": input })).await
}

async fn lift(app: &TestApp, actor: &Actor, id: &Value, reason: &str) -> Value {
    app.graphql(Some(actor), LIFT, json!({ "id": id, "reason": reason })).await
}

fn refused(mutation: &str, code: &str, field: &str) -> Value {
    json!({ "data": { mutation: {
        "standing": null, "userErrors": [{ "code": code, "field": field }],
    } } })
}

fn told(kind: &str, from: &str, until: Option<&str>) -> Value {
    json!({
        "kind": kind, "fromOn": from, "untilOn": until, "inForce": true, "liftedAt": null,
        "liftReason": null,
    })
}

#[tokio::test]
async fn a_bar_of_a_roster_is_lifted_and_comes_again_only_when_confirmed() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let reviewer = p.sign_in(&app, "reviewer", Role::JusticeReviewer, p.county_justice).await;
    let file = roster(&app, &p, "有-立案审查调查").await;
    import(&app, file.clone()).await;
    let person = imported(&app).await;
    let open = told("UNDER_INVESTIGATION", "2026-03-02", None);
    assert_eq!(standings(&app, &reviewer, person, false).await, json!([open]));

    app.clock.advance(Duration::days(3));
    let id = standing_id(&app, &reviewer, person).await;
    assert_eq!(
        lift(&app, &reviewer, &id, "TERM_SERVED").await,
        refused("liftStanding", "LIFT_REASON_INVALID", "reason")
    );
    let lifted = json!({
        "kind": "UNDER_INVESTIGATION", "inForce": false, "liftedAt": "2026-03-05T02:00:00+00:00",
        "liftReason": "CASE_CLOSED",
    });
    assert_eq!(
        lift(&app, &reviewer, &id, "CASE_CLOSED").await,
        json!({ "data": { "liftStanding": { "standing": lifted, "userErrors": [] } } })
    );
    assert_eq!(
        lift(&app, &reviewer, &id, "CASE_CLOSED").await,
        refused("liftStanding", "STANDING_LIFTED", "id")
    );
    assert_eq!(standings(&app, &reviewer, person, false).await, json!([]));

    // The same roster once more: it may be an old one, so somebody has to say that it holds.
    let staged = stage(&app, file.clone()).await;
    assert_eq!((again(&staged), staged.failed), (json!(1), 0));
    let begun = imports::begin(&app.platform, &Actor::System, staged.id, false).await;
    let needed = staged.confirmations;
    assert!(
        matches!(
            begun,
            Err(Failure::Refused(ImportRefusal::ConfirmationNeeded { count })) if count == needed
        ),
        "not confirmed"
    );
    assert_eq!(standings(&app, &reviewer, person, false).await, json!([]));
    let applied = apply(&app, staged.id).await;
    assert_eq!((applied.unchanged, applied.refused), (1, 0));
    let mut before = told("UNDER_INVESTIGATION", "2026-03-02", None);
    before["inForce"] = json!(false);
    before["liftedAt"] = json!("2026-03-05T02:00:00+00:00");
    before["liftReason"] = json!("CASE_CLOSED");
    let anew = told("UNDER_INVESTIGATION", "2026-03-05", None);
    assert_eq!(standings(&app, &reviewer, person, true).await, json!([before, anew]));

    // What bars already is neither confirmed nor entered again.
    let staged = stage(&app, file).await;
    assert_eq!(again(&staged), Value::Null);
    apply(&app, staged.id).await;
    assert_eq!(standings(&app, &reviewer, person, false).await, json!([anew]));
}

#[tokio::test]
async fn a_bar_that_has_ended_comes_again_only_when_confirmed() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let reviewer = p.sign_in(&app, "reviewer", Role::JusticeReviewer, p.county_justice).await;
    let file = roster(&app, &p, "有-记过以上处分期内").await;
    import(&app, file.clone()).await;
    let person = imported(&app).await;
    let first = told("DEMERIT_OR_HEAVIER", "2026-03-02", Some("2028-03-01"));
    assert_eq!(standings(&app, &reviewer, person, false).await, json!([first]));
    app.clock.advance(Duration::days(730));
    assert_eq!(again(&stage(&app, file.clone()).await), Value::Null, "to its last day");
    app.clock.advance(Duration::days(1));
    // Another file, since the one before still waits.
    let mut other = file.clone();
    other.extend_from_slice(b"\r\n");
    let staged = stage(&app, other).await;
    assert_eq!(again(&staged), json!(1));
    apply(&app, staged.id).await;
    let mut over = first;
    over["inForce"] = json!(false);
    let anew = told("DEMERIT_OR_HEAVIER", "2028-03-02", Some("2030-03-01"));
    assert_eq!(standings(&app, &reviewer, person, false).await, json!([over, anew]));
}

#[tokio::test]
async fn what_is_lifted_between_check_and_import_is_not_raised_again() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let reviewer = p.sign_in(&app, "reviewer", Role::JusticeReviewer, p.county_justice).await;
    let file = roster(&app, &p, "有-立案审查调查").await;
    import(&app, file.clone()).await;
    let person = imported(&app).await;
    let staged = stage(&app, file).await;
    assert_eq!(again(&staged), Value::Null);
    let id = standing_id(&app, &reviewer, person).await;
    lift(&app, &reviewer, &id, "CASE_CLOSED").await;
    let applied = apply(&app, staged.id).await;
    assert_eq!((applied.unchanged, applied.refused), (0, 1));
    assert_eq!(standings(&app, &reviewer, person, false).await, json!([]));
}

#[tokio::test]
async fn a_bar_is_recorded_with_the_end_that_is_given_or_the_policys() {
    use StandingKind as K;
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let reviewer = p.sign_in(&app, "reviewer", Role::JusticeReviewer, p.county_justice).await;
    let person = enter(&app, 1, "张三", p.county_market).await;
    let input = |kind: StandingKind, from: &str, until: Option<&str>| {
        json!({
            "personId": encode(person), "kind": kind.code(), "fromOn": from, "untilOn": until,
        })
    };
    let wrong = |code: &str, field: &str| refused("recordStanding", code, field);
    for (kind, from, until, refusal) in [
        (K::DemeritOrHeavier, "2026-03-03", None, wrong("STANDING_FROM_INVALID", "fromOn")),
        (
            K::DemeritOrHeavier,
            "2026-03-02",
            Some("2026-03-01"),
            wrong("STANDING_UNTIL_INVALID", "untilOn"),
        ),
        (
            K::UnderInvestigation,
            "2026-03-02",
            Some("2026-12-31"),
            wrong("STANDING_UNTIL_INVALID", "untilOn"),
        ),
    ] {
        assert_eq!(record(&app, &reviewer, input(kind, from, until)).await, refusal, "{kind:?}");
    }
    for (kind, from, given, until) in [
        (K::DemeritOrHeavier, "2026-03-01", None, Some("2028-02-29")),
        (K::DemeritOrHeavier, "2026-03-02", Some("2027-03-01"), Some("2027-03-01")),
        (K::RecentSanction, "2025-06-15", None, Some("2027-06-14")),
        (K::RecentRevocation, "2025-06-15", None, Some("2027-06-14")),
        (K::UnderInvestigation, "2026-02-01", None, None),
        (K::IncompetentRating, "2026-01-20", None, None),
        (K::RetrainingOwed, "2026-01-20", None, None),
    ] {
        let answer = record(&app, &reviewer, input(kind, from, given)).await;
        let standing = told(&kind.code(), from, until);
        let payload = json!({ "standing": standing, "userErrors": [] });
        assert_eq!(answer, json!({ "data": { "recordStanding": payload } }), "{kind:?}");
        let twice = record(&app, &reviewer, input(kind, from, given)).await;
        assert_eq!(twice, wrong("STANDING_KNOWN", "kind"), "{kind:?}");
    }
}

#[tokio::test]
async fn only_the_persons_justice_department_acts_and_nobody_for_themself() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let reviewer = p.sign_in(&app, "reviewer", Role::JusticeReviewer, p.county_justice).await;
    let above = p.sign_in(&app, "above", Role::JusticeReviewer, p.prefecture_justice).await;
    // The role over the agency alone: it reads the person and still is not their justice department.
    let of_agency = p.sign_in(&app, "agency", Role::JusticeReviewer, p.county_market).await;
    let person = enter(&app, 1, "张三", p.county_market).await;
    let elsewhere = enter(&app, 2, "李四", p.other_county_market).await;
    let input = |person: PersonId| {
        json!({
            "personId": encode(person), "kind": "UNDER_INVESTIGATION", "fromOn": "2026-03-02",
        })
    };
    for role in [Role::AgencyHr, Role::Issuer, Role::Supervisor, Role::Auditor] {
        let login = format!("a{}", role.code().to_lowercase().replace('_', "-"));
        let other = p.sign_in(&app, &login, role, p.county_justice).await;
        for answer in [
            record(&app, &other, input(person)).await,
            lift(&app, &other, &json!("stnd_none"), "CASE_CLOSED").await,
        ] {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{role:?}");
        }
    }
    let not_found = refused("recordStanding", "PERSON_NOT_FOUND", "personId");
    assert_eq!(record(&app, &reviewer, input(elsewhere)).await, not_found);
    assert_eq!(record(&app, &of_agency, input(person)).await, not_found);
    let own = refused("recordStanding", "OWN_RECORD", "personId");
    assert_eq!(record(&app, &reviewer, input(reviewer.person().unwrap())).await, own);

    let recorded = record(&app, &reviewer, input(person)).await;
    assert_eq!(recorded["data"]["recordStanding"]["userErrors"], json!([]), "{recorded}");
    let id = standing_id(&app, &reviewer, person).await;
    let unknown = refused("liftStanding", "STANDING_NOT_FOUND", "id");
    assert_eq!(lift(&app, &of_agency, &id, "CASE_CLOSED").await, unknown);
    assert_eq!(lift(&app, &reviewer, &json!("stnd_none"), "CASE_CLOSED").await, unknown);
    record(&app, &above, input(reviewer.person().unwrap())).await;
    let of_reviewer = standing_id(&app, &above, reviewer.person().unwrap()).await;
    let own = refused("liftStanding", "OWN_RECORD", "personId");
    assert_eq!(lift(&app, &reviewer, &of_reviewer, "CASE_CLOSED").await, own);
    let lifted = lift(&app, &reviewer, &id, "CASE_CLOSED").await;
    assert_eq!(lifted["data"]["liftStanding"]["userErrors"], json!([]), "{lifted}");
    let of_person = standing::Column::PersonId.eq(person);
    let row = standing::Entity::find().filter(of_person).one(app.platform.db.read()).await;
    let row = row.unwrap().unwrap();
    assert_eq!(
        (row.recorded_by, row.lifted_by, row.lifted_at, row.lift_reason),
        (reviewer.person(), reviewer.person(), Some(app.now()), Some(StandingLift::CaseClosed))
    );

    let log = app.audit_log().await;
    let of_person: Vec<(String, String, Value)> = log
        .iter()
        .filter(|e| e.subject == encode(person) && e.action.starts_with("standing."))
        .map(|e| (e.actor.clone(), e.action.clone(), serde_json::from_str(&e.body).unwrap()))
        .collect();
    let by = reviewer.audit_name();
    let entered = json!({ "kind": "UNDER_INVESTIGATION", "source": "MANUAL", "standing": id });
    let ended = json!({ "kind": "UNDER_INVESTIGATION", "reason": "CASE_CLOSED", "standing": id });
    assert_eq!(
        of_person,
        [
            (by.clone(), "standing.enter".to_owned(), entered),
            (by, "standing.lift".to_owned(), ended),
        ]
    );
}

#[tokio::test]
async fn a_rating_is_lifted_by_that_of_the_next_year() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let reviewer = p.sign_in(&app, "reviewer", Role::JusticeReviewer, p.county_justice).await;
    let person = enter(&app, 1, "张三", p.county_market).await;
    let input = json!({
        "personId": encode(person), "kind": "INCOMPETENT_RATING", "fromOn": "2026-01-20",
    });
    record(&app, &reviewer, input).await;
    let id = standing_id(&app, &reviewer, person).await;
    let early = refused("liftStanding", "LIFT_REASON_INVALID", "reason");
    assert_eq!(lift(&app, &reviewer, &id, "RATED_AGAIN").await, early);
    app.clock.advance(Duration::days(305));
    let answer = lift(&app, &reviewer, &id, "RATED_AGAIN").await;
    assert_eq!(answer["data"]["liftStanding"]["userErrors"], json!([]), "{answer}");
}
