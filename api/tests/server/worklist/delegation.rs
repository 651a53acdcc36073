//! A role lent to a colleague: within one's own scope, until a moment, never further.

use api::audit::UnitOfWork;
use api::certification::{self, Decision};
use api::graphql::ids::encode;
use api::officers;
use api::platform::actor::Actor;
use api::platform::failure::Failure;
use api::policy::{self, AccountsPolicy, NewVersion, PolicyKey};
use api::reorganisation::{self, NewChange, Plan, Superior};
use chrono::Duration;
use entities::enums::{PersonKind, Role, StandingKind};
use entities::ids::{AgencyId, QualificationId};
use entities::{account, grant};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::accounts::{self, ask, recorded, refused};
use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};

const DELEGATE: &str = "mutation($i: DelegateRoleInput!) { delegateRole(input: $i) { delegationId \
    userErrors { code field } } }";
const END: &str = "mutation($id: ID!) { endDelegation(delegationId: $id) { delegationId \
    userErrors { code field } } }";
const ROLES: &str = "{ viewer { roles { role agencyId delegationId } } }";
const LIST: &str = "{ delegations { role agencyName fromName toName isInForce endsAt note } }";
const CANDIDATES: &str = "{ myWork(kinds: [CANDIDATE_TO_DECIDE]) { nodes { subjectId } } }";

struct Desk {
    app: TestApp,
    province: Province,
    /// Reviewer of the prefecture.
    lender: Actor,
}

