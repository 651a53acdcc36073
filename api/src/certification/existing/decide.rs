//! What every decision on claims asks first: within the scope, supervised, by another person, and
//! still open.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entities::enums::ExistingState;
use entities::existing_certificate::{self, Column};
use entities::ids::{AgencyId, ExistingCertificateId, PersonId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::super::bulk::{MOST_AT_ONCE, Outcome, bounded, passed, person_of, written};
use super::super::error::CertificationRefusal as Refusal;
use super::super::rules::applications::separation;
use crate::access::{Permission, Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::delegation::{self, StoodIn};
use crate::graphql::ids::encode;
use crate::officers::existing;
use crate::officers::facts::{self, PersonFacts};
use crate::organisations::authority::supervised;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// Claims that are to be decided on, locked with their holders.
pub(super) struct Claims {
    rows: HashMap<ExistingCertificateId, existing_certificate::Model>,
    /// The holders.
    pub facts: HashMap<PersonId, PersonFacts>,
    supervised: HashSet<AgencyId>,
    by: PersonId,
    /// Everybody the actor counts as.
    pub as_one: Vec<PersonId>,
    stood_in: Vec<StoodIn>,
}

impl Claims {
    /// Loads and locks those of the claims that lie within the actor's scope.
    pub async fn load(
        uow: &mut UnitOfWork,
        ids: &[ExistingCertificateId],
    ) -> Result<Self, Failure<Refusal>> {
        let by = person_of(uow.actor())?;
        let permission = Permission::ConfirmExistingCertificates;
        let as_one = counts_as(uow.actor(), permission);
        let scope = Scope::of(uow.actor(), permission);
        let found = existing::claims(uow.tx(), &scope, ids).await?;
        let people: Vec<PersonId> = found.iter().map(|row| row.person_id).collect();
        facts::lock(uow, &people).await?;
        existing::lock(uow, ids).await?;
        uow.after_waiting();
        let rows = existing::claims(uow.tx(), &scope, ids).await?;
        let facts = facts::facts_of(uow.tx(), &scope, &people).await?;
        let units: HashSet<AgencyId> = facts.values().map(|f| f.person.agency_id).collect();
        let units: Vec<AgencyId> = units.into_iter().collect();
        let supervised = supervised(uow.tx(), &scope, &units, uow.today()).await?;
        let importers: Vec<PersonId> = rows.iter().filter_map(|row| row.imported_by).collect();
        let stood_in = delegation::stood_in(uow.tx(), &importers).await?;
        let rows = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok(Self { rows, facts, supervised, by, as_one, stood_in })
    }

    /// Every row that was found.
    pub fn rows(&self) -> Vec<existing_certificate::Model> {
        self.rows.values().cloned().collect()
    }

    /// A claim that the actor may decide on, with its holder.
    pub fn open(
        &self,
        id: ExistingCertificateId,
    ) -> Result<(&existing_certificate::Model, &PersonFacts), Refusal> {
        let row = self.rows.get(&id).ok_or(Refusal::NotFound)?;
        let facts = self.facts.get(&row.person_id);
        let facts = facts.filter(|facts| self.supervised.contains(&facts.person.agency_id));
        let facts = facts.ok_or(Refusal::NotFound)?;
        let imported_for = row.imported_by.into_iter().flat_map(|by| {
            delegation::lenders(&self.stood_in, by, Permission::ImportRoster, row.created_at)
        });
        let importers: Vec<PersonId> = row.imported_by.into_iter().chain(imported_for).collect();
        separation(&self.as_one, row.person_id, &importers)?;
        if row.state != ExistingState::Claimed {
            return Err(Refusal::existing(row.state));
        }
        Ok((row, facts))
    }
}

/// Refuses claims with a reason (CLAIMED → REFUSED). The same claim of a later roster is not entered
/// again; a corrected one is.
pub async fn refuse_existing(
    platform: &Platform,
    actor: &Actor,
    ids: &[ExistingCertificateId],
    reason: &str,
) -> Result<Vec<Outcome<ExistingCertificateId, ()>>, Failure<Refusal>> {
    let ids = bounded(ids, MOST_AT_ONCE)?;
    let reason = written(Some(reason))?.ok_or(Refusal::ReasonsRequired)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let claims = Claims::load(&mut uow, &ids).await?;
    let (mut outcomes, mut refused) = (Vec::new(), Vec::new());
    for id in ids {
        let Some((row, facts)) =
            passed(&mut outcomes, id, claims.open(id).map_err(Failure::Refused))?
        else {
            continue;
        };
        uow.record(
            Stream::Agency(facts.person.agency_id),
            "existing.refuse",
            encode(id),
            json!({ "person": encode(row.person_id) }),
        );
        refused.push(id);
        outcomes.push(Outcome { id, result: Ok(()) });
    }
    write_refusals(&uow, &refused, &reason, claims.by).await?;
    uow.commit().await?;
    Ok(outcomes)
}

async fn write_refusals(
    uow: &UnitOfWork,
    ids: &[ExistingCertificateId],
    reason: &str,
    by: PersonId,
) -> Result<(), Fault> {
    existing_certificate::Entity::update_many()
        .col_expr(Column::State, Expr::value(ExistingState::Refused))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::DecidedBy, Expr::value(by))
        .col_expr(Column::DecidedAt, Expr::value(Some::<DateTime<Utc>>(uow.now())))
        .col_expr(Column::UpdatedAt, Expr::value(uow.now()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(uow.tx())
        .await?;
    Ok(())
}
