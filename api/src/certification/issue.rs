//! The issue of certificates: application approved, number given, code signed, status entered and
//! public card written, all in one transaction. What the holder has in force stays so until the
//! handover.
//!
//! Many are issued by a job, chunk by chunk: a chunk's certificates and the job's cursor are
//! committed together, so that a killed job goes on where it was and issues nothing twice.

use std::collections::{HashMap, HashSet};

use entities::enums::{
    ApplicationState, ApplicationStep as Step, CertificateAct, CertificateOrigin, CertificateState,
    PersonKind,
};
use entities::ids::{AgencyId, ApplicationId, CertificateId, JobId, PersonId, PolicyId};
use entities::{
    application, application_step, certificate, certificate_event, job, number_sequence,
    public_card,
};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::apply::{Dossier, StepsTaken, step_taken};
use super::bulk::{Outcome, bounded, chunk_done, passed, person_of, single, unrefused};
use super::error::CertificationRefusal as Refusal;
use super::faces::Faces;
use super::reissue::{Keeping, reissue};
use super::rules::applications::{next, permission};
use super::rules::lifecycle;
use super::steps::{action, record_steps};
use super::store::{self, Side};
use super::succession;
use crate::access::{Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::chunks::{Chunk, work_in_chunks};
use crate::credentials;
use crate::graphql::ids::encode;
use crate::officers::existing;
use crate::officers::facts::{self, PersonFacts};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::events::Topic;
use crate::platform::failure::{Failure, Fault};
use crate::platform::jobs;
use crate::policy::{CertificationPolicy, InForce, NumberPattern};

/// The kind of a job that issues many.
pub const ISSUE_JOB: &str = "certification.issue";
/// Applications of one job.
pub const MOST_IN_JOB: usize = 5_000;
/// Applications of one transaction of a job.
const CHUNK: usize = 100;
/// Times a run of taken numbers is skipped: numbers of imported certificates.
const MOST_SKIPS: usize = 1_000;

/// Issues the certificate of one application (REVIEWED → APPROVED).
pub async fn issue(
    platform: &Platform,
    actor: &Actor,
    application: ApplicationId,
) -> Result<CertificateId, Failure<Refusal>> {
    person_of(actor)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let issued = single(issue_chunk(&mut uow, &[application]).await?)?;
    uow.commit().await?;
    Ok(issued)
}

#[derive(Serialize, Deserialize)]
struct Payload {
    applications: Vec<ApplicationId>,
}

/// Puts the issue of many into the queue. What cannot be issued when its turn comes is counted
/// as failed and stays as it is; its checklist says why.
pub async fn issue_in_bulk(
    platform: &Platform,
    actor: &Actor,
    applications: &[ApplicationId],
) -> Result<JobId, Failure<Refusal>> {
    let applications = bounded(applications, MOST_IN_JOB)?;
    let account = actor.account().ok_or(Refusal::PersonRequired)?;
    let total = i64::try_from(applications.len()).map_err(Fault::other)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let payload = Payload { applications };
    let id = jobs::enqueue(platform, uow.tx(), ISSUE_JOB, &payload, total, Some(account)).await?;
    uow.record(
        Stream::System,
        "certificate.issue_in_bulk",
        encode(id),
        json!({ "applications": total }),
    );
    uow.commit().await?;
    platform.events.publish(Topic::Jobs).await;
    Ok(id)
}

/// Works a claimed job to its end, or until another worker has claimed it.
pub async fn work_issue_job(platform: &Platform, claimed: &job::Model) -> Result<(), Fault> {
    let Payload { applications } =
        serde_json::from_value(claimed.payload.clone()).map_err(Fault::stored)?;
    let applications = applications.as_slice();
    work_in_chunks(platform, claimed, &|_, _| {}, |actor, cursor| {
        work_chunk(platform, actor, claimed, applications, cursor)
    })
    .await
}

async fn work_chunk(
    platform: &Platform,
    actor: Actor,
    claimed: &job::Model,
    applications: &[ApplicationId],
    cursor: i32,
) -> Result<Chunk, Fault> {
    let from = usize::try_from(cursor).map_err(Fault::stored)?;
    let rest = applications.get(from..).unwrap_or_default();
    let chunk = rest.get(..CHUNK.min(rest.len())).unwrap_or_default();
    let finished = chunk.len() == rest.len();
    let next = i32::try_from(from + chunk.len()).map_err(Fault::other)?;
    let mut uow = UnitOfWork::begin(platform, &actor).await?;
    let outcomes = unrefused(issue_chunk(&mut uow, chunk).await)?;
    chunk_done(uow, claimed, &outcomes, next, finished).await
}

/// An application that passed its checks, with what its certificate is made of.
pub(super) struct Passed<'a> {
    pub application: &'a application::Model,
    pub facts: &'a PersonFacts,
    pub policy: &'a InForce<CertificationPolicy>,
    /// The policy on reviews that was applied.
    pub review: Option<PolicyId>,
}

