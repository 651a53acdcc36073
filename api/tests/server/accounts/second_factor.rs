//! The second factor: enrolled, asked for, guessed at, lost.

use api::auth::second_factor::FAILURES;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use chrono::Duration;
use entities::enums::Role;
use entities::{recovery_code, second_factor, session};
use sea_orm::EntityTrait;
use sea_orm::sea_query::Expr;
use serde_json::{Value, json};

use super::{SIGN_IN, actor, ask, ask_from, recorded, refreshed, refused, shown, sign_in};
use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};

const BEGIN: &str = "mutation($p: String!, $c: String) { beginTotpEnrolment(password: $p, \
    totpCode: $c) { enrolment { secret uri } userErrors { code field } } }";
const CONFIRM: &str = "mutation($c: String!) { confirmTotpEnrolment(totpCode: $c) { \
    recoveryCodes userErrors { code field } } }";
const STANDING: &str = "{ viewer { totpRequired secondFactor { enrolledAt recoveryCodesLeft } } }";

pub struct Desk {
    pub app: TestApp,
    pub province: Province,
}

impl Desk {
    pub async fn new() -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        Self { app, province }
    }

    pub async fn account(&self, login: &str, role: Role) -> Actor {
        self.province.sign_in(&self.app, login, role, self.province.county_justice).await
    }

    async fn begin(&self, me: &Actor, password: &str, code: Option<&str>) -> Value {
        ask(&self.app, me, BEGIN, json!({ "p": password, "c": code })).await
    }

    async fn confirm(&self, me: &Actor, code: &str) -> Value {
        ask(&self.app, me, CONFIRM, json!({ "c": code })).await
    }

    /// Enrols an app; answers its secret and the recovery codes. The clock moves by a step, so
    /// that the next code is another one.
    pub async fn enrol(&self, me: &Actor) -> (String, Vec<String>) {
        let begun = self.begin(me, PASSWORD, None).await;
        let secret = begun["enrolment"]["secret"].as_str().unwrap().to_owned();
        let answer = self.confirm(me, &shown(&secret, self.app.now())).await;
        let codes = serde_json::from_value(answer["recoveryCodes"].clone()).unwrap();
        self.app.clock.advance(Duration::seconds(30));
        (secret, codes)
    }

    /// What the app shows so many steps from now.
    pub fn code(&self, secret: &str, steps: i32) -> String {
        shown(secret, self.app.now() + Duration::seconds(30) * steps)
    }

    /// A code that the app shows neither now nor around now.
    fn wrong(&self, secret: &str) -> String {
        let around: Vec<String> = (-1..=1).map(|n| self.code(secret, n)).collect();
        ["000000", "111111", "222222", "333333"]
            .into_iter()
            .find(|code| !around.iter().any(|c| c == code))
            .unwrap()
            .to_owned()
    }
}

pub fn wanted(code: &str) -> Value {
    refused("tokens", code, Some("totpCode"))
}

