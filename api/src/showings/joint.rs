//! Joint authorisations (联合执法): for a time, officers of the agencies it names, or officers named
//! one by one, may act in fields and places that are not their certificate's. One person proposes,
//! another decides, of a justice department or issuing authority above all who are named; it ends by
//! itself on its last day, or early (domain §2).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entities::enums::{JointAuthorisationState, ScopeAxis};
use entities::ids::{AgencyId, JointAuthorisationId, PersonId};
use entities::{
    agency, agency_closure, joint_authorisation, joint_authorisation_party as party, person,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::acts::person_of;
use super::error::{Code, ShowingRefusal};
use super::start::{known_fields, policy_at, written};
use crate::access::{Permission, Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::delegation;
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::organisations::with_those_above;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// Agencies and officers that one authorisation names at most.
const MOST_PARTIES: usize = 100;
/// Officers that are read at once.
const OFFICERS_AT_ONCE: u64 = 100;
/// Divisions that it names at most.
const MOST_DIVISIONS: usize = 50;
/// Characters of reasons.
const MOST_REASONS: usize = 1_000;

/// What is proposed.
#[derive(Clone, Debug)]
pub struct NewAuthorisation {
    /// The justice department or issuing authority that is to decide.
    pub authority: AgencyId,
    /// Number of the document that orders it.
    pub document: String,
    /// Agencies, each with all its officers.
    pub agencies: Vec<AgencyId>,
    /// Officers one by one.
    pub officers: Vec<PersonId>,
    /// Codes of the fields.
    pub field_codes: Vec<String>,
    /// Codes of the divisions, each with all below it.
    pub division_codes: Vec<String>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
}

/// Proposes a joint authorisation; somebody of the authority decides.
pub async fn propose(
    platform: &Platform,
    actor: &Actor,
    new: &NewAuthorisation,
) -> Result<JointAuthorisationId, Failure<ShowingRefusal>> {
    let refused = ShowingRefusal::from;
    let by = person_of(actor)?;
    let document = written(&new.document, 2, 100).ok_or(refused(Code::DocumentInvalid))?;
    let agencies: BTreeSet<AgencyId> = new.agencies.iter().copied().collect();
    let officers: BTreeSet<PersonId> = new.officers.iter().copied().collect();
    let parties = agencies.len() + officers.len();
    if !(1..=MOST_PARTIES).contains(&parties) {
        return Err(ShowingRefusal::about(Code::PartiesInvalid, MOST_PARTIES).into());
    }
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let authority = agency::Entity::find_by_id(new.authority)
        .one(uow.tx())
        .await?
        .filter(|a| (a.is_justice || a.issues_certificates) && a.abolished_on.is_none())
        .ok_or(refused(Code::AuthorityInvalid))?;
    let units = units_below(&uow, authority.id, &agencies, &officers).await?;
    let scope = Scope::of(actor, Permission::ProposeJointAuthorisations);
    let mut own = false;
    for unit in &units {
        own = own || scope.contains(uow.tx(), *unit).await?;
    }
    if !own {
        return Err(ShowingRefusal::about(Code::PartiesInvalid, MOST_PARTIES).into());
    }
    let fields = known_fields(&uow, &new.field_codes).await?;
    let divisions = divisions_below(&uow, &new.division_codes, &authority.division_code).await?;
    let policy = policy_at(uow.tx(), authority.id, uow.today()).await?;
    let most = i64::from(policy.body.authorisation_days_most);
    let days = (new.until - new.from).num_days();
    if new.from < uow.today() || !(0..most).contains(&days) {
        return Err(ShowingRefusal::about(Code::PeriodInvalid, most).into());
    }
    let id: JointAuthorisationId = uow.new_id();
    joint_authorisation::ActiveModel::from(joint_authorisation::Model {
        id,
        authority_id: authority.id,
        document,
        field_codes: json!(fields),
        division_codes: json!(divisions),
        from_on: new.from,
        until_on: new.until,
        state: JointAuthorisationState::Proposed,
        reasons: None,
        policy_id: policy.id,
        proposed_by: by,
        decided_by: None,
        decided_at: None,
        ended_by: None,
        ended_at: None,
        created_at: uow.now(),
    })
    .insert(uow.tx())
    .await?;
    let named = agencies
        .iter()
        .map(|agency| (Some(*agency), None))
        .chain(officers.iter().map(|person| (None, Some(*person))));
    let rows = (1..).zip(named).map(|(seq, (agency_id, person_id))| {
        party::ActiveModel::from(party::Model { authorisation_id: id, seq, agency_id, person_id })
    });
    party::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    let body = json!({
        "agencies": agencies.iter().map(|id| encode(*id)).collect::<Vec<_>>(),
        "officers": officers.iter().map(|id| encode(*id)).collect::<Vec<_>>(),
        "fields": fields,
        "divisions": divisions,
        "from": new.from.to_string(),
        "until": new.until.to_string(),
        "policy": encode(policy.id),
    });
    uow.record(Stream::Agency(authority.id), "joint_authorisation.propose", encode(id), body);
    uow.commit().await?;
    Ok(id)
}

/// What is decided on a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It holds from its first day on.
    Approve,
    /// Refused, with reasons.
    Refuse(String),
}

/// Decides on a proposal, as another person than who proposed it, and as nobody whom, or whose agency,
/// it names. An authority that is only that is not named.
pub async fn decide(
    platform: &Platform,
    actor: &Actor,
    id: JointAuthorisationId,
    decision: Decision,
) -> Result<(), Failure<ShowingRefusal>> {
    let by = person_of(actor)?;
    let (state, reasons) = match decision {
        Decision::Approve => (JointAuthorisationState::Approved, None),
        Decision::Refuse(reasons) => {
            let reasons = reasons.trim();
            let sound = (1..=MOST_REASONS).contains(&reasons.chars().count())
                && !crate::platform::spelling::has_control(reasons);
            if !sound {
                return Err(ShowingRefusal::from(Code::ReasonsInvalid).into());
            }
            (JointAuthorisationState::Refused, Some(reasons.to_owned()))
        }
    };
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = locked(&uow, actor, id).await?;
    let as_one = counts_as(actor, Permission::DecideJointAuthorisations);
    let stood = delegation::stood_in(uow.tx(), &[row.proposed_by]).await?;
    let proposal = Permission::ProposeJointAuthorisations;
    let proposers = delegation::doers(&stood, row.proposed_by, proposal, row.created_at);
    if proposers.iter().any(|person| as_one.contains(person)) {
        return Err(ShowingRefusal::from(Code::SeparationOfDuties).into());
    }
    let named = parties(uow.tx(), id).await?;
    let agencies = own_agencies(&uow, actor, &as_one).await?;
    let own = |one: &party::Model| {
        one.person_id.is_some_and(|person| as_one.contains(&person))
            || one.agency_id.is_some_and(|agency| agencies.contains(&agency))
    };
    if named.iter().any(own) {
        return Err(ShowingRefusal::from(Code::OwnRecord).into());
    }
    // What is approved after its last day would never have held.
    let late = state == JointAuthorisationState::Approved && row.until_on < uow.today();
    if row.state != JointAuthorisationState::Proposed || late {
        return Err(ShowingRefusal::from(Code::StateNotAllowed).into());
    }
    if state == JointAuthorisationState::Approved {
        // Agencies may have been reformed since, and officers may have moved.
        let agencies = named.iter().filter_map(|one| one.agency_id).collect();
        let officers = named.iter().filter_map(|one| one.person_id).collect();
        units_below(&uow, row.authority_id, &agencies, &officers).await?;
    }
    joint_authorisation::ActiveModel {
        id: Set(id),
        state: Set(state),
        reasons: Set(reasons),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(uow.now())),
        ..Default::default()
    }
    .update(uow.tx())
    .await?;
    let body = json!({ "decision": state.code() });
    uow.record(Stream::Agency(row.authority_id), "joint_authorisation.decide", encode(id), body);
    uow.commit().await?;
    Ok(())
}

