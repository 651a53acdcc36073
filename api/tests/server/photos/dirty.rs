//! A deliberately dirty ZIP: each file is judged for itself, the whole report is told, and what is
//! somebody else's stays theirs.

use std::io::Cursor;
use std::time::Duration as Wait;

use api::audit::verify::verify;
use api::graphql::ids::{decode, encode};
use api::officers::{self, NewPhoto, photo};
use api::photos;
use api::platform::actor::Actor;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use calamine::{Reader, Xlsx};
use entities::enums::{ImportState, Role};
use entities::ids::{AgencyId, PersonId, PhotoBatchId};
use entities::{audit_entry, blob, person, photo_row};
use image::ImageFormat;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::zip::{Entry, crc32, zip};
use super::{enter, photo_of, picture, portrait, work};
use crate::harness::TestApp;
use crate::province::{PASSWORD, Province, id_number};

/// A PNG's beginning that promises 30 megapixels.
fn vast() -> Vec<u8> {
    let chunk = |content: &[u8]| {
        let length = u32::try_from(content.len() - 4).unwrap().to_be_bytes();
        [&length, content, &crc32(content).to_be_bytes()].concat()
    };
    let header = [b"IHDR".as_slice(), &6_000_u32.to_be_bytes(), &5_000_u32.to_be_bytes()].concat();
    let header = [header, vec![8, 2, 0, 0, 0]].concat();
    let body = chunk(b"IDAT\x78\x9c\x03\0\0\0\0\x01");
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(&header), body, chunk(b"IEND")].concat()
}

/// Number, name, code, and of whom with which cut.
type Expected = (i32, String, &'static str, Option<&'static str>, bool, Value);

/// A file of the ZIP: its entry and name, and what is told of it: code, person, whether there was a
/// photo, what is cut.
type File = (Entry, String, &'static str, Option<&'static str>, bool, Value);

/// Everybody, and the files that are sent about them with what becomes of each.
struct Dirty {
    app: TestApp,
    hr: Actor,
    token: String,
    other: Actor,
    other_token: String,
    here: AgencyId,
    there: AgencyId,
    zip: Vec<u8>,
    expected: Vec<Expected>,
}

/// Nobody's, or a person's whose picture was not cut.
const NONE: Value = Value::Null;

impl Dirty {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        let (here, there) = (province.county_market, province.other_county_market);
        let token = async |login: &str| {
            let tokens = app.web.auth.sign_in(&app.platform, login, PASSWORD.into()).await;
            tokens.unwrap().access_token
        };
        let hr = province.sign_in(&app, "hr-here", Role::AgencyHr, here).await;
        let other = province.sign_in(&app, "hr-there", Role::AgencyHr, there).await;
        let (token, other_token) = (token("hr-here").await, token("hr-there").await);
        let with_x = (400..999).find(|n| id_number(*n).ends_with('X')).unwrap();
        for (n, name, file) in [
            (1, "张一", None),
            (with_x, "李二", None),
            (3, "王三", Some("wangsan.jpg")),
            (4, "赵四", Some("赵四.jpg")),
            (5, "钱五", Some("same.jpg")),
            (6, "孙六", Some("same.jpg")),
            (7, "周七", None),
            (8, "吴八", None),
            (9, "郑九", None),
            (11, "冯十一", None),
            (12, "陈十二", None),
            (13, "褚十三", None),
            (14, "卫十四", None),
            (15, "蒋十五", None),
        ] {
            enter(&app, n, name, here, file).await;
        }
        enter(&app, 10, "沈十", there, Some("elsewhere.jpg")).await;
        for (name, n) in [("周七", 7), ("王三", 33)] {
            let person = named(&app, name).await;
            let made = photo::process(&portrait(n), None).unwrap();
            let new = NewPhoto { person, jpeg: made.jpeg, sha256: made.sha256 };
            officers::attach_photo(&app.platform, &Actor::System, new).await.unwrap();
        }
        let (zip, expected) = files(with_x);
        Self { app, hr, token, other, other_token, here, there, zip, expected }
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Vec<u8>,
    ) -> (StatusCode, Vec<u8>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body))
            .unwrap();
        let response = self.app.http(request).await;
        let status = response.status();
        (status, to_bytes(response.into_body(), 16 << 20).await.unwrap().to_vec())
    }

    async fn ask(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        let answer = self.app.graphql(Some(actor), query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// Sends the ZIP and waits until its files were looked at.
    async fn staged(&self) -> PhotoBatchId {
        let path = "/photos?name=%E7%85%A7%E7%89%87.zip";
        let (status, body) = self.send("POST", path, &self.token, self.zip.clone()).await;
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, &body["files"]), (StatusCode::ACCEPTED, &json!(self.expected.len())));
        let id = decode::<PhotoBatchId>(body["id"].as_str().unwrap()).unwrap();
        let looked_at = async {
            loop {
                let batch = photos::batch(&self.app.platform, &self.hr, id).await.unwrap().unwrap();
                match batch.state {
                    ImportState::Staging => tokio::task::yield_now().await,
                    ImportState::Staged => return id,
                    state => panic!("{state:?}"),
                }
            }
        };
        tokio::time::timeout(Wait::from_mins(1), looked_at).await.expect("it is never staged")
    }

    /// The rows of the report, without its headings.
    async fn report(&self, id: PhotoBatchId) -> Vec<Vec<String>> {
        let path = format!("/photos/{}/report.xlsx", encode(id));
        let (status, workbook) = self.send("GET", &path, &self.token, vec![]).await;
        assert_eq!(status, StatusCode::OK);
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
        let sheet = workbook.worksheet_range("照片").unwrap();
        let mut rows = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect());
        let headings: Vec<String> = rows.next().unwrap();
        assert_eq!(
            headings,
            ["序号", "文件", "姓名", "所属机关", "结果", "代码", "说明", "Message"]
        );
        rows.collect()
    }
}