/// Issues what can be issued of a chunk, in the caller's transaction and a fixed number of
/// statements but for the applications' own rows.
async fn issue_chunk(
    uow: &mut UnitOfWork,
    ids: &[ApplicationId],
) -> Result<Vec<Outcome<ApplicationId, CertificateId>>, Failure<Refusal>> {
    let by = person_of(uow.actor())?;
    let as_one = counts_as(uow.actor(), permission(Step::Issue));
    let scope = Scope::of(uow.actor(), permission(Step::Issue));
    let people: Vec<PersonId> = store::applications(uow.tx(), &scope, Side::Issuer, ids)
        .await?
        .values()
        .map(|row| row.person_id)
        .collect();
    facts::lock(uow, &people).await?;
    uow.after_waiting();
    let today = uow.today();
    let rows = store::applications(uow.tx(), &scope, Side::Issuer, ids).await?;
    // The authority that was asked may have ended since.
    let units: Vec<AgencyId> =
        rows.values().flat_map(|row| [row.agency_id, row.issuing_agency_id]).collect();
    let dossier = Dossier::load(uow.tx(), &Scope::Everything, &people, &units, today).await?;
    let steps = StepsTaken::load(uow.tx(), ids).await?;
    let (mut outcomes, mut good) = (Vec::new(), Vec::new());
    for &id in ids {
        let check = || -> Result<Passed<'_>, Failure<Refusal>> {
            let application = rows.get(&id).ok_or(Refusal::NotFound)?;
            let facts = dossier.facts.get(&application.person_id).ok_or(Refusal::NotFound)?;
            let before = steps.get(&id).cloned().unwrap_or_default();
            let (review, rule) = dossier.agencies.review(application.agency_id)?;
            before.may(&as_one, application.person_id, Step::Issue, rule)?;
            next(Some(application.state), Step::Issue)
                .ok_or_else(|| Refusal::application(application.state))?;
            let unmet = dossier.unmet(facts, application.act, Some(application))?;
            if !unmet.is_empty() {
                return Err(Refusal::Checklist(unmet).into());
            }
            let policy = dossier.agencies.policy(facts.person.agency_id)?;
            Ok(Passed { application, facts, policy, review })
        };
        if let Some(passed) = passed(&mut outcomes, id, check())? {
            good.push(passed);
        }
    }
    if good.is_empty() {
        return Ok(outcomes);
    }
    let keeping = Keeping::load(uow.tx(), &dossier, &good).await?;
    let (mut kept, mut new) = (Vec::new(), Vec::new());
    for passed in good {
        match keeping.of(&passed) {
            Some(row) => kept.push((passed, row)),
            None => new.push(passed),
        }
    }
    let held = new.iter().filter_map(|p| dossier.held.get(&p.application.person_id));
    let ended: Vec<_> = held.flat_map(|held| succession::with_issue(held, today)).collect();
    record_steps(uow, &ended, Some(by), None).await?;
    let all = new.iter().chain(kept.iter().map(|(passed, _)| passed));
    let faces = Faces::load(uow.tx(), all.map(|p| &p.facts.person)).await?;
    let certificates = enter_certificates(uow, &new, by).await?;
    let of_new = new.iter().map(|passed| passed.facts).zip(&certificates);
    let cards = public_cards(uow, &dossier, &faces, of_new)?;
    credentials::issue_printed_codes(uow, cards).await?;
    reissue(uow, &dossier, &faces, &kept, by).await?;
    let decided = new.iter().zip(&certificates).map(|(p, row)| (p, row, CertificateAct::Issue));
    let again = kept.iter().map(|(passed, row)| (passed, *row, CertificateAct::Reissue));
    let mut taken = Vec::new();
    for (passed, certificate, act) in decided.chain(again) {
        let id = passed.application.id;
        let seq = steps.get(&id).map_or(1, StepsTaken::next_seq);
        let step = step_taken(uow, id, seq, Step::Issue, by, None, passed.review);
        taken.push(step.into_active_model());
        let mut changed = passed.application.clone().into_active_model();
        changed.state = Set(ApplicationState::Approved);
        changed.decided_by = Set(Some(by));
        changed.decided_at = Set(Some(uow.now()));
        changed.policy_id = Set(Some(passed.policy.id));
        changed.certificate_id = Set(Some(certificate.id));
        changed.reasons = Set(None);
        changed.updated_at = Set(uow.now());
        changed.update(uow.tx()).await?;
        // What is done with a certificate that stays is recorded with its event.
        if act == CertificateAct::Issue {
            uow.record(
                Stream::Agency(certificate.agency_id),
                action(act),
                encode(certificate.id),
                json!({
                    "application": encode(id),
                    "person": encode(certificate.person_id),
                    "policy": encode(passed.policy.id),
                    "review_policy": passed.review.map(encode),
                }),
            );
        }
        outcomes.push(Outcome { id, result: Ok(certificate.id) });
    }
    application_step::Entity::insert_many(taken).exec_without_returning(uow.tx()).await?;
    Ok(outcomes)
}

