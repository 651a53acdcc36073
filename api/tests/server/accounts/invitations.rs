//! Invitations: made, taken up, over; a reset is one too.

use api::auth::accounts;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use chrono::Duration;
use entities::enums::{PersonKind, Role, ScopeAxis};
use entities::ids::PersonId;
use entities::{account, invitation};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{Office, actor, ask, ask_from, recorded, refreshed, refused, sign_in};
use crate::province::PASSWORD;

const NEW: &str = "a password of my own";
const INVITATION: &str = "{ invitation { accountId purpose secret expiresAt } \
    userErrors { code field } } }";
const ACTIVATE: &str = "mutation($l: String!, $s: String!, $p: String!, $c: String) { \
    activateAccount(input: { login: $l, secret: $s, password: $p, totpCode: $c }) { \
    tokens { accessToken refreshToken } userErrors { code field } } }";

impl Office {
    async fn person(&self) -> PersonId {
        let agency = self.province.county_market;
        self.province.person(&self.app, PersonKind::ClericalStaff, "赵敏", agency).await
    }

    async fn invite(&self, person: PersonId, login: &str) -> Value {
        let query =
            format!("mutation($i: InviteAccountInput!) {{ inviteAccount(input: $i) {INVITATION}");
        let role = json!({
            "role": "AGENCY_HR", "agencyId": encode(self.province.county_market), "axis": "OWN",
        });
        let input = json!({ "personId": encode(person), "login": login, "roles": [role] });
        ask(&self.app, &self.admin, &query, json!({ "i": input })).await
    }

    /// An invitation for a new account; answers the account and the secret.
    async fn invited(&self, login: &str) -> (String, String) {
        let invitation = self.invite(self.person().await, login).await["invitation"].clone();
        let word = |name: &str| invitation[name].as_str().unwrap().to_owned();
        (word("accountId"), word("secret"))
    }

    async fn act(&self, operation: &str, account: &str, answer: &str) -> Value {
        let query = format!("mutation($a: ID!) {{ {operation}(accountId: $a) {answer}");
        ask(&self.app, &self.admin, &query, json!({ "a": account })).await
    }

    async fn activate(&self, login: &str, secret: &str) -> Value {
        let variables = json!({ "l": login, "s": secret, "p": NEW });
        let answer = self.app.graphql(None, ACTIVATE, variables).await;
        answer["data"]["activateAccount"].clone()
    }
}

