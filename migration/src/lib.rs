//! The dated steps that build the database. A step is never edited once it has landed: it is
//! expanded or contracted by a later one. Steps write their own table names and do not use the
//! `entities` crate, which moves on.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::MigrationTrait;

mod dialect;
mod m20261123_000001_foundation;
mod m20261124_000001_steps_and_standings;
mod m20261124_000010_import_retention;
mod m20261124_000024_accounts;
mod m20261124_000031_photos;
mod m20261128_000001_existing_certificates;
mod m20261128_000003_agency_changes;
mod m20261128_000005_delegations;
mod m20261128_000006_training;
mod m20261128_000007_exports;
mod m20261129_000003_exports_of_every_list;
mod m20261129_000010_status_tokens;
mod m20261129_000011_trust;
mod m20261130_000001_devices;
mod m20261130_000002_enrolment;
mod m20261130_000003_check_records;
mod m20261130_000004_keys;
mod m20261130_000005_complaints;
mod m20261130_000006_showings;
mod m20261130_000007_session_client;
mod m20261201_000001_check_presentations;

/// Every step, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_foundation::Step),
            Box::new(m20261124_000001_steps_and_standings::Step),
            Box::new(m20261124_000010_import_retention::Step),
            Box::new(m20261124_000024_accounts::Step),
            Box::new(m20261124_000031_photos::Step),
            Box::new(m20261128_000001_existing_certificates::Step),
            Box::new(m20261128_000003_agency_changes::Step),
            Box::new(m20261128_000005_delegations::Step),
            Box::new(m20261128_000006_training::Step),
            Box::new(m20261128_000007_exports::Step),
            Box::new(m20261129_000003_exports_of_every_list::Step),
            Box::new(m20261129_000010_status_tokens::Step),
            Box::new(m20261129_000011_trust::Step),
            Box::new(m20261130_000001_devices::Step),
            Box::new(m20261130_000002_enrolment::Step),
            Box::new(m20261130_000003_check_records::Step),
            Box::new(m20261130_000004_keys::Step),
            Box::new(m20261130_000005_complaints::Step),
            Box::new(m20261130_000006_showings::Step),
            Box::new(m20261130_000007_session_client::Step),
            Box::new(m20261201_000001_check_presentations::Step),
        ]
    }
}
