//! A supervisor's challenge, over GraphQL: bound to the account, for twenty seconds, once.

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::devices;
use api::graphql::ids::{decode, encode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use entities::challenge;
use entities::enums::{CertificateAct as A, DeviceEnd};
use entities::ids::ChallengeId;
use mobile_contract::{Challenge, digits::bytes_to_digits, present};
use serde_json::json;

use super::*;
use crate::certification::world::because;

const CREATE: &str = "mutation { createChallenge { challenge { id value symbol expiresAt } userErrors { code \
    field } } }";
const CHECK: &str = "mutation($code: String!, $challenge: ID) { checkCode(code: $code, challengeId: \
    $challenge) { check { verdict heading reasons evidence shownAt deviceEnded certificate { name \
    number verdict } checkedAt } userErrors { code field } } }";

struct Field {
    world: World,
    holder: Holder,
    phone: DeviceId,
}

impl Field {
    async fn new() -> Self {
        let world = World::new().await;
        let holder = Holder::new(&world, "王伟").await;
        let phone = holder.enrol(&world, &key(3)).await.id;
        Self { world, holder, phone }
    }

    async fn ask(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        let answer = self.world.app.graphql(Some(actor), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].as_object().unwrap().values().next().unwrap().clone()
    }

    /// A challenge of this account: its id and bytes.
    async fn challenge(&self, actor: &Actor) -> (String, Challenge) {
        let made = self.ask(actor, CREATE, json!({})).await;
        assert_eq!(made["userErrors"], json!([]), "{made}");
        let made = &made["challenge"];
        let end: DateTime<Utc> = made["expiresAt"].as_str().unwrap().parse().unwrap();
        assert_eq!(end, self.world.app.now() + Duration::seconds(20));
        let value = URL_SAFE_NO_PAD.decode(made["value"].as_str().unwrap()).unwrap();
        let value: Challenge = value.try_into().unwrap();
        let symbol = format!("LIANGZHENG/1/{}", hex::encode_upper(value));
        assert_eq!(made["symbol"], json!(symbol));
        (made["id"].as_str().unwrap().to_owned(), value)
    }

    async fn check(&self, actor: &Actor, code: &str, challenge: Option<&str>) -> Value {
        self.ask(actor, CHECK, json!({ "code": code, "challenge": challenge })).await
    }

    async fn answer(&self, challenge: Option<&Challenge>) -> String {
        self.holder.code(&self.world, self.phone, &key(3), challenge).await
    }
}

fn refusal(answer: &Value) -> &str {
    assert_eq!(answer["check"], json!(null), "{answer}");
    let errors = answer["userErrors"].as_array().unwrap();
    assert_eq!((errors.len(), &errors[0]["field"]), (1, &json!("challengeId")), "{answer}");
    errors[0]["code"].as_str().unwrap()
}

#[tokio::test]
async fn a_phone_answers_a_challenge_once_and_in_time() {
    let field = Field::new().await;
    let (world, supervisor) = (&field.world, &field.world.supervisor);
    let (id, value) = field.challenge(supervisor).await;
    let now = world.app.now();
    let code = field.answer(Some(&value)).await;
    world.app.clock.advance(Duration::seconds(3));
    let number = world.certificate(field.holder.certificate).await.number;
    let expected = json!({
        "verdict": "VALID", "heading": "Certificate in force", "reasons": [],
        "evidence": "CHALLENGED", "shownAt": now, "deviceEnded": false,
        "certificate": { "name": "王伟", "number": number, "verdict": "VALID" },
        "checkedAt": world.app.now(),
    });
    let answer = field.check(supervisor, &code, Some(&id)).await;
    let time = |v: &Value| v.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let mut check = answer["check"].clone();
    for name in ["shownAt", "checkedAt"] {
        check[name] = json!(time(&check[name]));
    }
    assert_eq!((check, &answer["userErrors"]), (expected, &json!([])));
    assert_eq!(refusal(&field.check(supervisor, &code, Some(&id)).await), "CHALLENGE_USED");
    // In the log: what came of it, once.
    let log = world.app.audit_log().await;
    let log: Vec<_> = log.iter().filter(|e| e.action == "certificate.check").collect();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].subject, encode(field.holder.certificate));
    let body: Value = serde_json::from_str(&log[0].body).unwrap();
    assert_eq!((&body["verdict"], &body["evidence"]), (&json!("VALID"), &json!("CHALLENGED")));
    assert_eq!(body["challenge"], json!(id));

    let (late, value) = field.challenge(supervisor).await;
    let code = field.answer(Some(&value)).await;
    world.app.clock.advance(Duration::seconds(20));
    assert_eq!(refusal(&field.check(supervisor, &code, Some(&late)).await), "CHALLENGE_EXPIRED");
    // Long after, nothing of either is left.
    world.app.clock.advance(Duration::minutes(11));
    field.challenge(supervisor).await;
    assert_eq!(world.count::<challenge::Entity>().await, 1);
    assert_eq!(refusal(&field.check(supervisor, &code, Some(&late)).await), "CHALLENGE_NOT_FOUND");
}

