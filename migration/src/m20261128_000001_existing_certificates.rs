//! Certificates that people hold from before this system: claimed by a roster, confirmed by the
//! justice department; and codes that are signed anew for them.

use sea_orm_migration::prelude::*;

use crate::dialect;

#[derive(DeriveMigrationName)]
pub(crate) struct Step;

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, include_str!("m20261128_000001_existing_certificates.sql")).await
    }
}