impl Desk {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        let role = Role::JusticeReviewer;
        let lender = province.sign_in(&app, "lender", role, province.prefecture_justice).await;
        // A colleague with a role of another kind.
        province.sign_in(&app, "colleague", Role::Auditor, province.prefecture_justice).await;
        Self { app, province, lender }
    }

    /// The actor of a name, in the session it had all the time.
    async fn now(&self, tokens: &Value) -> Actor {
        accounts::actor(&self.app, tokens).await.unwrap()
    }

    async fn tokens(&self, login: &str) -> Value {
        accounts::sign_in(&self.app, login, PASSWORD, None).await["tokens"].clone()
    }

    async fn lend(&self, by: &Actor, to: &str, agency: AgencyId, more: Value) -> Value {
        let mut input = json!({
            "role": "JUSTICE_REVIEWER",
            "agencyId": encode(agency),
            "toLogin": to,
            "until": self.app.now() + Duration::days(1),
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ask(&self.app, by, DELEGATE, json!({ "i": input })).await
    }

    async fn candidate(&self, hr: &Actor, name: &str) -> QualificationId {
        let kind = PersonKind::EnforcementOfficer;
        let person = self.province.person(&self.app, kind, name, self.province.county_market).await;
        let out = certification::nominate(&self.app.platform, hr, &[person]).await.unwrap();
        out[0].result.clone().unwrap()
    }

    async fn roles(&self, tokens: &Value) -> Vec<(Value, bool)> {
        let me = self.now(tokens).await;
        let roles = ask(&self.app, &me, ROLES, json!({})).await["roles"].clone();
        let told = |role: &Value| (role["role"].clone(), !role["delegationId"].is_null());
        roles.as_array().unwrap().iter().map(told).collect()
    }
}

fn own(role: &str) -> (Value, bool) {
    (json!(role), false)
}

fn lent(role: &str) -> (Value, bool) {
    (json!(role), true)
}

#[tokio::test]
async fn a_lent_role_holds_in_open_sessions_from_its_moment_to_its_end() {
    let desk = Desk::new().await;
    let (app, province) = (&desk.app, &desk.province);
    let hr = province.sign_in(app, "hr.market", Role::AgencyHr, province.county_market).await;
    let candidate = desk.candidate(&hr, "王伟").await;
    let tokens = desk.tokens("colleague").await;
    assert_eq!(desk.roles(&tokens).await, [own("AUDITOR")]);
    let (from, until) = (app.now() + Duration::minutes(2), app.now() + Duration::minutes(8));
    let when = json!({ "from": from, "until": until, "note": "休假" });
    let answer = desk.lend(&desk.lender, "colleague", province.county_justice, when).await;
    assert_eq!(answer["userErrors"], json!([]));
    app.clock.advance(Duration::minutes(2) - Duration::microseconds(1));
    assert_eq!(desk.roles(&tokens).await, [own("AUDITOR")]);
    app.clock.advance(Duration::microseconds(1));
    assert_eq!(desk.roles(&tokens).await, [own("AUDITOR"), lent("JUSTICE_REVIEWER")]);
    let me = desk.now(&tokens).await;
    let found = ask(app, &me, CANDIDATES, json!({})).await;
    assert_eq!(found, json!({ "nodes": [{ "subjectId": encode(candidate) }] }));
    let reasons = Decision::Refuse("尚在试用期".into());
    let out = certification::decide_qualification(&app.platform, &me, &[candidate], &reasons).await;
    assert_eq!(out.unwrap()[0].result, Ok(()));
    // The act is the delegate's, and the entry names the delegation.
    let log = recorded(app, &encode(candidate), &["qualification.refuse"]).await;
    let id = answer["delegationId"].as_str().unwrap();
    let bare = uuid::Uuid::try_parse(id.strip_prefix("dlgt_").unwrap()).unwrap().to_string();
    assert_eq!(log[0].1["delegations"], json!([bare]));
    let of_hr = recorded(app, &encode(candidate), &["qualification.nominate"]).await;
    assert_eq!(of_hr[0].1.get("delegations"), None);
    assert_eq!(
        ask(app, &me, LIST, json!({})).await,
        json!([{
            "role": "JUSTICE_REVIEWER",
            "agencyName": "兰州市城关区司法局",
            "fromName": "lender",
            "toName": "colleague",
            "isInForce": true,
            "endsAt": until.to_rfc3339(),
            "note": "休假",
        }])
    );
    app.clock.advance(Duration::minutes(6) - Duration::microseconds(1));
    assert_eq!(desk.roles(&tokens).await.len(), 2);
    app.clock.advance(Duration::microseconds(1));
    assert_eq!(desk.roles(&tokens).await, [own("AUDITOR")]);
    let mine = ask(app, &desk.lender, LIST, json!({})).await;
    assert_eq!((&mine[0]["isInForce"], mine.as_array().unwrap().len()), (&json!(false), 1));
}

#[tokio::test]
async fn no_more_is_lent_than_one_has_nor_to_anybody_else() {
    let desk = Desk::new().await;
    let (app, province) = (&desk.app, &desk.province);
    let county = province.county_justice;
    let role = Role::JusticeReviewer;
    province.sign_in(app, "outside", Role::Auditor, province.justice).await;
    let small = province.sign_in(app, "small", role, county).await;
    let admin = Role::SystemAdministrator;
    let admin = province.sign_in(app, "admin", admin, province.prefecture_justice).await;
    let no = |code: &str, field: Option<&str>| refused("delegationId", code, field);
    let lend = |by, to, agency, more| desk.lend(by, to, agency, more);
    let day = |n: i64| app.now() + Duration::days(n);
    let lender = &desk.lender;
    // Above what one has.
    let answer = lend(lender, "colleague", province.justice, json!({})).await;
    assert_eq!(answer, no("AGENCY_NOT_FOUND", Some("agencyId")));
    let answer = lend(&small, "small", province.prefecture_justice, json!({})).await;
    assert_eq!(answer, no("AGENCY_NOT_FOUND", Some("agencyId")));
    // A role one does not have.
    let answer = lend(lender, "colleague", county, json!({ "role": "ISSUER" })).await;
    assert_eq!(answer, no("ROLE_NOT_HELD", Some("role")));
    let answer = lend(&admin, "colleague", county, json!({ "role": "SYSTEM_ADMINISTRATOR" })).await;
    assert_eq!(answer, no("ROLE_NOT_LENDABLE", Some("role")));
    // To oneself, to nobody, to somebody beyond one's part: all but the first alike.
    assert_eq!(lend(lender, "lender", county, json!({})).await, no("OWN_ACCOUNT", None));
    for to in ["outside", "nobody"] {
        let answer = lend(lender, to, county, json!({})).await;
        assert_eq!(answer, no("COLLEAGUE_NOT_FOUND", Some("toLogin")), "{to}");
    }
    // Too long, backwards, in the past, too far ahead.
    for more in [
        json!({ "until": day(60) + Duration::seconds(1) }),
        json!({ "until": app.now() }),
        json!({ "from": day(-1), "until": day(1) }),
        json!({ "from": day(2), "until": day(1) }),
        json!({ "from": day(367), "until": day(368) }),
    ] {
        let answer = lend(lender, "colleague", county, more.clone()).await;
        assert_eq!(answer, no("DELEGATION_TIME_INVALID", Some("until")), "{more}");
    }
    assert_eq!(ask(app, lender, LIST, json!({})).await, json!([]));
    // Sixty days are allowed, and not twice at a time.
    let answer = lend(lender, "colleague", county, json!({ "until": day(60) })).await;
    assert_eq!(answer["userErrors"], json!([]));
    let again = lend(lender, "colleague", county, json!({ "until": day(1) })).await;
    assert_eq!(again, no("DELEGATION_OVERLAPS", Some("toLogin")));
    // What is lent is not lent on.
    let me = desk.now(&desk.tokens("colleague").await).await;
    let answer = lend(&me, "lender", county, json!({})).await;
    assert_eq!(answer, no("ROLE_IS_LENT", Some("role")));
}

#[tokio::test]
async fn the_days_are_those_of_the_policy() {
    let desk = Desk::new().await;
    let (app, county) = (&desk.app, desk.province.county_justice);
    let body = AccountsPolicy { totp_required_roles: vec![], delegation_days: 7 };
    let version = NewVersion {
        key: PolicyKey::Accounts,
        division: "620102".into(),
        effective_from: api::platform::clock::local_date(app.now()),
        body: serde_json::to_value(body).unwrap(),
    };
    policy::enter_version(&app.platform, &Actor::System, version).await.unwrap();
    let until = |days: i64| json!({ "until": app.now() + Duration::days(days) });
    let answer = desk.lend(&desk.lender, "colleague", county, until(8)).await;
    assert_eq!(answer, refused("delegationId", "DELEGATION_TIME_INVALID", Some("until")));
    let answer = desk.lend(&desk.lender, "colleague", county, until(7)).await;
    assert_eq!(answer["userErrors"], json!([]));
}

#[tokio::test]
async fn it_ends_when_either_ends_it_and_with_the_role_it_rests_on() {
    let desk = Desk::new().await;
    let (app, county) = (&desk.app, desk.province.county_justice);
    let tokens = desk.tokens("colleague").await;
    let stranger =
        desk.province.sign_in(app, "stranger", Role::Auditor, desk.province.county_justice).await;
    let both = [own("AUDITOR"), lent("JUSTICE_REVIEWER")];
    for by_lender in [true, false] {
        let answer = desk.lend(&desk.lender, "colleague", county, json!({})).await;
        let id = json!({ "id": answer["delegationId"] });
        assert_eq!(desk.roles(&tokens).await, both);
        let answer = ask(app, &stranger, END, id.clone()).await;
        let none = refused("delegationId", "DELEGATION_NOT_FOUND", Some("delegationId"));
        assert_eq!(answer, none);
        let delegate = desk.now(&tokens).await;
        let by = if by_lender { &desk.lender } else { &delegate };
        let answer = ask(app, by, END, id.clone()).await;
        assert_eq!(answer["userErrors"], json!([]));
        assert_eq!(desk.roles(&tokens).await, [own("AUDITOR")]);
        assert_eq!(ask(app, by, END, id).await, none);
    }
    desk.lend(&desk.lender, "colleague", county, json!({})).await;
    assert_eq!(desk.roles(&tokens).await, both);
    let lender = desk.lender.account().unwrap();
    account::Entity::update_many()
        .col_expr(account::Column::DisabledAt, Expr::value(app.now()))
        .filter(account::Column::Id.eq(lender))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    assert_eq!(desk.roles(&tokens).await, [own("AUDITOR")], "its lender is gone");
    account::Entity::update_many()
        .col_expr(
            account::Column::DisabledAt,
            Expr::value(Option::<chrono::DateTime<chrono::Utc>>::None),
        )
        .filter(account::Column::Id.eq(lender))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    assert_eq!(desk.roles(&tokens).await, both);
    grant::Entity::update_many()
        .col_expr(grant::Column::EndedAt, Expr::value(app.now()))
        .filter(grant::Column::AccountId.eq(lender))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    assert_eq!(desk.roles(&tokens).await, [own("AUDITOR")], "the role it rests on is gone");
    let told = ask(app, &desk.now(&tokens).await, LIST, json!({})).await;
    assert_eq!(told[0]["isInForce"], false);
}

/// Whoever reviews by delegation is bound by what the lender did, and the other way round.
#[tokio::test]
async fn lender_and_delegate_count_as_one() {
    let desk = Desk::new().await;
    let (app, province) = (&desk.app, &desk.province);
    let (justice, market) = (province.county_justice, province.county_market);
    // One person with both desks, and a colleague with neither.
    let reviewer = province.sign_in(app, "two.desks", Role::JusticeReviewer, justice).await;
    let hr = (Role::AgencyHr, market, entities::enums::ScopeAxis::Own);
    let to = reviewer.account().unwrap();
    api::auth::accounts::grant_role(&app.platform, &Actor::System, to, hr.0, hr.1, hr.2)
        .await
        .unwrap();
    province.sign_in(app, "helper", Role::Auditor, justice).await;
    province.sign_in(app, "clerk", Role::Auditor, market).await;
    let reviewer_tokens = desk.tokens("two.desks").await;
    let reviewer = desk.now(&reviewer_tokens).await;
    let as_hr = json!({ "role": "AGENCY_HR" });
    let lent = desk.lend(&reviewer, "clerk", market, as_hr).await;
    assert_eq!(lent["userErrors"], json!([]));
    let lent = desk.lend(&reviewer, "helper", justice, json!({})).await;
    assert_eq!(lent["userErrors"], json!([]));
    let helper = desk.now(&desk.tokens("helper").await).await;
    let clerk = desk.now(&desk.tokens("clerk").await).await;
    let p = &app.platform;
    let no = Err(certification::CertificationRefusal::SeparationOfDuties);
    let refuse = Decision::Refuse("尚在试用期".into());
    // Proposed by the lender: neither the lender nor the delegate decides, nor are they offered it.
    let by_lender = desk.candidate(&reviewer, "王伟").await;
    // Proposed by the delegate for the lender: the same.
    let by_clerk = desk.candidate(&clerk, "李娜").await;
    app.clock.advance(Duration::minutes(1));
    for candidate in [by_lender, by_clerk] {
        for actor in [&reviewer, &helper] {
            let out = certification::decide_qualification(p, actor, &[candidate], &refuse).await;
            assert_eq!(out.unwrap()[0].result, no);
        }
    }
    for actor in [&reviewer, &helper] {
        let found = ask(app, actor, CANDIDATES, json!({})).await;
        assert_eq!(found, json!({ "nodes": [] }));
    }
    // The lender's own record is the delegate's too.
    let (today, kind) = (api::platform::clock::local_date(app.now()), StandingKind::RetrainingOwed);
    let lender = reviewer.person().unwrap();
    let bar = officers::record_standing(p, &helper, lender, kind, today, None).await;
    assert!(matches!(bar, Err(Failure::Refused(officers::OfficerRefusal::OwnRecord))), "{bar:?}");
    // And the delegate's the lender's, as long as it is lent.
    let reviewer = &desk.now(&reviewer_tokens).await;
    let delegate = helper.person().unwrap();
    let bar = officers::record_standing(p, reviewer, delegate, kind, today, None).await;
    assert!(matches!(bar, Err(Failure::Refused(officers::OfficerRefusal::OwnRecord))), "{bar:?}");
    let lent = ask(app, reviewer, "{ delegations { id isInForce } }", json!({})).await;
    for delegation in lent.as_array().unwrap().iter().filter(|d| d["isInForce"] == true) {
        ask(app, reviewer, END, json!({ "id": delegation["id"] })).await;
    }
    let reviewer = &desk.now(&reviewer_tokens).await;
    officers::record_standing(p, reviewer, delegate, kind, today, None).await.unwrap();
    // It stays theirs when the lending is over, and so comes to whoever is next above.
    let above =
        province.sign_in(app, "above", Role::JusticeReviewer, province.prefecture_justice).await;
    let found = ask(app, &above, CANDIDATES, json!({})).await;
    assert_eq!(found["nodes"].as_array().unwrap().len(), 2, "{found}");
    let other = province.sign_in(app, "other", Role::JusticeReviewer, justice).await;
    assert_eq!(ask(app, &above, CANDIDATES, json!({})).await, json!({ "nodes": [] }));
    let out = certification::decide_qualification(p, &other, &[by_lender, by_clerk], &refuse).await;
    assert!(out.unwrap().iter().all(|outcome| outcome.result.is_ok()));
}

#[tokio::test]
async fn a_part_that_a_reform_brings_out_of_reach_is_lent_no_more() {
    let desk = Desk::new().await;
    let (app, province) = (&desk.app, &desk.province);
    let (justice, market) = (province.county_justice, province.county_market);
    let small = province.sign_in(app, "small", Role::JusticeReviewer, justice).await;
    province.sign_in(app, "neighbour", Role::Auditor, justice).await;
    let tokens = desk.tokens("neighbour").await;
    for agency in [market, justice] {
        let answer = desk.lend(&small, "neighbour", agency, json!({})).await;
        assert_eq!(answer["userErrors"], json!([]));
    }
    let lent_now = async || {
        let me = desk.now(&tokens).await;
        let roles = me.signed_in().unwrap().roles.clone();
        roles.iter().filter(|g| g.lent.is_some()).map(|g| g.agency).collect::<Vec<_>>()
    };
    let lender = small.account().unwrap();
    let delegates = async || {
        let found = api::auth::delegation::delegates_of(app.platform.db.read(), lender, app.now());
        found.await.unwrap()
    };
    let neighbour = (Role::JusticeReviewer, desk.now(&tokens).await.person().unwrap());
    assert_eq!(lent_now().await, [market, justice]);
    assert_eq!(delegates().await, [neighbour, neighbour]);

    let mut uow = UnitOfWork::begin(&app.platform, &Actor::System).await.unwrap();
    policy::enter_defaults(&mut uow, "620000").await.unwrap();
    uow.commit().await.unwrap();
    let plan = Plan::Move {
        agency: market,
        superior: Superior::Stays,
        division: Some("620103".into()),
        leadership: None,
    };
    let effective_on = api::platform::clock::local_date(app.now());
    let new = NewChange { plan, effective_on, document: "兰编发〔2026〕1号".into() };
    let id = reorganisation::propose(&app.platform, &Actor::System, new).await.unwrap();
    reorganisation::approve(&app.platform, &Actor::System, id).await.unwrap();
    assert_eq!(lent_now().await, [justice]);
    assert_eq!(delegates().await, [neighbour]);
    let list = ask(app, &small, "{ delegations { agencyName isInForce } }", json!({})).await;
    assert_eq!(
        list,
        json!([
            { "agencyName": "兰州市城关区司法局", "isInForce": true },
            { "agencyName": "兰州市城关区市场监督管理局", "isInForce": false },
        ])
    );
}
