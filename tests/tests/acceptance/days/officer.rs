//! An officer in the field: is invited, looks at the own account and at what the own card answers,
//! ends a session that was forgotten elsewhere, and changes the password. Nothing of anybody else can
//! be read, and nothing decided.

use reqwest::Method;
use serde_json::json;

use super::{HR, ISSUER, assert_forbidden, close, verdict};
use crate::demo::Demo;
use crate::session::Session;

const LOGIN: &str = "officer.field";
const FIRST: &str = "a password of my own";
const SECOND: &str = "another of my own, longer";

pub async fn day(demo: &Demo) {
    let server = demo.serve().await;
    let admin = demo.sign_in(&server, "admin").await;
    let hr = demo.sign_in(&server, HR).await;
    let issuer = demo.sign_in(&server, ISSUER).await;
    let own = hr.ask("{ viewer { roles { agencyId } } }", json!({})).await;
    let agency = own["roles"][0]["agencyId"].clone();
    let held = "query($agency: ID!) { certificates(first: 1, state: ACTIVE, agencyId: $agency) { \
        nodes { holder { id } printedCode { digits } } } }";
    let held = issuer.ask(held, json!({ "agency": agency })).await["nodes"][0].clone();
    let (person, digits) = (&held["holder"]["id"], held["printedCode"]["digits"].as_str().unwrap());

    let invite = "mutation($input: InviteAccountInput!) { inviteAccount(input: $input) { \
        invitation { secret } userErrors { code } } }";
    let with = |axis: &str| {
        let role = json!({ "role": "OFFICER", "agencyId": agency, "axis": axis });
        json!({ "input": { "personId": person, "login": LOGIN, "roles": [role] } })
    };
    let beyond = admin.ask(invite, with("TERRITORY")).await;
    let refused = json!({ "invitation": null, "userErrors": [{ "code": "ROLE_INVALID" }] });
    assert_eq!(beyond, refused, "an officer has no territory");
    let invited = admin.ask(invite, with("OWN")).await;
    assert_eq!(invited["userErrors"], json!([]));
    let nobody = Session::of(&server, "");
    let activate = "mutation($input: ActivateAccountInput!) { activateAccount(input: $input) { \
        tokens { accessToken } userErrors { code } } }";
    let input = json!({
        "login": LOGIN, "secret": invited["invitation"]["secret"], "password": FIRST,
    });
    let active = nobody.ask(activate, json!({ "input": input })).await;
    let token = active["tokens"]["accessToken"].as_str().unwrap_or_else(|| panic!("{active}"));
    let officer = nobody.with_token(token);
    let viewer = officer.ask("{ viewer { personId roles { role axis } } }", json!({})).await;
    let role = json!([{ "role": "OFFICER", "axis": "OWN" }]);
    assert_eq!((&viewer["personId"], &viewer["roles"]), (person, &role));
    let work = officer.ask("{ myWork { nodes { subjectId } } }", json!({})).await;
    assert_eq!(work, json!({ "nodes": [] }));
    assert_eq!(verdict(&server, digits).await, "VALID", "what a citizen sees of the own card");

    assert_forbidden(
        &officer,
        &[
            "{ officers { nodes { id } } }",
            "{ certificates { nodes { id } } }",
            "{ applications { nodes { id } } }",
            "{ auditEntries { nodes { id } } }",
            "mutation { suspendCertificate(input: { id: \"x\", ground: DISCIPLINE }) { userErrors { code } } }",
            "mutation { revealPersonalData(personId: \"x\") { userErrors { code } } }",
            "mutation { nominateCandidates(personIds: []) { userErrors { code } } }",
        ],
    )
    .await;
    let (status, _) = officer.stage("roster.csv", b"x".to_vec()).await;
    assert_eq!(status, 403);
    let export = officer.request(Method::POST, "/exports/officers.csv").send().await.unwrap();
    assert_eq!(export.status(), 403);

    // A second phone was left signed in.
    let forgotten = Session::sign_in(&server, LOGIN, FIRST).await;
    let sessions = "{ sessions { isCurrent } }";
    assert_eq!(officer.ask(sessions, json!({})).await.as_array().unwrap().len(), 2);
    let ended = officer.ask("mutation { endOtherSessions { ended } }", json!({})).await;
    assert_eq!(ended, json!({ "ended": 1 }));
    let refused = forgotten.request(Method::POST, "/graphql");
    let refused = refused.json(&json!({ "query": sessions })).send().await.unwrap();
    assert_eq!(refused.status(), 401);

    let change = "mutation($old: String!, $new: String!) { changePassword(oldPassword: $old, \
        password: $new) { userErrors { code } } }";
    let changed = officer.ask(change, json!({ "old": FIRST, "new": SECOND })).await;
    assert_eq!(changed, json!({ "userErrors": [] }));
    let sign_in = "mutation($login: String!, $password: String!) { signIn(login: $login, password: \
        $password) { tokens { accessToken } userErrors { code } } }";
    let old = nobody.ask(sign_in, json!({ "login": LOGIN, "password": FIRST })).await;
    let refused = json!({ "tokens": null, "userErrors": [{ "code": "SIGN_IN_FAILED" }] });
    assert_eq!(old, refused);
    Session::sign_in(&server, LOGIN, SECOND).await;
    close(demo, server).await;
}
