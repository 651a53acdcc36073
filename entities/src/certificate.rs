//! `certificates`: Certificates. One in force a person and one that waits for its handover, held by
//! partial unique indexes.

use sea_orm::entity::prelude::*;

use crate::enums::{CertificateOrigin, CertificateState, PersonKind};
use crate::ids::{AgencyId, CertificateId, PersonId, PolicyId};

/// One row of `certificates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificates")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CertificateId,
    /// The holder.
    pub person_id: PersonId,
    /// Kind of the holder, held by the composite key; it decides which certificate this is.
    pub kind: PersonKind,
    /// Certificate number: opaque, never reused, never parsed.
    #[sea_orm(column_type = "Text")]
    pub number: String,
    /// The agency that keeps it: the holder's unit when it was issued, or who took its place by a
    /// reform. The unit as it was then is on the public card.
    pub agency_id: AgencyId,
    /// Issuing authority.
    pub issuing_agency_id: AgencyId,
    /// State; expiry is computed on read.
    pub state: CertificateState,
    /// Day of issue.
    pub issued_on: Date,
    /// First valid day.
    pub valid_from: Date,
    /// Last valid day, inclusive.
    pub valid_until: Date,
    /// Planned end of the suspension; never lifted by itself.
    pub suspended_until: Option<Date>,
    /// Code of the ground of the present state; never public.
    #[sea_orm(column_type = "Text")]
    pub ground: Option<String>,
    /// Day of the handover to the holder.
    pub handed_over_on: Option<Date>,
    /// When it became terminal.
    pub ended_at: Option<DateTimeUtc>,
    /// The policy that was applied.
    pub policy_id: PolicyId,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
    /// Issued here, or confirmed as one from before.
    pub origin: CertificateOrigin,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
    /// By `issuing_agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::IssuingAgencyId",
        to = "super::agency::Column::Id"
    )]
    IssuingAgency,
    /// By `policy_id`.
    #[sea_orm(
        belongs_to = "super::policy::Entity",
        from = "Column::PolicyId",
        to = "super::policy::Column::Id"
    )]
    Policy,
}

impl ActiveModelBehavior for ActiveModel {}
