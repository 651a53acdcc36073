//! Reading of the register of people. Every query takes a scope; a list is one statement.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::{
    CertificateState, DutyStatus, Employment, Establishment, PersonKind, ScopeAxis,
};
use entities::ids::{AgencyId, CertificateId, PersonId};
use entities::{
    agency, agency_closure, application, blob, certificate, division, exam_result, person,
    public_card, qualification, standing, training_record,
};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult,
    IntoSimpleExpr, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
    Select,
};

use super::secrets;
use crate::access::Scope;
use crate::graphql::ids::decode;
use crate::graphql::page::Page;
use crate::organisations::{after, begins_with};
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// Rows of one statement.
pub(super) const ROWS_AT_ONCE: usize = 500;
/// States of a certificate of which a person has one at most: the current one.
const CURRENT: [CertificateState; 3] =
    [CertificateState::Issued, CertificateState::Active, CertificateState::Suspended];

/// A person of the register with the agency's name and the current certificate: a flat row.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OfficerRow {
    /// Id.
    pub id: PersonId,
    /// What the person is.
    pub kind: PersonKind,
    /// Name.
    pub name: String,
    /// Unit.
    pub agency_id: AgencyId,
    /// Its name; none where it was not wanted.
    pub agency_name: Option<String>,
    /// 内设机构.
    pub internal_unit: Option<String>,
    /// 编制类型.
    pub establishment: Establishment,
    /// 在岗状态.
    pub duty: DutyStatus,
    /// Life cycle of employment.
    pub employment: Employment,
    /// 职务、职级.
    pub position: Option<String>,
    /// Codes of the fields.
    pub field_codes: serde_json::Value,
    /// Code of the area.
    pub area_code: String,
    /// Name of the area; none where it was not wanted.
    pub area_name: Option<String>,
    /// Whether there is a photo.
    pub has_photo: bool,
    /// The current certificate; none where there is none or it was not wanted.
    pub certificate_id: Option<CertificateId>,
    /// Its number.
    pub certificate_number: Option<String>,
    /// Its recorded state.
    pub certificate_state: Option<CertificateState>,
    /// Its first valid day.
    pub valid_from: Option<NaiveDate>,
    /// Its last valid day.
    pub valid_until: Option<NaiveDate>,
    /// Who issued it.
    pub issuing_authority: Option<String>,
}

/// Which joins a caller wants, as look-ahead tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The agency's name.
    pub agency: bool,
    /// The area's name.
    pub area: bool,
    /// The current certificate.
    pub certificate: bool,
}

impl Wanted {
    /// Everything.
    pub const ALL: Self = Self { agency: true, area: true, certificate: true };
}

/// Which people a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficerFilter {
    /// Beginning of the name.
    pub name: Option<String>,
    /// A whole certificate number, current or not.
    pub certificate_number: Option<String>,
    /// An agency and what lies under it on any axis.
    pub agency: Option<AgencyId>,
    /// What they are.
    pub kind: Option<PersonKind>,
    /// Their employment.
    pub employment: Option<Employment>,
    /// State of their certificate today: of the current one, or else of any earlier one.
    pub certificate_state: Option<CertificateState>,
}