/// The agencies that an actor decides for, and those that employ whom the actor counts as.
async fn own_agencies(
    uow: &UnitOfWork,
    actor: &Actor,
    as_one: &[PersonId],
) -> Result<BTreeSet<AgencyId>, Fault> {
    let employers: Vec<AgencyId> = person::Entity::find()
        .select_only()
        .column(person::Column::AgencyId)
        .filter(person::Column::Id.is_in(as_one.iter().copied()))
        .into_tuple()
        .all(uow.tx())
        .await?;
    let mut agencies: BTreeSet<AgencyId> = employers.into_iter().collect();
    if let Scope::Under(roots) = Scope::of(actor, Permission::DecideJointAuthorisations) {
        agencies.extend(roots.into_iter().map(|(_, agency)| agency));
    }
    Ok(agencies)
}

/// Ends one before its last day: from this moment it covers nothing more.
pub async fn end(
    platform: &Platform,
    actor: &Actor,
    id: JointAuthorisationId,
) -> Result<(), Failure<ShowingRefusal>> {
    let by = person_of(actor)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = locked(&uow, actor, id).await?;
    let in_force = row.state == JointAuthorisationState::Approved
        && row.ended_at.is_none()
        && uow.today() <= row.until_on;
    if !in_force {
        return Err(ShowingRefusal::from(Code::StateNotAllowed).into());
    }
    joint_authorisation::ActiveModel {
        id: Set(id),
        ended_by: Set(Some(by)),
        ended_at: Set(Some(uow.now())),
        ..Default::default()
    }
    .update(uow.tx())
    .await?;
    uow.record(Stream::Agency(row.authority_id), "joint_authorisation.end", encode(id), json!({}));
    uow.commit().await?;
    Ok(())
}

