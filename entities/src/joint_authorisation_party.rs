//! `joint_authorisation_parties`: Whom a joint authorisation names: an agency with all its officers,
//! or one officer.

use sea_orm::entity::prelude::*;

use crate::ids::{AgencyId, JointAuthorisationId, PersonId};

/// One row of `joint_authorisation_parties`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "joint_authorisation_parties")]
pub struct Model {
    /// Which authorisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub authorisation_id: JointAuthorisationId,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    /// An agency.
    pub agency_id: Option<AgencyId>,
    /// Or an officer.
    pub person_id: Option<PersonId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `authorisation_id`.
    #[sea_orm(
        belongs_to = "super::joint_authorisation::Entity",
        from = "Column::AuthorisationId",
        to = "super::joint_authorisation::Column::Id"
    )]
    Authorisation,
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
}

impl Related<super::joint_authorisation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Authorisation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
