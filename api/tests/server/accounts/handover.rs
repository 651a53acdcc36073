//! A desk handed over: roles that end and begin together, and the work that is found.

use api::graphql::ids::encode;
use api::platform::actor::Actor;
use chrono::Duration;
use entities::enums::{PersonKind, Role};
use entities::{account, grant};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use super::{Office, actor, ask, denied, recorded, refreshed, refused, sign_in};
use crate::province::PASSWORD;

const HAND_OVER: &str = "mutation($i: HandOverDeskInput!) { handOverDesk(input: $i) { handoverId \
    userErrors { code field } } }";
const CANDIDATES: &str =
    "{ qualifications(first: 9, state: CANDIDATE) { nodes { person { name } } } }";
const QUALIFY: &str = "mutation($ids: [ID!]!) { decideQualifications(ids: $ids, decision: QUALIFY) \
    { results { ok userErrors { code } } userErrors { code } } }";

impl Office {
    async fn reviewer(&self, login: &str) -> Actor {
        let justice = self.province.county_justice;
        self.province.sign_in(&self.app, login, Role::JusticeReviewer, justice).await
    }

    async fn hr(&self, login: &str) -> Actor {
        let market = self.province.county_market;
        self.province.sign_in(&self.app, login, Role::AgencyHr, market).await
    }