#[tokio::test]
async fn a_challenge_is_of_one_account() {
    let field = Field::new().await;
    let world = &field.world;
    let colleague = world.staff(Role::Supervisor, world.justice, ScopeAxis::Territory).await;
    let (id, value) = field.challenge(&world.supervisor).await;
    let code = field.answer(Some(&value)).await;
    assert_eq!(refusal(&field.check(&colleague, &code, Some(&id)).await), "CHALLENGE_NOT_FOUND");
    let none = encode(world.platform.new_id::<ChallengeId>());
    assert_eq!(refusal(&field.check(&colleague, &code, Some(&none)).await), "CHALLENGE_NOT_FOUND");
    assert!(decode::<ChallengeId>(&id).is_some());
    // A code for another's challenge says no more than that it is.
    let (own, _) = field.challenge(&colleague).await;
    let answer = field.check(&colleague, &code, Some(&own)).await;
    assert_eq!(answer["check"]["verdict"], "CHALLENGE_BOUND");
    assert_eq!(
        (&answer["check"]["evidence"], &answer["check"]["shownAt"]),
        (&json!(null), &json!(null),)
    );
    // It was not answered by that: the officer may still do so, as for whoever has asked.
    let answer = field.check(&world.supervisor, &code, Some(&id)).await;
    assert_eq!(answer["check"]["verdict"], "VALID");
}

#[tokio::test]
async fn of_two_checks_at_once_one_uses_the_challenge() {
    let field = Field::new().await;
    let supervisor = &field.world.supervisor;
    let (id, value) = field.challenge(supervisor).await;
    let code = field.answer(Some(&value)).await;
    let (one, two) = tokio::join!(
        field.check(supervisor, &code, Some(&id)),
        field.check(supervisor, &code, Some(&id)),
    );
    let (good, bad) = if one["check"].is_null() { (two, one) } else { (one, two) };
    assert_eq!(good["check"]["verdict"], "VALID");
    assert_eq!(refusal(&bad), "CHALLENGE_USED");
}

