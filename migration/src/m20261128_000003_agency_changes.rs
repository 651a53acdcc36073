//! Reforms of agencies (机构改革): the acts, what agencies were before them, and what became of the
//! unit on a certificate.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261128_000003_agency_changes.sql")).await
    }
}
