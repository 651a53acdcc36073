//! The audit log under hands that reach the database itself: whatever is edited, removed, moved,
//! cut off or written anew is found and named. And under many writers: no fork, nothing lost.

use api::audit::chain::entry_hash;
use api::audit::checkpoint::{self, Anchor, CheckpointKey};
use api::audit::verify::{Finding, Report, verify};
use api::audit::{Stream, UnitOfWork};
use api::organisations::{self, AgencyChange};
use api::platform::actor::Actor;
use chrono::Duration;
use entities::enums::{KeyUse, Role};
use entities::ids::{AgencyId, AuditEntryId};
use entities::{agency, audit_checkpoint, audit_entry, audit_stream, setting};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use serde_json::json;

use crate::harness::TestApp;
use crate::province::Province;

/// A deployment with a chain of four rows that is to be tampered with.
struct Chained {
    app: TestApp,
    agency: AgencyId,
    /// Name of the chain.
    stream: String,
}

impl Chained {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        let agency = province.county_market;
        let chained = Self { app, agency, stream: Stream::Agency(agency).name() };
        for last in 1..=3 {
            chained.change(last).await;
        }
        assert_eq!(chained.seqs().await, [1, 2, 3, 4]);
        assert_eq!(chained.findings().await, []);
        chained
    }

    /// Adds a row in the proper way.
    async fn change(&self, last: u32) {
        self.app.clock.advance(Duration::minutes(1));
        let phone = Some(format!("0931-100000{last}"));
        let change = AgencyChange { complaint_phone: phone, ..AgencyChange::default() };
        organisations::change_agency(&self.app.platform, &Actor::System, self.agency, change)
            .await
            .unwrap();
    }

    async fn sql(&self, statement: &str) {
        let statement = statement.replace("{s}", &self.stream);
        self.app.platform.db.writer().execute_unprepared(&statement).await.unwrap();
    }

    async fn set(&self, seq: i64, column: audit_entry::Column, value: impl Into<SimpleExpr>) {
        let result = audit_entry::Entity::update_many()
            .col_expr(column, value.into())
            .filter(audit_entry::Column::Stream.eq(&self.stream))
            .filter(audit_entry::Column::Seq.eq(seq))
            .exec(self.app.platform.db.writer())
            .await
            .unwrap();
        assert_eq!(result.rows_affected, 1);
    }

    async fn rows(&self) -> Vec<audit_entry::Model> {
        audit_entry::Entity::find()
            .filter(audit_entry::Column::Stream.eq(&self.stream))
            .order_by_asc(audit_entry::Column::Seq)
            .all(self.app.platform.db.read())
            .await
            .unwrap()
    }

    async fn seqs(&self) -> Vec<i64> {
        self.rows().await.iter().map(|r| r.seq).collect()
    }

    /// Cuts rows off and moves the head back to the last one left, as if they had never been.
    async fn cut_after(&self, seq: i64) {
        self.sql(&format!("DELETE FROM audit_entries WHERE stream = '{{s}}' AND seq > {seq}"))
            .await;
        let head = self.rows().await.pop().unwrap().hash;
        self.set_head(seq, head).await;
    }

    async fn set_head(&self, seq: i64, head: Vec<u8>) {
        audit_stream::ActiveModel { id: Set(self.stream.clone()), seq: Set(seq), head: Set(head) }
            .update(self.app.platform.db.writer())
            .await
            .unwrap();
    }

    /// Writes the chain anew from a row whose body is another, with hashes and links that are
    /// right in themselves.
    async fn rewrite_from(&self, seq: i64, body: &str) {
        let mut prev: Option<Vec<u8>> = None;
        for mut row in self.rows().await {
            if row.seq < seq {
                continue;
            }
            if row.seq == seq {
                body.clone_into(&mut row.body);
            }
            if let Some(prev) = prev {
                row.prev_hash = prev;
            }
            row.hash = entry_hash(&row).to_vec();
            prev = Some(row.hash.clone());
            let row = row.into_active_model().reset_all();
            row.update(self.app.platform.db.writer()).await.unwrap();
        }
        let last = self.rows().await.pop().unwrap();
        self.set_head(last.seq, last.hash).await;
    }

    async fn checkpoint(&self) -> Anchor {
        self.checkpoint_signed_by(KeyUse::Audit).await
    }

    async fn checkpoint_signed_by(&self, key_use: KeyUse) -> Anchor {
        let (platform, now) = (&self.app.platform, self.app.now());
        let key = platform.keyring.current(key_use, now).unwrap();
        let sign = |hash: &[u8]| key.sign(hash).to_vec();
        let tx = platform.db.begin().await.unwrap();
        let key = CheckpointKey { kid: &key.kid, sign: &sign };
        let anchor = checkpoint::create(&tx, now, &key).await.unwrap();
        tx.commit().await.unwrap();
        anchor
    }

    async fn report(&self, anchor: Option<&Anchor>) -> Report {
        let heads = anchor.map(|a| a.heads().unwrap());
        let snapshot = self.app.platform.db.snapshot().await.unwrap();
        verify(&snapshot, heads.as_ref()).await.unwrap()
    }

    async fn findings(&self) -> Vec<Finding> {
        self.report(None).await.findings
    }

    fn edited(&self, seq: i64) -> Finding {
        Finding::Edited { stream: self.stream.clone(), seq }
    }

    fn missing(&self, seq: i64) -> Finding {
        Finding::Missing { stream: self.stream.clone(), seq }
    }

    fn reordered(&self, seq: i64) -> Finding {
        Finding::Reordered { stream: self.stream.clone(), seq }
    }

    fn rewritten(&self, seq: i64) -> Finding {
        Finding::Rewritten { stream: self.stream.clone(), seq }
    }

    fn truncated(&self, seq: i64, known: i64) -> Finding {
        Finding::Truncated { stream: self.stream.clone(), seq, known }
    }

    fn head_behind(&self, seq: i64, head: i64) -> Finding {
        Finding::HeadBehind { stream: self.stream.clone(), seq, head }
    }
}