#[tokio::test]
async fn an_account_with_a_second_factor_signs_in_with_password_and_code() {
    let desk = Desk::new().await;
    let app = &desk.app;
    desk.account("issuer", Role::Issuer).await;
    let other = sign_in(app, "issuer", PASSWORD, None).await["tokens"].clone();
    let mine = sign_in(app, "issuer", PASSWORD, None).await["tokens"].clone();
    let me = actor(app, &mine).await.unwrap();
    let none = json!({ "enrolledAt": null, "recoveryCodesLeft": 0 });
    let standing = ask(app, &me, STANDING, json!({})).await;
    assert_eq!(standing, json!({ "totpRequired": false, "secondFactor": none }));

    let answer = desk.begin(&me, "wrong password", None).await;
    assert_eq!(answer, refused("enrolment", "SIGN_IN_FAILED", None));
    let answer = desk.confirm(&me, "000000").await;
    assert_eq!(answer, refused("recoveryCodes", "TOTP_NOT_BEGUN", None));
    let begun = desk.begin(&me, PASSWORD, None).await;
    assert_eq!(begun["userErrors"], json!([]));
    let secret = begun["enrolment"]["secret"].as_str().unwrap();
    assert_eq!(
        begun["enrolment"]["uri"],
        format!("otpauth://totp/localhost:issuer?secret={secret}&issuer=localhost")
    );
    // Begun is not enrolled: the password is enough until a code has shown that the app works.
    let answer = desk.confirm(&me, &desk.wrong(secret)).await;
    assert_eq!(answer, refused("recoveryCodes", "TOTP_CODE_INVALID", Some("totpCode")));
    assert_eq!(sign_in(app, "issuer", PASSWORD, None).await["userErrors"], json!([]));

    let confirmed = desk.code(secret, 0);
    let answer = desk.confirm(&me, &confirmed).await;
    assert_eq!(answer["userErrors"], json!([]));
    assert_eq!(answer["recoveryCodes"].as_array().unwrap().len(), 10);
    let standing = ask(app, &me, STANDING, json!({})).await;
    let enrolled = json!({ "enrolledAt": "2026-03-02T02:00:00+00:00", "recoveryCodesLeft": 10 });
    assert_eq!(standing, json!({ "totpRequired": false, "secondFactor": enrolled }));
    // This session goes on, the others have ended.
    assert!(actor(app, &mine).await.is_some());
    assert!(actor(app, &other).await.is_none());
    assert_eq!(refreshed(app, &other).await, Value::Null);

    let code = |n| desk.code(secret, n);
    let answer =
        async |password: &str, code: Option<&str>| sign_in(app, "issuer", password, code).await;
    for nothing in [None, Some(""), Some("  ")] {
        assert_eq!(answer(PASSWORD, nothing).await, wanted("TOTP_CODE_REQUIRED"));
    }
    let failed = refused("tokens", "SIGN_IN_FAILED", None);
    assert_eq!(answer("wrong password", Some(&code(1))).await, failed);
    assert_eq!(answer("wrong password", None).await, failed);
    let no = wanted("TOTP_CODE_INVALID");
    assert_eq!(answer(PASSWORD, Some(&desk.wrong(secret))).await, no);
    assert_eq!(answer(PASSWORD, Some(&confirmed)).await, no, "it was used to enrol");
    // The app's clock is a step ahead; with a blank, as apps show it.
    let ahead = code(1);
    let spaced = format!("{} {}", &ahead[..3], &ahead[3..]);
    let tokens = answer(PASSWORD, Some(&spaced)).await;
    assert_eq!(tokens["userErrors"], json!([]));
    let sessions = "{ sessions { withSecondFactor } }";
    let me = actor(app, &tokens["tokens"]).await.unwrap();
    let both = json!([{ "withSecondFactor": true }, { "withSecondFactor": true }]);
    assert_eq!(ask(app, &me, sessions, json!({})).await, both);
    assert_eq!(answer(PASSWORD, Some(&ahead)).await, no, "a second time");
}

#[tokio::test]
async fn a_code_is_good_until_the_end_of_the_step_after_its_own() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let me = desk.account("issuer", Role::Issuer).await;
    // 10:00:30, the beginning of a step.
    let (secret, _) = desk.enrol(&me).await;
    let second = Duration::seconds(1);
    let of_this_step = desk.code(&secret, 0);
    app.clock.advance(Duration::seconds(60) - second);
    let answer = sign_in(app, "issuer", PASSWORD, Some(&of_this_step)).await;
    assert_eq!(answer["userErrors"], json!([]));
    let of_this_step = desk.code(&secret, 0);
    app.clock.advance(Duration::seconds(30) + second);
    // 10:02:00: the code of the step from 10:01:00 ended with the step from 10:01:30.
    let answer = sign_in(app, "issuer", PASSWORD, Some(&of_this_step)).await;
    assert_eq!(answer, wanted("TOTP_CODE_INVALID"));
    // Two ahead is too early, and one ahead is not.
    let answer = sign_in(app, "issuer", PASSWORD, Some(&desk.code(&secret, 2))).await;
    assert_eq!(answer, wanted("TOTP_CODE_INVALID"));
    let answer = sign_in(app, "issuer", PASSWORD, Some(&desk.code(&secret, 1))).await;
    assert_eq!(answer["userErrors"], json!([]));
    // A code of a step before one that was taken is over, though its time is not.
    let answer = sign_in(app, "issuer", PASSWORD, Some(&desk.code(&secret, 0))).await;
    assert_eq!(answer, wanted("TOTP_CODE_INVALID"));
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_the_app_once() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let me = desk.account("issuer", Role::Issuer).await;
    let (_, codes) = desk.enrol(&me).await;
    let written = codes[3].to_uppercase().replace('-', " ");
    let answer = sign_in(app, "issuer", PASSWORD, Some(&written)).await;
    assert_eq!(answer["userErrors"], json!([]));
    let me = actor(app, &answer["tokens"]).await.unwrap();
    let standing = ask(app, &me, STANDING, json!({})).await;
    assert_eq!(standing["secondFactor"]["recoveryCodesLeft"], 9);
    let answer = sign_in(app, "issuer", PASSWORD, Some(&codes[3])).await;
    assert_eq!(answer, wanted("TOTP_CODE_INVALID"), "a second time");
    let failed = refused("tokens", "SIGN_IN_FAILED", None);
    assert_eq!(sign_in(app, "issuer", "wrong password", Some(&codes[4])).await, failed);
    let answer = sign_in(app, "issuer", PASSWORD, Some(&codes[4])).await;
    assert_eq!(answer["userErrors"], json!([]), "a wrong password used it up");
    let id = encode(me.account().unwrap());
    assert_eq!(recorded(app, &id, &["account.use_recovery_code"]).await.len(), 2);
}