    /// Hands over with more words of the input.
    async fn hand_over(&self, from: &Actor, to: &Actor, more: Value) -> Value {
        let mut input = json!({
            "fromAccountId": encode(from.account().unwrap()),
            "toAccountId": encode(to.account().unwrap()),
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ask(&self.app, &self.admin, HAND_OVER, json!({ "i": input })).await
    }

    async fn enter(&self, login: &str) -> (Actor, Value) {
        let tokens = sign_in(&self.app, login, PASSWORD, None).await["tokens"].clone();
        (actor(&self.app, &tokens).await.unwrap(), tokens)
    }

    async fn roles(&self, login: &str) -> Vec<Role> {
        let (me, _) = self.enter(login).await;
        let mut roles: Vec<Role> = me.signed_in().unwrap().roles.iter().map(|g| g.role).collect();
        roles.sort();
        roles
    }
}

fn role(role: &str, agency: entities::ids::AgencyId, axis: &str) -> Value {
    json!({ "role": role, "agencyId": encode(agency), "axis": axis })
}

#[tokio::test]
async fn a_successor_finds_the_open_work_and_whoever_left_finds_nothing() {
    let office = Office::new().await;
    let (app, province) = (&office.app, &office.province);
    office.reviewer("reviewer").await;
    office.hr("successor").await;
    let hr = office.hr("hr.market").await;
    let kind = PersonKind::EnforcementOfficer;
    let officer = province.person(app, kind, "王伟", province.county_market).await;
    let nominate = "mutation($ids: [ID!]!) { nominateCandidates(personIds: $ids) { results { \
        createdId } } }";
    let nominated = ask(app, &hr, nominate, json!({ "ids": [encode(officer)] })).await;
    let candidate = json!({ "ids": [nominated["results"][0]["createdId"]] });
    let (old, old_tokens) = office.enter("reviewer").await;
    let (new, new_tokens) = office.enter("successor").await;
    let found = json!({ "nodes": [{ "person": { "name": "王伟" } }] });
    assert_eq!(ask(app, &old, CANDIDATES, json!({})).await, found);
    assert_eq!(denied(app, &new, QUALIFY, candidate.clone()).await, "FORBIDDEN");

    app.clock.advance(Duration::minutes(1));
    let note = "调往市局，\n由赵敏接手。";
    let answer = office.hand_over(&old, &new, json!({ "note": note })).await;
    assert_eq!(answer["userErrors"], json!([]));
    // The tokens of both have ended. The successor's session goes on with what the account holds
    // now; the other's has ended, and what is opened anew holds nothing.
    for tokens in [&old_tokens, &new_tokens] {
        assert!(actor(app, tokens).await.is_none());
    }
    assert_eq!(refreshed(app, &old_tokens).await, Value::Null);
    let (left, _) = office.enter("reviewer").await;
    assert_eq!(left.signed_in().unwrap().roles, []);
    assert_eq!(denied(app, &left, CANDIDATES, json!({})).await, "FORBIDDEN");
    let took = actor(app, &refreshed(app, &new_tokens).await).await.unwrap();
    assert_eq!(ask(app, &took, CANDIDATES, json!({})).await, found);
    // And acts on it: what is missing is the candidate's, not the successor's.
    let decided = ask(app, &took, QUALIFY, candidate).await;
    let code = &decided["results"][0]["userErrors"][0]["code"];
    assert_eq!(code, "PUBLIC_LAW_EXAM_NOT_PASSED");

    let (from, to) = (encode(old.account().unwrap()), encode(new.account().unwrap()));
    let list = "query($a: ID!) { deskHandovers(accountId: $a) { id fromAccountId toAccountId \
        roles { role agencyId axis } at note createdAt } }";
    let at = "2026-03-02T02:01:00+00:00";
    let role = role("JUSTICE_REVIEWER", province.county_justice, "TERRITORY");
    let expected = json!([{
        "id": answer["handoverId"], "fromAccountId": from, "toAccountId": to, "roles": [role],
        "at": at, "note": note, "createdAt": at,
    }]);
    for account in [&from, &to] {
        assert_eq!(ask(app, &office.admin, list, json!({ "a": account })).await, expected);
    }
    // Ids and codes in the log, not the note.
    let words = json!({
        "role": "JUSTICE_REVIEWER", "agency": role["agencyId"], "axis": "TERRITORY",
    });
    assert_eq!(
        recorded(app, &from, &["account.revoke", "account.hand_over"]).await,
        [
            ("account.revoke".to_owned(), words.clone()),
            (
                "account.hand_over".to_owned(),
                json!({
                    "handover": answer["handoverId"], "to": to, "at": at, "roles": [words.clone()],
                })
            ),
        ]
    );
    let granted = recorded(app, &to, &["account.grant"]).await;
    assert_eq!(granted.last().unwrap(), &("account.grant".to_owned(), words));
}

#[tokio::test]
async fn a_desk_changes_hands_at_the_moment_that_was_named() {
    let office = Office::new().await;
    let app = &office.app;
    let (old, new) = (office.reviewer("reviewer").await, office.hr("successor").await);
    let at = app.now() + Duration::days(2);
    let (_, before) = office.enter("reviewer").await;
    let answer = office.hand_over(&old, &new, json!({ "at": at.to_rfc3339() })).await;
    assert_eq!(answer["userErrors"], json!([]));
    let (hr, reviewer) = (Role::AgencyHr, Role::JusticeReviewer);
    app.clock.advance(Duration::days(2) - Duration::seconds(1));
    assert_eq!(office.roles("reviewer").await, [reviewer]);
    assert_eq!(office.roles("successor").await, [hr]);
    // At the moment the sessions of whoever gave the desk up end, those from before the hand-over
    // was entered and those from after; the successor's change with it.
    let before = refreshed(app, &before).await;
    let (me, old_tokens) = office.enter("reviewer").await;
    let (_, new_tokens) = office.enter("successor").await;
    let ends = "{ sessions { expiresAt } }";
    let ends = ask(app, &me, ends, json!({})).await;
    let at = at.to_rfc3339();
    assert!(ends.as_array().unwrap().iter().all(|s| s["expiresAt"] == at.as_str()), "{ends}");
    app.clock.advance(Duration::seconds(1));
    for tokens in [&before, &old_tokens] {
        assert!(actor(app, tokens).await.is_none());
        assert_eq!(refreshed(app, tokens).await, Value::Null);
    }
    assert_eq!(office.roles("reviewer").await, []);
    let took = actor(app, &new_tokens).await.unwrap();
    let mut roles: Vec<Role> = took.signed_in().unwrap().roles.iter().map(|g| g.role).collect();
    roles.sort();
    assert_eq!(roles, [hr, reviewer]);
    // What is opened later lasts as long as ever.
    let (me, _) = office.enter("reviewer").await;
    let later = ask(app, &me, "{ sessions { expiresAt } }", json!({})).await;
    assert_eq!(later[0]["expiresAt"], (app.now() + Duration::days(7)).to_rfc3339());
}

#[tokio::test]
async fn a_hand_over_that_was_a_mistake_is_taken_back_before_its_time() {
    let office = Office::new().await;
    let app = &office.app;
    let (old, new) = (office.reviewer("reviewer").await, office.hr("successor").await);
    let at = app.now() + Duration::days(2);
    office.hand_over(&old, &new, json!({ "at": at.to_rfc3339() })).await;
    let change = async |operation: &str, of: &Actor| {
        let query = format!(
            "mutation($a: ID!, $r: RoleInput!) {{ {operation}(accountId: $a, role: $r) {{ userErrors {{ code }} }} }}"
        );
        let role = role("JUSTICE_REVIEWER", office.province.county_justice, "TERRITORY");
        let variables = json!({ "a": encode(of.account().unwrap()), "r": role });
        ask(app, &office.admin, &query, variables).await
    };
    assert_eq!(change("revokeRole", &new).await, json!({ "userErrors": [] }));
    assert_eq!(change("grantRole", &old).await, json!({ "userErrors": [] }));
    app.clock.advance(Duration::days(3));
    assert_eq!(office.roles("reviewer").await, [Role::JusticeReviewer]);
    assert_eq!(office.roles("successor").await, [Role::AgencyHr]);
    // The role was kept, not given a second time.
    let grants = grant::Entity::find().all(app.platform.db.read()).await.unwrap();
    let of_old = grants.iter().filter(|g| Some(g.account_id) == old.account());
    assert_eq!(of_old.count(), 1);
}

#[tokio::test]
async fn some_roles_go_and_the_others_stay() {
    use api::auth::accounts;
    use entities::enums::ScopeAxis::{Line, Territory};
    let office = Office::new().await;
    let (app, province) = (&office.app, &office.province);
    let (old, new) = (office.reviewer("reviewer").await, office.reviewer("successor").await);
    let (id, justice) = (old.account().unwrap(), province.county_justice);
    for (role, axis) in [(Role::Supervisor, Territory), (Role::Auditor, Line)] {
        accounts::grant_role(&app.platform, &Actor::System, id, role, justice, axis).await.unwrap();
    }
    let named =
        [role("SUPERVISOR", justice, "TERRITORY"), role("JUSTICE_REVIEWER", justice, "TERRITORY")];
    let answer = office.hand_over(&old, &new, json!({ "roles": named })).await;
    assert_eq!(answer["userErrors"], json!([]));
    assert_eq!(office.roles("reviewer").await, [Role::Auditor]);
    // The role the successor held already is held once.
    assert_eq!(office.roles("successor").await, [Role::JusticeReviewer, Role::Supervisor]);
    // What was handed over is not there to be handed over again, and then none of it is.
    let both = [role("AUDITOR", justice, "LINE"), role("SUPERVISOR", justice, "TERRITORY")];
    let answer = office.hand_over(&old, &new, json!({ "roles": both })).await;
    assert_eq!(answer, refused("handoverId", "ROLE_NOT_HELD", Some("role")));
    assert_eq!(office.roles("reviewer").await, [Role::Auditor]);
}

#[tokio::test]
async fn a_hand_over_that_may_not_be_changes_nothing() {
    use api::auth::accounts;
    use entities::enums::ScopeAxis::Territory;
    let office = Office::new().await;
    let (app, province) = (&office.app, &office.province);
    let (old, new) = (office.reviewer("reviewer").await, office.hr("successor").await);
    let there = province.other_county_market;
    let there = province.sign_in(app, "hr.there", Role::AgencyHr, there).await;
    let wide = office.reviewer("wide").await;
    let (id, province_justice) = (wide.account().unwrap(), province.justice);
    accounts::grant_role(
        &app.platform,
        &Actor::System,
        id,
        Role::Auditor,
        province_justice,
        Territory,
    )
    .await
    .unwrap();
    let closed = office.hr("closed").await;
    api::devices::close_account(&app.platform, &Actor::System, closed.account().unwrap())
        .await
        .unwrap();
    let twin = office.hr("twin").await;
    account::ActiveModel {
        id: Set(twin.account().unwrap()),
        person_id: Set(old.person().unwrap()),
        ..Default::default()
    }
    .update(app.platform.db.writer())
    .await
    .unwrap();
    let empty = office.hr("empty").await;
    office.hand_over(&empty, &new, json!({})).await;
    let grants = async || {
        let mut all = grant::Entity::find().all(app.platform.db.read()).await.unwrap();
        all.sort_by_key(|g| g.id);
        all
    };
    let before = grants().await;
    let time = |by: Duration| json!({ "at": (app.now() + by).to_rfc3339() });
    let none = json!({});
    let admin = &office.admin;
    let elsewhere = json!({ "roles": [role("JUSTICE_REVIEWER", province.justice, "TERRITORY")] });
    for (from, to, more, code, field) in [
        (&old, admin, none.clone(), "OWN_ACCOUNT", None),
        (admin, &new, none.clone(), "OWN_ACCOUNT", None),
        (&old, &old, none.clone(), "SAME_PERSON", Some("toAccountId")),
        (&old, &twin, none.clone(), "SAME_PERSON", Some("toAccountId")),
        (&old, &there, none.clone(), "ACCOUNT_NOT_FOUND", Some("accountId")),
        (&there, &new, none.clone(), "ACCOUNT_NOT_FOUND", Some("accountId")),
        (&old, &closed, none.clone(), "ACCOUNT_CLOSED", None),
        (&wide, &new, none.clone(), "AGENCY_NOT_FOUND", Some("agencyId")),
        (&old, &new, elsewhere, "ROLE_NOT_HELD", Some("role")),
        (&old, &new, json!({ "roles": [] }), "ROLE_NOT_HELD", Some("role")),
        (&empty, &new, none.clone(), "ROLE_NOT_HELD", Some("role")),
        (&old, &new, time(-Duration::seconds(1)), "HANDOVER_TIME_INVALID", Some("at")),
        (&old, &new, time(Duration::days(367)), "HANDOVER_TIME_INVALID", Some("at")),
        (&old, &new, json!({ "note": "字".repeat(1_001) }), "NOTE_INVALID", Some("note")),
        (&old, &new, json!({ "note": "a\u{0}b" }), "NOTE_INVALID", Some("note")),
    ] {
        let answer = office.hand_over(from, to, more.clone()).await;
        assert_eq!(answer, refused("handoverId", code, field), "{code} {more}");
    }
    assert_eq!(grants().await, before);
    let good =
        json!({ "note": "字".repeat(1_000), "at": (app.now() + Duration::days(366)).to_rfc3339() });
    assert_eq!(office.hand_over(&old, &new, good).await["userErrors"], json!([]));
}