#[tokio::test]
async fn what_is_done_is_recorded_in_intact_chains() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let rows = app.audit_log().await;
    let report = verify(app.platform.db.read(), None).await.unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.entries, u64::try_from(rows.len()).unwrap());
    // `system` and one an agency.
    assert_eq!(report.streams, 6);
    let last: Vec<&str> = rows
        .iter()
        .filter(|r| r.stream == "system")
        .rev()
        .take(3)
        .map(|r| r.action.as_str())
        .collect();
    assert_eq!(last, ["session.open", "account.grant", "account.create"]);
    for row in &rows {
        for value in ["hr.market", "correct horse", "0931-"] {
            assert!(!row.body.contains(value), "a value in the log: {}", row.body);
        }
    }
}

#[tokio::test]
async fn an_edited_row_is_found_whatever_was_edited() {
    use audit_entry::Column::{Action, Actor, At, Body, Id, Subject};
    let c = Chained::new().await;
    let original = c.rows().await[1].clone();
    for (column, value) in [
        (Body, Expr::value(r#"{"changed":[]}"#)),
        (Actor, Expr::value("01900000-0000-7000-8000-000000000000")),
        (Action, Expr::value("agency.enter")),
        (Subject, Expr::value("agcy_01900000000070008000000000000000")),
        (At, Expr::value(original.at + Duration::microseconds(1))),
        (Id, Expr::value(c.app.platform.new_id::<AuditEntryId>())),
    ] {
        c.set(2, column, value).await;
        assert_eq!(c.findings().await, [c.edited(2)], "{column:?}");
        let row = original.clone().into_active_model().reset_all();
        row.update(c.app.platform.db.writer()).await.unwrap();
        assert_eq!(c.findings().await, [], "{column:?} put back");
    }
}

#[tokio::test]
async fn an_edited_row_with_its_hash_made_right_no_longer_leads_to_the_next() {
    let c = Chained::new().await;
    let mut row = c.rows().await[1].clone();
    row.body = "{}".into();
    let hash = entry_hash(&row).to_vec();
    c.set(2, audit_entry::Column::Body, Expr::value("{}")).await;
    c.set(2, audit_entry::Column::Hash, Expr::value(hash)).await;
    assert_eq!(c.findings().await, [c.reordered(3)]);
}

#[tokio::test]
async fn the_last_row_with_its_hash_made_right_differs_from_the_head() {
    let c = Chained::new().await;
    let mut row = c.rows().await[3].clone();
    row.body = "{}".into();
    let hash = entry_hash(&row).to_vec();
    c.set(4, audit_entry::Column::Body, Expr::value("{}")).await;
    c.set(4, audit_entry::Column::Hash, Expr::value(hash)).await;
    assert_eq!(c.findings().await, [c.rewritten(4)]);
}

#[tokio::test]
async fn removed_rows_are_found() {
    for (removed, finding) in [("seq = 1", 1), ("seq = 2", 2), ("seq IN (2, 3)", 2)] {
        let c = Chained::new().await;
        c.sql(&format!("DELETE FROM audit_entries WHERE stream = '{{s}}' AND {removed}")).await;
        assert_eq!(c.findings().await, [c.missing(finding)], "{removed}");
    }
}

#[tokio::test]
async fn rows_that_changed_places_are_found() {
    let c = Chained::new().await;
    for (from, to) in [(2, 1000), (3, 2), (1000, 3)] {
        c.set(from, audit_entry::Column::Seq, Expr::value(to)).await;
    }
    assert_eq!(
        c.findings().await,
        [c.reordered(2), c.edited(2), c.reordered(3), c.edited(3), c.reordered(4)]
    );
}

#[tokio::test]
async fn a_row_moved_to_another_chain_is_missing_here_and_wrong_there() {
    let c = Chained::new().await;
    c.sql(
        "UPDATE audit_entries SET stream = 'elsewhere', seq = 1 WHERE stream = '{s}' AND seq = 4",
    )
    .await;
    let elsewhere = || "elsewhere".to_owned();
    // Chains are read by name; an agency's begins with a digit.
    let expected = [
        c.truncated(3, 4),
        Finding::Reordered { stream: elsewhere(), seq: 1 },
        Finding::Edited { stream: elsewhere(), seq: 1 },
        Finding::HeadBehind { stream: elsewhere(), seq: 1, head: 0 },
    ];
    assert_eq!(c.findings().await, expected);
}

#[tokio::test]
async fn an_invented_row_before_the_first_is_found() {
    let c = Chained::new().await;
    let mut row = c.rows().await[0].clone();
    (row.seq, row.id) = (0, c.app.platform.new_id());
    row.hash = entry_hash(&row).to_vec();
    row.into_active_model().insert(c.app.platform.db.writer()).await.unwrap();
    assert_eq!(c.findings().await, [c.reordered(0)]);
}

#[tokio::test]
async fn a_cut_is_shown_by_the_head_and_where_that_was_moved_too_by_a_checkpoint() {
    let c = Chained::new().await;
    c.sql("DELETE FROM audit_entries WHERE stream = '{s}' AND seq = 4").await;
    assert_eq!(c.findings().await, [c.truncated(3, 4)]);

    let c = Chained::new().await;
    c.checkpoint().await;
    c.cut_after(3).await;
    assert_eq!(c.findings().await, [c.truncated(3, 4)]);
    // A row written since does not hide it.
    c.change(9).await;
    assert_eq!(c.seqs().await, [1, 2, 3, 4]);
    assert_eq!(c.findings().await, [c.rewritten(4)]);
}

#[tokio::test]
async fn a_cut_together_with_heads_and_checkpoints_is_shown_by_an_anchor_only() {
    let c = Chained::new().await;
    let anchor = c.checkpoint().await;
    c.cut_after(2).await;
    c.sql("DELETE FROM audit_checkpoints").await;
    let report = c.report(None).await;
    assert_eq!((report.checkpoints, report.findings), (0, vec![]));
    assert_eq!(c.report(Some(&anchor)).await.findings, [c.truncated(2, 4)]);
    // An anchor is kept as text.
    let kept: Anchor = serde_json::from_str(&serde_json::to_string(&anchor).unwrap()).unwrap();
    assert_eq!(c.report(Some(&kept)).await.findings, [c.truncated(2, 4)]);

    // The whole chain, with its head.
    c.sql("DELETE FROM audit_entries WHERE stream = '{s}'").await;
    c.sql("DELETE FROM audit_streams WHERE id = '{s}'").await;
    assert_eq!(c.findings().await, []);
    assert_eq!(c.report(Some(&anchor)).await.findings, [c.truncated(0, 4)]);
}

#[tokio::test]
async fn a_head_that_was_moved_back_taken_away_or_altered_is_found() {
    let c = Chained::new().await;
    let rows = c.rows().await;
    c.set_head(3, rows[2].hash.clone()).await;
    assert_eq!(c.findings().await, [c.head_behind(4, 3)]);
    c.sql("DELETE FROM audit_streams WHERE id = '{s}'").await;
    assert_eq!(c.findings().await, [c.head_behind(4, 0)]);

    let c = Chained::new().await;
    // Also where a checkpoint knows the same row.
    c.checkpoint().await;
    c.set_head(4, vec![7; 32]).await;
    assert_eq!(c.findings().await, [c.rewritten(4)]);
}

#[tokio::test]
async fn a_chain_written_anew_with_right_hashes_is_shown_by_a_checkpoint() {
    let c = Chained::new().await;
    c.rewrite_from(2, "{}").await;
    assert_eq!(c.findings().await, [], "right in itself, and nothing kept says otherwise");

    let c = Chained::new().await;
    let anchor = c.checkpoint().await;
    c.change(9).await;
    c.rewrite_from(2, "{}").await;
    assert_eq!(c.findings().await, [c.rewritten(4)]);
    c.sql("DELETE FROM audit_checkpoints").await;
    assert_eq!(c.findings().await, []);
    assert_eq!(c.report(Some(&anchor)).await.findings, [c.rewritten(4)]);
}

#[tokio::test]
async fn a_forged_checkpoint_is_found() {
    let wrong = |seq, why| Finding::Checkpoint { seq, why };
    let c = Chained::new().await;
    for _ in 0..3 {
        c.checkpoint().await;
    }
    assert_eq!(c.report(None).await.checkpoints, 3);
    assert_eq!(c.findings().await, []);

    // Its body says what suits the forger; its hash and signature stay.
    c.sql("UPDATE audit_checkpoints SET body = '{}' WHERE seq = 2").await;
    assert_eq!(c.findings().await, [wrong(2, "it does not match its hash")]);
    // It is taken out.
    c.sql("DELETE FROM audit_checkpoints WHERE seq = 2").await;
    assert_eq!(c.findings().await, [wrong(3, "the one before it is missing")]);

    // Its signature is another's.
    let c = Chained::new().await;
    c.checkpoint().await;
    let signature = vec![1_u8; 64];
    audit_checkpoint::ActiveModel { seq: Set(1), signature: Set(signature), ..Default::default() }
        .update(c.app.platform.db.writer())
        .await
        .unwrap();
    assert_eq!(c.findings().await, [wrong(1, "no audit key has signed it")]);

    // Made whole and rightly linked, but signed by a key that may not sign checkpoints.
    let c = Chained::new().await;
    c.checkpoint().await;
    c.checkpoint_signed_by(KeyUse::Credential).await;
    assert_eq!(c.findings().await, [wrong(2, "no audit key has signed it")]);

    // Whatever it claims, it cannot make a cut look right.
    c.sql("DELETE FROM audit_checkpoints WHERE seq = 2").await;
    c.cut_after(3).await;
    c.checkpoint().await;
    assert_eq!(c.findings().await, [c.truncated(3, 4)]);
}

#[tokio::test]
async fn many_writers_at_once_make_no_fork_and_lose_nothing() {
    const WRITERS: usize = 20;
    let app = TestApp::new().await;
    // Chains that do not exist yet: their beginning is raced for, too.
    let streams = [(); 2].map(|()| Stream::Agency(app.platform.new_id()));
    let writers = (0..WRITERS).map(|writer| {
        let platform = app.platform.clone();
        tokio::spawn(async move {
            let mut uow = UnitOfWork::begin(&platform, &Actor::System).await.unwrap();
            // Half of them name the chains in the other order.
            let order = if writer % 2 == 0 { [0, 1] } else { [1, 0] };
            for stream in order {
                let body = json!({ "writer": writer });
                uow.record(streams[stream], "test.write", "none".into(), body);
            }
            uow.commit().await.unwrap();
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(verify(app.platform.db.read(), None).await.unwrap().findings, []);
    for stream in streams {
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::Stream.eq(stream.name()))
            .order_by_asc(audit_entry::Column::Seq)
            .all(app.platform.db.read())
            .await
            .unwrap();
        let seqs: Vec<i64> = rows.iter().map(|r| r.seq).collect();
        assert_eq!(seqs, (1..=i64::try_from(WRITERS).unwrap()).collect::<Vec<_>>());
        let mut bodies: Vec<String> = rows.into_iter().map(|r| r.body).collect();
        let mut expected: Vec<String> =
            (0..WRITERS).map(|w| json!({ "writer": w }).to_string()).collect();
        bodies.sort();
        expected.sort();
        assert_eq!(bodies, expected);
    }
}

#[tokio::test]
async fn what_is_not_committed_leaves_no_entry() {
    let c = Chained::new().await;
    let before = c.report(None).await.entries;

    // Refused by a rule.
    let no_phone =
        AgencyChange { complaint_phone: Some("总机".into()), ..AgencyChange::default() };
    organisations::change_agency(&c.app.platform, &Actor::System, c.agency, no_phone)
        .await
        .unwrap_err();
    // Given up on the way.
    let mut uow = UnitOfWork::begin(&c.app.platform, &Actor::System).await.unwrap();
    uow.record(Stream::Agency(c.agency), "test.write", "none".into(), json!({}));
    drop(uow);
    // Refused by the database, after the entry was recorded and another row written.
    let row = |key: &str| setting::ActiveModel {
        key: Set(key.into()),
        value: Set(String::new()),
        updated_at: Set(c.app.now()),
    };
    let mut uow = UnitOfWork::begin(&c.app.platform, &Actor::System).await.unwrap();
    uow.record(Stream::Agency(c.agency), "test.write", "none".into(), json!({}));
    row("test").insert(uow.tx()).await.unwrap();
    row("test").insert(uow.tx()).await.unwrap_err();
    drop(uow);
    // Refused while the entries are written: the change goes with them.
    c.sql("ALTER TABLE audit_streams RENAME TO away").await;
    let change =
        AgencyChange { complaint_phone: Some("0931-2000000".into()), ..AgencyChange::default() };
    organisations::change_agency(&c.app.platform, &Actor::System, c.agency, change)
        .await
        .unwrap_err();
    c.sql("ALTER TABLE away RENAME TO audit_streams").await;

    let report = c.report(None).await;
    assert_eq!((report.entries, report.findings), (before, vec![]));
    let db = c.app.platform.db.read();
    assert_eq!(setting::Entity::find_by_id("test").one(db).await.unwrap(), None);
    let agency = agency::Entity::find_by_id(c.agency).one(db).await.unwrap().unwrap();
    assert_eq!(agency.complaint_phone.as_deref(), Some("0931-1000003"));
}
