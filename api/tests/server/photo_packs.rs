//! Photo packs: who gets which, that it is recorded, and that an app opens what it was given with
//! nothing but its pinned root.

use api::auth::accounts::{self, NewAccount};
use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::trust;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use entities::enums::{
    Attestation, CertificateAct as A, KeyAlgorithm, PersonKind, Role, ScopeAxis,
};
use entities::ids::{AgencyId, CertificateId, DeviceId, PersonId};
use entities::{blob, device, public_card};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use mobile_contract::bundle::{Bundle, Pinned};
use mobile_contract::photo_pack::{MAX_PICTURE_BYTES, PackError, PhotoPack};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::accounts::ask;
use crate::certification::world::{World, because};
use crate::province::PASSWORD;

const PACKS: &str =
    include_str!("../../../mobile-contract/operations/supervisor/PhotoPacks.graphql");
const KEY: &str =
    include_str!("../../../mobile-contract/operations/supervisor/PhotoPackKey.graphql");

/// Gives a card a photo of one colour.
async fn photograph(world: &World, certificate: CertificateId, colour: u8) {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(358, 441, Rgb([colour; 3])));
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    let sha256 = Sha256::digest(&bytes).to_vec();
    let db = world.platform.db.writer();
    let row = blob::Model {
        sha256: sha256.clone(),
        media_type: "image/jpeg".into(),
        bytes,
        created_at: world.platform.now(),
    };
    row.into_active_model().insert(db).await.unwrap();
    public_card::Entity::update_many()
        .col_expr(public_card::Column::PhotoSha256, Expr::value(sha256))
        .filter(public_card::Column::CertificateId.eq(certificate))
        .exec(db)
        .await
        .unwrap();
}

/// The token of a new account with a role.
async fn token(world: &World, login: &str, role: Role, agency: AgencyId) -> String {
    let change = |p: &mut entities::person::Model| p.kind = PersonKind::ClericalStaff;
    let person = world.person(login, agency, change).await;
    let axis = accounts::axes_of(role)[0];
    let account = NewAccount {
        person,
        login: login.into(),
        password: Some(PASSWORD.into()),
        roles: vec![(role, agency, axis)],
    };
    let auth = &world.app.web.auth;
    accounts::enter(auth, &world.platform, &Actor::System, account).await.unwrap();
    auth.sign_in(&world.platform, login, PASSWORD.into()).await.unwrap().access_token
}

async fn fetch(
    world: &World,
    token: &str,
    agency: AgencyId,
    part: &str,
    known: Option<&str>,
) -> (u16, HeaderMap, Vec<u8>) {
    let mut request = Request::get(format!("/photo-packs/{}/{part}", encode(agency)))
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    if let Some(known) = known {
        request = request.header(header::IF_NONE_MATCH, known);
    }
    let response = world.app().http(request.body(Body::empty()).unwrap()).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 8 << 20).await.unwrap();
    (parts.status.as_u16(), parts.headers, body.to_vec())
}

async fn key(world: &World, actor: &Actor, agency: AgencyId, part: i32) -> Option<[u8; 32]> {
    let variables = json!({ "agencyId": encode(agency), "part": part });
    let answer = ask(world.app(), actor, KEY, variables).await;
    let key = answer["key"].as_str()?.to_owned();
    Some(URL_SAFE_NO_PAD.decode(key).unwrap().try_into().unwrap())
}

/// What an app trusts that knows nothing but its root.
async fn trusted(world: &World) -> Bundle {
    let config = &world.app.config;
    trust::keep(&world.platform, config.public_url(), &config.data_dir).await.unwrap();
    let root = trust::root::public(world.platform.db.read()).await.unwrap().unwrap();
    let pinned = Pinned { roots: vec![root], issuer: config.public_url().to_owned() };
    let (_, _, bytes) = world.app().get("/trust/bundle", &[]).await;
    Bundle::accept(&bytes, &pinned, world.platform.now().timestamp()).unwrap()
}

