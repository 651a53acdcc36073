//! A bad ZIP is refused whole with its code, and changes nothing.

use std::io::{Cursor, Write};

use api::photos::{self, PhotosRefusal, Received};
use api::platform::failure::{Failure, Refusal};
use api::platform::texts::Locale;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use entities::enums::Role;
use entities::photo_batch;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::portrait;
use super::zip::{Entry, repeated, zip};
use crate::harness::TestApp;
use crate::province::{PASSWORD, Province, id_number};

/// Photos of nothing, which pack well.
fn blown_up() -> Vec<u8> {
    let mut zip = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..9 {
        let options = ::zip::write::SimpleFileOptions::default();
        zip.start_file(format!("{n}.jpg"), options).unwrap();
        zip.write_all(&vec![0; 4_900_000]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn post(app: &TestApp, token: &str, bytes: Vec<u8>) -> (StatusCode, Value) {
    let request = Request::post("/photos?name=p.zip")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::ACCEPT_LANGUAGE, "en")
        .body(Body::from(bytes))
        .unwrap();
    let response = app.http(request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn refusal(refusal: &PhotosRefusal) -> Value {
    let message = refusal.message(Locale::En);
    json!({ "userErrors": [{ "code": refusal.code(), "field": "file", "message": message }] })
}

#[tokio::test]
async fn a_bad_zip_is_refused_with_its_code_and_leaves_nothing() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "hr-here", Role::AgencyHr, province.county_market).await;
    let tokens = app.web.auth.sign_in(&app.platform, "hr-here", PASSWORD.into()).await.unwrap();
    let files = || std::fs::read_dir(&app.config.data_dir).unwrap().count();
    let before = files();

    let photo = || Entry::new(&format!("{}.jpg", id_number(1)), portrait(1));
    let whole = zip(&[photo()]);
    let cut = whole[..whole.len() - 30].to_vec();
    let mut garbled = whole.clone();
    let list = whole.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    garbled[list] = b'?';
    let many: Vec<Entry> = (0..=50_000).map(|n| Entry::new(&n.to_string(), vec![])).collect();
    for (what, bytes, expected) in [
        ("nothing", vec![], PhotosRefusal::NotAZip),
        ("a photo", portrait(1), PhotosRefusal::NotAZip),
        ("a RAR", b"Rar!\x1a\x07\x01\x00".to_vec(), PhotosRefusal::NotAZip),
        ("its end is missing", cut, PhotosRefusal::Damaged),
        ("its list is garbled", garbled, PhotosRefusal::Damaged),
        ("no files", zip(&[]), PhotosRefusal::Empty),
        ("a folder", zip(&[Entry::new("单位/", vec![])]), PhotosRefusal::Empty),
        ("of a system", zip(&[Entry::new("__MACOSX/._1.jpg", vec![0])]), PhotosRefusal::Empty),
        (
            "a password",
            zip(&[photo().encrypted(), Entry::new("Thumbs.db", vec![0])]),
            PhotosRefusal::Encrypted,
        ),
        ("blown up", blown_up(), PhotosRefusal::Bomb),
        ("one file many times", repeated(&photo(), 2), PhotosRefusal::Bomb),
        ("files of any size", zip(&vec![photo().of_size(u32::MAX - 1); 3]), PhotosRefusal::Bomb),
        ("too many files", zip(&many), PhotosRefusal::TooManyFiles { limit: 50_000 }),
    ] {
        let answer = post(&app, &tokens.access_token, bytes).await;
        assert_eq!(answer, (StatusCode::UNPROCESSABLE_ENTITY, refusal(&expected)), "{what}");
    }

    let large = tempfile::tempfile().unwrap();
    large.set_len((1 << 30) + 1).unwrap();
    let system = api::platform::actor::Actor::System;
    let sent = Received { file: large, sha256: [0; 32] };
    let answer = photos::open(&app.platform, &system, "p.zip", sent).await;
    let Err(Failure::Refused(refused)) = answer else { panic!("it was taken") };
    assert_eq!(refused, PhotosRefusal::TooLarge { limit: "1 GiB".into() });

    let batches = photo_batch::Entity::find().all(app.platform.db.read()).await.unwrap();
    assert_eq!((batches, files()), (vec![], before));
}