async fn named(app: &TestApp, name: &str) -> PersonId {
    let person = person::Entity::find().filter(person::Column::Name.eq(name));
    person.one(app.platform.db.read()).await.unwrap().unwrap().id
}

fn files(with_x: u32) -> (Vec<u8>, Vec<Expected>) {
    let id = |n: u32| id_number(n);
    let wide: String = id(with_x)
        .to_lowercase()
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
        .collect();
    let cut = |left: u32, top: u32, width: u32, height: u32| {
        json!({ "pictureWidth": 480, "pictureHeight": 640, "left": left, "top": top,
            "width": width, "height": height })
    };
    let usual = || cut(0, 24, 480, 591);
    let png = |n| picture(716, 441, n, ImageFormat::Png);
    let of_png = json!({ "pictureWidth": 716, "pictureHeight": 441, "left": 179, "top": 0,
        "width": 358, "height": 441 });
    let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
    let tiny = picture(100, 140, 1, ImageFormat::Jpeg);
    let half = portrait(12)[..2_000].to_vec();
    let jpg = |n: u32| format!("{}.jpg", id(n));
    let mut files: Vec<File> = Vec::new();
    let mut add = |name: &str, entry: Entry, code, person, had, cut| {
        files.push((entry, name.to_owned(), code, person, had, cut));
    };
    let mut plain = |name: &str, bytes, code, person, had, cut| {
        add(name, Entry::new(name, bytes), code, person, had, cut);
    };
    let (ready, unsafe_name, not) = ("PHOTO_READY", "PHOTO_NAME_UNSAFE", "PHOTO_NOT_MATCHED");
    plain(&format!("__MACOSX/._{}", jpg(1)), vec![0], "PHOTO_FILE_IGNORED", None, false, NONE);
    plain(&format!("单位/科室/{}", jpg(1)), portrait(1), ready, Some("张一"), false, usual());
    plain(&format!("李二_{wide}(1).png"), png(2), ready, Some("李二"), false, of_png);
    plain("wangsan.jpg", portrait(3), ready, Some("王三"), true, usual());
    plain("same.jpg", portrait(5), "PHOTO_AMBIGUOUS", None, false, NONE);
    plain(&jpg(7), portrait(7), "PHOTO_UNCHANGED", Some("周七"), true, usual());
    plain(&jpg(8), portrait(8), "PHOTO_PERSON_TWICE", None, false, NONE);
    plain(&format!("八 {}", jpg(8)), portrait(88), "PHOTO_PERSON_TWICE", None, false, NONE);
    let png_name = jpg(9).replace("jpg", "png");
    plain(&png_name, portrait(9), "PHOTO_FORMAT_MISMATCH", Some("郑九"), false, NONE);
    plain(&jpg(11), tiny, "PHOTO_TOO_SMALL", Some("冯十一"), false, NONE);
    plain(&jpg(12), half, "PHOTO_DAMAGED", Some("陈十二"), false, NONE);
    plain(&jpg(13), gif, "PHOTO_FORMAT_UNSUPPORTED", Some("褚十三"), false, NONE);
    plain(&format!("{}.png", id(14)), vast(), "PHOTO_TOO_MANY_PIXELS", Some("卫十四"), false, NONE);
    plain(&jpg(10), portrait(10), not, None, false, NONE);
    plain("elsewhere.jpg", portrait(10), not, None, false, NONE);
    plain(&jpg(99), portrait(10), not, None, false, NONE);
    plain("nobody.jpg", portrait(10), not, None, false, NONE);
    plain(&format!("../{}", jpg(15)), portrait(15), unsafe_name, None, false, NONE);
    plain(&format!("/srv/{}", jpg(15)), portrait(15), unsafe_name, None, false, NONE);
    plain(&format!("a\\{}", jpg(15)), portrait(15), unsafe_name, None, false, NONE);
    plain("more.zip", vec![0], "PHOTO_NESTED_ARCHIVE", None, false, NONE);
    let heavy = vec![0; 5_000_001];
    plain("heavy.jpg", heavy, "PHOTO_TOO_HEAVY", None, false, NONE);
    plain("单位/Thumbs.db", vec![0], "PHOTO_FILE_IGNORED", None, false, NONE);
    let gbk = Entry::in_gbk("赵四.JPG", portrait(4));
    add("赵四.JPG", gbk, ready, Some("赵四"), false, usual());
    let hidden = Entry::new(&jpg(15), portrait(15)).encrypted();
    add(&jpg(15), hidden, "PHOTO_ENCRYPTED", None, false, NONE);
    let name = format!("五 {}", jpg(5));
    let nested = Entry::new(&name, zip(&[Entry::new("1.jpg", portrait(5))]));
    add(&name, nested, "PHOTO_NESTED_ARCHIVE", Some("钱五"), false, NONE);
    let damaged = Entry::new(&jpg(6), portrait(6)).damaged();
    add(&jpg(6), damaged, "PHOTO_UNREADABLE", Some("孙六"), false, NONE);
    let lying = Entry::new(&jpg(15), portrait(15)).of_size(100);
    add(&jpg(15), lying, "PHOTO_UNREADABLE", Some("蒋十五"), false, NONE);
    let mut entries = vec![Entry::new("单位/", vec![])];
    let mut expected = Vec::new();
    for ((entry, name, code, person, had, cut), number) in files.into_iter().zip(1..) {
        entries.push(entry);
        expected.push((number, name, code, person, had, cut));
    }
    (zip(&entries), expected)
}

