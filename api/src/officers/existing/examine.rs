//! Looks at claims for what is odd about them: when they are entered, when they are decided, and
//! from time to time while they wait, since holders change.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDate};
use entities::enums::{CertificateState, ExistingState, ScopeAxis};
use entities::ids::{AgencyId, ExistingCertificateId, PersonId};
use entities::{agency, agency_closure, certificate, existing_certificate};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::rules::{self, Circumstances, Exception, Issuer};
use super::store;
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::officers::agencies::Agencies;
use crate::officers::facts::{self, PersonFacts};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// Claims of one transaction.
const CHUNK: u64 = 500;
/// How long what was found of a waiting claim is taken to hold.
const HOLDS: Duration = Duration::days(1);

/// What is odd about each of these claims on a day. A fixed number of statements for some hundred.
pub async fn examine(
    db: &impl ConnectionTrait,
    claims: &[existing_certificate::Model],
    day: NaiveDate,
) -> Result<HashMap<ExistingCertificateId, Vec<Exception>>, Fault> {
    let people: Vec<PersonId> = claims.iter().map(|claim| claim.person_id).collect();
    let around = Around::load(db, claims, &people, day).await?;
    claims.iter().map(|claim| Ok((claim.id, around.look_at(claim)?))).collect()
}

struct Around {
    day: NaiveDate,
    facts: HashMap<PersonId, PersonFacts>,
    agencies: Agencies,
    /// Which authority lies above which agency.
    authorities: HashSet<(AgencyId, AgencyId)>,
    held: HashMap<PersonId, Vec<(CertificateState, NaiveDate)>>,
    /// Numbers on certificates and in claims, with their holders.
    numbers: HashMap<String, HashSet<PersonId>>,
    on_certificates: HashSet<String>,
}