/// A proposal or authorisation whose authority the actor decides for, kept from others.
async fn locked(
    uow: &UnitOfWork,
    actor: &Actor,
    id: JointAuthorisationId,
) -> Result<joint_authorisation::Model, Failure<ShowingRefusal>> {
    let scope = Scope::of(actor, Permission::DecideJointAuthorisations);
    let select = joint_authorisation::Entity::find_by_id(id)
        .filter(scope.condition(joint_authorisation::Column::AuthorityId));
    let select = uow.locked(select);
    let row = select.one(uow.tx()).await?;
    Ok(row.ok_or(ShowingRefusal::from(Code::AuthorisationNotFound))?)
}

/// Which authorisations a list shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuthorisationFilter {
    /// How far they are.
    pub state: Option<JointAuthorisationState>,
    /// In force on this day, as it stands now.
    pub in_force_on: Option<NaiveDate>,
}

/// Those of a scope: its authority or an agency or officer that is named lies within.
fn within(scope: &Scope) -> Condition {
    use joint_authorisation::Column::{AuthorityId, Id};
    let named = Query::select()
        .column((party::Entity, party::Column::AuthorisationId))
        .from(party::Entity)
        .left_join(
            person::Entity,
            Expr::col((person::Entity, person::Column::Id))
                .equals((party::Entity, party::Column::PersonId)),
        )
        .cond_where(
            Condition::any()
                .add(scope.condition((party::Entity, party::Column::AgencyId)))
                .add(scope.condition((person::Entity, person::Column::AgencyId))),
        )
        .take();
    Condition::any()
        .add(scope.condition((joint_authorisation::Entity, AuthorityId)))
        .add(Id.in_subquery(named))
}

/// An authorisation of a scope.
pub async fn authorisation(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: JointAuthorisationId,
) -> Result<Option<joint_authorisation::Model>, Fault> {
    Ok(joint_authorisation::Entity::find_by_id(id).filter(within(scope)).one(db).await?)
}

/// A page of those of a scope, newest first; one row more than the page.
pub async fn authorisations(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: AuthorisationFilter,
    page: &Page,
) -> Result<Vec<joint_authorisation::Model>, Fault> {
    use joint_authorisation::Column::{EndedAt, FromOn, Id, State, UntilOn};
    let mut select = joint_authorisation::Entity::find().filter(within(scope));
    if let Some(before) = page.after_id::<JointAuthorisationId>() {
        select = select.filter(Id.lt(before));
    }
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    if let Some(day) = filter.in_force_on {
        select = select
            .filter(State.eq(JointAuthorisationState::Approved))
            .filter(EndedAt.is_null())
            .filter(FromOn.lte(day))
            .filter(UntilOn.gte(day));
    }
    Ok(select.order_by_desc(Id).limit(page.limit()).all(db).await?)
}

/// Ids in a column of whom an authorisation names.
fn named(id: JointAuthorisationId, column: party::Column) -> SelectStatement {
    Query::select()
        .column(column)
        .from(party::Entity)
        .cond_where(Condition::all().add(party::Column::AuthorisationId.eq(id)))
        .take()
}

/// The agencies that an authorisation names, by id.
pub async fn named_agencies(
    db: &impl ConnectionTrait,
    id: JointAuthorisationId,
) -> Result<Vec<agency::Model>, Fault> {
    Ok(agency::Entity::find()
        .filter(agency::Column::Id.in_subquery(named(id, party::Column::AgencyId)))
        .order_by_asc(agency::Column::Id)
        .all(db)
        .await?)
}