fn rows(wanted: Wanted) -> Select<person::Entity> {
    use person::Column::{
        AgencyId, AreaCode, Duty, Employment, Establishment, FieldCodes, Id, InternalUnit, Kind,
        Name, PhotoSha256, Position,
    };
    let mut select = person::Entity::find()
        .select_only()
        .columns([
            Id,
            Kind,
            Name,
            AgencyId,
            InternalUnit,
            Establishment,
            Duty,
            Employment,
            Position,
            FieldCodes,
            AreaCode,
        ])
        .expr_as(PhotoSha256.is_not_null(), "has_photo");
    let or_null = |wanted: bool, column: SimpleExpr| {
        if wanted { column } else { Expr::cust("NULL") }
    };
    if wanted.agency {
        select = select.join(JoinType::InnerJoin, person::Relation::Agency.def());
    }
    if wanted.area {
        select = select.join(JoinType::InnerJoin, person::Relation::AreaCode.def());
    }
    if wanted.certificate {
        let current = public_card::Relation::Holder
            .def()
            .rev()
            .on_condition(|_, _| public_card::Column::State.is_in(CURRENT).into_condition());
        select = select.join(JoinType::LeftJoin, current);
    }
    select = select
        .expr_as(or_null(wanted.agency, agency::Column::Name.into_simple_expr()), "agency_name")
        .expr_as(or_null(wanted.area, division::Column::Name.into_simple_expr()), "area_name");
    for (column, name) in [
        (public_card::Column::CertificateId, "certificate_id"),
        (public_card::Column::Number, "certificate_number"),
        (public_card::Column::State, "certificate_state"),
        (public_card::Column::ValidFrom, "valid_from"),
        (public_card::Column::ValidUntil, "valid_until"),
        (public_card::Column::IssuingAuthority, "issuing_authority"),
    ] {
        select = select.expr_as(or_null(wanted.certificate, column.into_simple_expr()), name);
    }
    select
}

/// A person within a scope.
pub async fn officer(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PersonId,
) -> Result<Option<OfficerRow>, Fault> {
    Ok(rows(Wanted::ALL)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .filter(person::Column::Id.eq(id))
        .into_model()
        .one(db)
        .await?)
}

/// A page of people within a scope, by name and id; one row more than the page.
pub async fn officers(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &OfficerFilter,
    wanted: Wanted,
    page: &Page,
    today: NaiveDate,
) -> Result<Vec<OfficerRow>, Fault> {
    use person::Column::{AgencyId, Employment, Id, Kind, Name};
    let by_state = filter.certificate_state.is_some();
    let wanted = Wanted { certificate: wanted.certificate || by_state, ..wanted };
    let mut select = rows(wanted).filter(within(scope, db.get_database_backend()));
    if let Some(prefix) = filter.name.as_deref().map(str::trim).filter(|p| !p.is_empty()) {
        select = select.filter(begins_with(Name, prefix));
    }
    if let Some(number) = &filter.certificate_number {
        let holder = cards().and_where(public_card::Column::Number.eq(number.trim())).take();
        select = select.filter(Id.in_subquery(holder));
    }
    if let Some(agency) = filter.agency {
        let below = Query::select()
            .column(agency_closure::Column::AgencyId)
            .from(agency_closure::Entity)
            .and_where(agency_closure::Column::AncestorId.eq(agency))
            .take();
        select = select.filter(AgencyId.in_subquery(below));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Kind.eq(kind));
    }
    if let Some(employment) = filter.employment {
        select = select.filter(Employment.eq(employment));
    }
    if let Some(state) = filter.certificate_state {
        select = select.filter(in_state(state, today));
    }
    if let Some([name, id]) = page.after.as_deref() {
        let id = decode(id).unwrap_or(PersonId(uuid::Uuid::nil()));
        select = select.filter(after(Name, Id, name, id));
    }
    Ok(select.order_by_asc(Name).order_by_asc(Id).limit(page.limit()).into_model().all(db).await?)
}

/// The scope of a list. `SQLite` would collect and sort the people of every agency that a justice
/// department reaches; a plus before the column keeps it from that, and it walks the index by name
/// until the page is full. `PostgreSQL` weighs the two by itself.
fn within(scope: &Scope, backend: DbBackend) -> Condition {
    let wide = match scope {
        Scope::Everything => false,
        Scope::Under(roots) => roots.iter().any(|(axis, _)| *axis == ScopeAxis::Territory),
    };
    if wide && backend == DbBackend::Sqlite {
        scope.condition_on(Expr::cust("+people.agency_id"))
    } else {
        scope.condition((person::Entity, person::Column::AgencyId))
    }
}

/// Holders of cards.
fn cards() -> SelectStatement {
    Query::select().column(public_card::Column::HolderId).from(public_card::Entity).take()
}

