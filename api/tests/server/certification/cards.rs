//! Which certificates cards are printed of, and what is in the files of a batch.

use std::io::{Cursor, Read};

use calamine::{Reader, Xlsx};
use entities::enums::{ApplicationAct as Act, CertificateAct as A, Role, ScopeAxis};
use entities::ids::CertificateId;
use entities::{audit_entry, blob, printed_code, public_card};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use super::world::*;
use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::credentials::printing::{self, Batch, CardRefusal, Choice, Form, Press};
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::platform::failure::{Failure, Refusal};

const PREFIX: &str = "https://lz.gansu.gov.cn/v/";

fn press() -> Press {
    Press::new(None, PREFIX.to_owned())
}

async fn prepare(
    world: &World,
    actor: &Actor,
    choice: Choice,
    form: Form,
) -> Result<Batch, Vec<CardRefusal>> {
    match printing::prepare(&world.platform, actor, &press(), &choice, form).await {
        Ok(batch) => Ok(batch),
        Err(Failure::Refused(refusals)) => Err(refusals),
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

fn these(ids: &[CertificateId]) -> Choice {
    Choice::These(ids.to_vec())
}

/// The codes of the refusals of one card; none where it is printed.
async fn codes(world: &World, id: CertificateId) -> Vec<&'static str> {
    let prepared = prepare(world, &world.hr, these(&[id]), Form::Card).await;
    prepared.err().unwrap_or_default().iter().map(Refusal::code).collect()
}

/// How often cards were recorded as drawn: form and certificate, oldest first.
async fn drawn(world: &World) -> Vec<(String, String)> {
    let rows = audit_entry::Entity::find()
        .filter(audit_entry::Column::Action.eq("card.draw"))
        .order_by_asc(audit_entry::Column::Id)
        .all(world.platform.db.read())
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.body, row.subject)).collect()
}