fn invalid() -> Value {
    refused("tokens", "INVITATION_INVALID", None)
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_and_nobody_signs_in_before() {
    let office = Office::new().await;
    let app = &office.app;
    let answer = office.invite(office.person().await, "hr.market").await;
    let invitation = &answer["invitation"];
    let (account, secret) = (invitation["accountId"].clone(), invitation["secret"].clone());
    let (account, secret) = (account.as_str().unwrap(), secret.as_str().unwrap());
    assert_eq!(
        answer,
        json!({
            "invitation": {
                "accountId": account, "purpose": "ACTIVATION", "secret": secret,
                "expiresAt": "2026-03-05T02:00:00+00:00",
            },
            "userErrors": [],
        })
    );
    // Eight groups of four, each of five bits: 160 bits.
    let groups: Vec<&str> = secret.split('-').collect();
    assert!(groups.len() == 8 && groups.iter().all(|g| g.len() == 4), "{secret}");
    let db = app.platform.db.read();
    let stored = invitation::Entity::find().one(db).await.unwrap().unwrap();
    assert_eq!(stored.secret_hash.len(), 32);
    assert!(!format!("{stored:?}").contains(groups[0]), "the secret is stored");

    for word in [PASSWORD, NEW, "!", "", secret] {
        let answer = sign_in(app, "hr.market", word, None).await;
        assert_eq!(answer, refused("tokens", "SIGN_IN_FAILED", None), "{word:?}");
    }
    // As people write: in capitals, with blanks.
    let written = format!(" {} ", secret.to_uppercase().replace('-', " "));
    let activated = office.activate("hr.market", &written).await;
    assert_eq!(activated["userErrors"], json!([]));
    let person = actor(app, &activated["tokens"]).await.unwrap();
    let viewer = ask(app, &person, "{ viewer { accountId roles { role axis } } }", json!({})).await;
    assert_eq!(
        viewer,
        json!({ "accountId": account, "roles": [{ "role": "AGENCY_HR", "axis": "OWN" }] })
    );
    assert_eq!(sign_in(app, "hr.market", NEW, None).await["userErrors"], json!([]));
    assert_eq!(office.activate("hr.market", secret).await, invalid(), "a second time");

    let id = encode(stored.id);
    let body = json!({ "invitation": id, "purpose": "ACTIVATION" });
    let actions = ["invitation.issue", "account.activate"];
    assert_eq!(
        recorded(app, account, &actions).await,
        actions.map(|action| (action.to_owned(), body.clone()))
    );
}

#[tokio::test]
async fn an_invitation_ends_after_72_hours_when_revoked_and_when_another_is_made() {
    let office = Office::new().await;
    let app = &office.app;
    let (late, late_secret) = office.invited("late").await;
    let (_, timely) = office.invited("timely").await;
    app.clock.advance(Duration::hours(72) - Duration::seconds(1));
    assert_eq!(office.activate("timely", &timely).await["userErrors"], json!([]));
    app.clock.advance(Duration::seconds(1));
    assert_eq!(office.activate("late", &late_secret).await, invalid());

    let renewed = office.act("renewInvitation", &late, INVITATION).await;
    assert_eq!(renewed["invitation"]["purpose"], "ACTIVATION");
    let first = renewed["invitation"]["secret"].as_str().unwrap().to_owned();
    let second = office.act("renewInvitation", &late, INVITATION).await;
    let second = second["invitation"]["secret"].as_str().unwrap().to_owned();
    assert_eq!(office.activate("late", &first).await, invalid(), "another was made");
    let done = "{ accountId userErrors { code field } } }";
    assert_eq!(
        office.act("revokeInvitation", &late, done).await,
        json!({ "accountId": late, "userErrors": [] })
    );
    assert_eq!(office.activate("late", &second).await, invalid(), "it was revoked");
    assert_eq!(
        office.act("revokeInvitation", &late, done).await,
        refused("accountId", "INVITATION_NOT_FOUND", Some("accountId"))
    );
    let third = office.act("renewInvitation", &late, INVITATION).await;
    let third = third["invitation"]["secret"].as_str().unwrap().to_owned();
    assert_eq!(office.activate("late", &third).await["userErrors"], json!([]));
    // Now that it is in use there is nothing to invite to.
    assert_eq!(
        office.act("renewInvitation", &late, INVITATION).await,
        refused("invitation", "ACCOUNT_ACTIVE", Some("accountId"))
    );
}

#[tokio::test]
async fn every_way_of_failing_to_activate_is_answered_alike() {
    let office = Office::new().await;
    let app = &office.app;
    let (_, secret) = office.invited("hr.market").await;
    let (_, of_another) = office.invited("hr.other").await;
    let (closed, of_closed) = office.invited("hr.closed").await;
    let id = api::graphql::ids::decode(&closed).unwrap();
    api::devices::close_account(&app.platform, &Actor::System, id).await.unwrap();
    let long = "x".repeat(100_000);
    for (login, word) in [
        ("hr.market", ""),
        ("hr.market", "abcd-efgh-abcd-efgh-abcd-efgh-abcd-efgh"),
        ("hr.market", &of_another),
        ("hr.market", &long),
        ("nobody", &secret),
        ("' OR 1=1", &secret),
        ("", &secret),
        ("hr.closed", &of_closed),
    ] {
        assert_eq!(office.activate(login, word).await, invalid(), "{login} {word:.40}");
    }
    // A password that cannot be is told before anything is looked up.
    for login in ["hr.market", "nobody"] {
        let variables = json!({ "l": login, "s": secret, "p": "short" });
        let answer = app.graphql(None, ACTIVATE, variables).await;
        let expected = refused("tokens", "PASSWORD_INVALID", Some("password"));
        assert_eq!(answer["data"]["activateAccount"], expected, "{login}");
    }
    assert_eq!(office.activate("hr.market", &secret).await["userErrors"], json!([]));
}

#[tokio::test]
async fn nobody_is_kept_from_activating_by_what_others_try() {
    let office = Office::new().await;
    let app = &office.app;
    let (_, secret) = office.invited("hr.market").await;
    let activate = async |login: &str, secret: &str| {
        let variables = json!({ "l": login, "s": secret, "p": NEW });
        ask_from(app, "192.0.2.1", ACTIVATE, variables).await
    };
    for _ in 0..101 {
        assert_eq!(activate("hr.market", "wrong").await, invalid());
    }
    assert_eq!(activate("hr.market", &secret).await["userErrors"], json!([]));
}

#[tokio::test]
async fn of_two_who_take_up_an_invitation_at_once_one_does() {
    let office = Office::new().await;
    let (account, secret) = office.invited("hr.market").await;
    let both =
        tokio::join!(office.activate("hr.market", &secret), office.activate("hr.market", &secret));
    let mut errors = [both.0, both.1].map(|answer| answer["userErrors"].clone());
    errors.sort_by_key(ToString::to_string);
    assert_eq!(errors, [json!([]), invalid()["userErrors"].clone()]);
    assert_eq!(recorded(&office.app, &account, &["account.activate"]).await.len(), 1);
}

#[tokio::test]
async fn nobody_is_invited_twice_and_nobody_invites_themselves() {
    let office = Office::new().await;
    let (own, person) = (office.admin.person().unwrap(), office.person().await);
    assert_eq!(office.invite(own, "second").await, refused("invitation", "OWN_ACCOUNT", None));
    assert_eq!(
        office.invite(person, "Second").await,
        refused("invitation", "LOGIN_INVALID", Some("login"))
    );
    assert_eq!(office.invite(person, "second").await["userErrors"], json!([]));
    assert_eq!(
        office.invite(person, "second").await,
        refused("invitation", "LOGIN_TAKEN", Some("login"))
    );
    let db = office.app.platform.db.read();
    let rows = account::Entity::find().order_by_asc(account::Column::Id).all(db).await.unwrap();
    let logins: Vec<&str> = rows.iter().map(|a| a.login.as_str()).collect();
    assert_eq!(logins, ["admin", "second"]);
    assert_eq!(invitation::Entity::find().all(db).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_reset_password_ends_every_session_and_reaches_no_wider_than_the_administrator() {
    let office = Office::new().await;
    let (app, province) = (&office.app, &office.province);
    let hr = province.sign_in(app, "hr.market", Role::AgencyHr, province.county_market).await;
    let tokens = sign_in(app, "hr.market", PASSWORD, None).await["tokens"].clone();
    let own = encode(office.admin.account().unwrap());
    assert_eq!(
        office.act("resetPassword", &own, INVITATION).await,
        refused("invitation", "OWN_ACCOUNT", None)
    );
    let id = hr.account().unwrap();
    let account = encode(id);
    let answer = office.act("resetPassword", &account, INVITATION).await;
    assert_eq!(answer["userErrors"], json!([]));
    assert_eq!(answer["invitation"]["purpose"], "RESET");
    let secret = answer["invitation"]["secret"].as_str().unwrap();
    assert!(actor(app, &tokens).await.is_none());
    assert_eq!(refreshed(app, &tokens).await, Value::Null);
    let failed = refused("tokens", "SIGN_IN_FAILED", None);
    assert_eq!(sign_in(app, "hr.market", PASSWORD, None).await, failed);
    // Renewed, it is still what it was.
    let renewed = office.act("renewInvitation", &account, INVITATION).await;
    assert_eq!(renewed["invitation"]["purpose"], "RESET");
    assert_eq!(office.activate("hr.market", secret).await, invalid());
    let secret = renewed["invitation"]["secret"].as_str().unwrap();
    assert_eq!(office.activate("hr.market", secret).await["userErrors"], json!([]));
    assert_eq!(sign_in(app, "hr.market", PASSWORD, None).await, failed);
    assert_eq!(sign_in(app, "hr.market", NEW, None).await["userErrors"], json!([]));

    // A person of the county with rights over the province: their account is not the county's.
    let (axis, wide) = (ScopeAxis::Territory, province.justice);
    accounts::grant_role(&app.platform, &Actor::System, id, Role::Auditor, wide, axis)
        .await
        .unwrap();
    let beyond = refused("invitation", "ACCOUNT_NOT_FOUND", Some("accountId"));
    assert_eq!(office.act("resetPassword", &account, INVITATION).await, beyond);
    assert_eq!(office.act("renewInvitation", &account, INVITATION).await, beyond);
    let entries = recorded(app, &account, &["account.reset_password"]).await;
    assert_eq!(entries, [("account.reset_password".to_owned(), json!({}))]);
}

#[tokio::test]
async fn an_administrator_finds_the_accounts_of_their_part_and_how_they_stand() {
    let office = Office::new().await;
    let (app, province) = (&office.app, &office.province);
    let there = province.other_county_market;
    province.sign_in(app, "hr.there", Role::AgencyHr, there).await;
    let (invited, _) = office.invited("hr.invited").await;
    let used = province.sign_in(app, "hr.used", Role::AgencyHr, province.county_market).await;
    let closed = province.sign_in(app, "hr.closed", Role::AgencyHr, province.county_market).await;
    let id = closed.account().unwrap();
    api::devices::close_account(&app.platform, &Actor::System, id).await.unwrap();

    let list = "query($after: String, $login: String) { accounts(first: 2, after: $after, \
        login: $login) { nodes { id login personName state totpEnrolledAt invitationPurpose \
        invitationExpiresAt roles { role agencyId axis from until } } \
        pageInfo { hasNextPage endCursor } } }";
    let at = "2026-03-02T02:00:00+00:00";
    let row = |id: &str, login: &str, name: &str, state: &str| {
        let role = json!({
            "role": "AGENCY_HR", "agencyId": encode(province.county_market), "axis": "OWN",
            "from": at, "until": null,
        });
        json!({
            "id": id, "login": login, "personName": name, "state": state, "totpEnrolledAt": null,
            "invitationPurpose": null, "invitationExpiresAt": null, "roles": [role],
        })
    };
    let first = ask(app, &office.admin, list, json!({})).await;
    let mut expected = row(&invited, "hr.invited", "赵敏", "INVITED");
    expected["invitationPurpose"] = json!("ACTIVATION");
    expected["invitationExpiresAt"] = json!("2026-03-05T02:00:00+00:00");
    assert_eq!(first["nodes"][0]["login"], "admin");
    assert_eq!(first["nodes"][1], expected);
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = json!({ "after": first["pageInfo"]["endCursor"] });
    let second = ask(app, &office.admin, list, after).await;
    let used = encode(used.account().unwrap());
    assert_eq!(
        second["nodes"],
        json!([
            row(&used, "hr.used", "hr.used", "ACTIVE"),
            row(&encode(id), "hr.closed", "hr.closed", "CLOSED"),
        ])
    );
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    for (login, found) in [("hr.used", 1), ("hr", 0), ("hr.there", 0)] {
        let answer = ask(app, &office.admin, list, json!({ "login": login })).await;
        assert_eq!(answer["nodes"].as_array().unwrap().len(), found, "{login}");
    }
}

#[tokio::test]
async fn staff_is_entered_by_whoever_keeps_accounts_and_a_known_person_is_found_not_changed() {
    let office = Office::new().await;
    let app = &office.app;
    let enter = "mutation($i: EnterStaffInput!) { enterStaff(input: $i) { personId \
        userErrors { code field } } }";
    let digits = "62999919800101001";
    let number = format!("{digits}{}", api::officers::rules::id_check_character(digits).unwrap());
    let staff = async |name: &str, number: &str, agency| {
        let agency: entities::ids::AgencyId = agency;
        let input = json!({ "name": name, "idNumber": number, "agencyId": encode(agency) });
        ask(app, &office.admin, enter, json!({ "i": input })).await
    };
    let (here, there) = (office.province.county_market, office.province.other_county_market);
    let entered = staff("赵敏", &number, here).await;
    assert_eq!(entered["userErrors"], json!([]));
    let count =
        async || entities::person::Entity::find().all(app.platform.db.read()).await.unwrap().len();
    let people = count().await;
    assert_eq!(staff("赵敏", &number, here).await, entered, "the same person is found");
    let no = |code: &str, field: &str| refused("personId", code, Some(field));
    assert_eq!(staff("赵敏敏", &number, here).await, no("ID_NUMBER_TAKEN", "idNumber"));
    let justice = office.province.county_justice;
    assert_eq!(staff("赵敏", &number, justice).await, no("TRANSFER_REQUIRED", "idNumber"));
    assert_eq!(staff("赵敏", &number, there).await, no("AGENCY_NOT_FOUND", "agencyId"));
    assert_eq!(staff("赵敏", digits, here).await, no("ID_NUMBER_INVALID", "idNumber"));
    assert_eq!(staff("赵", &number, here).await, no("NAME_INVALID", "name"));
    assert_eq!(count().await, people);
    let id: PersonId = api::graphql::ids::decode(entered["personId"].as_str().unwrap()).unwrap();
    assert_eq!(office.invite(id, "zhao.min").await["userErrors"], json!([]));
}
