//! An administrator's day in a new deployment: from the invitation that `init` prints to a desk
//! that is handed over. The authenticator app is here, not in the server.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::server::{Server, audit_is_intact, command};
use crate::session::Session;

/// ID numbers in a division nobody has.
const NUMBERS: [&str; 3] = ["629999198001010018", "629999198001010026", "629999198001010034"];
const PASSWORD: &str = "a password of my own";

const ACTIVATE: &str = "mutation($input: ActivateAccountInput!) { activateAccount(input: $input) \
    { tokens { accessToken refreshToken } userErrors { code } } }";
const SIGN_IN: &str = "mutation($login: String!, $password: String!, $code: String, \
    $client: String) { signIn(login: $login, password: $password, totpCode: $code, \
    clientName: $client) { tokens { accessToken refreshToken } userErrors { code } } }";

/// `init` with the same words each time.
fn beginning(data: &Path) -> Command {
    let mut init = command(data);
    init.args(["init", "--division", "620000", "--agency", "甘肃省司法厅"]);
    init.args(["--uscc", "11620000MB0000001L", "--name", "韩雪", "--login", "admin"]);
    init
}

/// Runs `init` with an ID number on its standard input; answers the secret it prints.
async fn init(data: &Path) -> String {
    let mut child = beginning(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{}\n", NUMBERS[0]).as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    printed.trim().strip_prefix("admin ").expect("the name and the secret").to_owned()
}

/// What an authenticator app shows so many steps of 30 seconds from now.
#[expect(clippy::disallowed_methods, reason = "the server under test goes by the real clock")]
pub fn shown(secret: &str, steps: u64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    app.generate(now + 30 * steps).to_string()
}

/// The word that a payload refuses with.
fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("NONE")
}

/// The code at the top level of what a session is refused.
async fn denied(session: &Session, query: &str, variables: Value) -> Value {
    session.execute(query, variables).await["errors"][0]["extensions"]["code"].clone()
}

