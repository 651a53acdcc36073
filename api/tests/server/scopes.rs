//! Outside an actor's part of the tree a row does not exist: what lies there is answered exactly
//! like what is nowhere. A missing permission is FORBIDDEN before any row is read.

use api::auth::accounts;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use entities::enums::{PersonKind, Role, ScopeAxis};
use entities::ids::AgencyId;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::Province;

const NOWHERE: &str = "00000000000070008000000000000000";

async fn names(app: &TestApp, actor: &Actor) -> Vec<String> {
    let list = "{ agencies(first: 100) { edges { node { name } } } }";
    let answer = app.graphql(Some(actor), list, json!({})).await;
    let edges = answer["data"]["agencies"]["edges"].as_array().unwrap().iter();
    edges.map(|e| e["node"]["name"].as_str().unwrap().to_owned()).collect()
}

async fn name_of(app: &TestApp, actor: &Actor, id: &str) -> Value {
    let one = "query($id: ID!) { agency(id: $id) { name } }";
    app.graphql(Some(actor), one, json!({ "id": id })).await
}

#[tokio::test]
async fn a_role_reaches_its_part_of_the_tree_and_nothing_beside_or_above_it() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let (province, prefecture) = ("甘肃省司法厅", "兰州市司法局");
    let (county, market) = ("兰州市城关区司法局", "兰州市城关区市场监督管理局");
    let other = "兰州市七里河区市场监督管理局";
    let agencies = [
        (p.justice, province),
        (p.prefecture_justice, prefecture),
        (p.county_justice, county),
        (p.county_market, market),
        (p.other_county_market, other),
    ];
    for (login, role, root, axis, reached) in [
        (
            "a-province",
            Role::JusticeReviewer,
            p.justice,
            ScopeAxis::Territory,
            vec![province, prefecture, county, market, other],
        ),
        (
            "a-prefecture",
            Role::JusticeReviewer,
            p.prefecture_justice,
            ScopeAxis::Territory,
            vec![prefecture, county, market, other],
        ),
        (
            "a-county",
            Role::JusticeReviewer,
            p.county_justice,
            ScopeAxis::Territory,
            vec![county, market],
        ),
        ("a-market", Role::AgencyHr, p.county_market, ScopeAxis::Own, vec![market]),
        ("a-line", Role::Auditor, p.county_market, ScopeAxis::Line, vec![market]),
        ("a-officer", Role::Officer, p.other_county_market, ScopeAxis::Own, vec![other]),
    ] {
        let actor = p.sign_in_on(&app, login, role, root, axis).await;
        let mut expected: Vec<String> = reached.iter().map(ToString::to_string).collect();
        expected.sort();
        assert_eq!(names(&app, &actor).await, expected, "{login}");
        for (id, name) in agencies {
            let expected =
                if reached.contains(&name) { json!({ "name": name }) } else { Value::Null };
            let answer = name_of(&app, &actor, &encode(id)).await;
            assert_eq!(answer, json!({ "data": { "agency": expected } }), "{login} {name}");
        }
        // An id of nothing and an id of another type are answered like one out of reach.
        for id in [format!("agcy_{NOWHERE}"), format!("pers_{NOWHERE}"), "x".into()] {
            let answer = name_of(&app, &actor, &id).await;
            assert_eq!(answer, json!({ "data": { "agency": null } }), "{login} {id}");
        }
    }
}

#[tokio::test]
async fn an_administrator_of_a_county_cannot_touch_or_tell_what_another_county_has() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let admin = p.sign_in(&app, "admin.county", Role::SystemAdministrator, p.county_justice).await;
    let there = p.sign_in(&app, "hr.other", Role::AgencyHr, p.other_county_market).await;
    let person_there =
        p.person(&app, PersonKind::ClericalStaff, "someone", p.other_county_market).await;
    let person_here = p.person(&app, PersonKind::ClericalStaff, "anyone", p.county_market).await;
    let other = encode(p.other_county_market);

    let account = "mutation($person: ID!, $agency: ID!) { inviteAccount(input: { personId: $person, \
        login: \"new.one\", roles: [{ role: AGENCY_HR, agencyId: $agency, axis: OWN }] }) \
        { invitation { accountId } userErrors { code field } } }";
    let disable = "mutation($account: ID!) { disableAccount(accountId: $account) \
        { accountId userErrors { code field } } }";
    let grant = "mutation($account: ID!, $agency: ID!) { grantRole(accountId: $account, \
        role: { role: AGENCY_HR, agencyId: $agency, axis: OWN }) \
        { accountId userErrors { code field } } }";
    let change = "mutation($agency: ID!) { changeAgency(input: { id: $agency, \
        complaintPhone: \"0931-9999999\" }) { agency { name } userErrors { code field } } }";
    let rename = "mutation($agency: ID!) { proposeAgencyRenaming(input: { id: $agency, \
        name: \"改名\", effectiveOn: \"2026-03-02\", document: \"1号\" }) \
        { agencyChange { id } userErrors { code field } } }";

    let id_there = encode(there.account().unwrap());
    let here = encode(person_here);
    // Each with an id that exists elsewhere and one that exists nowhere: the same answer.
    for (document, exists, nowhere, code) in [
        (
            account,
            json!({ "person": encode(person_there), "agency": encode(p.county_market) }),
            json!({ "person": format!("pers_{NOWHERE}"), "agency": encode(p.county_market) }),
            "PERSON_NOT_FOUND",
        ),
        (
            account,
            json!({ "person": here, "agency": other }),
            json!({ "person": here, "agency": format!("agcy_{NOWHERE}") }),
            "AGENCY_NOT_FOUND",
        ),
        (
            disable,
            json!({ "account": id_there }),
            json!({ "account": format!("acct_{NOWHERE}") }),
            "ACCOUNT_NOT_FOUND",
        ),
        (
            grant,
            json!({ "account": id_there, "agency": encode(p.county_market) }),
            json!({ "account": format!("acct_{NOWHERE}"), "agency": encode(p.county_market) }),
            "ACCOUNT_NOT_FOUND",
        ),
        (
            change,
            json!({ "agency": other }),
            json!({ "agency": format!("agcy_{NOWHERE}") }),
            "AGENCY_NOT_FOUND",
        ),
        (
            rename,
            json!({ "agency": other }),
            json!({ "agency": format!("agcy_{NOWHERE}") }),
            "AGENCY_NOT_FOUND",
        ),
    ] {
        let of_there = app.graphql(Some(&admin), document, exists).await;
        let of_nowhere = app.graphql(Some(&admin), document, nowhere).await;
        assert_eq!(of_there, of_nowhere, "{document}");
        let payload = of_there["data"].as_object().unwrap().values().next().unwrap();
        assert_eq!(payload["userErrors"][0]["code"], code, "{document}");
    }

    // Nothing of it was done.
    let agency = entities::agency::Entity::find_by_id(p.other_county_market);
    let agency = agency.one(app.platform.db.read()).await.unwrap().unwrap();
    let unchanged = ("兰州市七里河区市场监督管理局", Some("0931-0000001"));
    assert_eq!((agency.name.as_str(), agency.complaint_phone.as_deref()), unchanged);
    let proposed = entities::agency_change::Entity::find().one(app.platform.db.read()).await;
    assert_eq!(proposed.unwrap(), None);
    let accounts = entities::account::Entity::find().all(app.platform.db.read()).await.unwrap();
    let logins: Vec<&str> = accounts.iter().map(|a| a.login.as_str()).collect();
    assert_eq!(logins.len(), 2, "{logins:?}");
    assert!(accounts.iter().all(|a| a.disabled_at.is_none() && a.version == 1));
    let grants = entities::grant::Entity::find().all(app.platform.db.read()).await.unwrap();
    assert_eq!(grants.len(), 2);
}

