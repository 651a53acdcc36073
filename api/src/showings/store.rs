//! Rows of showings, and what a showing is checked against. Lists take whose they are: an officer's
//! own, those that name one, or those of a scope.

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{JointAuthorisationState, SecondAnswer, ShowingFinding, ShowingKind};
use entities::ids::{AgencyId, CertificateId, PersonId, ShowingId};
use entities::{
    agency, division, joint_authorisation, joint_authorisation_party, public_card, showing,
};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};

use super::rules::Authorisation;
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::graphql::page::Page;
use crate::organisations::codes;
use crate::platform::failure::Fault;

/// Joint authorisations that are looked at for one showing.
const MOST_AUTHORISATIONS: u64 = 200;

/// Whose showings are read.
#[derive(Clone, Debug)]
pub enum Whose {
    /// This officer's own.
    Own(PersonId),
    /// Those that name this officer as the second.
    Naming(PersonId),
    /// Those that this officer showed or is the second of, by a certificate that an agency of a scope
    /// keeps.
    Of(PersonId, Scope),
    /// Those of certificates that agencies of a scope keep.
    Within(Scope),
}

/// Which of them a list shows.
#[derive(Clone, Debug, Default)]
pub struct ShowingFilter {
    /// Who showed.
    pub officer: Option<PersonId>,
    /// The agency that keeps the certificate.
    pub agency: Option<AgencyId>,
    /// Started at or after this moment.
    pub from: Option<DateTime<Utc>>,
    /// Started before this moment.
    pub until: Option<DateTime<Utc>>,
    /// Only those that are open at this moment.
    pub open_at: Option<DateTime<Utc>>,
    /// Only those of which something was found.
    pub found: bool,
}

/// A showing with what is read of it everywhere.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct ShowingRow {
    /// The showing.
    #[sea_orm(nested)]
    pub showing: showing::Model,
    /// The officer's name, as on the card.
    pub name: String,
    /// Number of the certificate.
    pub number: String,
    /// Who keeps the certificate.
    pub agency_id: AgencyId,
    /// The unit, as on the card.
    pub agency_name: String,
    /// Name of the place.
    pub division_name: Option<String>,
    /// Name of the second officer.
    pub second_name: Option<String>,
    /// Number of the second officer's certificate.
    pub second_number: Option<String>,
    /// Unit of the second officer, as on the card.
    pub second_agency_name: Option<String>,
}

fn rows(whose: &Whose) -> Select<showing::Entity> {
    let (card, second) = (Alias::new("holder_card"), Alias::new("second_card"));
    let of = |card: &Alias, column| Expr::col((card.clone(), column));
    let whose = match whose {
        Whose::Own(person) => Condition::all().add(showing::Column::PersonId.eq(*person)),
        Whose::Naming(person) => Condition::all().add(showing::Column::SecondPersonId.eq(*person)),
        Whose::Of(person, scope) => {
            let shown = scope.condition((card.clone(), public_card::Column::AgencyId));
            let named = scope.condition((second.clone(), public_card::Column::AgencyId));
            Condition::any()
                .add(shown.add(showing::Column::PersonId.eq(*person)))
                .add(named.add(showing::Column::SecondPersonId.eq(*person)))
        }
        Whose::Within(scope) => scope.condition((card.clone(), public_card::Column::AgencyId)),
    };
    showing::Entity::find()
        .join_as(JoinType::InnerJoin, showing::Relation::Card.def(), card.clone())
        .join_as(JoinType::LeftJoin, showing::Relation::SecondCard.def(), second.clone())
        .join(JoinType::LeftJoin, showing::Relation::Division.def())
        .expr_as(of(&card, public_card::Column::Name), "name")
        .expr_as(of(&card, public_card::Column::Number), "number")
        .expr_as(of(&card, public_card::Column::AgencyId), "agency_id")
        .expr_as(of(&card, public_card::Column::AgencyName), "agency_name")
        .column_as(division::Column::Name, "division_name")
        .expr_as(of(&second, public_card::Column::Name), "second_name")
        .expr_as(of(&second, public_card::Column::Number), "second_number")
        .expr_as(of(&second, public_card::Column::AgencyName), "second_agency_name")
        .filter(whose)
}

/// A showing of those.
pub async fn showing(
    db: &impl ConnectionTrait,
    whose: &Whose,
    id: ShowingId,
) -> Result<Option<ShowingRow>, Fault> {
    Ok(rows(whose).filter(showing::Column::Id.eq(id)).into_model().one(db).await?)
}

