//! Joint authorisations: proposed by one, decided by another, covering what they say and no more.

use entities::enums::{Role, ScopeAxis};
use entities::ids::AgencyId;

use super::*;

const PROPOSE: &str = "mutation($input: ProposeJointAuthorisationInput!) {
    proposeJointAuthorisation(input: $input) {
        jointAuthorisation { id state isInForce } userErrors { code field }
    } }";
const DECIDE: &str =
    "mutation($id: ID!, $decision: JointAuthorisationDecision!, $reasons: String) {
    decideJointAuthorisation(id: $id, decision: $decision, reasons: $reasons) {
        jointAuthorisation { id state isInForce reasons } userErrors { code field }
    } }";
const END_ONE: &str = "mutation($id: ID!) { endJointAuthorisation(id: $id) {
        jointAuthorisation { id state isInForce } userErrors { code field }
    } }";

fn proposal(authority: AgencyId, change: Value) -> Value {
    let mut input = json!({
        "authorityId": encode(authority),
        "document": "永政办发〔2026〕12号",
        "agencyIds": [],
        "officerIds": [],
        "fieldCodes": ["transport", "justice"],
        "divisionCodes": ["620121"],
        "from": "2026-03-02",
        "until": "2026-05-31",
    });
    let Value::Object(changes) = change else { panic!("{change}") };
    for (key, value) in changes {
        input[key] = value;
    }
    json!({ "input": input })
}

fn errors(answer: &Value) -> Vec<(String, Value)> {
    assert_eq!(answer["jointAuthorisation"], Value::Null, "{answer}");
    let errors = answer["userErrors"].as_array().unwrap().iter();
    errors.map(|e| (e["code"].as_str().unwrap().to_owned(), e["field"].clone())).collect()
}

fn state(answer: &Value) -> (String, bool) {
    assert_eq!(answer["userErrors"], json!([]), "{answer}");
    let it = &answer["jointAuthorisation"];
    (it["state"].as_str().unwrap().to_owned(), it["isInForce"].as_bool().unwrap())
}

#[tokio::test]
async fn nobody_decides_in_a_role_that_the_proposer_has_lent() {
    let world = World::new().await;
    let proposer = world.reviewer.person().unwrap();
    let change = json!({ "agencyIds": [encode(world.bureau)] });
    let proposal = proposal(world.justice, change);
    let proposed = ask(world.app(), &world.reviewer, PROPOSE, proposal).await;
    let approve = json!({ "id": proposed["jointAuthorisation"]["id"], "decision": "APPROVE" });
    let signed_in = world.issuer.signed_in().unwrap();
    let mut role = signed_in.roles[0];
    let delegation = world.platform.new_id();
    role.lent = Some(api::platform::actor::Lent { delegation, by: proposer });
    let acting = Actor::Account(Arc::new(SignedIn {
        account: signed_in.account,
        person: signed_in.person,
        session: signed_in.session,
        client: signed_in.client,
        signed_in_at: signed_in.signed_in_at,
        roles: vec![role],
        delegates: Vec::new(),
    }));
    let answer = ask(world.app(), &acting, DECIDE, approve).await;
    assert_eq!(errors(&answer), [("SEPARATION_OF_DUTIES".to_owned(), Value::Null)]);
}

