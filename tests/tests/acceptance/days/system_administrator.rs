//! A system administrator: enters and invites a colleague, proposes a reform of agencies that the
//! colleague decides on, and closes the account again. How a first administrator comes in, with a
//! second factor, is in `accounts`.

use serde_json::{Value, json};

use super::{HR, ISSUER, close, verdict};
use crate::demo::Demo;
use crate::session::Session;

/// An ID number in a division nobody has.
const NUMBER: &str = "629999198001010018";
const NEW_NAME: &str = "兰州市城关区市场监管局";

/// A colleague with the same role, entered, invited and signed in; the account and the session.
async fn colleague(admin: &Session, nobody: &Session) -> (Value, Session) {
    let viewer = admin.ask("{ viewer { roles { agencyId axis } } }", json!({})).await;
    let over = &viewer["roles"][0];
    let enter = "mutation($input: EnterStaffInput!) { enterStaff(input: $input) { personId \
        userErrors { code } } }";
    let person = json!({ "name": "沈静", "idNumber": NUMBER, "agencyId": over["agencyId"] });
    let entered = admin.ask(enter, json!({ "input": person })).await;
    let invite = "mutation($input: InviteAccountInput!) { inviteAccount(input: $input) { \
        invitation { accountId secret } userErrors { code } } }";
    let role = json!({
        "role": "SYSTEM_ADMINISTRATOR", "agencyId": over["agencyId"], "axis": over["axis"],
    });
    let input = json!({ "personId": entered["personId"], "login": "admin.two", "roles": [role] });
    let invited = admin.ask(invite, json!({ "input": input })).await["invitation"].clone();
    let activate = "mutation($input: ActivateAccountInput!) { activateAccount(input: $input) { \
        tokens { accessToken } userErrors { code } } }";
    let input = json!({
        "login": "admin.two", "secret": invited["secret"], "password": "a password of my own",
    });
    let active = nobody.ask(activate, json!({ "input": input })).await;
    let token = active["tokens"]["accessToken"].as_str().unwrap_or_else(|| panic!("{active}"));
    (invited["accountId"].clone(), nobody.with_token(token))
}

pub async fn day(demo: &Demo) {
    let server = demo.serve().await;
    let admin = demo.sign_in(&server, "admin").await;
    let nobody = Session::of(&server, "");
    let (account, second) = colleague(&admin, &nobody).await;

    // A certificate of the agency that is to be renamed.
    let hr = demo.sign_in(&server, HR).await;
    let found = "{ certificates(first: 1, state: ACTIVE) { nodes { id agency { id name } \
        printedCode { digits } } } }";
    let issuer = demo.sign_in(&server, ISSUER).await;
    let own = hr.ask("{ viewer { roles { agencyId } } }", json!({})).await;
    let agency = own["roles"][0]["agencyId"].clone();
    let of_agency = found.replace("first: 1,", "first: 1, agencyId: $agency,");
    let query = format!("query($agency: ID!) {of_agency}");
    let certificate = issuer.ask(&query, json!({ "agency": agency })).await["nodes"][0].clone();
    let digits = certificate["printedCode"]["digits"].as_str().unwrap();
    let (id, before) = (&certificate["id"], certificate["agency"]["name"].as_str().unwrap());

    let propose = "mutation($input: ProposeAgencyRenamingInput!) { proposeAgencyRenaming(input: \
        $input) { agencyChange { id state } userErrors { code } } }";
    let reforms = admin.ask("{ agencyChanges(first: 1) { nodes { id } } }", json!({})).await;
    assert!(reforms["nodes"][0]["id"].is_string(), "the demo has reforms: {reforms}");
    let input = json!({
        "id": agency, "name": NEW_NAME, "effectiveOn": super::today(), "document": "城编发〔2026〕9号",
    });
    let proposed = admin.ask(propose, json!({ "input": input })).await;
    let change = json!({ "id": proposed["agencyChange"]["id"] });
    let approve = "mutation($id: ID!) { approveAgencyChange(id: $id) { agencyChange { state } \
        userErrors { code } } }";
    let own = admin.ask(approve, change.clone()).await;
    assert_eq!(own["userErrors"], json!([{ "code": "SEPARATION_OF_DUTIES" }]));
    let work = "{ myWork(kinds: [REFORM_TO_DECIDE]) { nodes { subjectId label } } }";
    let waiting = json!({ "nodes": [{ "subjectId": change["id"], "label": "城编发〔2026〕9号" }] });
    assert_eq!(admin.ask(work, json!({})).await, json!({ "nodes": [] }));
    assert_eq!(second.ask(work, json!({})).await, waiting);
    let approved = second.ask(approve, change.clone()).await;
    assert_eq!(approved, json!({ "agencyChange": { "state": "APPLIED" }, "userErrors": [] }));

    // The card goes on under the name it was issued with, and says how the unit is called now.
    assert_eq!(verdict(&server, digits).await, "VALID");
    let page = reqwest::get(format!("{}/v/{digits}", server.url)).await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains(before) && page.contains(NEW_NAME), "{page}");
    let named = "query($id: ID!) { certificate(id: $id) { agency { name } presentAgency { name } \
        successions { kind agency { name } } } }";
    let named = issuer.ask(named, json!({ "id": id })).await;
    assert_eq!(
        named,
        json!({
            "agency": { "name": before }, "presentAgency": { "name": NEW_NAME },
            "successions": [{ "kind": "RENAME", "agency": { "name": NEW_NAME } }],
        })
    );

    // The colleague leaves: the account is closed, and its session with it.
    let close_account =
        "mutation($id: ID!) { disableAccount(accountId: $id) { userErrors { code } } }";
    let closed = admin.ask(close_account, json!({ "id": account })).await;
    assert_eq!(closed, json!({ "userErrors": [] }));
    let refused = second.request(reqwest::Method::POST, "/graphql");
    let refused = refused.json(&json!({ "query": work })).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    close(demo, server).await;
}