/// A page of those, newest first; one row more than the page.
pub async fn showings(
    db: &impl ConnectionTrait,
    whose: &Whose,
    filter: &ShowingFilter,
    page: &Page,
) -> Result<Vec<ShowingRow>, Fault> {
    use showing::Column::{EndedAt, EndsAt, Id, PersonId, StartedAt};
    let mut select = rows(whose);
    if let Some(before) = page.after_id::<ShowingId>() {
        select = select.filter(Id.lt(before));
    }
    if let Some(officer) = filter.officer {
        select = select.filter(PersonId.eq(officer));
    }
    if let Some(agency) = filter.agency {
        let keeper = Expr::col((Alias::new("holder_card"), public_card::Column::AgencyId));
        select = select.filter(keeper.eq(agency));
    }
    if let Some(from) = filter.from {
        select = select.filter(StartedAt.gte(from));
    }
    if let Some(until) = filter.until {
        select = select.filter(StartedAt.lt(until));
    }
    if let Some(now) = filter.open_at {
        select = select.filter(EndedAt.is_null()).filter(EndsAt.gt(now));
    }
    if filter.found {
        select = select.filter(something_found());
    }
    Ok(select.order_by_desc(Id).limit(page.limit()).into_model().all(db).await?)
}

/// The newest of those, oldest first, and how many there are.
pub async fn newest(
    db: &impl ConnectionTrait,
    whose: &Whose,
    most: u64,
) -> Result<(Vec<ShowingRow>, u64), Fault> {
    let total = rows(whose).count(db).await?;
    let newest = rows(whose).order_by_desc(showing::Column::Id).limit(most);
    let mut newest: Vec<ShowingRow> = newest.into_model().all(db).await?;
    newest.reverse();
    Ok((newest, total))
}

/// That not everything is in order: the same as its findings say.
fn something_found() -> Condition {
    use showing::Column::{
        AloneReason, AreaFinding, FieldFinding, Kind, NoticeNumber, SecondAnswer as Answer,
    };
    let unconfirmed =
        Condition::any().add(Answer.is_null()).add(Answer.ne(SecondAnswer::Confirmed));
    Condition::any()
        .add(Condition::all().add(AloneReason.is_null()).add(unconfirmed))
        .add(FieldFinding.eq(ShowingFinding::OutsideField))
        .add(AreaFinding.eq(ShowingFinding::OutsideArea))
        .add(Condition::all().add(Kind.eq(ShowingKind::Inspection)).add(NoticeNumber.is_null()))
}

/// The showing of an officer that has not ended.
pub(super) async fn open_of(
    db: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<showing::Model>, Fault> {
    Ok(showing::Entity::find()
        .filter(showing::Column::PersonId.eq(person))
        .filter(showing::Column::EndedAt.is_null())
        .one(db)
        .await?)
}

/// Ends an officer's showing whose time is over, at its own end.
pub(super) async fn close_past(uow: &UnitOfWork, person: PersonId) -> Result<(), Fault> {
    showing::Entity::update_many()
        .col_expr(showing::Column::EndedAt, Expr::col(showing::Column::EndsAt))
        .filter(showing::Column::PersonId.eq(person))
        .filter(showing::Column::EndedAt.is_null())
        .filter(showing::Column::EndsAt.lte(uow.now()))
        .exec(uow.tx())
        .await?;
    Ok(())
}

/// The agency that keeps a certificate.
pub(super) async fn agency_of(
    db: &impl ConnectionTrait,
    certificate: CertificateId,
) -> Result<AgencyId, Fault> {
    let card = public_card::Entity::find_by_id(certificate).one(db).await?;
    Ok(card.ok_or_else(|| Fault::stored("a showing without its card"))?.agency_id)
}

/// The division of an agency.
pub(super) async fn division_of(
    db: &impl ConnectionTrait,
    agency: AgencyId,
) -> Result<String, Fault> {
    let row = agency::Entity::find_by_id(agency).one(db).await?;
    Ok(row.ok_or_else(|| Fault::stored("a card without its agency"))?.division_code)
}

/// The joint authorisations in force on a day that name an officer or the officer's agency, oldest
/// first.
pub(super) async fn authorisations_of(
    db: &impl ConnectionTrait,
    person: PersonId,
    agency: AgencyId,
    day: NaiveDate,
) -> Result<Vec<Authorisation>, Fault> {
    use joint_authorisation::Column::{EndedAt, FromOn, Id, State, UntilOn};
    use joint_authorisation_party::Column::{AgencyId, AuthorisationId, PersonId};
    let naming = Query::select()
        .column(AuthorisationId)
        .from(joint_authorisation_party::Entity)
        .cond_where(Condition::any().add(AgencyId.eq(agency)).add(PersonId.eq(person)))
        .take();
    let rows = joint_authorisation::Entity::find()
        .filter(State.eq(JointAuthorisationState::Approved))
        .filter(EndedAt.is_null())
        .filter(FromOn.lte(day))
        .filter(UntilOn.gte(day))
        .filter(Id.in_subquery(naming))
        .order_by_asc(Id)
        .limit(MOST_AUTHORISATIONS)
        .all(db)
        .await?;
    let read = |row: joint_authorisation::Model| Authorisation {
        id: row.id,
        fields: codes(&row.field_codes),
        divisions: codes(&row.division_codes),
    };
    Ok(rows.into_iter().map(read).collect())
}
