//! Rosters as CSV, and imports as they are staged, applied and looked at.

use api::imports::{self, ImportRefusal};
use api::officers::rules::id_check_character;
use api::organisations::rules::uscc_check_character;
use api::platform::actor::Actor;
use api::platform::failure::{Failure, Refusal};
use api::platform::jobs;
use entities::enums::{ImportMode, ImportState};
use entities::ids::ImportBatchId;
use entities::{import_batch, import_row, person};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::harness::TestApp;

/// Headings and the cells of an applicant of the county's market bureau without a fault.
const CELLS: [(&str, &str); 17] = [
    ("姓名", "张三"),
    ("身份证号", ""),
    ("性别", "男"),
    ("所属机关全称", "兰州市城关区市场监督管理局"),
    ("统一社会信用代码", ""),
    ("人员类别", "执法人员"),
    ("编制类型", "行政"),
    ("在岗状态", "在岗"),
    ("职务、职级", ""),
    ("执法领域", "市场监管"),
    ("公共法律考试成绩", "85.5"),
    ("公共法律考试日期", "2026-01-10"),
    ("专业法律考试成绩", "90"),
    ("专业法律考试日期", "2026-01-11"),
    ("本年培训学时", "60"),
    ("不得申领情形", "无"),
    ("照片文件名", "1.jpg"),
];

/// The ID number of a man in a region nobody has.
pub fn id_number(n: u32) -> String {
    let (day, rest) = (n % 28 + 1, n / 28);
    let (month, rest) = (rest % 12 + 1, rest / 12);
    let body = format!("9901011990{month:02}{day:02}{:03}", rest * 2 + 1);
    format!("{body}{}", id_check_character(&body).unwrap())
}

/// A row: the person's number, and what differs from the usual.
pub type Row<'a> = (u32, &'a [(&'a str, &'a str)]);

/// A roster of these rows.
pub fn roster(rows: &[Row<'_>]) -> Vec<u8> {
    let uscc = "11620102MB0000004";
    let uscc = format!("{uscc}{}", uscc_check_character(uscc).unwrap());
    let mut text: String = CELLS.map(|(heading, _)| heading).join(",") + "\r\n";
    for (n, differs) in rows {
        let cells = CELLS.map(|(heading, usual)| match heading {
            _ if differs.iter().any(|(h, _)| *h == heading) => {
                differs.iter().find(|(h, _)| *h == heading).unwrap().1.to_owned()
            }
            "身份证号" => id_number(*n),
            "统一社会信用代码" => uscc.clone(),
            _ => usual.to_owned(),
        });
        text.push_str(&(cells.join(",") + "\r\n"));
    }
    text.into_bytes()
}

/// A roster of so many people.
pub fn many(people: u32) -> Vec<u8> {
    roster(&(0..people).map(|n| (n, &[][..])).collect::<Vec<_>>())
}

pub async fn stage(app: &TestApp, actor: &Actor, file: Vec<u8>) -> import_batch::Model {
    let mode = ImportMode::AtomicRow;
    imports::stage(&app.platform, actor, "roster.csv", file, mode, &|_, _| {}).await.unwrap()
}

/// Applies a staged import to its end.
pub async fn apply(app: &TestApp, actor: &Actor, id: ImportBatchId) -> import_batch::Model {
    let begun = imports::begin(&app.platform, actor, id, true).await.unwrap();
    work(app, &begun).await;
    batch(app, id).await.unwrap()
}

/// Works the job of an import that nobody else works.
pub async fn work(app: &TestApp, batch: &import_batch::Model) {
    let job = jobs::claim(&app.platform, &[imports::JOB], batch.job_id).await.unwrap().unwrap();
    imports::work(&app.platform, job, &|_, _| {}).await.unwrap();
}

pub async fn batch(app: &TestApp, id: ImportBatchId) -> Option<import_batch::Model> {
    import_batch::Entity::find_by_id(id).one(app.platform.db.read()).await.unwrap()
}

/// Every import there is, with the number of its rows.
pub async fn batches(app: &TestApp) -> Vec<(ImportState, u64)> {
    let db = app.platform.db.read();
    let mut found = Vec::new();
    for batch in import_batch::Entity::find().all(db).await.unwrap() {
        let rows = import_row::Entity::find().filter(import_row::Column::BatchId.eq(batch.id));
        found.push((batch.state, rows.count(db).await.unwrap()));
    }
    // In no order of time: two may be made at one moment. The furthest first.
    found.sort_by(|a, b| b.cmp(a));
    found
}

/// The tallies of an import: rows, with errors, created, updated, unchanged, refused.
pub fn tallies(b: &import_batch::Model) -> [i32; 6] {
    [b.total, b.failed, b.created, b.updated, b.unchanged, b.refused]
}

/// The code by which an act on an import is refused.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Failure<ImportRefusal>>) -> &'static str {
    match result {
        Err(Failure::Refused(refusal)) => refusal.code(),
        other => panic!("not refused: {other:?}"),
    }
}

/// People who came by a roster, of whom the tests enter none otherwise.
pub async fn people(app: &TestApp) -> Vec<person::Model> {
    let found = person::Entity::find()
        .filter(person::Column::Kind.ne(entities::enums::PersonKind::ClericalStaff));
    found.all(app.platform.db.read()).await.unwrap()
}