/// The state of the joined current certificate on a day; where nobody has recorded an expiry yet,
/// the day decides, as `rules::state_on` has it.
fn in_state(state: CertificateState, today: NaiveDate) -> Condition {
    use CertificateState::{Active, Expired, Issued, Suspended};
    use public_card::Column::{CertificateId, State, ValidUntil};
    let earlier = || {
        let holders = cards().and_where(State.eq(state)).take();
        CertificateId.is_null().and(person::Column::Id.in_subquery(holders)).into_condition()
    };
    match state {
        Issued | Active => Condition::all().add(State.eq(state)).add(ValidUntil.gte(today)),
        Suspended => Condition::all().add(State.eq(state)),
        Expired => Condition::any()
            .add(earlier())
            .add(Condition::all().add(State.is_in([Issued, Active])).add(ValidUntil.lt(today))),
        CertificateState::Lost | CertificateState::Revoked | CertificateState::Cancelled => {
            earlier()
        }
    }
}

/// The photo of a person within a scope.
pub async fn photo_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PersonId,
) -> Result<Option<blob::Model>, Fault> {
    let sha256 = Query::select()
        .column(person::Column::PhotoSha256)
        .from(person::Entity)
        .and_where(person::Column::Id.eq(id))
        .cond_where(scope.condition((person::Entity, person::Column::AgencyId)))
        .take();
    Ok(blob::Entity::find().filter(blob::Column::Sha256.in_subquery(sha256)).one(db).await?)
}

/// The person with an ID number, within a scope; the number as it was given.
pub async fn by_id_number(
    db: &impl ConnectionTrait,
    platform: &Platform,
    scope: &Scope,
    number: &str,
) -> Result<Option<PersonId>, Fault> {
    let number = number.trim().to_ascii_uppercase();
    let index = secrets::index(platform, secrets::ID_NUMBER, &number);
    Ok(ids(scope).filter(person::Column::IdNumberIndex.eq(index)).into_tuple().one(db).await?)
}

/// Who has each ID number, and in which agency, in the whole register: for a caller that has to
/// notice people of other agencies, and never says where they are.
pub async fn known_by_id_number(
    platform: &Platform,
    numbers: &[&str],
) -> Result<HashMap<String, (PersonId, AgencyId)>, Fault> {
    let mut number_of: HashMap<Vec<u8>, &str> =
        numbers.iter().map(|n| (secrets::index(platform, secrets::ID_NUMBER, n), *n)).collect();
    let known: Vec<(Vec<u8>, PersonId, AgencyId)> = person::Entity::find()
        .select_only()
        .columns([person::Column::IdNumberIndex, person::Column::Id, person::Column::AgencyId])
        .filter(person::Column::IdNumberIndex.is_in(number_of.keys().cloned()))
        .into_tuple()
        .all(platform.db.read())
        .await?;
    Ok(known
        .into_iter()
        .filter_map(|(index, id, agency)| {
            Some((number_of.remove(&index)?.to_owned(), (id, agency)))
        })
        .collect())
}

/// The people within a scope who announced a photo under this file name.
pub async fn by_photo_file(
    db: &impl ConnectionTrait,
    scope: &Scope,
    file: &str,
) -> Result<Vec<PersonId>, Fault> {
    Ok(ids(scope).filter(person::Column::PhotoFile.eq(file)).limit(2).into_tuple().all(db).await?)
}

fn ids(scope: &Scope) -> Select<person::Entity> {
    person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
}

pub(super) async fn person_model(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PersonId,
) -> Result<Option<person::Model>, Fault> {
    Ok(person::Entity::find_by_id(id)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .one(db)
        .await?)
}

/// People by the keyed hash of their ID number, in the whole register: that a person is elsewhere
/// has to be noticed, and is told without saying where.
pub(super) async fn by_indices(
    db: &impl ConnectionTrait,
    indices: Vec<Vec<u8>>,
) -> Result<Vec<person::Model>, Fault> {
    let mut found = Vec::new();
    for chunk in indices.chunks(ROWS_AT_ONCE) {
        let some = person::Column::IdNumberIndex.is_in(chunk.iter().cloned());
        found.extend(person::Entity::find().filter(some).all(db).await?);
    }
    Ok(found)
}

