//! Standings: facts that bar or burden a person, entered and lifted by acts. A row is never taken
//! back: lifting writes who did and why beside it, and what comes later is a row of its own. What
//! happened is never told, only codes.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use entities::enums::{StandingKind, StandingLift};
use entities::ids::{PersonId, StandingId};
use entities::{person, standing};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::error::OfficerRefusal as Refusal;
use super::{facts, lookup, rules};
use crate::access::{Permission, Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::organisations::authority;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::{Failure, Fault};
use crate::policy::{self, CertificationPolicy, InForce};

/// The source of what is entered by hand.
const BY_HAND: &str = "MANUAL";

/// A standing as it is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStanding {
    /// What it is.
    pub kind: StandingKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where the kind has one and it is known.
    pub until: Option<NaiveDate>,
    /// Which act says so.
    pub source: String,
}

/// A standing, with the last day that the policy of the person's agency gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The row.
    pub row: standing::Model,
    /// The last day; `None` where it lasts until it is lifted.
    pub until: Option<NaiveDate>,
    /// Whether it bars or burdens on the day that was asked about.
    pub bars: bool,
}

/// The policies that decide when the standings of these people end; whoever is not in the register
/// has none.
pub async fn policies_of(
    db: &impl ConnectionTrait,
    people: &[PersonId],
    day: NaiveDate,
) -> Result<HashMap<PersonId, Arc<InForce<CertificationPolicy>>>, Fault> {
    let divisions = lookup::divisions_of(db, people).await?;
    let mut codes: Vec<String> = divisions.iter().map(|(_, code)| code.clone()).collect();
    codes.sort_unstable();
    codes.dedup();
    let policies = policy::in_force_many(db, &codes, day).await?;
    let found = divisions.into_iter().map(|(person, code)| {
        let policy = policies.get(&code).cloned();
        Ok((person, policy.ok_or_else(|| Fault::other(format!("no policy holds in {code}")))?))
    });
    found.collect()
}

/// Every standing of these people within a scope, lifted or not, by its first day.
pub async fn standings_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
    day: NaiveDate,
) -> Result<Vec<Told>, Fault> {
    let rows = lookup::standings_of(db, scope, people).await?;
    let concerned: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
    let policies = policies_of(db, &concerned, day).await?;
    let told = rows.into_iter().filter_map(|row| {
        let policy = &policies.get(&row.person_id)?.body;
        let (until, bars) =
            (rules::standings::until(&row, policy), rules::standings::bars(&row, policy, day));
        Some(Told { row, until, bars })
    });
    Ok(told.collect())
}

/// One standing within a scope.
pub async fn standing(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: StandingId,
    day: NaiveDate,
) -> Result<Option<Told>, Fault> {
    let Some(row) = standing::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let of_person = standings_of(db, scope, &[row.person_id], day).await?;
    Ok(of_person.into_iter().find(|told| told.row.id == id))
}

/// Kinds of standings that were lifted or have ended, and of which none bars now, by ID number and
/// in the whole register: for a caller that must notice what comes again.
pub async fn standings_over(
    platform: &Platform,
    id_numbers: &[&str],
) -> Result<HashMap<String, Vec<StandingKind>>, Fault> {
    let known = lookup::known_by_id_number(platform, id_numbers).await?;
    let people: Vec<PersonId> = known.values().map(|(person, _)| *person).collect();
    let today = local_date(platform.now());
    let mut barring: HashMap<PersonId, HashMap<StandingKind, bool>> = HashMap::new();
    for told in standings_of(platform.db.read(), &Scope::Everything, &people, today).await? {
        let kinds = barring.entry(told.row.person_id).or_default();
        *kinds.entry(told.row.kind).or_default() |= told.bars;
    }
    let over = known.into_iter().filter_map(|(number, (person, _))| {
        let kinds = barring.remove(&person)?.into_iter();
        Some((number, kinds.filter(|(_, bars)| !bars).map(|(kind, _)| kind).collect()))
    });
    Ok(over.collect())
}

/// Writes a standing in the caller's transaction.
pub async fn enter(
    uow: &mut UnitOfWork,
    person: &person::Model,
    new: NewStanding,
) -> Result<StandingId, Fault> {
    let row = standing::Model {
        id: uow.new_id(),
        person_id: person.id,
        kind: new.kind,
        from_on: new.from,
        until_on: new.until,
        source: new.source,
        recorded_at: uow.now(),
        recorded_by: uow.actor().person(),
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
    };
    let id = row.id;
    uow.record(
        Stream::Agency(person.agency_id),
        "standing.enter",
        encode(person.id),
        json!({ "standing": encode(id), "kind": row.kind.code(), "source": row.source }),
    );
    standing::ActiveModel::from(row).insert(uow.tx()).await?;
    Ok(id)
}