impl Around {
    async fn load(
        db: &impl ConnectionTrait,
        claims: &[existing_certificate::Model],
        people: &[PersonId],
        day: NaiveDate,
    ) -> Result<Self, Fault> {
        let facts = facts::facts_of(db, &Scope::Everything, people).await?;
        let units: HashSet<AgencyId> = facts.values().map(|f| f.person.agency_id).collect();
        let issuers: HashSet<AgencyId> =
            claims.iter().filter_map(|claim| claim.issuing_agency_id).collect();
        let mut held: HashMap<PersonId, Vec<(CertificateState, NaiveDate)>> = HashMap::new();
        let rows: Vec<(PersonId, CertificateState, NaiveDate)> = certificate::Entity::find()
            .select_only()
            .columns([
                certificate::Column::PersonId,
                certificate::Column::State,
                certificate::Column::ValidUntil,
            ])
            .filter(certificate::Column::PersonId.is_in(people.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        for (person, state, until) in rows {
            held.entry(person).or_default().push((state, until));
        }
        let own = claims.iter().filter_map(|claim| claim.number.clone());
        let own: HashSet<String> = own.collect();
        let near = own.iter().flat_map(|number| rules::with_other_zeros(number));
        let asked: HashSet<String> = near.chain(own.iter().cloned()).collect();
        let asked: Vec<String> = asked.into_iter().collect();
        let (mut numbers, mut on_certificates) = (HashMap::new(), HashSet::new());
        let certified = store::numbers_certified(db, &asked).await?;
        let claimed = store::numbers_claimed(db, &asked).await?;
        on_certificates.extend(certified.iter().map(|(number, _)| number.clone()));
        for (number, person) in certified.into_iter().chain(claimed) {
            numbers.entry(number).or_insert_with(HashSet::new).insert(person);
        }
        Ok(Self {
            day,
            authorities: authorities(db, &units, &issuers).await?,
            agencies: Agencies::load(db, units, day).await?,
            facts,
            held,
            numbers,
            on_certificates,
        })
    }

    fn look_at(&self, claim: &existing_certificate::Model) -> Result<Vec<Exception>, Fault> {
        let facts = self.facts.get(&claim.person_id);
        let facts = facts.ok_or_else(|| Fault::stored("a claim of a person who is not there"))?;
        let unit = facts.person.agency_id;
        let issuer = match claim.issuing_agency_id {
            None => Issuer::Unknown,
            Some(issuer) if self.authorities.contains(&(unit, issuer)) => Issuer::Authority,
            Some(_) => Issuer::NoAuthority,
        };
        let number = claim.number.as_deref().unwrap_or_default();
        let others = |number: &String| {
            self.numbers.get(number).is_some_and(|p| p.iter().any(|p| *p != claim.person_id))
        };
        let circumstances = Circumstances {
            facts,
            policy: &self.agencies.policy(unit)?.body,
            day: self.day,
            issuer,
            number_taken: self.on_certificates.contains(number),
            zeros: rules::with_other_zeros(number).iter().any(others),
            others: self.held.get(&claim.person_id).map_or(&[], Vec::as_slice),
        };
        Ok(rules::exceptions(claim, &circumstances))
    }
}

/// Of these agencies and issuers, the pairs in which the issuer is an authority and lies above.
async fn authorities(
    db: &impl ConnectionTrait,
    units: &HashSet<AgencyId>,
    issuers: &HashSet<AgencyId>,
) -> Result<HashSet<(AgencyId, AgencyId)>, Fault> {
    use agency_closure::Column::{AgencyId as Unit, AncestorId, Axis};
    if issuers.is_empty() {
        return Ok(HashSet::new());
    }
    let pairs: Vec<(AgencyId, AgencyId)> = agency_closure::Entity::find()
        .select_only()
        .columns([Unit, AncestorId])
        .filter(Axis.eq(ScopeAxis::Territory))
        .filter(Unit.is_in(units.iter().copied()))
        .filter(AncestorId.is_in(issuers.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let issuing: Vec<AgencyId> = agency::Entity::find()
        .select_only()
        .column(agency::Column::Id)
        .filter(agency::Column::Id.is_in(issuers.iter().copied()))
        .filter(agency::Column::IssuesCertificates.eq(true))
        .into_tuple()
        .all(db)
        .await?;
    Ok(pairs.into_iter().filter(|(_, issuer)| issuing.contains(issuer)).collect())
}

/// The columns that tell what was found.
pub(super) fn found(exceptions: &[Exception]) -> (serde_json::Value, i32) {
    let codes: Vec<&str> = exceptions.iter().map(|e| e.code()).collect();
    (json!(codes), i32::from(exceptions.is_empty()))
}

/// Has the waiting claims of these people looked at anew before long.
pub async fn look_again(uow: &UnitOfWork, people: &[PersonId]) -> Result<(), Fault> {
    use existing_certificate::Column::{ExaminedAt, PersonId as Holder, State};
    existing_certificate::Entity::update_many()
        .col_expr(ExaminedAt, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
        .filter(State.eq(ExistingState::Claimed))
        .filter(Holder.is_in(people.iter().copied()))
        .exec(uow.tx())
        .await?;
    Ok(())
}

/// Looks anew at waiting claims that were not looked at for a day, or of whose holders something
/// has changed; answers how many. Any number of nodes may do so at once.
pub async fn examine_due(platform: &Platform) -> Result<usize, Fault> {
    use existing_certificate::Column::{ExaminedAt, Exceptions, Id, Rank, State};
    let mut count = 0;
    loop {
        let uow = UnitOfWork::begin(platform, &Actor::System).await?;
        let due = ExaminedAt.is_null().or(ExaminedAt.lt(uow.now() - HOLDS));
        let claims = existing_certificate::Entity::find()
            .filter(State.eq(ExistingState::Claimed))
            .filter(due)
            .order_by_asc(Id)
            .limit(CHUNK)
            .all(uow.tx())
            .await?;
        if claims.is_empty() {
            return Ok(count);
        }
        // In one order, as whoever decides on them locks them.
        let ids: Vec<ExistingCertificateId> = claims.iter().map(|claim| claim.id).collect();
        store::lock(&uow, &ids).await?;
        let looked_at = examine(uow.tx(), &claims, uow.today()).await?;
        // Claims of which the same was found are one statement.
        let mut alike: HashMap<&[Exception], Vec<ExistingCertificateId>> = HashMap::new();
        for (id, exceptions) in &looked_at {
            alike.entry(exceptions.as_slice()).or_default().push(*id);
        }
        for (exceptions, ids) in alike {
            let (codes, rank) = found(exceptions);
            existing_certificate::Entity::update_many()
                .col_expr(Exceptions, Expr::value(codes))
                .col_expr(Rank, Expr::value(rank))
                .col_expr(ExaminedAt, Expr::value(uow.now()))
                .filter(Id.is_in(ids))
                .filter(State.eq(ExistingState::Claimed))
                .exec(uow.tx())
                .await?;
        }
        count += claims.len();
        uow.commit().await?;
    }
}
