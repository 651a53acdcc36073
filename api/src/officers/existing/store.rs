//! Rows of existing certificates. Every query takes a scope over the holders' units; what is asked
//! by numbers takes none: that a number is another's has to be noticed, and is told without whose.

use entities::enums::{ExistingKind, ExistingState};
use entities::ids::{AgencyId, ExistingCertificateId, ImportBatchId, PersonId};
use entities::{agency, certificate, existing_certificate, person};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select,
};

use super::super::store::ROWS_AT_ONCE;
use crate::access::{Scope, tree};
use crate::audit::UnitOfWork;
use crate::graphql::ids::decode_or_nil;
use crate::graphql::page::Page;
use crate::platform::failure::Fault;

/// A claim or filed record with the names a list shows.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct ExistingRow {
    /// The row.
    #[sea_orm(nested)]
    pub existing: existing_certificate::Model,
    /// The holder's name.
    pub person_name: String,
    /// The holder's unit now.
    pub unit_id: AgencyId,
    /// Its name.
    pub unit_name: String,
}

/// Which claims a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExistingFilter {
    /// What became of them.
    pub state: Option<ExistingState>,
    /// What they are.
    pub kind: Option<ExistingKind>,
    /// Whether something is odd about them.
    pub exceptional: Option<bool>,
    /// The holder's agency and what lies under it.
    pub agency: Option<AgencyId>,
    /// The import they came by.
    pub batch: Option<ImportBatchId>,
    /// A whole number.
    pub number: Option<String>,
}

fn within(scope: &Scope) -> Select<existing_certificate::Entity> {
    existing_certificate::Entity::find()
        .join(JoinType::InnerJoin, existing_certificate::Relation::Person.def())
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
}

fn rows(scope: &Scope) -> Select<existing_certificate::Entity> {
    within(scope)
        .join(JoinType::InnerJoin, person::Relation::Agency.def())
        .column_as(person::Column::Name, "person_name")
        .column_as(agency::Column::Id, "unit_id")
        .column_as(agency::Column::Name, "unit_name")
}

/// A claim or filed record within a scope.
pub async fn existing(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ExistingCertificateId,
) -> Result<Option<ExistingRow>, Fault> {
    let row = rows(scope).filter(existing_certificate::Column::Id.eq(id));
    Ok(row.into_model().one(db).await?)
}

/// A page, what is odd first and then by id; one row more than the page.
pub async fn existing_page(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &ExistingFilter,
    page: &Page,
) -> Result<Vec<ExistingRow>, Fault> {
    use existing_certificate::Column::{BatchId, Id, Kind, Number, Rank, State};
    let mut select = rows(scope);
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Kind.eq(kind));
    }
    if let Some(exceptional) = filter.exceptional {
        select = select.filter(Rank.eq(i32::from(!exceptional)));
    }
    if let Some(agency) = filter.agency {
        select = select.filter(person::Column::AgencyId.in_subquery(tree::below(agency)));
    }
    if let Some(batch) = filter.batch {
        select = select.filter(BatchId.eq(batch));
    }
    if let Some(number) = &filter.number {
        select = select.filter(Number.eq(number.trim()));
    }
    if let Some([rank, id]) = page.after.as_deref() {
        let id = decode_or_nil::<ExistingCertificateId>(id);
        let rank: i32 = rank.parse().unwrap_or_default();
        let behind = Condition::any()
            .add(Rank.gt(rank))
            .add(Condition::all().add(Rank.eq(rank)).add(Id.gt(id)));
        select = select.filter(behind);
    }
    Ok(select.order_by_asc(Rank).order_by_asc(Id).limit(page.limit()).into_model().all(db).await?)
}

/// All that people bring along, oldest first.
pub async fn existing_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<ExistingRow>, Fault> {
    let mut found = Vec::new();
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let of = existing_certificate::Column::PersonId.is_in(chunk.iter().copied());
        let select = rows(scope).filter(of).order_by_asc(existing_certificate::Column::Id);
        found.extend(select.into_model().all(db).await?);
    }
    Ok(found)
}