#[tokio::test]
async fn the_database_holds_neither_the_secret_nor_the_recovery_codes() {
    let desk = Desk::new().await;
    let me = desk.account("issuer", Role::Issuer).await;
    let (secret, codes) = desk.enrol(&me).await;
    let raw = totp_rs::Secret::try_from_base32(&secret).unwrap();
    let raw = raw.as_bytes();
    let db = desk.app.platform.db.read();
    let row = second_factor::Entity::find().one(db).await.unwrap().unwrap();
    let sealed = row.secret_sealed.unwrap();
    assert!(!sealed.windows(raw.len()).any(|w| w == raw), "the secret is not sealed");
    let rows = recovery_code::Entity::find().all(db).await.unwrap();
    assert_eq!(rows.len(), 10);
    for code in codes {
        let bare = code.replace('-', "").into_bytes();
        assert!(rows.iter().all(|r| r.hash.len() == 32 && r.hash != bare));
    }
}

#[tokio::test]
async fn an_enrolment_waits_half_an_hour_and_another_app_takes_the_place_of_the_first() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let me = desk.account("issuer", Role::Issuer).await;
    for (minutes, good) in [(31, false), (30, true)] {
        let begun = desk.begin(&me, PASSWORD, None).await;
        let secret = begun["enrolment"]["secret"].as_str().unwrap().to_owned();
        app.clock.advance(Duration::minutes(minutes));
        let answer = desk.confirm(&me, &desk.code(&secret, 0)).await;
        if good {
            assert_eq!(answer["userErrors"], json!([]));
        } else {
            assert_eq!(answer, refused("recoveryCodes", "TOTP_NOT_BEGUN", None));
        }
    }
    app.clock.advance(Duration::seconds(30));
    let (first, codes) = {
        let me = &me;
        // The app in force is asked for before another is set up.
        let answer = desk.begin(me, PASSWORD, None).await;
        assert_eq!(answer, refused("enrolment", "TOTP_CODE_REQUIRED", Some("totpCode")));
        let answer = desk.begin(me, PASSWORD, Some("000 000 000")).await;
        assert_eq!(answer, refused("enrolment", "TOTP_CODE_INVALID", Some("totpCode")));
        let other = desk.account("second", Role::Issuer).await;
        desk.enrol(&other).await
    };
    let begun = async |code: &str| {
        let me = actor(app, &sign_in(app, "second", PASSWORD, Some(code)).await["tokens"]).await;
        me.unwrap()
    };
    let second = begun(&codes[0]).await;
    let answer = desk.begin(&second, PASSWORD, Some(&codes[1])).await;
    let new = answer["enrolment"]["secret"].as_str().unwrap().to_owned();
    assert_ne!(new, first);
    // Until the new app has shown that it works, the old one is asked for.
    let answer = sign_in(app, "second", PASSWORD, Some(&desk.code(&new, 0))).await;
    assert_eq!(answer, wanted("TOTP_CODE_INVALID"));
    let answer = sign_in(app, "second", PASSWORD, Some(&desk.code(&first, 0))).await;
    assert_eq!(answer["userErrors"], json!([]));
    let answer = desk.confirm(&second, &desk.code(&new, 0)).await;
    assert_eq!(answer["userErrors"], json!([]));
    app.clock.advance(Duration::seconds(30));
    for old in [&desk.code(&first, 0), &codes[2]] {
        let answer = sign_in(app, "second", PASSWORD, Some(old)).await;
        assert_eq!(answer, wanted("TOTP_CODE_INVALID"));
    }
    let answer = sign_in(app, "second", PASSWORD, Some(&desk.code(&new, 0))).await;
    assert_eq!(answer["userErrors"], json!([]));
}