#[tokio::test]
async fn one_proposes_another_decides_and_it_covers_until_it_is_ended() {
    let world = World::new().await;
    let wang = officer(&world, "王伟").await;
    let outside = json!({ "fieldCodes": ["justice"] });
    let field = async |expected: &str| {
        let showing = started(&world, &wang, outside.clone()).await;
        assert_eq!(found(&showing)[1], format!("FIELD {expected}"));
        ask(world.app(), &wang.actor, END, id_of(&showing)).await;
        showing["jointAuthorisationId"].clone()
    };
    let change = json!({ "agencyIds": [encode(world.bureau)] });
    let proposed = ask(world.app(), &world.hr, PROPOSE, proposal(world.justice, change)).await;
    assert_eq!(state(&proposed), ("PROPOSED".to_owned(), false));
    let id = proposed["jointAuthorisation"]["id"].clone();
    assert_eq!(field("OUTSIDE_FIELD").await, Value::Null, "proposed is not decided");

    let approve = json!({ "id": id, "decision": "APPROVE" });
    let elsewhere = world.staff(Role::JusticeReviewer, world.elsewhere, ScopeAxis::Territory).await;
    let not_found = [("JOINT_AUTHORISATION_NOT_FOUND".to_owned(), json!("id"))];
    assert_eq!(errors(&ask(world.app(), &elsewhere, DECIDE, approve.clone()).await), not_found);
    let same = with_role(&world.hr, Role::JusticeReviewer, &world, ScopeAxis::Territory);
    let separation = [("SEPARATION_OF_DUTIES".to_owned(), Value::Null)];
    assert_eq!(errors(&ask(world.app(), &same, DECIDE, approve.clone()).await), separation);
    let decided = ask(world.app(), &world.reviewer, DECIDE, approve.clone()).await;
    assert_eq!(state(&decided), ("APPROVED".to_owned(), true));
    let state_not = [("STATE_NOT_ALLOWED".to_owned(), json!("id"))];
    assert_eq!(errors(&ask(world.app(), &world.issuer, DECIDE, approve).await), state_not);

    assert_eq!(field("COVERED_BY_JOINT_AUTHORISATION").await, id);
    // Officers of the agency find it listed, those next door do not.
    let in_force = json!({ "inForceOn": "2026-03-02" });
    let listed = nodes(&ask(world.app(), &wang.actor, JOINT, in_force.clone()).await);
    assert_eq!(listed[0]["id"], id);
    assert_eq!(
        listed[0]["agencies"],
        json!([{ "id": encode(world.bureau), "name": "永登县交通运输局" }])
    );
    assert_eq!(nodes(&ask(world.app(), &elsewhere, JOINT, json!({})).await), [Value::Null; 0]);

    let one = json!({ "id": id });
    assert_eq!(
        state(&ask(world.app(), &world.reviewer, END_ONE, one.clone()).await),
        ("APPROVED".to_owned(), false)
    );
    assert_eq!(errors(&ask(world.app(), &world.reviewer, END_ONE, one).await), state_not);
    assert_eq!(field("OUTSIDE_FIELD").await, Value::Null);
    assert_eq!(nodes(&ask(world.app(), &wang.actor, JOINT, in_force).await), [Value::Null; 0]);
    // What was shown under it stays as it was found.
    let mine = nodes(&ask(world.app(), &wang.actor, MINE, json!({})).await);
    assert_eq!(found(&mine[1])[1], "FIELD COVERED_BY_JOINT_AUTHORISATION");
    let log = world.app.audit_log().await;
    let acts: Vec<&str> = log
        .iter()
        .map(|entry| entry.action.as_str())
        .filter(|action| action.starts_with("joint_authorisation."))
        .collect();
    assert_eq!(
        acts,
        ["joint_authorisation.propose", "joint_authorisation.decide", "joint_authorisation.end"]
    );
}

#[tokio::test]
async fn whose_role_is_for_an_agency_that_takes_part_decides_on_none_wherever_employed() {
    let world = World::new().await;
    let wang = officer(&world, "王伟").await;
    let change = json!({ "agencyIds": [encode(world.justice)] });
    let proposal = proposal(world.justice, change);
    let proposed = ask(world.app(), &world.reviewer, PROPOSE, proposal).await;
    let approve = json!({ "id": proposed["jointAuthorisation"]["id"], "decision": "APPROVE" });
    let of_justice = with_role(&wang.actor, Role::Issuer, &world, ScopeAxis::Territory);
    let answer = ask(world.app(), &of_justice, DECIDE, approve).await;
    assert_eq!(errors(&answer), [("OWN_RECORD".to_owned(), Value::Null)]);
}

