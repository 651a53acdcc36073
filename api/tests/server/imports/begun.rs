//! What may be applied, and by whom: asked when it is begun, and again for every chunk.

use api::imports;
use api::platform::actor::Actor;
use api::platform::jobs;
use entities::enums::{ImportMode, ImportState, Role};

use super::world::{batch, many, people, refused, roster, stage};
use crate::harness::TestApp;
use crate::province::Province;

#[tokio::test]
async fn of_all_or_nothing_nothing_is_taken_while_a_row_fails() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let (platform, mode) = (&app.platform, ImportMode::AllOrNothing);
    let file = roster(&[(0, &[]), (1, &[("身份证号", "62010219900307001")])]);
    let staged = imports::stage(platform, &hr, "roster.csv", file, mode, &|_, _| {}).await.unwrap();
    assert_eq!((staged.state, staged.total, staged.failed), (ImportState::Staged, 2, 1));
    let begun = imports::begin(platform, &hr, staged.id, true).await;
    assert_eq!(refused(begun), "IMPORT_ROWS_FAILED");
    assert_eq!(batch(&app, staged.id).await.unwrap(), staged);
    assert_eq!(people(&app).await, []);

    let file = roster(&[(0, &[]), (1, &[])]);
    let staged = imports::stage(platform, &hr, "roster.csv", file, mode, &|_, _| {}).await.unwrap();
    imports::begin(platform, &hr, staged.id, true).await.unwrap();
}

#[tokio::test]
async fn an_account_that_was_closed_enters_nothing_more() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let staged = stage(&app, &hr, many(3)).await;
    let begun = imports::begin(&app.platform, &hr, staged.id, true).await.unwrap();
    api::devices::close_account(&app.platform, &Actor::System, hr.account().unwrap())
        .await
        .unwrap();
    let job = jobs::claim(&app.platform, &[imports::JOB], begun.job_id).await.unwrap().unwrap();
    let fault = imports::work(&app.platform, job, &|_, _| {}).await.unwrap_err();
    assert_eq!(fault.to_string(), "the account that asked for the job was closed");
    assert_eq!(batch(&app, staged.id).await.unwrap(), begun);
    assert_eq!(people(&app).await, []);
}