#[tokio::test]
async fn a_card_is_drawn_of_what_is_in_force_and_recorded() {
    let world = World::new().await;
    let person = world.qualified("王伟").await;
    let id = world.issued(person, Act::Initial).await;
    assert_eq!(codes(&world, id).await, [""; 0], "before its handover");
    hand_over(&world.platform, &world.hr, &[id]).await.unwrap();
    prepare(&world, &world.issuer, these(&[id, id]), Form::Works).await.unwrap();
    assert_eq!(
        drawn(&world).await,
        [(r#"{"form":"CARD"}"#.into(), encode(id)), (r#"{"form":"WORKS"}"#.into(), encode(id))]
    );
}

#[tokio::test]
async fn of_what_ended_or_is_suspended_no_card_is_drawn() {
    let world = World::new().await;
    let p = &world.platform;
    let because = |ground| Particulars { ground: Some(ground), ..Particulars::default() };
    for (name, actor, act, ground, code) in [
        (
            "王伟",
            &world.supervisor,
            A::Suspend,
            Ground::RefusingSupervision,
            "CERTIFICATE_SUSPENDED",
        ),
        ("王芳", &world.issuer, A::Revoke, Ground::Lending, "CERTIFICATE_ENDED"),
        ("李娜", &world.issuer, A::Cancel, Ground::Retirement, "CERTIFICATE_ENDED"),
        ("张敏", &world.hr, A::ReportLoss, Ground::Loss, "CERTIFICATE_ENDED"),
    ] {
        let (_, id) = world.active(name).await;
        act_on(p, actor, id, act, &because(ground)).await.unwrap();
        assert_eq!(codes(&world, id).await, [code], "{act:?}");
    }
    let (_, id) = world.active("刘洋").await;
    world.advance(366 * 5);
    assert_eq!(codes(&world, id).await, ["CERTIFICATE_ENDED"], "expired");
    assert_eq!(drawn(&world).await, [], "a refusal is not recorded as drawn");
}

#[tokio::test]
async fn what_cannot_be_printed_is_told_of_each_card_at_once() {
    let world = World::new().await;
    let db = world.platform.db.writer();
    let mut ids = Vec::new();
    for name in ["王伟", "王芳", "王\u{e000}", "张敏"] {
        ids.push(world.active(name).await.1);
    }
    let mut card = world.card(ids[0]).await.into_active_model();
    card.photo_sha256 = Set(None);
    card.update(db).await.unwrap();
    let of_second = printed_code::Column::CertificateId.eq(ids[1]);
    printed_code::Entity::delete_many().filter(of_second).exec(db).await.unwrap();
    let refusals = prepare(&world, &world.hr, these(&ids), Form::Sheets).await.err().unwrap();
    let told: Vec<_> = refusals.iter().map(|r| (r.code(), r.field(), r.args())).collect();
    let number = |n: u8| vec![("number", format!("6200000000{n}"))];
    assert_eq!(
        told,
        [
            ("PHOTO_MISSING", Some("ids"), number(1)),
            ("CODE_MISSING", Some("ids"), number(2)),
            ("GLYPH_MISSING", Some("ids"), number(3)),
        ]
    );
    // Nothing of a refused batch is drawn, not even what could be.
    assert_eq!(drawn(&world).await, []);

    let nowhere = Press::new(Some("/nowhere/font.ttf".into()), PREFIX.to_owned());
    let choice = these(&ids[3..]);
    let prepared = printing::prepare(&world.platform, &world.hr, &nowhere, &choice, Form::Card);
    let Err(Failure::Refused(refusals)) = prepared.await else { panic!("drawn without a font") };
    assert_eq!(refusals[0].code(), "FONT_MISSING");
    assert!(refusals[0].message(api::platform::texts::Locale::En).contains("/nowhere/font.ttf"));

    let long = "https://a-host-that-is-by-far-too-long-for-any-code-to-hold-it-beside-even-the-shortest-of-all-credentials.example.gov.cn/v/";
    let long = Press::new(None, long.to_owned());
    let prepared = printing::prepare(&world.platform, &world.hr, &long, &choice, Form::Card);
    let Err(Failure::Refused(refusals)) = prepared.await else { panic!("drawn above 10-M") };
    assert_eq!(refusals[0].code(), "QR_TOO_LONG");

    // The works draws the words itself.
    prepare(&world, &world.hr, these(&ids[2..3]), Form::Works).await.unwrap();
    assert_eq!(drawn(&world).await, [(r#"{"form":"WORKS"}"#.into(), encode(ids[2]))]);
}

#[tokio::test]
async fn outside_the_scope_there_is_nothing_to_print() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    let foreign = world.staff(Role::Issuer, world.elsewhere, ScopeAxis::Territory).await;
    let refusals = prepare(&world, &foreign, these(&[id]), Form::Card).await.err().unwrap();
    assert_eq!(refusals, [CardRefusal::NotFound { id: encode(id) }]);
    let since = Choice::Issued { agency: None, since: day("2026-01-01") };
    let refusals = prepare(&world, &foreign, since.clone(), Form::Works).await.err().unwrap();
    assert_eq!(refusals, [CardRefusal::NothingSelected]);
    let refusals = prepare(&world, &world.hr, these(&[]), Form::Sheets).await.err().unwrap();
    assert_eq!(refusals, [CardRefusal::NothingSelected]);
    // More than a file holds is refused before anything is looked up.
    for (form, most) in [(Form::Sheets, 200), (Form::SheetsInParts, 2_000), (Form::Works, 2_000)] {
        let many: Vec<CertificateId> = (0..=most).map(|_| world.platform.new_id()).collect();
        let refusals = prepare(&world, &world.hr, these(&many), form).await.err().unwrap();
        assert_eq!(refusals, [CardRefusal::TooMany { most }]);
    }
    world.active("王芳").await;
    let refusals = prepare(&world, &world.hr, since, Form::Card).await.err().unwrap();
    assert_eq!(refusals, [CardRefusal::TooMany { most: 1 }]);
}

/// The files of an archive.
fn files(archive: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let read = |name: String| {
        let mut content = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut content).unwrap();
        (name, content)
    };
    names.into_iter().map(read).collect()
}

#[tokio::test]
async fn those_issued_since_a_day_are_written_for_the_works() {
    let world = World::new().await;
    let db = world.platform.db.writer();
    let jpeg = {
        let picture = image::RgbImage::from_pixel(358, 441, image::Rgb([90, 90, 90]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
        bytes.into_inner()
    };
    let row = blob::Entity::find_by_id(vec![1; 32]).one(db).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    row.bytes = Set(jpeg.clone());
    row.update(db).await.unwrap();

    let (_, before) = world.active("王伟").await;
    world.advance(10);
    let (_, first) = world.active("王芳").await;
    let (_, second) = world.active("李娜").await;
    let (_, ended) = world.active("张敏").await;
    let retired = Particulars { ground: Some(Ground::Retirement), ..Particulars::default() };
    act_on(&world.platform, &world.issuer, ended, A::Cancel, &retired).await.unwrap();
    let since = |agency| Choice::Issued { agency, since: day("2026-03-12") };
    let none = prepare(&world, &world.issuer, since(Some(world.justice)), Form::Works).await;
    assert_eq!(none.err().unwrap(), [CardRefusal::NothingSelected]);
    let batch = prepare(&world, &world.hr, since(Some(world.bureau)), Form::Works).await.unwrap();
    let subjects: Vec<String> = drawn(&world).await.into_iter().map(|(_, id)| id).collect();
    assert_eq!(subjects, [encode(first), encode(second)], "and not {before:?}");

    let platform = world.platform.clone();
    let written = tokio::task::spawn_blocking(move || {
        let mut out = Vec::new();
        batch.works(&platform, &mut out).unwrap();
        let mut sheets = Vec::new();
        batch.sheets_in_parts(&platform, &mut sheets).unwrap();
        (out, sheets)
    });
    let (works, sheets) = written.await.unwrap();
    let works = files(works);
    let names: Vec<&str> = works.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "cards.xlsx",
            "photos/0001-62000000002.jpg",
            "codes/0001-62000000002.png",
            "photos/0002-62000000003.jpg",
            "codes/0002-62000000003.png",
        ]
    );
    assert!(works[1].1 == jpeg, "the photo as it is kept");
    let code = image::load_from_memory(&works[2].1).unwrap().into_luma8();
    let mut code = rqrr::PreparedImage::prepare(code);
    let read = code.detect_grids()[0].decode().unwrap().1;

    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(works[0].1.clone())).unwrap();
    let sheet = workbook.worksheet_range("证件").unwrap();
    let rows: Vec<Vec<String>> =
        sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[0],
        [
            "序号",
            "证件编号",
            "姓名",
            "单位",
            "证件名称",
            "执法领域",
            "执法区域",
            "发证机关",
            "有效期自",
            "有效期至",
            "官方网址",
            "照片文件",
            "二维码文件",
            "二维码内容",
        ]
    );
    assert_eq!(
        rows[1],
        [
            "1",
            "62000000002",
            "王芳",
            "永登县交通运输局",
            "行政执法证",
            "交通运输",
            "永登县",
            "永登县司法局",
            "2026-03-12",
            "2031-03-11",
            "lz.gansu.gov.cn",
            "photos/0001-62000000002.jpg",
            "codes/0001-62000000002.png",
            &read,
        ]
    );
    assert!(read.starts_with(PREFIX) && read.len() > 300, "{read}");

    let sheets = files(sheets);
    let (name, document) = &sheets[0];
    assert_eq!((sheets.len(), name.as_str(), &document[..5]), (1, "sheets-01.pdf", &b"%PDF-"[..]));
    assert_eq!(world.count::<public_card::Entity>().await, 4);
}
