//! Confirms claims: each becomes a certificate in the state it was claimed in.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{
    CertificateAct, CertificateOrigin, CertificateState, ExistingState, QualificationState,
};
use entities::ids::{AgencyId, CertificateId, ExistingCertificateId, PersonId};
use entities::{certificate, certificate_event, existing_certificate, qualification};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use super::super::bulk::{Agencies, MOST_AT_ONCE, Outcome, bounded, passed, person_of};
use super::super::error::CertificationRefusal as Refusal;
use super::super::faces::Faces;
use super::super::qualify::nominators_of;
use super::super::rules::checklist::Unmet;
use super::super::rules::grounds::Ground;
use super::super::rules::lifecycle;
use super::super::steps::{action, record_steps};
use super::super::{store, succession};
use super::decide::Claims;
use crate::audit::{Stream, UnitOfWork};
use crate::auth::delegation::{self, StoodIn};
use crate::credentials;
use crate::graphql::ids::encode;
use crate::officers::existing::{self, Exception, rules};
use crate::officers::facts::PersonFacts;
use crate::organisations::authority;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::{end_of_day, start_of_day};
use crate::platform::failure::{Failure, Fault};

/// Confirms claims (CLAIMED → CONFIRMED). `weighed` says that whatever is odd about them was looked
/// at and does not stand in the way; what forbids a confirmation forbids it all the same.
pub async fn confirm_existing(
    platform: &Platform,
    actor: &Actor,
    ids: &[ExistingCertificateId],
    weighed: bool,
) -> Result<Vec<Outcome<ExistingCertificateId, CertificateId>>, Failure<Refusal>> {
    let ids = bounded(ids, MOST_AT_ONCE)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let outcomes = confirm_chunk(&mut uow, &ids, weighed).await?;
    uow.commit().await?;
    Ok(outcomes)
}

/// A claim that passed its checks, and the certificate that comes of it.
struct Passed<'a> {
    claim: &'a existing_certificate::Model,
    facts: &'a PersonFacts,
    exceptions: Vec<Exception>,
    certificate: certificate::Model,
    /// The open qualification of the holder.
    candidate: Option<&'a qualification::Model>,
}

/// What claims are checked beside.
struct Around {
    today: NaiveDate,
    now: DateTime<Utc>,
    by: PersonId,
    as_one: Vec<PersonId>,
    weighed: bool,
    exceptions: HashMap<ExistingCertificateId, Vec<Exception>>,
    agencies: Agencies,
    issuers: HashMap<AgencyId, AgencyId>,
    open: HashMap<PersonId, qualification::Model>,
    /// What the holders have that has not ended.
    held: HashMap<PersonId, Vec<certificate::Model>>,
    /// Who nominated for others.
    stood_in: Vec<StoodIn>,
}

impl Around {
    async fn load(
        uow: &UnitOfWork,
        claims: &Claims,
        weighed: bool,
    ) -> Result<Self, Failure<Refusal>> {
        let (db, today) = (uow.tx(), uow.today());
        let rows = claims.rows();
        let people: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
        let units: HashSet<AgencyId> = claims.facts.values().map(|f| f.person.agency_id).collect();
        let units: Vec<AgencyId> = units.into_iter().collect();
        let issuers = authority::issuing_authorities_of(db, &units, today).await?;
        let open = store::open_qualifications(db, &people).await?;
        let nominators: Vec<PersonId> = open.values().map(|row| row.nominated_by).collect();
        Ok(Self {
            today,
            now: uow.now(),
            by: person_of(uow.actor())?,
            as_one: claims.as_one.clone(),
            weighed,
            exceptions: existing::examine(db, &rows, today).await?,
            agencies: Agencies::load(db, units, today).await?,
            issuers,
            open,
            held: store::held(db, &people).await?,
            stood_in: delegation::stood_in(db, &nominators).await?,
        })
    }