#[tokio::test]
async fn it_names_officers_one_by_one_begins_and_ends_on_its_days_and_nobody_decides_on_their_own()
{
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    let change = json!({
        "officerIds": [person_id(&wang)], "from": "2026-03-03", "until": "2026-03-04",
    });
    let proposed =
        ask(world.app(), &world.reviewer, PROPOSE, proposal(world.justice, change)).await;
    let approve = json!({ "id": proposed["jointAuthorisation"]["id"], "decision": "APPROVE" });
    let own = with_role(&wang.actor, Role::Issuer, &world, ScopeAxis::Territory);
    let answer = ask(world.app(), &own, DECIDE, approve.clone()).await;
    assert_eq!(errors(&answer), [("OWN_RECORD".to_owned(), Value::Null)]);
    let decided = ask(world.app(), &world.issuer, DECIDE, approve).await;
    assert_eq!(state(&decided), ("APPROVED".to_owned(), false), "from tomorrow on");
    for expected in [
        "OUTSIDE_FIELD",
        "COVERED_BY_JOINT_AUTHORISATION",
        "COVERED_BY_JOINT_AUTHORISATION",
        "OUTSIDE_FIELD",
    ] {
        for (officer, expected) in [(&wang, expected), (&li, "OUTSIDE_FIELD")] {
            let showing = started(&world, officer, json!({ "fieldCodes": ["justice"] })).await;
            assert_eq!(found(&showing)[1], format!("FIELD {expected}"), "{showing}");
            ask(world.app(), &officer.actor, END, id_of(&showing)).await;
        }
        world.advance(1);
    }
}

#[tokio::test]
async fn after_its_last_day_it_is_approved_no_more_and_may_be_refused() {
    let world = World::new().await;
    let change = json!({ "agencyIds": [encode(world.bureau)], "until": "2026-03-03" });
    let proposed = ask(world.app(), &world.hr, PROPOSE, proposal(world.justice, change)).await;
    let id = proposed["jointAuthorisation"]["id"].clone();
    world.advance(2);
    let approve = json!({ "id": id, "decision": "APPROVE" });
    let answer = ask(world.app(), &world.reviewer, DECIDE, approve).await;
    assert_eq!(errors(&answer), [("STATE_NOT_ALLOWED".to_owned(), json!("id"))]);
    let refuse = json!({ "id": id, "decision": "REFUSE", "reasons": "已过期限" });
    assert_eq!(state(&ask(world.app(), &world.reviewer, DECIDE, refuse).await).0, "REFUSED");
}

#[tokio::test]
async fn nobody_decides_for_an_agency_of_their_own_that_it_names() {
    let world = World::new().await;
    let wang = officer(&world, "王伟").await;
    let employed = with_role(&wang.actor, Role::Issuer, &world, ScopeAxis::Territory);
    let own = [("OWN_RECORD".to_owned(), Value::Null)];
    let propose = async |agencies: &[AgencyId]| {
        let ids: Vec<String> = agencies.iter().map(|id| encode(*id)).collect();
        let change = json!({ "agencyIds": ids });
        let proposed = ask(world.app(), &world.hr, PROPOSE, proposal(world.justice, change)).await;
        json!({ "id": proposed["jointAuthorisation"]["id"], "decision": "APPROVE" })
    };
    let approve = propose(&[world.bureau]).await;
    assert_eq!(errors(&ask(world.app(), &employed, DECIDE, approve.clone()).await), own);
    // The authority is named as that only: its people decide, as long as it takes no part itself.
    assert_eq!(state(&ask(world.app(), &world.reviewer, DECIDE, approve).await).0, "APPROVED");
    let approve = propose(&[world.bureau, world.justice]).await;
    assert_eq!(errors(&ask(world.app(), &world.reviewer, DECIDE, approve).await), own);
}