#[tokio::test]
async fn what_proves_less_says_so() {
    let field = Field::new().await;
    let (world, supervisor) = (&field.world, &field.world.supervisor);
    let card = api::credentials::codes_of(world.platform.db.read(), &[field.holder.certificate])
        .await
        .unwrap();
    let card = card[0].digits.clone();
    let (id, _) = field.challenge(supervisor).await;
    let unchallenged = field.answer(None).await;
    let bare = field.holder.credential(world, field.phone).await;
    let other = present(&bare.bytes, world.app.now().timestamp(), None, &key(4)).unwrap();
    let bare = bytes_to_digits(&bare.bytes).unwrap();
    let of_url = format!("https://anywhere.example/v/{card}");
    for (code, verdict, evidence, reasons) in [
        (unchallenged.as_str(), "VALID", json!("PHONE"), json!(["CHALLENGE_UNANSWERED"])),
        (&card, "VALID", json!("PRINTED"), json!(["CHALLENGE_UNANSWERED"])),
        (&of_url, "VALID", json!("PRINTED"), json!(["CHALLENGE_UNANSWERED"])),
        (&bare, "PRESENTATION_MISSING", json!(null), json!([])),
        (&other, "SIGNATURE_INVALID", json!(null), json!(["OTHER_DEVICE"])),
        ("123", "UNREADABLE", json!(null), json!([])),
    ] {
        let answer = field.check(supervisor, code, Some(&id)).await;
        let check = &answer["check"];
        assert_eq!(check["verdict"], verdict, "{answer}");
        assert_eq!((&check["evidence"], &check["reasons"]), (&evidence, &reasons), "{answer}");
    }
    // The same unchallenged code again: a remark.
    world.app.clock.advance(Duration::seconds(10));
    let answer = field.check(supervisor, &unchallenged, None).await;
    assert_eq!(answer["check"]["reasons"], json!(["REPLAYED"]));
}

#[tokio::test]
async fn a_supervisor_sees_more_within_the_scope_and_the_public_word_outside() {
    let field = Field::new().await;
    let world = &field.world;
    let outside = world.staff(Role::Supervisor, world.elsewhere, ScopeAxis::Territory).await;
    let code = field.answer(None).await;
    let told = async |actor: &Actor| {
        let answer = field.check(actor, &code, None).await;
        let check = &answer["check"];
        (
            check["verdict"].clone(),
            check["certificate"]["name"].clone(),
            check["deviceEnded"].clone(),
        )
    };
    let valid = |name: Value| (json!("VALID"), name, json!(false));
    assert_eq!(told(&world.supervisor).await, valid(json!("王伟")));
    assert_eq!(told(&outside).await, valid(json!(null)));
    let suspend = because(Ground::RefusingSupervision);
    let id = field.holder.certificate;
    act_on(&world.platform, &world.supervisor, id, A::Suspend, &suspend).await.unwrap();
    let suspended = (json!("SUSPENDED"), json!("王伟"), json!(false));
    assert_eq!(told(&world.supervisor).await, suspended);
    assert_eq!(told(&outside).await, (json!("NOT_AUTHORISED"), json!(null), json!(false)));
    act_on(&world.platform, &world.issuer, id, A::Lift, &because(Ground::CauseEnded))
        .await
        .unwrap();
    devices::end(&world.platform, &field.holder.actor, field.phone, DeviceEnd::Lost).await.unwrap();
    let ended = (json!("INVALID"), json!("王伟"), json!(true));
    assert_eq!(told(&world.supervisor).await, ended);
    assert_eq!(told(&outside).await, (json!("INVALID"), json!(null), json!(false)));
}

#[tokio::test]
async fn too_many_challenges_are_refused() {
    let field = Field::new().await;
    let (world, supervisor) = (&field.world, &field.world.supervisor);
    for _ in 0..300 {
        field.challenge(supervisor).await;
    }
    let answer = world.app.graphql(Some(supervisor), CREATE, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_MANY_LOOK_UPS");
    assert_eq!(world.count::<challenge::Entity>().await, 300);
    world.app.clock.advance(Duration::minutes(10));
    field.challenge(supervisor).await;
}

#[tokio::test]
async fn too_many_are_refused() {
    let field = Field::new().await;
    let supervisor = &field.world.supervisor;
    for _ in 0..300 {
        field.check(supervisor, "123", None).await;
    }
    let variables = json!({ "code": "123" });
    let answer = field.world.app.graphql(Some(supervisor), CHECK, variables).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_MANY_LOOK_UPS");
    field.world.app.clock.advance(Duration::minutes(10));
    field.check(supervisor, "123", None).await;
}
