//! Records of checks of one officer's certificates, for what is on record of the officer.

use entities::ids::PersonId;
use entities::{certificate, check_record};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};

use crate::access::Scope;
use crate::platform::failure::Fault;

/// A record of a check of an officer's certificate.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct About {
    /// The record.
    #[sea_orm(nested)]
    pub row: check_record::Model,
    /// Number of the certificate.
    pub number: String,
}

fn of(scope: &Scope, person: PersonId) -> Select<check_record::Entity> {
    check_record::Entity::find()
        .column_as(certificate::Column::Number, "number")
        .join(JoinType::InnerJoin, check_record::Relation::Certificate.def())
        .filter(certificate::Column::PersonId.eq(person))
        .filter(scope.condition((certificate::Entity, certificate::Column::AgencyId)))
}

/// The newest of an officer, of certificates that agencies of a scope keep, oldest first; and how
/// many there are.
pub async fn newest_about(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
    most: u64,
) -> Result<(Vec<About>, u64), Fault> {
    let total = of(scope, person).count(db).await?;
    let newest = of(scope, person).order_by_desc(check_record::Column::Id).limit(most);
    let mut newest: Vec<About> = newest.into_model().all(db).await?;
    newest.reverse();
    Ok((newest, total))
}
