//! Steps of applications, extended suspensions, lifted standings, and one certificate that waits for
//! its handover beside the one in force.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261124_000001_steps_and_standings.sql")).await
    }
}
