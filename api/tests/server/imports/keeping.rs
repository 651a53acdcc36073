//! How long imports keep personal data: rows are removed thirty days after the last thing that was
//! done, and the tallies stay.

use api::graphql::ids::encode;
use api::imports::{self, retention};
use chrono::Duration;
use entities::enums::{ImportState, JobState, Role};
use entities::import_batch::Column::{Id, RowsRemovedAt};
use entities::{import_batch, job};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::world::{apply, batch, batches, many, refused, stage, tallies};
use crate::harness::TestApp;
use crate::province::Province;

#[tokio::test]
async fn rows_are_removed_after_thirty_days_and_the_tallies_stay() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let first = stage(&app, &hr, many(3)).await;
    let waiting = stage(&app, &hr, many(2)).await;
    app.clock.advance(Duration::days(1));
    apply(&app, &hr, first.id).await;
    let keep = async || retention::keep(&app.platform).await.unwrap();
    let (applied, staged) = (ImportState::Applied, ImportState::Staged);

    app.clock.advance(Duration::days(29));
    keep().await;
    assert_eq!(batches(&app).await, [(applied, 3), (staged, 2)]);
    app.clock.advance(Duration::seconds(1));
    keep().await;
    assert_eq!(batches(&app).await, [(applied, 3), (staged, 0)], "never applied");
    app.clock.advance(Duration::days(1));
    keep().await;
    assert_eq!(batches(&app).await, [(applied, 0), (staged, 0)]);

    let removed = batch(&app, first.id).await.unwrap();
    assert_eq!(removed.rows_removed_at, Some(app.now()));
    assert_eq!(tallies(&removed), [3, 0, 3, 0, 0, 0]);
    let report = imports::report(&app.platform, &hr, first.id).await.map(|bytes| bytes.len());
    assert_eq!(refused(report), "IMPORT_ROWS_REMOVED");
    let begun = imports::begin(&app.platform, &hr, waiting.id, true).await;
    assert_eq!(refused(begun), "IMPORT_ROWS_REMOVED");
    let query = "query($id: ID!) { import(id: $id) {
        state total created rowsRemovedAt findings(first: 10) { nodes { row } } } }";
    let answer = app.graphql(Some(&hr), query, json!({ "id": encode(first.id) })).await;
    assert_eq!(
        answer,
        json!({ "data": { "import": {
            "state": "APPLIED", "total": 3, "created": 3,
            "rowsRemovedAt": "2026-04-02T02:00:01+00:00", "findings": { "nodes": [] },
        } } })
    );
    // The file can be sent again.
    assert_eq!(tallies(&stage(&app, &hr, many(2)).await), [2, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn what_is_being_applied_keeps_its_rows_until_it_is_given_up() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let staged = stage(&app, &hr, many(2)).await;
    let begun = imports::begin(&app.platform, &hr, staged.id, true).await.unwrap();
    app.clock.advance(Duration::days(40));
    for (state, rows) in [(JobState::Queued, 2), (JobState::Running, 2), (JobState::Failed, 0)] {
        let id = begun.job_id.unwrap();
        let job = job::ActiveModel { id: Set(id), state: Set(state), ..Default::default() };
        job.update(app.platform.db.writer()).await.unwrap();
        retention::keep(&app.platform).await.unwrap();
        assert_eq!(batches(&app).await, [(ImportState::Applying, rows)], "{state:?}");
    }
    let again = imports::begin(&app.platform, &hr, staged.id, true).await;
    assert_eq!(refused(again), "IMPORT_ROWS_REMOVED");
    // The same file begins a new import, not one that has lost its rows.
    assert_ne!(stage(&app, &hr, many(2)).await.id, staged.id);
}

#[tokio::test]
async fn a_removal_that_was_stopped_half_way_goes_on() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let staged = stage(&app, &hr, many(2)).await;
    import_batch::Entity::update_many()
        .col_expr(RowsRemovedAt, Expr::value(app.now()))
        .filter(Id.eq(staged.id))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    retention::keep(&app.platform).await.unwrap();
    assert_eq!(batches(&app).await, [(ImportState::Staged, 0)]);
}