#[tokio::test]
async fn in_force_are_those_from_their_first_to_their_last_day() {
    let world = World::new().await;
    let change = json!({
        "agencyIds": [encode(world.bureau)], "from": "2026-03-03", "until": "2026-03-04",
    });
    let proposed = ask(world.app(), &world.hr, PROPOSE, proposal(world.justice, change)).await;
    let approve = json!({ "id": proposed["jointAuthorisation"]["id"], "decision": "APPROVE" });
    assert_eq!(state(&ask(world.app(), &world.reviewer, DECIDE, approve).await).0, "APPROVED");
    for (day, count) in [("2026-03-02", 0), ("2026-03-03", 1), ("2026-03-04", 1), ("2026-03-05", 0)]
    {
        let listed = ask(world.app(), &world.reviewer, JOINT, json!({ "inForceOn": day })).await;
        assert_eq!(nodes(&listed).len(), count, "{day}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_proposal_is_refused() {
    let world = World::new().await;
    let wang = officer(&world, "王伟").await;
    let here = || json!([encode(world.bureau)]);
    let nothing = json!("agcy_00000000000070008000000000000000");
    for (authority, change, code, field) in [
        (world.bureau, json!({ "agencyIds": here() }), "AUTHORITY_INVALID", json!("authorityId")),
        (world.justice, json!({}), "PARTIES_INVALID", Value::Null),
        (
            world.justice,
            json!({ "agencyIds": here(), "document": "号" }),
            "DOCUMENT_INVALID",
            json!("document"),
        ),
        (
            world.justice,
            json!({ "agencyIds": [encode(world.bureau), nothing] }),
            "PARTY_NOT_BELOW_AUTHORITY",
            Value::Null,
        ),
        (
            world.justice,
            json!({ "agencyIds": [encode(world.bureau), encode(world.elsewhere)] }),
            "PARTY_NOT_BELOW_AUTHORITY",
            Value::Null,
        ),
        // Its officers are below that authority, but nobody of them is the caller's.
        (
            world.elsewhere,
            json!({ "agencyIds": [encode(world.elsewhere)], "divisionCodes": ["620122"] }),
            "PARTIES_INVALID",
            Value::Null,
        ),
        (
            world.justice,
            json!({ "agencyIds": here(), "fieldCodes": ["nothing"] }),
            "FIELD_UNKNOWN",
            json!("fieldCodes"),
        ),
        (
            world.justice,
            json!({ "agencyIds": here(), "divisionCodes": ["620122"] }),
            "DIVISION_NOT_BELOW_AUTHORITY",
            json!("divisionCodes"),
        ),
        (
            world.justice,
            json!({ "agencyIds": here(), "divisionCodes": [] }),
            "DIVISION_NOT_BELOW_AUTHORITY",
            json!("divisionCodes"),
        ),
        (
            world.justice,
            json!({ "agencyIds": here(), "until": "2026-08-29" }),
            "AUTHORISATION_PERIOD_INVALID",
            json!("until"),
        ),
        (
            world.justice,
            json!({ "agencyIds": here(), "from": "2026-03-01" }),
            "AUTHORISATION_PERIOD_INVALID",
            json!("until"),
        ),
        (
            world.justice,
            json!({ "agencyIds": here(), "until": "2026-03-01" }),
            "AUTHORISATION_PERIOD_INVALID",
            json!("until"),
        ),
    ] {
        let answer =
            ask(world.app(), &world.hr, PROPOSE, proposal(authority, change.clone())).await;
        assert_eq!(errors(&answer), [(code.to_owned(), field)], "{change}");
    }
    assert_eq!(nodes(&ask(world.app(), &world.reviewer, JOINT, json!({})).await), [Value::Null; 0]);
    // The very last day that the policy allows; refused with reasons, and not without.
    let change = json!({ "officerIds": [person_id(&wang)], "until": "2026-08-28" });
    let proposed = ask(world.app(), &world.hr, PROPOSE, proposal(world.justice, change)).await;
    let id = proposed["jointAuthorisation"]["id"].clone();
    let refuse = json!({ "id": id, "decision": "REFUSE" });
    let answer = ask(world.app(), &world.issuer, DECIDE, refuse).await;
    assert_eq!(errors(&answer), [("REASONS_INVALID".to_owned(), json!("reasons"))]);
    let refuse = json!({ "id": id, "decision": "REFUSE", "reasons": "理由不足" });
    let answer = ask(world.app(), &world.issuer, DECIDE, refuse).await;
    assert_eq!(state(&answer), ("REFUSED".to_owned(), false));
    assert_eq!(answer["jointAuthorisation"]["reasons"], "理由不足");
}