const BATCH: &str = "query($id: ID!) { photoBatch(id: $id) { fileName state files staged failed \
    ignored cursor attached unchanged refused summary { code count } rows(first: 100) { nodes { \
    number fileName state code message officer { name agency { name } } hadPhoto cut { \
    pictureWidth pictureHeight left top width height } } } } }";
const APPLY: &str = "mutation($id: ID!) { applyPhotos(id: $id) { photoBatch { state } \
    userErrors { code field message } } }";

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one ZIP, and all that is told of it on its way")]
async fn each_file_of_a_dirty_zip_is_judged_for_itself() {
    let dirty = Dirty::new().await;
    let (app, db) = (&dirty.app, dirty.app.platform.db.read());
    let blobs = async || blob::Entity::find().count(db).await.unwrap();
    assert_eq!(blobs().await, 2);
    let id = dirty.staged().await;
    let variables = json!({ "id": encode(id) });

    // What is told of each file.
    let agency = "兰州市城关区市场监督管理局";
    let staged = dirty.ask(&dirty.hr, BATCH, variables.clone()).await;
    let mut codes = std::collections::BTreeMap::<&str, i32>::new();
    let rows: Vec<Value> = dirty
        .expected
        .iter()
        .map(|(number, name, code, person, had, cut)| {
            *codes.entry(code).or_default() += 1;
            let outcome = photos::outcome::Outcome::from_code(code).unwrap();
            json!({
                "number": number,
                "fileName": name,
                "state": serde_json::to_value(outcome.state()).unwrap(),
                "code": code,
                "message": outcome.text(api::platform::texts::Locale::En),
                "officer": person.map(|name| json!({ "name": name, "agency": { "name": agency } })),
                "hadPhoto": had,
                "cut": cut,
            })
        })
        .collect();
    let summary: Vec<Value> =
        codes.iter().map(|(code, count)| json!({ "code": code, "count": count })).collect();
    let batch = &staged["photoBatch"];
    for (row, expected) in batch["rows"]["nodes"].as_array().unwrap().iter().zip(&rows) {
        assert_eq!(row, expected);
    }
    assert_eq!(
        batch,
        &json!({
            "fileName": "照片.zip", "state": "STAGED", "files": 28, "staged": 28, "failed": 21,
            "ignored": 2, "cursor": 0, "attached": 0, "unchanged": 1, "refused": 0,
            "summary": summary, "rows": { "nodes": rows },
        })
    );
    assert_eq!(blobs().await, 2, "staging changes nothing");

    // What would be cut, and only of what waits.
    for (number, _, code, ..) in &dirty.expected {
        let path = format!("/photos/{}/{number}/preview.jpg", encode(id));
        let (status, jpeg) = dirty.send("GET", &path, &dirty.token, vec![]).await;
        if *code == "PHOTO_READY" {
            assert_eq!(status, StatusCode::OK);
            let image = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap();
            assert_eq!((image.width(), image.height()), (358, 441));
        } else {
            assert_eq!((status, jpeg), (StatusCode::NOT_FOUND, vec![]), "{number}");
        }
    }

    // Names are sealed.
    let stored = photo_row::Entity::find().all(db).await.unwrap();
    let clear = |row: &photo_row::Model| row.sealed.windows(8).any(|w| w == b"99010119");
    assert!(!stored.iter().any(clear), "an ID number can be read");

    let applied = dirty.ask(&dirty.hr, APPLY, variables.clone()).await;
    let done = json!({ "photoBatch": { "state": "APPLYING" }, "userErrors": [] });
    assert_eq!(applied["applyPhotos"], done);
    let applied = work(app, id).await;
    assert_eq!(
        (applied.state, applied.attached, applied.unchanged, applied.refused, applied.failed),
        (ImportState::Applied, 4, 1, 0, 21)
    );
    for (name, n) in [("张一", 1), ("王三", 3), ("赵四", 4), ("周七", 7)] {
        let made = photo::process(&portrait(n), None).unwrap();
        let expected = Some(made.sha256.to_vec());
        assert_eq!(photo_of(app, named(app, name).await).await, expected, "{name}");
    }
    let without = person::Entity::find().filter(person::Column::PhotoSha256.is_null());
    let names: Vec<String> = without.all(db).await.unwrap().into_iter().map(|p| p.name).collect();
    assert!(names.contains(&"沈十".to_owned()) && names.contains(&"蒋十五".to_owned()));
    assert_eq!(blobs().await, 6);
    let kept = photo_row::Entity::find().filter(photo_row::Column::Photo.is_not_null());
    assert_eq!(kept.count(db).await.unwrap(), 0, "a photo stands in one place");

    // The whole report.
    let expected: Vec<Vec<String>> = dirty
        .expected
        .iter()
        .map(|(number, name, code, person, ..)| {
            let code = if *code == "PHOTO_READY" { "PHOTO_ATTACHED" } else { code };
            let word = match code {
                "PHOTO_ATTACHED" => "已采用",
                "PHOTO_UNCHANGED" => "未变动",
                "PHOTO_FILE_IGNORED" => "已忽略",
                _ => "未采用",
            };
            let outcome = photos::outcome::Outcome::from_code(code).unwrap();
            let [zh_cn, en] = api::platform::texts::Locale::ALL.map(|locale| outcome.text(locale));
            let agency = if person.is_some() { agency } else { "" };
            vec![
                number.to_string(),
                name.clone(),
                person.unwrap_or_default().to_owned(),
                agency.to_owned(),
                word.to_owned(),
                code.to_owned(),
                zh_cn,
                en,
            ]
        })
        .collect();
    assert_eq!(dirty.report(id).await, expected);

    // The same ZIP again changes nothing, and an applied one is not applied again.
    let again = dirty.ask(&dirty.hr, APPLY, variables).await;
    assert_eq!(again["applyPhotos"]["userErrors"][0]["code"], "PHOTO_BATCH_NOT_STAGED");
    let second = super::stage(app, &dirty.hr, &dirty.zip).await;
    assert_eq!((second.failed, second.unchanged, second.ignored), (21, 5, 2));

    // What the log says: ids and codes, and its chains hold.
    let log = audit_entry::Entity::find()
        .filter(audit_entry::Column::Action.like("photos.%"))
        .all(db)
        .await
        .unwrap();
    let mut said: Vec<(&str, &str)> =
        log.iter().map(|e| (e.action.as_str(), e.subject.as_str())).collect();
    said.sort_unstable();
    let (first, second) = (encode(id), encode(second.id));
    let mut expected = [
        ("photos.apply", first.as_str()),
        ("photos.report", first.as_str()),
        ("photos.stage", first.as_str()),
        ("photos.stage", second.as_str()),
    ];
    expected.sort_unstable();
    assert_eq!(said, expected);
    assert!(log.iter().all(|e| !e.body.contains("990101") && !e.body.contains("jpg")));
    let verified = verify(db, None).await.unwrap();
    assert_eq!(verified.findings, []);
}