/// A phone of an officer, enrolled, with a place in a status list of its own.
async fn enrol(world: &World, person: PersonId, certificate: CertificateId) -> (u32, u32) {
    let actor = world.account(person, &[(Role::Officer, world.bureau, ScopeAxis::Own)]).await;
    let now = world.platform.now();
    let id: DeviceId = world.platform.new_id();
    let db = world.platform.db.writer();
    let row = device::Model {
        id,
        account_id: actor.account().unwrap(),
        person_id: person,
        algorithm: KeyAlgorithm::Ed25519,
        public_key: vec![9; 32],
        attestation: Attestation::None,
        name: "phone".into(),
        enrolled_at: now,
        ended_at: None,
        end_reason: None,
    };
    row.into_active_model().insert(db).await.unwrap();
    // Any place that no code has taken.
    let taken = entities::status_entry::Entity::find().one(db).await.unwrap().unwrap();
    let idx = (taken.idx + 1) % 131_072;
    let place = entities::status_entry::Model { idx, ..taken };
    let list = place.list;
    place.into_active_model().insert(db).await.unwrap();
    let row = entities::device_certificate::Model {
        device_id: id,
        certificate_id: certificate,
        list,
        idx,
        created_at: now,
    };
    row.into_active_model().insert(db).await.unwrap();
    (u32::try_from(list).unwrap(), u32::try_from(idx).unwrap())
}

#[tokio::test]
async fn who_is_past_the_last_day_is_in_no_pack() {
    let world = World::new().await;
    let (_, wang) = world.active("王伟").await;
    photograph(&world, wang, 10).await;
    let packs = async || {
        let packs = ask(world.app(), &world.supervisor, PACKS, json!({})).await;
        packs["edges"].as_array().unwrap().len()
    };
    let today = api::platform::clock::local_date(world.app.now());
    world.advance((world.card(wang).await.valid_until - today).num_days());
    assert_eq!(packs().await, 1, "the last day");
    world.advance(1);
    assert_eq!(packs().await, 0);
    assert_eq!(key(&world, &world.supervisor, world.bureau, 1).await, None);
}

#[tokio::test]
async fn an_app_opens_the_pack_of_its_part_and_finds_whoever_shows_a_code() {
    let world = World::new().await;
    let (wang, wang_certificate) = world.active("王伟").await;
    let (_, li_certificate) = world.active("李娜").await;
    let (_, suspended) = world.active("刘洋").await;
    for (certificate, colour) in [(wang_certificate, 10), (li_certificate, 200), (suspended, 90)] {
        photograph(&world, certificate, colour).await;
    }
    // One whose photo nobody can read is left out, and the pack is made all the same.
    world.active("赵敏").await;
    let ground = because(Ground::RefusingSupervision);
    act_on(&world.platform, &world.supervisor, suspended, A::Suspend, &ground).await.unwrap();
    let phone = enrol(&world, wang, wang_certificate).await;

    let packs = ask(world.app(), &world.supervisor, PACKS, json!({})).await;
    let nodes: Vec<&Value> =
        packs["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]).collect();
    assert_eq!(
        nodes,
        [&json!({
            "agencyId": encode(world.bureau), "agencyNumber": 3,
            "agencyName": "永登县交通运输局", "people": 3, "parts": 1,
        })]
    );
    let token = token(&world, "supervisor", Role::Supervisor, world.justice).await;
    let (status, headers, bytes) = fetch(&world, &token, world.bureau, "1", None).await;
    assert_eq!(status, 200);
    assert_eq!(headers[header::CONTENT_TYPE], "application/vnd.liangzheng.photos+cbor");
    assert_eq!(headers[header::CACHE_CONTROL], "private, no-cache");
    assert!(headers.get_all(header::VARY).iter().any(|by| by.as_bytes() == b"authorization"));

    let bundle = trusted(&world).await;
    let key = key(&world, &world.supervisor, world.bureau, 1).await.unwrap();
    let now = world.platform.now().timestamp();
    let pack = PhotoPack::open(&bytes, &key, &bundle, now).unwrap();
    assert_eq!(pack.head().agency, 3);
    assert_eq!(pack.entries().len(), 2);
    let number = world.certificate(wang_certificate).await.number;
    let found = pack.of_number(&number).unwrap();
    let scanned = world.scan(wang_certificate).await;
    let place = |n: i32| u32::try_from(n).unwrap();
    assert_eq!(pack.of_place(place(scanned.list), place(scanned.idx)), Some(found));
    assert_eq!(pack.of_place(phone.0, phone.1), Some(found));
    assert_eq!(
        (found.fields.as_slice(), found.area.as_str()),
        (&["transport".to_owned()][..], "620121")
    );
    assert!(found.picture.len() <= MAX_PICTURE_BYTES, "{}", found.picture.len());
    let picture = image::load_from_memory(&found.picture).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (120, 148));
    assert!(picture.get_pixel(60, 74).0.iter().all(|part| part.abs_diff(10) < 4), "his, not hers");
    let gone = world.certificate(suspended).await.number;
    assert_eq!(pack.of_number(&gone), None, "not in force");

    let log = world.app.audit_log().await;
    let read: Vec<(&str, &str)> = log
        .iter()
        .filter(|entry| entry.action.starts_with("photo_pack."))
        .map(|entry| (entry.action.as_str(), entry.subject.as_str()))
        .collect();
    let bureau = encode(world.bureau);
    assert_eq!(read, [("photo_pack.read", &*bureau), ("photo_pack.key", &*bureau)]);
}

