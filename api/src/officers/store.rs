//! Reading of the register of people. Every query takes a scope; a list is one statement.

use chrono::NaiveDate;
use entities::enums::{
    CertificateState, DutyStatus, Employment, Establishment, PersonKind, ScopeAxis,
};
use entities::ids::{AgencyId, CertificateId, PersonId};
use entities::{agency, division, person, public_card};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult,
    IntoSimpleExpr, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
    Select,
};

use crate::access::{Scope, tree};
use crate::graphql::ids::decode_or_nil;
use crate::graphql::page::Page;
use crate::organisations::{after, begins_with};
use crate::platform::failure::Fault;

/// Rows of one statement.
pub(super) const ROWS_AT_ONCE: usize = 500;
/// States of a certificate of which a person has one at most: it is in force.
const IN_FORCE: [CertificateState; 2] = [CertificateState::Active, CertificateState::Suspended];

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

/// Which card of a person is the current one: that in force, else that which waits for its handover.
fn current() -> Condition {
    use public_card::Column::{HolderId, State};
    let other = Alias::new("other");
    let in_force = Query::select()
        .expr(Expr::val(1))
        .from_as(public_card::Entity, other.clone())
        .and_where(Expr::col((other.clone(), HolderId)).equals((public_card::Entity, HolderId)))
        .and_where(Expr::col((other, State)).is_in(IN_FORCE))
        .take();
    let waits = State.eq(CertificateState::Issued).and(Expr::exists(in_force).not());
    Condition::any().add(State.is_in(IN_FORCE)).add(waits)
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
        select = with_current_certificate(select);
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

fn with_current_certificate(select: Select<person::Entity>) -> Select<person::Entity> {
    let current = public_card::Relation::Holder.def().rev().on_condition(|_, _| current());
    select.join(JoinType::LeftJoin, current)
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

/// Those of some people who lie within a scope; at most some hundred at once.
pub async fn officers_among(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[PersonId],
) -> Result<Vec<OfficerRow>, Fault> {
    Ok(rows(Wanted::ALL)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .filter(person::Column::Id.is_in(ids.iter().copied()))
        .into_model()
        .all(db)
        .await?)
}

/// A page of people within a scope, by name and id; one row more than the page. Who is on the page
/// is found first, in the index by name: joined with all who might be, it takes several times as
/// long.
pub async fn officers(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &OfficerFilter,
    wanted: Wanted,
    page: &Page,
    today: NaiveDate,
) -> Result<Vec<OfficerRow>, Fault> {
    use person::Column::{AgencyId, Employment, Id, Kind, Name};
    let mut select = person::Entity::find()
        .select_only()
        .column(Id)
        .filter(within(scope, db.get_database_backend()));
    if let Some(prefix) = filter.name.as_deref().map(str::trim).filter(|p| !p.is_empty()) {
        select = select.filter(begins_with(Name, prefix));
    }
    if let Some(number) = &filter.certificate_number {
        let holder = cards().and_where(public_card::Column::Number.eq(number.trim())).take();
        select = select.filter(Id.in_subquery(holder));
    }
    if let Some(agency) = filter.agency {
        select = select.filter(AgencyId.in_subquery(tree::below(agency)));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Kind.eq(kind));
    }
    if let Some(employment) = filter.employment {
        select = select.filter(Employment.eq(employment));
    }
    if let Some(state) = filter.certificate_state {
        select = with_current_certificate(select).filter(in_state(state, today));
    }
    if let Some([name, id]) = page.after.as_deref() {
        let id = decode_or_nil::<PersonId>(id);
        select = select.filter(after(Name, Id, name, id));
    }
    let on_the_page = select.order_by_asc(Name).order_by_asc(Id).limit(page.limit()).into_query();
    Ok(rows(wanted)
        .filter(Id.in_subquery(on_the_page))
        .order_by_asc(Name)
        .order_by_asc(Id)
        .into_model()
        .all(db)
        .await?)
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