/// Lifts these standings of a person in the caller's transaction.
async fn lift_rows(
    uow: &mut UnitOfWork,
    person: &person::Model,
    rows: &[&standing::Model],
    reason: StandingLift,
) -> Result<(), Fault> {
    standing::Entity::update_many()
        .col_expr(standing::Column::LiftedAt, Expr::value(uow.now()))
        .col_expr(standing::Column::LiftedBy, Expr::value(uow.actor().person()))
        .col_expr(standing::Column::LiftReason, Expr::value(reason))
        .filter(standing::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(uow.tx())
        .await?;
    for row in rows {
        uow.record(
            Stream::Agency(person.agency_id),
            "standing.lift",
            encode(person.id),
            json!({
                "standing": encode(row.id),
                "kind": row.kind.code(),
                "reason": reason.code(),
            }),
        );
    }
    Ok(())
}

/// Lifts a person's off-post training, in the caller's transaction. Answers whether any was owed.
/// `person` is locked.
pub async fn lift_retraining(
    uow: &mut UnitOfWork,
    person: &facts::PersonFacts,
) -> Result<bool, Fault> {
    let owed = |row: &&standing::Model| row.kind == StandingKind::RetrainingOwed;
    let rows: Vec<&standing::Model> = person.standings.iter().filter(owed).collect();
    if rows.is_empty() {
        return Ok(false);
    }
    lift_rows(uow, &person.person, &rows, StandingLift::RetrainingDone).await?;
    Ok(true)
}

/// Records a standing by hand, as the justice department of the person's agency.
pub async fn record_standing(
    platform: &Platform,
    actor: &Actor,
    person: PersonId,
    kind: StandingKind,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<StandingId, Failure<Refusal>> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let today = uow.today();
    let facts = supervised_person(&uow, person).await?.ok_or(Refusal::PersonNotFound)?;
    let policies = policies_of(uow.tx(), &[person], today).await?;
    let barring: Vec<(StandingKind, NaiveDate)> = facts
        .standings
        .iter()
        .filter(|row| {
            policies.get(&person).is_some_and(|p| rules::standings::bars(row, &p.body, today))
        })
        .map(|row| (row.kind, row.from_on))
        .collect();
    rules::standings::enter(kind, from, until, &barring, today)?;
    let new = NewStanding { kind, from, until, source: BY_HAND.to_owned() };
    let id = enter(&mut uow, &facts.person, new).await?;
    uow.commit().await?;
    Ok(id)
}

/// Lifts a standing by a reversing fact, as the justice department of the person's agency.
pub async fn lift_standing(
    platform: &Platform,
    actor: &Actor,
    id: StandingId,
    reason: StandingLift,
) -> Result<StandingId, Failure<Refusal>> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let found = standing::Entity::find_by_id(id).one(uow.tx()).await?;
    let person = found.ok_or(Refusal::StandingNotFound)?.person_id;
    let facts = supervised_person(&uow, person).await?.ok_or(Refusal::StandingNotFound)?;
    // Read again: the person is locked only now.
    let row = standing::Entity::find_by_id(id).one(uow.tx()).await?;
    let row = row.ok_or(Refusal::StandingNotFound)?;
    rules::standings::lift(&row, reason, uow.today())?;
    lift_rows(&mut uow, &facts.person, &[&row], reason).await?;
    uow.commit().await?;
    Ok(id)
}

/// A person whose agency's justice department lies within the actor's scope, locked; nobody acts on
/// their own record.
async fn supervised_person(
    uow: &UnitOfWork,
    person: PersonId,
) -> Result<Option<facts::PersonFacts>, Failure<Refusal>> {
    let scope = Scope::of(uow.actor(), Permission::ManageStandings);
    facts::lock(uow, &[person]).await?;
    let found = facts::facts_of(uow.tx(), &scope, &[person]).await?.remove(&person);
    let Some(facts) = found else { return Ok(None) };
    let agency = facts.person.agency_id;
    let supervised = authority::supervised(uow.tx(), &scope, &[agency], uow.today()).await?;
    if !supervised.contains(&agency) {
        return Ok(None);
    }
    if counts_as(uow.actor(), Permission::ManageStandings).contains(&person) {
        return Err(Refusal::OwnRecord.into());
    }
    Ok(Some(facts))
}
