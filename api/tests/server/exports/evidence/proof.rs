//! That each entry of an evidence file is proved by the signed checkpoint, that a changed byte is
//! found, and how far the proofs reach.

use api::exports::evidence::Bounds;
use api::graphql::ids::encode;
use entities::audit_entry;
use entities::enums::ExportFormat;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{digest, key, parsed, suspended, take, take_within, text, verify};
use crate::certification::world::World;

#[tokio::test]
async fn a_changed_byte_is_found_wherever_it_stands() {
    let world = World::new().await;
    let (person, _) = suspended(&world).await;
    let bytes = take(&world, &world.reviewer, person, ExportFormat::Json, None).await.unwrap();
    let (file, key) = (parsed(&bytes), key(&world));
    assert!(verify(&file, &key).is_ok());
    let flip = |value: &mut Value| {
        let text = text(value).to_owned();
        let first = if text.starts_with('0') { "1" } else { "0" };
        *value = json!(format!("{first}{}", &text[1..]));
    };
    for (path, found) in [
        ("/log/3/at", "entry"),
        ("/log/3/actor", "entry"),
        ("/log/3/action", "entry"),
        ("/log/3/subject", "entry"),
        ("/log/3/body", "entry"),
        ("/log/3/hash", "entry"),
        ("/log/3/id", "entry"),
        ("/proof/runs/0/before", "entry"),
        ("/proof/runs/0/contents/0", "entry"),
        ("/proof/runs/0/contents/4", "entry"),
        ("/proof/checkpoint/body", "checkpoint"),
        ("/proof/checkpoint/at", "checkpoint"),
        ("/proof/checkpoint/prevHash", "checkpoint"),
        ("/proof/checkpoint/hash", "checkpoint"),
        ("/proof/checkpoint/signature", "signature"),
    ] {
        let mut changed = file.clone();
        flip(changed.pointer_mut(path).unwrap());
        let wrong = verify(&changed, &key).unwrap_err();
        assert!(wrong.starts_with(found), "{path}: {wrong}");
    }
    let mut cut = file.clone();
    cut["proof"]["runs"][0]["contents"].as_array_mut().unwrap().pop();
    assert_eq!(verify(&cut, &key), Err("head".into()));
    // A forged copy does not hide behind the genuine entry, wherever it stands.
    for place in [0, 3, 4, 9] {
        let mut doubled = file.clone();
        let mut copy = file["log"][3].clone();
        copy["body"] = json!(r#"{"forged":true}"#);
        doubled["log"].as_array_mut().unwrap().insert(place, copy);
        assert_eq!(verify(&doubled, &key), Err("twice".into()), "{place}");
    }
    // A run that is told twice proves nothing twice.
    let mut doubled = file.clone();
    let run = file["proof"]["runs"][0].clone();
    doubled["proof"]["runs"].as_array_mut().unwrap().push(run);
    assert_eq!(verify(&doubled, &key), verify(&file, &key));
    // Another key proves nothing.
    let other = ed25519_dalek::SigningKey::from_bytes(&[3; 32]).verifying_key();
    assert_eq!(verify(&file, &other), Err("signature".into()));
}

#[tokio::test]
async fn a_row_changed_in_the_database_is_no_longer_proved() {
    let world = World::new().await;
    let (person, certificate) = suspended(&world).await;
    take(&world, &world.reviewer, person, ExportFormat::Json, None).await.unwrap();
    audit_entry::Entity::update_many()
        .col_expr(audit_entry::Column::Body, Expr::value(r#"{"forged":true}"#))
        .filter(audit_entry::Column::Action.eq("certificate.suspend"))
        .filter(audit_entry::Column::Subject.eq(encode(certificate)))
        .exec(world.platform.db.writer())
        .await
        .unwrap();
    let file = take(&world, &world.reviewer, person, ExportFormat::Json, None).await.unwrap();
    assert!(verify(&parsed(&file), &key(&world)).unwrap_err().starts_with("entry"));
}

#[tokio::test]
async fn entries_of_the_first_form_stand_without_a_proof() {
    let world = World::new().await;
    let (person, _) = suspended(&world).await;
    // The chain as the first form wrote it up to its twelfth entry, and as it goes on since.
    let stream = world.bureau.0.to_string();
    let db = world.platform.db.writer();
    let rows = audit_entry::Entity::find()
        .filter(audit_entry::Column::Stream.eq(&stream))
        .order_by_asc(audit_entry::Column::Seq);
    let mut prev = vec![0; 32];
    let mut old = 0;
    for mut row in rows.all(db).await.unwrap() {
        row.prev_hash = prev;
        row.hash = if row.seq <= 12 {
            old += 1;
            first_form(&row)
        } else {
            api::audit::chain::entry_hash(&row).to_vec()
        };
        prev = row.hash.clone();
        audit_entry::Entity::update_many()
            .col_expr(audit_entry::Column::PrevHash, Expr::value(row.prev_hash))
            .col_expr(audit_entry::Column::Hash, Expr::value(row.hash))
            .filter(audit_entry::Column::Stream.eq(&stream))
            .filter(audit_entry::Column::Seq.eq(row.seq))
            .exec(db)
            .await
            .unwrap();
    }
    assert_eq!(old, 12);
    entities::audit_stream::Entity::update_many()
        .col_expr(entities::audit_stream::Column::Head, Expr::value(prev))
        .filter(entities::audit_stream::Column::Id.eq(&stream))
        .exec(db)
        .await
        .unwrap();
    let found = api::audit::verify::verify(world.platform.db.read(), None).await.unwrap();
    assert_eq!(found.findings, [], "both forms hold");
    let file =
        parsed(&take(&world, &world.reviewer, person, ExportFormat::Json, None).await.unwrap());
    let log = file["log"].as_array().unwrap();
    let before = log.iter().filter(|e| e["seq"].as_i64().unwrap() <= 12).count();
    assert!(before > 0 && before < log.len(), "{before}");
    assert_eq!(file["proof"]["runs"][0]["from"], 13);
    assert_eq!(verify(&file, &key(&world)), Ok(log.len() - before));
}

/// The hash of an entry as the first form had it.
fn first_form(row: &audit_entry::Model) -> Vec<u8> {
    digest(&[
        b"liangzheng/audit-entry/1",
        row.stream.as_bytes(),
        &row.seq.to_be_bytes(),
        row.id.0.as_bytes(),
        api::audit::chain::time_text(row.at).as_bytes(),
        row.actor.as_bytes(),
        row.action.as_bytes(),
        row.subject.as_bytes(),
        row.body.as_bytes(),
        &row.prev_hash,
    ])
}

#[tokio::test]
async fn a_file_has_the_newest_entries_and_proves_those_that_its_links_reach() {
    let world = World::new().await;
    let (person, certificate) = suspended(&world).await;
    let file = async |bounds| {
        let json = (ExportFormat::Json, None);
        parsed(&take_within(&world, &world.reviewer, person, json, bounds).await.unwrap())
    };
    let usual = Bounds::default();
    assert_eq!((usual.entries, usual.links), (5_000, 50_000));
    let newest = file(Bounds { entries: 3, ..usual }).await;
    let log = newest["log"].as_array().unwrap();
    let actions: Vec<&str> = log.iter().map(|e| text(&e["action"])).collect();
    assert_eq!(actions, ["standing.enter", "certificate.suspend", "person.reveal"]);
    assert_eq!(verify(&newest, &key(&world)), Ok(3));
    // From the suspension on there are so many links to the head of the chain.
    let suspended = log.iter().find(|e| e["subject"] == encode(certificate)).unwrap();
    let run = &newest["proof"]["runs"][0];
    let ahead = suspended["seq"].as_i64().unwrap() - run["from"].as_i64().unwrap();
    let links = i64::try_from(run["contents"].as_array().unwrap().len()).unwrap() - ahead;
    for (links, proven) in [(links + 1, 3), (links, 2), (links - 1, 1)] {
        let file = file(Bounds { links, ..usual }).await;
        assert_eq!(file["log"].as_array().unwrap().len(), 9, "what is older stands in it");
        let contents = file["proof"]["runs"][0]["contents"].as_array().unwrap();
        assert_eq!(i64::try_from(contents.len()).unwrap(), links);
        assert_eq!(verify(&file, &key(&world)), Ok(proven), "{links}");
    }
}