async fn enter_certificates(
    uow: &mut UnitOfWork,
    good: &[Passed<'_>],
    by: PersonId,
) -> Result<Vec<certificate::Model>, Fault> {
    if good.is_empty() {
        return Ok(Vec::new());
    }
    let (now, today) = (uow.now(), uow.today());
    let mut numbers = Numbers::take(uow, good).await?;
    let (mut certificates, mut events) = (Vec::new(), Vec::new());
    for passed in good {
        let person = &passed.facts.person;
        let policy = passed.policy;
        let valid_until = lifecycle::valid_until(today, policy.body.validity_years)
            .ok_or_else(|| Fault::other("a validity beyond the calendar"))?;
        let row = certificate::Model {
            id: uow.new_id(),
            person_id: person.id,
            kind: person.kind,
            number: numbers.next(policy.body.numbers.of(person.kind))?,
            agency_id: person.agency_id,
            issuing_agency_id: passed.application.issuing_agency_id,
            state: CertificateState::Issued,
            issued_on: today,
            valid_from: today,
            valid_until,
            suspended_until: None,
            ground: None,
            handed_over_on: None,
            ended_at: None,
            policy_id: policy.id,
            created_at: now,
            updated_at: now,
            origin: CertificateOrigin::Issued,
        };
        events.push(
            certificate_event::Model {
                id: uow.new_id(),
                certificate_id: row.id,
                seq: 1,
                act: CertificateAct::Issue,
                from_state: None,
                to_state: row.state,
                at: now,
                ground: None,
                note: None,
                by_person: Some(by),
                policy_id: Some(policy.id),
            }
            .into_active_model(),
        );
        certificates.push(row);
    }
    let rows = certificates.iter().cloned().map(IntoActiveModel::into_active_model);
    certificate::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    certificate_event::Entity::insert_many(events).exec_without_returning(uow.tx()).await?;
    Ok(certificates)
}

/// Numbers taken from the counters for one chunk. A number that some certificate has already, or
/// that is claimed for an existing one, is passed over; none is ever given twice.
struct Numbers(HashMap<String, Vec<String>>);

impl Numbers {
    async fn take(uow: &UnitOfWork, good: &[Passed<'_>]) -> Result<Self, Fault> {
        let mut wanted: HashMap<String, (NumberPattern, usize)> = HashMap::new();
        for passed in good {
            let kind: PersonKind = passed.facts.person.kind;
            let pattern = passed.policy.body.numbers.of(kind);
            let entry = wanted.entry(pattern.sequence()).or_insert((pattern.clone(), 0));
            entry.1 += 1;
        }
        // In one order everywhere: each counter's row stays locked until the commit.
        let mut wanted: Vec<_> = wanted.into_iter().collect();
        wanted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut numbers = HashMap::new();
        for (sequence, (pattern, count)) in wanted {
            let mut taken = take_numbers(uow, &sequence, &pattern, count).await?;
            taken.reverse();
            numbers.insert(sequence, taken);
        }
        Ok(Self(numbers))
    }

    fn next(&mut self, pattern: &NumberPattern) -> Result<String, Fault> {
        let taken = self.0.get_mut(&pattern.sequence()).and_then(Vec::pop);
        taken.ok_or_else(|| Fault::other("fewer numbers than certificates"))
    }
}

async fn take_numbers(
    uow: &UnitOfWork,
    sequence: &str,
    pattern: &NumberPattern,
    count: usize,
) -> Result<Vec<String>, Fault> {
    number_sequence::Entity::insert(number_sequence::ActiveModel {
        key: Set(sequence.to_owned()),
        next: Set(1),
    })
    .on_conflict(OnConflict::column(number_sequence::Column::Key).do_nothing().to_owned())
    .exec_without_returning(uow.tx())
    .await?;
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..MOST_SKIPS {
        let missing = i64::try_from(count - numbers.len()).map_err(Fault::other)?;
        let moved = number_sequence::Entity::update_many()
            .col_expr(
                number_sequence::Column::Next,
                Expr::col(number_sequence::Column::Next).add(missing),
            )
            .filter(number_sequence::Column::Key.eq(sequence))
            .exec_with_returning(uow.tx())
            .await?;
        let next = moved.first().ok_or_else(|| Fault::other("a counter is not there"))?.next;
        let drawn: Option<Vec<String>> =
            (next - missing..next).map(|value| pattern.number(value)).collect();
        let drawn =
            drawn.ok_or_else(|| Fault::other(format!("the numbers of {sequence} are used up")))?;
        let mut in_use: HashSet<String> = certificate::Entity::find()
            .filter(certificate::Column::Number.is_in(drawn.iter().map(String::as_str)))
            .all(uow.tx())
            .await?
            .into_iter()
            .map(|row| row.number)
            .collect();
        // What a roster claims may be confirmed tomorrow.
        let claimed = existing::numbers_claimed(uow.tx(), &drawn).await?;
        in_use.extend(claimed.into_iter().map(|(number, _)| number));
        numbers.extend(drawn.into_iter().filter(|number| !in_use.contains(number)));
        if numbers.len() == count {
            return Ok(numbers);
        }
    }
    Err(Fault::other(format!("too many numbers of {sequence} are in use already")))
}

/// What the public may see of certificates.
fn public_cards<'a>(
    uow: &UnitOfWork,
    dossier: &Dossier,
    faces: &Faces,
    rows: impl Iterator<Item = (&'a PersonFacts, &'a certificate::Model)>,
) -> Result<Vec<public_card::Model>, Fault> {
    rows.map(|(facts, certificate)| {
        let agency = dossier.agencies.get(certificate.agency_id)?;
        let issuer = dossier.agencies.get(certificate.issuing_agency_id)?;
        Ok(faces.card(uow, &facts.person, certificate, agency, issuer.name.clone()))
    })
    .collect()
}