#[tokio::test]
async fn a_phone_that_has_ended_finds_nobodys_face() {
    let world = World::new().await;
    let (wang, certificate) = world.active("王伟").await;
    photograph(&world, certificate, 10).await;
    let phone = enrol(&world, wang, certificate).await;
    device::Entity::update_many()
        .col_expr(device::Column::EndedAt, Expr::value(world.platform.now()))
        .col_expr(device::Column::EndReason, Expr::value(entities::enums::DeviceEnd::Lost))
        .exec(world.platform.db.writer())
        .await
        .unwrap();
    let token = token(&world, "supervisor", Role::Supervisor, world.justice).await;
    let (_, _, bytes) = fetch(&world, &token, world.bureau, "1", None).await;
    let bundle = trusted(&world).await;
    let key = key(&world, &world.supervisor, world.bureau, 1).await.unwrap();
    let now = world.platform.now().timestamp();
    let pack = PhotoPack::open(&bytes, &key, &bundle, now).unwrap();
    assert_eq!(pack.entries()[0].places.len(), 1, "the printed code's");
    assert_eq!(pack.of_place(phone.0, phone.1), None);
}

#[tokio::test]
async fn who_has_a_pack_is_told_so_until_something_in_it_changes_or_a_week_is_over() {
    let world = World::new().await;
    let (_, wang) = world.active("王伟").await;
    let (_, li) = world.active("李娜").await;
    photograph(&world, wang, 10).await;
    photograph(&world, li, 20).await;
    let token = token(&world, "supervisor", Role::Supervisor, world.justice).await;
    let (_, headers, first) = fetch(&world, &token, world.bureau, "1", None).await;
    let (_, _, again) = fetch(&world, &token, world.bureau, "1", None).await;
    assert_ne!(again, first, "each is sealed with a nonce of its own");
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let (status, headers, body) = fetch(&world, &token, world.bureau, "1", Some(&tag)).await;
    assert_eq!((status, body.len()), (304, 0));
    assert_eq!(headers[header::ETAG], tag.as_str());
    let first_key = key(&world, &world.supervisor, world.bureau, 1).await.unwrap();

    let ground = because(Ground::RefusingSupervision);
    act_on(&world.platform, &world.supervisor, li, A::Suspend, &ground).await.unwrap();
    let (status, headers, second) = fetch(&world, &token, world.bureau, "1", Some(&tag)).await;
    assert_eq!(status, 200);
    assert_ne!(headers[header::ETAG], tag.as_str());
    let bundle = trusted(&world).await;
    let now = world.platform.now().timestamp();
    assert!(PhotoPack::open(&first, &first_key, &bundle, now).is_ok());
    // Each version has a key of its own.
    let refused = PhotoPack::open(&second, &first_key, &bundle, now).unwrap_err();
    assert_eq!(refused, PackError::KeyWrong);
    let second_key = key(&world, &world.supervisor, world.bureau, 1).await.unwrap();
    let pack = PhotoPack::open(&second, &second_key, &bundle, now).unwrap();
    assert_eq!(pack.entries().len(), 1);
    let later = now + 14 * 86_400;
    let refused = PhotoPack::open(&second, &second_key, &bundle, later).unwrap_err();
    assert_eq!(refused, PackError::Expired);

    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    world.app.clock.advance(Duration::days(7));
    let signed_in =
        world.app.web.auth.sign_in(&world.platform, "supervisor", PASSWORD.into()).await;
    let token = signed_in.unwrap().access_token;
    let (status, ..) = fetch(&world, &token, world.bureau, "1", Some(&tag)).await;
    assert_eq!(status, 200, "well before its end");
}