/// The officers whom an authorisation names one by one, by id, those after one of them: after a
/// reform they can be thousands.
pub async fn named_officers(
    db: &impl ConnectionTrait,
    id: JointAuthorisationId,
    after: Option<PersonId>,
) -> Result<Vec<person::Model>, Fault> {
    let mut select = person::Entity::find()
        .filter(person::Column::Id.in_subquery(named(id, party::Column::PersonId)));
    if let Some(after) = after {
        select = select.filter(person::Column::Id.gt(after));
    }
    Ok(select.order_by_asc(person::Column::Id).limit(OFFICERS_AT_ONCE).all(db).await?)
}

/// How many officers an authorisation names one by one.
pub async fn officer_count(
    db: &impl ConnectionTrait,
    id: JointAuthorisationId,
) -> Result<u64, Fault> {
    Ok(party::Entity::find()
        .filter(party::Column::AuthorisationId.eq(id))
        .filter(party::Column::PersonId.is_not_null())
        .count(db)
        .await?)
}

/// Whom an authorisation names, in order.
pub(super) async fn parties(
    db: &impl ConnectionTrait,
    id: JointAuthorisationId,
) -> Result<Vec<party::Model>, Fault> {
    Ok(party::Entity::find()
        .filter(party::Column::AuthorisationId.eq(id))
        .order_by_asc(party::Column::Seq)
        .all(db)
        .await?)
}

/// The agencies named, and those of the officers named; all of them go on, below the authority.
async fn units_below(
    uow: &UnitOfWork,
    authority: AgencyId,
    agencies: &BTreeSet<AgencyId>,
    officers: &BTreeSet<PersonId>,
) -> Result<BTreeSet<AgencyId>, Failure<ShowingRefusal>> {
    let units = units(uow, agencies, officers).await?;
    let below = below(uow, authority).await?;
    if units.iter().any(|unit| !below.contains(unit)) {
        return Err(ShowingRefusal::from(Code::PartyNotBelow).into());
    }
    Ok(units)
}

/// The agencies named, and those of the officers named; all of them exist.
async fn units(
    uow: &UnitOfWork,
    agencies: &BTreeSet<AgencyId>,
    officers: &BTreeSet<PersonId>,
) -> Result<BTreeSet<AgencyId>, Failure<ShowingRefusal>> {
    let known = agency::Entity::find()
        .filter(agency::Column::Id.is_in(agencies.iter().copied()))
        .filter(agency::Column::AbolishedOn.is_null())
        .order_by_asc(agency::Column::Id)
        .all(uow.tx())
        .await?;
    let people = person::Entity::find()
        .filter(person::Column::Id.is_in(officers.iter().copied()))
        .order_by_asc(person::Column::Id)
        .all(uow.tx())
        .await?;
    if known.len() != agencies.len() || people.len() != officers.len() {
        return Err(ShowingRefusal::from(Code::PartyNotBelow).into());
    }
    let of_people = people.into_iter().map(|person| person.agency_id);
    Ok(known.into_iter().map(|agency| agency.id).chain(of_people).collect())
}

/// Every agency below an authority, and itself: by territory or by its line of work.
async fn below(uow: &UnitOfWork, authority: AgencyId) -> Result<BTreeSet<AgencyId>, Fault> {
    let ids: Vec<AgencyId> = agency_closure::Entity::find()
        .select_only()
        .column(agency_closure::Column::AgencyId)
        .distinct()
        .filter(agency_closure::Column::AncestorId.eq(authority))
        .filter(agency_closure::Column::Axis.is_in([ScopeAxis::Territory, ScopeAxis::Line]))
        .into_tuple()
        .all(uow.tx())
        .await?;
    Ok(ids.into_iter().collect())
}

/// The divisions once each, all within that of the authority.
async fn divisions_below(
    uow: &UnitOfWork,
    codes: &[String],
    above: &str,
) -> Result<Vec<String>, Failure<ShowingRefusal>> {
    let refused = || ShowingRefusal::about(Code::DivisionNotBelow, MOST_DIVISIONS);
    let once: BTreeSet<&String> = codes.iter().collect();
    if !(1..=MOST_DIVISIONS).contains(&once.len()) {
        return Err(refused().into());
    }
    for code in &once {
        let place = with_those_above(uow.tx(), code).await?;
        if !place.iter().any(|code| code == above) {
            return Err(refused().into());
        }
    }
    Ok(once.into_iter().cloned().collect())
}