#[tokio::test]
async fn whoever_guesses_codes_is_bounded_everywhere_and_locks_nobody_out() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let me = desk.account("issuer", Role::Issuer).await;
    let (secret, codes) = desk.enrol(&me).await;
    let from = async |place: &str, code: Option<&str>| {
        let variables = json!({ "l": "issuer", "p": PASSWORD, "c": code });
        ask_from(app, place, SIGN_IN, variables).await
    };
    let wrong = desk.wrong(&secret);
    // Each from another place, so that no place is made to wait.
    for n in 0..FAILURES {
        let answer = from(&format!("192.0.2.{n}"), Some(&wrong)).await;
        assert_eq!(answer, wanted("TOTP_CODE_INVALID"), "{n}");
    }
    // From now on a single code is not even looked at, be it right, from anywhere.
    let owner = "198.51.100.7";
    let two = wanted("TOTP_TWO_CODES_REQUIRED");
    assert_eq!(from("203.0.113.1", Some(&wrong)).await, two);
    assert_eq!(from("203.0.113.1", None).await, two);
    let (now, next) = (desk.code(&secret, 0), desk.code(&secret, 1));
    assert_eq!(from(owner, Some(&now)).await, two);
    // Two that do not follow each other are wrong; two in a row open.
    assert_eq!(
        from("203.0.113.2", Some(&(next.clone() + &now))).await,
        wanted("TOTP_CODE_INVALID")
    );
    assert_eq!(from(owner, Some(&format!("{now} {next}"))).await["userErrors"], json!([]));
    // The owner came in: one code is enough again.
    app.clock.advance(Duration::seconds(60));
    assert_eq!(from(owner, Some(&desk.code(&secret, 0))).await["userErrors"], json!([]));
    let id = encode(me.account().unwrap());
    assert_eq!(recorded(app, &id, &["account.totp_doubted"]).await.len(), 1);

    // A recovery code opens too, and a place that guesses is made to wait alone.
    for _ in 0..FAILURES {
        assert_eq!(from("203.0.113.9", Some(&wrong)).await, wanted("TOTP_CODE_INVALID"));
    }
    let waits = refused("tokens", "TOO_MANY_ATTEMPTS", None);
    assert_eq!(from("203.0.113.9", Some(&codes[0])).await, waits);
    assert_eq!(from(owner, None).await, two);
    assert_eq!(from(owner, Some(&codes[0])).await["userErrors"], json!([]));
}

#[tokio::test]
async fn wrong_passwords_from_elsewhere_do_not_bar_an_account_with_a_second_factor() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let me = desk.account("issuer", Role::Issuer).await;
    let (secret, _) = desk.enrol(&me).await;
    for n in 0..40 {
        let place = format!("192.0.2.{n}");
        let variables = json!({ "l": "issuer", "p": "wrong", "c": desk.wrong(&secret) });
        let answer = ask_from(app, &place, SIGN_IN, variables).await;
        assert_eq!(answer, refused("tokens", "SIGN_IN_FAILED", None));
    }
    // Without the password codes are not tried, so one code is still enough.
    let variables = json!({ "l": "issuer", "p": PASSWORD, "c": desk.code(&secret, 0) });
    let answer = ask_from(app, "198.51.100.7", SIGN_IN, variables).await;
    assert_eq!(answer["userErrors"], json!([]));
}

#[tokio::test]
async fn an_administrator_removes_a_second_factor_but_not_their_own() {
    let desk = Desk::new().await;
    let (app, province) = (&desk.app, &desk.province);
    let admin = desk.account("admin", Role::SystemAdministrator).await;
    let issuer = desk.account("issuer", Role::Issuer).await;
    let elsewhere = province.other_county_market;
    let elsewhere = province.sign_in(app, "hr.there", Role::AgencyHr, elsewhere).await;
    let remove = "mutation($a: ID!) { removeTotp(accountId: $a) { accountId \
        userErrors { code field } } }";
    let remove = async |of: &Actor| {
        let account = json!({ "a": encode(of.account().unwrap()) });
        ask(app, &admin, remove, account).await
    };
    let no = |code: &str| refused("accountId", code, Some("accountId"));
    assert_eq!(remove(&issuer).await, no("TOTP_NOT_ENROLLED"));
    // Begun is not enrolled.
    desk.begin(&issuer, PASSWORD, None).await;
    assert_eq!(remove(&issuer).await, no("TOTP_NOT_ENROLLED"));
    let (secret, codes) = desk.enrol(&issuer).await;
    desk.enrol(&admin).await;
    assert_eq!(remove(&admin).await, refused("accountId", "OWN_ACCOUNT", None));
    assert_eq!(remove(&elsewhere).await, no("ACCOUNT_NOT_FOUND"));

    let tokens = sign_in(app, "issuer", PASSWORD, Some(&codes[0])).await["tokens"].clone();
    let id = encode(issuer.account().unwrap());
    assert_eq!(remove(&issuer).await, json!({ "accountId": id, "userErrors": [] }));
    assert!(actor(app, &tokens).await.is_none());
    assert_eq!(refreshed(app, &tokens).await, Value::Null);
    let answer = sign_in(app, "issuer", PASSWORD, None).await;
    assert_eq!(answer["userErrors"], json!([]));
    let me = actor(app, &answer["tokens"]).await.unwrap();
    let standing = ask(app, &me, STANDING, json!({})).await;
    let none = json!({ "enrolledAt": null, "recoveryCodesLeft": 0 });
    assert_eq!(standing["secondFactor"], none);
    // What was known of the old app is worth nothing after a new enrolment.
    let (_, new) = desk.enrol(&me).await;
    for old in [&desk.code(&secret, 0), &codes[1]] {
        assert_eq!(sign_in(app, "issuer", PASSWORD, Some(old)).await, wanted("TOTP_CODE_INVALID"));
    }
    assert_eq!(sign_in(app, "issuer", PASSWORD, Some(&new[0])).await["userErrors"], json!([]));
    let actions = ["account.enrol_totp", "account.remove_totp"];
    let entries = recorded(app, &id, &actions).await;
    let expected = ["account.enrol_totp", "account.remove_totp", "account.enrol_totp"];
    assert_eq!(entries, expected.map(|action| (action.to_owned(), json!({}))));
}