/// These claims, as far as their holders lie within a scope; a ministry's is no claim.
pub async fn claims(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[ExistingCertificateId],
) -> Result<Vec<existing_certificate::Model>, Fault> {
    Ok(within(scope)
        .filter(existing_certificate::Column::Id.is_in(ids.iter().copied()))
        .filter(existing_certificate::Column::Kind.ne(ExistingKind::Ministry))
        .order_by_asc(existing_certificate::Column::Id)
        .all(db)
        .await?)
}

/// Keeps others from deciding on these or taking them back until the transaction ends. `SQLite` has
/// one writer anyway; elsewhere rows are locked in one order.
pub async fn lock(uow: &UnitOfWork, ids: &[ExistingCertificateId]) -> Result<(), Fault> {
    if uow.platform().db.is_sqlite() {
        return Ok(());
    }
    existing_certificate::Entity::find()
        .select_only()
        .column(existing_certificate::Column::Id)
        .filter(existing_certificate::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(existing_certificate::Column::Id)
        .lock(LockType::Update)
        .into_tuple::<ExistingCertificateId>()
        .all(uow.tx())
        .await?;
    Ok(())
}

fn plain(scope: &Scope, batch: ImportBatchId) -> Select<existing_certificate::Entity> {
    use existing_certificate::Column::{BatchId, Rank, State};
    within(scope)
        .filter(BatchId.eq(batch))
        .filter(State.eq(ExistingState::Claimed))
        .filter(Rank.eq(1))
}

/// The waiting claims of an import about which nothing is odd, after a row, in order of the file.
pub async fn plain_after(
    db: &impl ConnectionTrait,
    scope: &Scope,
    batch: ImportBatchId,
    row: i32,
    limit: u64,
) -> Result<Vec<(i32, ExistingCertificateId)>, Fault> {
    use existing_certificate::Column::{Id, RowNo};
    Ok(plain(scope, batch)
        .select_only()
        .column(RowNo)
        .column(Id)
        .filter(RowNo.gt(row))
        .order_by_asc(RowNo)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}

/// How many of them there are.
pub async fn plain_count(
    db: &impl ConnectionTrait,
    scope: &Scope,
    batch: ImportBatchId,
) -> Result<i64, Fault> {
    let count: Option<i64> = plain(scope, batch)
        .select_only()
        .column_as(existing_certificate::Column::Id.count(), "count")
        .into_tuple()
        .one(db)
        .await?;
    Ok(count.unwrap_or_default())
}

/// Of these numbers those on certificates, with their holders.
pub(super) async fn numbers_certified(
    db: &impl ConnectionTrait,
    numbers: &[String],
) -> Result<Vec<(String, PersonId)>, Fault> {
    let mut found = Vec::new();
    for chunk in numbers.chunks(ROWS_AT_ONCE) {
        let some: Vec<(String, PersonId)> = certificate::Entity::find()
            .select_only()
            .columns([certificate::Column::Number, certificate::Column::PersonId])
            .filter(certificate::Column::Number.is_in(chunk.iter().map(String::as_str)))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(some);
    }
    Ok(found)
}

/// Of these numbers those of claims that wait or were confirmed, with their holders.
pub async fn numbers_claimed(
    db: &impl ConnectionTrait,
    numbers: &[String],
) -> Result<Vec<(String, PersonId)>, Fault> {
    use existing_certificate::Column::{Number, PersonId as Holder, State};
    let mut found = Vec::new();
    for chunk in numbers.chunks(ROWS_AT_ONCE) {
        let some: Vec<(String, PersonId)> = existing_certificate::Entity::find()
            .select_only()
            .columns([Number, Holder])
            .filter(Number.is_in(chunk.iter().map(String::as_str)))
            .filter(State.is_in([ExistingState::Claimed, ExistingState::Confirmed]))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(some);
    }
    Ok(found)
}

/// All that these people brought along before.
pub(super) async fn brought_before(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<Vec<existing_certificate::Model>, Fault> {
    Ok(existing_certificate::Entity::find()
        .filter(existing_certificate::Column::PersonId.is_in(people.iter().copied()))
        .order_by_asc(existing_certificate::Column::Id)
        .all(db)
        .await?)
}