    fn check<'a>(
        &'a self,
        uow: &UnitOfWork,
        (claim, facts): (&'a existing_certificate::Model, &'a PersonFacts),
    ) -> Result<Passed<'a>, Failure<Refusal>> {
        let exceptions = self.exceptions.get(&claim.id).cloned().unwrap_or_default();
        let forbidding: Vec<Exception> =
            exceptions.iter().copied().filter(|e| e.forbids()).collect();
        if !forbidding.is_empty() {
            return Err(Refusal::Exceptions(forbidding).into());
        }
        if !exceptions.is_empty() && !self.weighed {
            return Err(Refusal::Exceptions(exceptions).into());
        }
        let person = &facts.person;
        let competent = self.issuers.get(&person.agency_id).copied();
        let competent =
            competent.ok_or_else(|| Refusal::Checklist(vec![Unmet::NoIssuingAuthority]))?;
        // Whoever named the holder a candidate does not qualify them.
        let candidate = self.open.get(&person.id);
        let nominated = candidate.filter(|q| q.state == QualificationState::Candidate);
        let nominators = nominated.map(|row| nominators_of(row, &self.stood_in));
        if nominators.is_some_and(|by| by.iter().any(|person| self.as_one.contains(person))) {
            return Err(Refusal::SeparationOfDuties.into());
        }
        // An issuer that is none, or none any more, cannot act on it: the competent one does.
        let known = !exceptions.contains(&Exception::IssuerNoAuthority);
        let issuing = claim.issuing_agency_id.filter(|_| known).unwrap_or(competent);
        let certificate = self.certificate(uow, claim, facts, issuing)?;
        Ok(Passed { claim, facts, exceptions, certificate, candidate })
    }

    fn held(&self, person: PersonId) -> &[certificate::Model] {
        self.held.get(&person).map_or(&[], Vec::as_slice)
    }

    fn certificate(
        &self,
        uow: &UnitOfWork,
        claim: &existing_certificate::Model,
        facts: &PersonFacts,
        issuing: AgencyId,
    ) -> Result<certificate::Model, Fault> {
        let person = &facts.person;
        let policy = self.agencies.policy(person.agency_id)?;
        let lacks = || Fault::stored("a claim without number, dates or state");
        let issued_on = claim.issued_on.ok_or_else(lacks)?;
        let valid_until = rules::last_day(claim, &policy.body).ok_or_else(lacks)?;
        let stands = rules::state_confirmed(claim, &policy.body, self.today).ok_or_else(lacks)?;
        let lost = stands == CertificateState::Lost;
        // Whoever has another in force needs no replacement: what was lost has ended, and goes on to
        // read lost.
        let followed = self
            .held(person.id)
            .iter()
            .any(|row| lifecycle::is_in_force(store::state_on(row, self.today)));
        let state = if lost && followed { CertificateState::Cancelled } else { stands };
        let ended = match state {
            CertificateState::Expired => Some(end_of_day(valid_until).min(self.now)),
            CertificateState::Cancelled => Some(self.now),
            _ => None,
        };
        // Since when it is suspended a roster does not tell: its days begin with the confirmation.
        let suspended = state == CertificateState::Suspended;
        let (days, cap) = (policy.body.suspension_days_default, policy.body.suspension_days_cap);
        let until = lifecycle::suspended_until(self.today, None, days, cap);
        Ok(certificate::Model {
            id: uow.new_id(),
            person_id: person.id,
            kind: person.kind,
            number: claim.number.clone().ok_or_else(lacks)?,
            agency_id: person.agency_id,
            issuing_agency_id: issuing,
            state,
            issued_on,
            valid_from: issued_on,
            valid_until,
            suspended_until: until.filter(|_| suspended),
            ground: lost.then(|| Ground::Loss.code().to_owned()),
            handed_over_on: Some(issued_on),
            ended_at: ended,
            policy_id: policy.id,
            created_at: self.now,
            updated_at: self.now,
            origin: CertificateOrigin::Existing,
        })
    }
}

/// Confirms what can be confirmed of a chunk, in the caller's transaction.
pub(super) async fn confirm_chunk(
    uow: &mut UnitOfWork,
    ids: &[ExistingCertificateId],
    weighed: bool,
) -> Result<Vec<Outcome<ExistingCertificateId, CertificateId>>, Failure<Refusal>> {
    let claims = Claims::load(uow, ids).await?;
    let around = Around::load(uow, &claims, weighed).await?;
    let (mut outcomes, mut good) = (Vec::new(), Vec::new());
    for &id in ids {
        let check = || around.check(uow, claims.open(id)?);
        let Some(passed) = passed(&mut outcomes, id, check())? else { continue };
        outcomes.push(Outcome { id, result: Ok(passed.certificate.id) });
        good.push(passed);
    }
    if good.is_empty() {
        return Ok(outcomes);
    }
    let in_force = good.iter().filter(|p| lifecycle::is_in_force(p.certificate.state));
    let ended: Vec<_> = in_force
        .flat_map(|p| succession::with_confirmed(around.held(p.facts.person.id), around.today))
        .collect();
    record_steps(uow, &ended, Some(around.by), None).await?;
    enter_certificates(uow, &good, around.by).await?;
    let faces = Faces::load(uow.tx(), good.iter().map(|p| &p.facts.person)).await?;
    let mut cards = Vec::with_capacity(good.len());
    for passed in &good {
        let certificate = &passed.certificate;
        let agency = around.agencies.get(certificate.agency_id)?;
        // The public reads who issued it as the card itself says it.
        let issuer = passed.claim.issuer.clone().unwrap_or_default();
        cards.push(faces.card(uow, &passed.facts.person, certificate, agency, issuer));
    }
    credentials::enter_cards(uow, cards).await?;
    for passed in &good {
        settle(uow, passed, around.by).await?;
    }
    enter_qualifications(uow, &good, around.by).await?;
    Ok(outcomes)
}