#[tokio::test]
async fn a_reset_password_leaves_the_second_factor_and_asks_for_it() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let admin = desk.account("admin", Role::SystemAdministrator).await;
    let issuer = desk.account("issuer", Role::Issuer).await;
    let (secret, _) = desk.enrol(&issuer).await;
    let reset = "mutation($a: ID!) { resetPassword(accountId: $a) { invitation { secret } } }";
    let account = json!({ "a": encode(issuer.account().unwrap()) });
    let word = ask(app, &admin, reset, account).await["invitation"]["secret"].clone();
    let activate = async |code: Option<&str>| {
        let query = "mutation($s: String!, $c: String) { activateAccount(input: { \
            login: \"issuer\", secret: $s, password: \"another password\", totpCode: $c }) { \
            tokens { accessToken refreshToken } userErrors { code field } } }";
        let answer = app.graphql(None, query, json!({ "s": word, "c": code })).await;
        answer["data"]["activateAccount"].clone()
    };
    assert_eq!(activate(None).await, wanted("TOTP_CODE_REQUIRED"));
    assert_eq!(activate(Some(&desk.wrong(&secret))).await, wanted("TOTP_CODE_INVALID"));
    // The invitation was not used up by the wrong code.
    let answer = activate(Some(&desk.code(&secret, 0))).await;
    assert_eq!(answer["userErrors"], json!([]));
    assert!(actor(app, &answer["tokens"]).await.is_some());
}

#[tokio::test]
async fn a_session_without_the_second_factor_opens_nothing_once_there_is_one() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let me = desk.account("issuer", Role::Issuer).await;
    let (_, codes) = desk.enrol(&me).await;
    let tokens = sign_in(app, "issuer", PASSWORD, Some(&codes[0])).await["tokens"].clone();
    assert!(actor(app, &tokens).await.is_some());
    // As if it had been opened while the enrolment was under way.
    session::Entity::update_many()
        .col_expr(
            session::Column::SecondFactorAt,
            Expr::value(Option::<chrono::DateTime<chrono::Utc>>::None),
        )
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    assert!(actor(app, &tokens).await.is_none());
}

#[tokio::test]
async fn whoever_took_over_a_session_does_not_end_its_owners_enrolment_with_a_guess() {
    let desk = Desk::new().await;
    let app = &desk.app;
    let me = desk.account("issuer", Role::Issuer).await;
    let other = actor(app, &sign_in(app, "issuer", PASSWORD, None).await["tokens"]).await.unwrap();
    let begun = desk.begin(&me, PASSWORD, None).await;
    let secret = begun["enrolment"]["secret"].as_str().unwrap();
    let no = |code, field| refused("recoveryCodes", code, field);
    for n in 0..10 {
        let answer = desk.confirm(&other, &desk.wrong(secret)).await;
        assert_eq!(answer, no("TOTP_CODE_INVALID", Some("totpCode")), "{n}");
    }
    let answer = desk.confirm(&other, &desk.code(secret, 0)).await;
    assert_eq!(answer, no("TOO_MANY_ATTEMPTS", None));
    // The session that was not guessed in goes on.
    assert_eq!(desk.confirm(&me, &desk.code(secret, 0)).await["userErrors"], json!([]));
}