#[tokio::test]
async fn an_administrators_day_from_init_to_a_desk_handed_over() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // The first slip of paper got lost: until it was used there is another, and one is good.
    let lost = init(&data).await;
    let secret = init(&data).await;
    let server = Server::start(&data, &[]).await;
    let nobody = Session::of(&server, "");
    let activate = async |login: &str, secret: &str| {
        let input = json!({ "login": login, "secret": secret, "password": PASSWORD });
        nobody.ask(ACTIVATE, json!({ "input": input })).await
    };
    let sign_in = async |login: &str, code: Option<&str>, client: &str| {
        let password = PASSWORD;
        let variables =
            json!({ "login": login, "password": password, "code": code, "client": client });
        nobody.ask(SIGN_IN, variables).await
    };
    let session = |payload: &Value| {
        let token = payload["tokens"]["accessToken"].as_str();
        Session::of(&server, token.unwrap_or_else(|| panic!("{payload}")))
    };

    // Nobody signs in before the invitation was taken up.
    assert_eq!(code(&sign_in("admin", None, "").await), "SIGN_IN_FAILED");
    assert_eq!(code(&activate("admin", &lost).await), "INVITATION_INVALID");
    let admin = session(&activate("admin", &secret).await);
    assert_eq!(code(&activate("admin", &secret).await), "INVITATION_INVALID");

    // Administration waits for the second factor.
    let enter = "mutation { enterAgency(input: { name: \"甘肃省市场监督管理局\", \
        uscc: \"11620000MB0000002P\", kind: ORGAN, leadership: LOCAL, divisionCode: \"620000\", \
        qualification: CONFIRMED, qualificationConfirmedOn: \"2020-01-01\" }) \
        { agency { id } userErrors { code } } }";
    assert_eq!(denied(&admin, enter, json!({})).await, "TOTP_REQUIRED");
    let begin = "mutation($password: String!) { beginTotpEnrolment(password: $password) \
        { enrolment { secret uri } userErrors { code } } }";
    let begun = admin.ask(begin, json!({ "password": PASSWORD })).await;
    let app = begun["enrolment"]["secret"].as_str().unwrap();
    assert!(begun["enrolment"]["uri"].as_str().unwrap().contains(&format!("secret={app}&")));
    let confirm = "mutation($code: String!) { confirmTotpEnrolment(totpCode: $code) \
        { recoveryCodes userErrors { code } } }";
    let confirmed = admin.ask(confirm, json!({ "code": shown(app, 0) })).await;
    assert_eq!(confirmed["recoveryCodes"].as_array().unwrap().len(), 10, "{confirmed}");
    let agency = admin.ask(enter, json!({})).await["agency"]["id"].clone();
    assert!(agency.is_string());

    // Two members of the staff are entered and invited; one has a desk, the other none yet.
    let staff = "mutation($input: EnterStaffInput!) { enterStaff(input: $input) { personId \
        userErrors { code } } }";
    let invite = "mutation($input: InviteAccountInput!) { inviteAccount(input: $input) \
        { invitation { accountId secret } userErrors { code } } }";
    let desk = json!({ "role": "AGENCY_HR", "agencyId": agency, "axis": "OWN" });
    let mut accounts = Vec::new();
    for (login, name, number, roles) in
        [("hr.one", "赵敏", NUMBERS[1], json!([desk])), ("hr.two", "钱芳", NUMBERS[2], json!([]))]
    {
        let person = json!({ "name": name, "idNumber": number, "agencyId": agency });
        let entered = admin.ask(staff, json!({ "input": person })).await;
        let input = json!({ "personId": entered["personId"], "login": login, "roles": roles });
        let invitation = admin.ask(invite, json!({ "input": input })).await["invitation"].clone();
        let activated = activate(login, invitation["secret"].as_str().unwrap()).await;
        assert_eq!(activated["userErrors"], json!([]));
        accounts.push(invitation["accountId"].clone());
    }

    // Signing in takes the code of the app.
    assert_eq!(code(&sign_in("admin", None, "").await), "TOTP_CODE_REQUIRED");
    let phone = session(&sign_in("admin", Some(&shown(app, 1)), "手机").await);
    let list = "{ sessions { id clientName isCurrent withSecondFactor } }";
    let sessions = phone.ask(list, json!({})).await;
    let seen: Vec<Value> = sessions
        .as_array()
        .unwrap()
        .iter()
        .map(|s| json!([s["clientName"], s["isCurrent"], s["withSecondFactor"]]))
        .collect();
    assert_eq!(seen, [json!(["手机", true, true]), json!([null, false, true])]);
    let end = "mutation($id: ID!) { endSession(sessionId: $id) { ended userErrors { code } } }";
    let ended = phone.ask(end, json!({ "id": sessions[1]["id"] })).await;
    assert_eq!(ended, json!({ "ended": 1, "userErrors": [] }));
    let refused = admin.request(reqwest::Method::POST, "/graphql");
    let refused = refused.json(&json!({ "query": list })).send().await.unwrap();
    assert_eq!(refused.status(), 401);

    // The desk goes to the successor at once.
    let officers = "{ officers(first: 5) { nodes { name } } }";
    let one = session(&sign_in("hr.one", None, "").await);
    let found = json!({ "nodes": [{ "name": "赵敏" }, { "name": "钱芳" }] });
    assert_eq!(one.ask(officers, json!({})).await, found);
    let two = session(&sign_in("hr.two", None, "").await);
    assert_eq!(denied(&two, officers, json!({})).await, "FORBIDDEN");
    let hand_over = "mutation($input: HandOverDeskInput!) { handOverDesk(input: $input) \
        { handoverId userErrors { code } } }";
    let input = json!({
        "fromAccountId": accounts[0], "toAccountId": accounts[1], "note": "调离",
    });
    let handed = phone.ask(hand_over, json!({ "input": input })).await;
    assert_eq!(handed["userErrors"], json!([]));
    let one = session(&sign_in("hr.one", None, "").await);
    assert_eq!(denied(&one, officers, json!({})).await, "FORBIDDEN");
    let two = session(&sign_in("hr.two", None, "").await);
    assert_eq!(two.ask(officers, json!({})).await, found);

    server.stop().await;
    audit_is_intact(&data).await;
    // In use, the deployment is not begun again.
    let mut again = beginning(&data);
    let answer = tokio::time::timeout(Duration::from_mins(1), again.output()).await;
    let answer = answer.expect("an end").unwrap();
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.contains("INIT_NOT_EMPTY: "), "{said}");
}