#[tokio::test]
async fn nothing_is_told_or_taken_beyond_ones_part_of_the_tree() {
    let dirty = Dirty::new().await;
    let app = &dirty.app;
    let id = dirty.staged().await;
    let variables = json!({ "id": encode(id) });

    // The batch of another account does not exist.
    let seen = dirty.ask(&dirty.other, BATCH, variables.clone()).await;
    assert_eq!(seen, json!({ "photoBatch": null }));
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(dirty.ask(&dirty.other, node, variables.clone()).await, json!({ "node": null }));
    let own = dirty.ask(&dirty.hr, node, variables.clone()).await;
    assert_eq!(own, json!({ "node": { "id": encode(id) } }));
    let list = "{ photoBatches { nodes { id } } }";
    let seen = dirty.ask(&dirty.other, list, json!({})).await;
    assert_eq!(seen, json!({ "photoBatches": { "nodes": [] } }));
    let seen = dirty.ask(&dirty.hr, list, json!({})).await;
    assert_eq!(seen, json!({ "photoBatches": { "nodes": [{ "id": encode(id) }] } }));
    let refused = dirty.ask(&dirty.other, APPLY, variables.clone()).await;
    assert_eq!(refused["applyPhotos"]["userErrors"][0]["code"], "PHOTO_BATCH_NOT_FOUND");
    for path in ["2/preview.jpg", "report.xlsx"] {
        let path = format!("/photos/{}/{path}", encode(id));
        let (status, _) = dirty.send("GET", &path, &dirty.other_token, vec![]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }

    // Who went elsewhere meanwhile is nobody any more.
    let gone = named(app, "张一").await;
    person::Entity::update_many()
        .col_expr(person::Column::AgencyId, Expr::value(dirty.there))
        .filter(person::Column::Id.eq(gone))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    let path = format!("/photos/{}/2/preview.jpg", encode(id));
    let (status, _) = dirty.send("GET", &path, &dirty.token, vec![]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    dirty.ask(&dirty.hr, APPLY, variables.clone()).await;
    let applied = work(app, id).await;
    assert_eq!((applied.attached, applied.refused), (3, 1));
    assert_eq!(photo_of(app, gone).await, None);
    let seen = dirty.ask(&dirty.hr, BATCH, variables).await;
    let row = &seen["photoBatch"]["rows"]["nodes"][1];
    assert_eq!((&row["code"], &row["officer"]), (&json!("PHOTO_NOT_MATCHED"), &NONE));
    let report = dirty.report(id).await;
    assert_eq!(report[1][2..6], ["", "", "未采用", "PHOTO_NOT_MATCHED"]);

    // To the agency whose person it is, the same file means somebody.
    let entry = Entry::new("elsewhere.jpg", portrait(10));
    let theirs = super::stage(app, &dirty.other, &zip(&[entry])).await;
    assert_eq!((theirs.files, theirs.failed), (1, 0));
    let _ = dirty.here;
}