#[tokio::test]
async fn another_photo_makes_another_pack_with_another_key() {
    let world = World::new().await;
    let (_, wang) = world.active("王伟").await;
    photograph(&world, wang, 10).await;
    let token = token(&world, "supervisor", Role::Supervisor, world.justice).await;
    let (_, headers, _) = fetch(&world, &token, world.bureau, "1", None).await;
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let before = key(&world, &world.supervisor, world.bureau, 1).await.unwrap();
    photograph(&world, wang, 200).await;
    let (status, headers, _) = fetch(&world, &token, world.bureau, "1", Some(&tag)).await;
    assert_eq!(status, 200);
    assert_ne!(headers[header::ETAG], tag.as_str());
    assert_ne!(key(&world, &world.supervisor, world.bureau, 1).await, Some(before));
}

#[tokio::test]
async fn nobody_gets_a_pack_of_elsewhere_or_without_the_role() {
    let world = World::new().await;
    let (_, wang) = world.active("王伟").await;
    photograph(&world, wang, 10).await;
    let next_door = token(&world, "next-door", Role::Supervisor, world.elsewhere).await;
    let here = token(&world, "supervisor", Role::Supervisor, world.justice).await;
    for (token, agency, part) in [
        (&next_door, world.bureau, "1"),
        (&here, world.elsewhere, "1"),
        (&here, world.bureau, "2"),
        (&here, world.bureau, "0"),
        (&here, world.bureau, "-1"),
        (&here, world.bureau, "99999999999"),
        (&here, world.justice, "1"),
    ] {
        let (status, _, body) = fetch(&world, token, agency, part, None).await;
        assert_eq!((status, body.len()), (404, 0), "{part}");
    }
    let clerk = token(&world, "clerk", Role::AgencyHr, world.bureau).await;
    assert_eq!(fetch(&world, &clerk, world.bureau, "1", None).await.0, 403);
    let elsewhere = world.staff(Role::Supervisor, world.elsewhere, ScopeAxis::Territory).await;
    assert_eq!(key(&world, &elsewhere, world.bureau, 1).await, None);
    for part in [0, 2, -1] {
        assert_eq!(key(&world, &world.supervisor, world.bureau, part).await, None, "{part}");
    }
    let packs = ask(world.app(), &elsewhere, PACKS, json!({})).await;
    assert_eq!(packs["edges"], json!([]));
    let log = world.app.audit_log().await;
    assert!(!log.iter().any(|entry| entry.action.starts_with("photo_pack.")), "nobody has any");
}