/// Which of these people have something that their kind is bound to by a composite key.
pub(super) async fn bound_to_kind(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<HashSet<PersonId>, Fault> {
    if people.is_empty() {
        return Ok(HashSet::new());
    }
    let among = |column: SimpleExpr| column.is_in(people.iter().map(|p| p.0));
    let bound = Condition::any()
        .add(
            person::Column::Id.in_subquery(
                qualification::Entity::find()
                    .select_only()
                    .column(qualification::Column::PersonId)
                    .into_query(),
            ),
        )
        .add(
            person::Column::Id.in_subquery(
                certificate::Entity::find()
                    .select_only()
                    .column(certificate::Column::PersonId)
                    .into_query(),
            ),
        )
        .add(
            person::Column::Id.in_subquery(
                application::Entity::find()
                    .select_only()
                    .column(application::Column::PersonId)
                    .into_query(),
            ),
        );
    let found: Vec<PersonId> = ids(&Scope::Everything)
        .filter(among(person::Column::Id.into_simple_expr()))
        .filter(bound)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// Which of these agencies lie within a scope and exist on a day.
pub(super) async fn agencies_within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    agencies: HashSet<AgencyId>,
    on: NaiveDate,
) -> Result<HashSet<AgencyId>, Fault> {
    use agency::Column::{AbolishedOn, Id};
    let found: Vec<AgencyId> = agency::Entity::find()
        .select_only()
        .column(Id)
        .filter(Id.is_in(agencies))
        .filter(AbolishedOn.is_null().or(AbolishedOn.gt(on)))
        .filter(scope.condition((agency::Entity, Id)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// Which of these codes are divisions.
pub(super) async fn divisions_among(
    db: &impl ConnectionTrait,
    codes: HashSet<&str>,
) -> Result<HashSet<String>, Fault> {
    let found: Vec<String> = division::Entity::find()
        .select_only()
        .column(division::Column::Code)
        .filter(division::Column::Code.is_in(codes))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// The agencies of these people, as far as they lie within a scope.
pub(super) async fn agency_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<(PersonId, AgencyId)>, Fault> {
    let mut found = Vec::with_capacity(people.len());
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let rows: Vec<(PersonId, AgencyId)> = ids(scope)
            .column(person::Column::AgencyId)
            .filter(person::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// People among these and within a scope, for a query on what belongs to them.
fn among(scope: &Scope, column: impl ColumnTrait, people: &[PersonId]) -> Condition {
    let condition = Condition::all().add(column.is_in(people.iter().copied()));
    match scope {
        Scope::Everything => condition,
        Scope::Under(_) => condition.add(column.in_subquery(ids(scope).into_query())),
    }
}

/// Exam results of people, by subject, cycle and attempt.
pub(super) async fn exams_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<exam_result::Model>, Fault> {
    use exam_result::Column::{Attempt, Cycle, PersonId, Subject};
    let mut found = Vec::new();
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let select = exam_result::Entity::find().filter(among(scope, PersonId, chunk));
        let sorted = select.order_by_asc(Subject).order_by_asc(Cycle).order_by_asc(Attempt);
        found.extend(sorted.all(db).await?);
    }
    Ok(found)
}

/// Training of people.
pub(super) async fn training_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<training_record::Model>, Fault> {
    let mut found = Vec::new();
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let mine = among(scope, training_record::Column::PersonId, chunk);
        found.extend(training_record::Entity::find().filter(mine).all(db).await?);
    }
    Ok(found)
}

/// Standings of people that no reversing fact has lifted.
pub(super) async fn standings_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<standing::Model>, Fault> {
    let mut found = Vec::new();
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let mine = among(scope, standing::Column::PersonId, chunk);
        let open =
            standing::Entity::find().filter(mine).filter(standing::Column::LiftedAt.is_null());
        found.extend(open.order_by_asc(standing::Column::FromOn).all(db).await?);
    }
    Ok(found)
}