/// The events of a certificate from before. One in force was so from its first day, as it is
/// confirmed; of any other it is only known how it stands now.
fn events(
    passed: &Passed<'_>,
    now: DateTime<Utc>,
) -> Vec<(CertificateAct, CertificateState, DateTime<Utc>)> {
    let row = &passed.certificate;
    let began = start_of_day(row.valid_from).min(now);
    let ended = row.ended_at.filter(|at| *at < now);
    match (row.state, ended) {
        (CertificateState::Active, _) => vec![(CertificateAct::Confirm, row.state, began)],
        (CertificateState::Expired, Some(ended)) => vec![
            (CertificateAct::Confirm, CertificateState::Active, began),
            (CertificateAct::Expire, row.state, ended),
        ],
        (state, _) => vec![(CertificateAct::Confirm, state, now)],
    }
}

async fn enter_certificates(
    uow: &mut UnitOfWork,
    good: &[Passed<'_>],
    by: PersonId,
) -> Result<(), Fault> {
    let (mut rows, mut written) = (Vec::new(), Vec::new());
    for passed in good {
        let row = &passed.certificate;
        let mut from = None;
        for (seq, (act, to, at)) in (1..).zip(events(passed, uow.now())) {
            let event = certificate_event::Model {
                id: uow.new_id(),
                certificate_id: row.id,
                seq,
                act,
                from_state: from.replace(to),
                to_state: to,
                at,
                ground: row.ground.clone(),
                note: None,
                by_person: Some(by).filter(|_| act == CertificateAct::Confirm),
                policy_id: Some(row.policy_id),
            };
            written.push(event.into_active_model());
        }
        uow.record(
            Stream::Agency(row.agency_id),
            action(CertificateAct::Confirm),
            encode(row.id),
            json!({
                "claim": encode(passed.claim.id),
                "person": encode(row.person_id),
                "state": row.state.code(),
                "exceptions": passed.exceptions.iter().map(|e| e.code()).collect::<Vec<_>>(),
                "policy": encode(row.policy_id),
            }),
        );
        rows.push(row.clone().into_active_model());
    }
    certificate::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    certificate_event::Entity::insert_many(written).exec_without_returning(uow.tx()).await?;
    Ok(())
}

/// Writes the decision into the claim.
async fn settle(uow: &UnitOfWork, passed: &Passed<'_>, by: PersonId) -> Result<(), Fault> {
    let mut claim = passed.claim.clone().into_active_model();
    claim.state = Set(ExistingState::Confirmed);
    // The holder may be of another kind than when it was claimed.
    claim.kind = Set(existing::kind_of(passed.certificate.kind));
    claim.exceptions = Set(json!(passed.exceptions.iter().map(|e| e.code()).collect::<Vec<_>>()));
    claim.rank = Set(i32::from(passed.exceptions.is_empty()));
    claim.decided_by = Set(Some(by));
    claim.decided_at = Set(Some(uow.now()));
    claim.policy_id = Set(Some(passed.certificate.policy_id));
    claim.certificate_id = Set(Some(passed.certificate.id));
    claim.updated_at = Set(uow.now());
    claim.update(uow.tx()).await?;
    Ok(())
}

/// Whoever holds a certificate is qualified on the strength of it: also where it is lost, since it
/// is to be replaced. One that has ended qualifies nobody.
async fn enter_qualifications(
    uow: &mut UnitOfWork,
    good: &[Passed<'_>],
    by: PersonId,
) -> Result<(), Fault> {
    let mut rows = Vec::new();
    for passed in good {
        let certificate = &passed.certificate;
        if lifecycle::is_terminal(certificate.state) {
            continue;
        }
        let known = passed.candidate;
        if known.is_some_and(|q| q.state == QualificationState::Qualified) {
            continue;
        }
        let (now, policy) = (uow.now(), Some(certificate.policy_id));
        let id = match known {
            Some(candidate) => {
                let mut row = candidate.clone().into_active_model();
                row.state = Set(QualificationState::Qualified);
                row.decided_by = Set(Some(by));
                row.decided_at = Set(Some(now));
                row.policy_id = Set(policy);
                row.existing_id = Set(Some(passed.claim.id));
                row.update(uow.tx()).await?;
                candidate.id
            }
            None => {
                let row = qualification::Model {
                    id: uow.new_id(),
                    person_id: certificate.person_id,
                    kind: certificate.kind,
                    state: QualificationState::Qualified,
                    agency_id: certificate.agency_id,
                    // Who imported the claim; where the command line did, who confirmed it.
                    nominated_by: passed.claim.imported_by.unwrap_or(by),
                    nominated_at: passed.claim.created_at,
                    decided_by: Some(by),
                    decided_at: Some(now),
                    policy_id: policy,
                    reasons: None,
                    existing_id: Some(passed.claim.id),
                };
                let id = row.id;
                rows.push(row.into_active_model());
                id
            }
        };
        uow.record(
            Stream::Agency(certificate.agency_id),
            "qualification.qualify",
            encode(id),
            json!({
                "person": encode(certificate.person_id),
                "claim": encode(passed.claim.id),
                "policy": encode(certificate.policy_id),
            }),
        );
    }
    if !rows.is_empty() {
        qualification::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    }
    Ok(())
}