#[tokio::test]
async fn a_wide_role_does_not_widen_what_a_narrow_one_allows() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let there = p.sign_in(&app, "hr.other", Role::AgencyHr, p.other_county_market).await;
    // Reads everywhere as an auditor, keeps accounts in one county only.
    let admin = p.sign_in(&app, "admin.county", Role::SystemAdministrator, p.county_justice).await;
    let (id, system) = (admin.account().unwrap(), Actor::System);
    accounts::grant_role(
        &app.platform,
        &system,
        id,
        Role::Auditor,
        p.justice,
        ScopeAxis::Territory,
    )
    .await
    .unwrap();
    let admin = again(&app, "admin.county").await;
    assert_eq!(names(&app, &admin).await.len(), 5);
    let disable = "mutation($account: ID!) { disableAccount(accountId: $account) \
        { userErrors { code } } }";
    let account = json!({ "account": encode(there.account().unwrap()) });
    let answer = app.graphql(Some(&admin), disable, account).await;
    assert_eq!(answer["data"]["disableAccount"]["userErrors"][0]["code"], "ACCOUNT_NOT_FOUND");

    // And nobody ends their own account or adds to their own roles.
    let own = encode(admin.account().unwrap());
    let answer = app.graphql(Some(&admin), disable, json!({ "account": own })).await;
    assert_eq!(answer["data"]["disableAccount"]["userErrors"][0]["code"], "OWN_ACCOUNT");
}

/// Signs in anew, with the rights of now.
async fn again(app: &TestApp, login: &str) -> Actor {
    let password = crate::province::PASSWORD.into();
    let tokens = app.web.auth.sign_in(&app.platform, login, password).await.unwrap();
    app.web.auth.authenticate(&app.platform, &tokens.access_token).await.unwrap().unwrap()
}

#[tokio::test]
async fn officers_of_another_county_do_not_exist_for_a_reviewer() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let reviewer = p.sign_in(&app, "reviewer", Role::JusticeReviewer, p.county_justice).await;
    let officer = async |agency: AgencyId, name: &str| {
        encode(p.person(&app, PersonKind::EnforcementOfficer, name, agency).await)
    };
    let here = officer(p.county_market, "王某").await;
    let there = officer(p.other_county_market, "李某").await;
    let one = "query($id: ID!) { officer(id: $id) { name } }";
    let ask = async |id: &str| app.graphql(Some(&reviewer), one, json!({ "id": id })).await;
    assert_eq!(ask(&here).await, json!({ "data": { "officer": { "name": "王某" } } }));
    assert_eq!(ask(&there).await, json!({ "data": { "officer": null } }));

    let reveal = "mutation($id: ID!) { revealPersonalData(personId: $id) \
        { personalData { idNumber } userErrors { code } } }";
    let ask =
        async |actor: &Actor, id: &str| app.graphql(Some(actor), reveal, json!({ "id": id })).await;
    let of_nowhere = ask(&reviewer, &format!("pers_{NOWHERE}")).await;
    assert_eq!(ask(&reviewer, &there).await, of_nowhere);
    assert_eq!(of_nowhere["data"]["revealPersonalData"]["personalData"], Value::Null);
    assert_eq!(of_nowhere["data"]["revealPersonalData"]["userErrors"].as_array().unwrap().len(), 1);

    // Without the permission it is FORBIDDEN, wherever the person is.
    let auditor = p.sign_in(&app, "auditor", Role::Auditor, p.justice).await;
    for id in [&here, &there] {
        let answer = ask(&auditor, id).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
}
