//! Reads what stands in an evidence file, within a scope and in one state of the database.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{CertificateState, StandingLift};
use entities::ids::{CertificateId, ExamSittingId, PersonId, PolicyId};
use entities::{
    application_step, certificate_event, exam_correction, exam_sitting, existing_certificate,
    policy,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::file::{
    Application, Certificate, Event, Evidence, Exam, ExamCorrection, Existing, FORMAT, Named,
    Officer, Policy, Qualification, Standing, Step, Succession, Who, Year,
};
use super::practice::{Practice, check, phone, practice_of, showing};
use super::{Bounds, proof};
use crate::access::Scope;
use crate::certification::{self, ApplicationRow, CertificateRow, QualificationRow, Record};
use crate::credentials;
use crate::exports::log;
use crate::graphql::ids::encode;
use crate::officers::existing::{ExistingRow, existing_of};
use crate::officers::facts::{PersonFacts, facts_of};
use crate::officers::standings::{Told, standings_of};
use crate::officers::{self, OfficerRow};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// What one officer brought along, or corrections of their exams, at most: the newest.
const MOST_OF_A_KIND: usize = 500;

/// What is asked for and by whom.
pub(super) struct Asked<'a> {
    pub platform: &'a Platform,
    pub actor: &'a Actor,
    pub scope: &'a Scope,
    pub now: DateTime<Utc>,
    /// Whether personal data is shown whole.
    pub whole: bool,
    pub bounds: Bounds,
}

/// Gathers the file of an officer; none where there is no such officer within the scope.
pub(super) async fn gather(
    tx: &DatabaseTransaction,
    asked: &Asked<'_>,
    id: PersonId,
) -> Result<Option<Evidence>, Fault> {
    let (scope, today) = (asked.scope, local_date(asked.now));
    let Some(row) = officers::officer(tx, scope, id).await? else { return Ok(None) };
    let Some(facts) = facts_of(tx, scope, &[id]).await?.remove(&id) else { return Ok(None) };
    let identity = officers::identities(tx, asked.platform, scope, &[id]).await?.remove(&id);
    let Some(identity) = identity else { return Ok(None) };
    let identity = if asked.whole { identity } else { identity.masked() };
    let told = standings_of(tx, scope, &[id], today).await?;
    let record = certification::record_of(tx, scope, id, today).await?;
    let mut brought = existing_of(tx, scope, &[id]).await?;
    brought.drain(..brought.len().saturating_sub(MOST_OF_A_KIND));
    let corrected = corrections_of(tx, id).await?;
    let practice = practice_of(tx, scope, asked.actor, id, asked.bounds.of_a_kind).await?;
    let mut people = people_in(&record, &brought);
    people.extend(corrected.iter().map(|(correction, _)| correction.corrected_by));
    let names = Names(log::person_names(tx, people).await?);
    let certificates: Vec<_> = record.certificates.iter().map(|(c, _)| c.certificate.id).collect();
    let mut codes: HashMap<CertificateId, Vec<String>> = HashMap::new();
    for code in credentials::codes_of(tx, &certificates).await? {
        codes.entry(code.certificate_id).or_default().push(hex::encode(code.credential_id));
    }
    let (log, proof) = proof::prove(tx, scope, id, asked.bounds).await?;
    let mut applied = policies_in(&record, &brought);
    applied.extend(practice.policies());
    let policies = policies(tx, applied).await?;
    let Practice { showings, phones, checks } = practice;
    let mut certificates = Vec::with_capacity(record.certificates.len());
    for (row, events) in record.certificates {
        let codes = codes.remove(&row.certificate.id).unwrap_or_default();
        let events = events.into_iter().map(|row| event(row, &names)).collect();
        certificates.push(certificate(row, today, codes, events)?);
    }
    Ok(Some(Evidence {
        format: FORMAT,
        made_at: asked.now,
        made_by: made_by(tx, asked.actor).await?,
        personal_data: asked.whole,
        agency: row.agency_id,
        officer: officer(row, &facts, identity),
        standings: told.iter().map(standing).collect(),
        exams: exams(&facts),
        exam_corrections: corrected.into_iter().map(|row| correction(row, &names)).collect(),
        training: facts
            .training_minutes
            .iter()
            .map(|(year, minutes)| Year { year: *year, minutes: *minutes })
            .collect(),
        existing_certificates: brought.into_iter().map(|row| existing(row, &names)).collect(),
        qualifications: record
            .qualifications
            .into_iter()
            .map(|row| qualification(row, &names))
            .collect(),
        applications: record
            .applications
            .into_iter()
            .map(|(row, steps)| application(row, steps, &names))
            .collect(),
        certificates,
        showings: showings.0.into_iter().map(|row| showing(row, id, asked.now)).collect(),
        showings_total: showings.1,
        phones: phones.0.into_iter().map(phone).collect(),
        phones_total: phones.1,
        checks: checks.0.into_iter().map(check).collect(),
        checks_total: checks.1,
        policies,
        log,
        proof,
    }))
}

/// The names of those who took a step.
struct Names(HashMap<PersonId, String>);

impl Names {
    fn who(&self, person: PersonId) -> Who {
        Who {
            account_id: None,
            person_id: encode(person),
            name: self.0.get(&person).cloned().unwrap_or_default(),
        }
    }
}

fn standing(told: &Told) -> Standing {
    Standing {
        id: encode(told.row.id),
        kind: told.row.kind.code(),
        from_on: told.row.from_on,
        until_on: told.until,
        in_force: told.bars,
        recorded_at: told.row.recorded_at,
        lifted_at: told.row.lifted_at,
        lift_reason: told.row.lift_reason.map(StandingLift::code),
    }
}

fn existing(row: ExistingRow, names: &Names) -> Existing {
    let row: existing_certificate::Model = row.existing;
    Existing {
        id: encode(row.id),
        kind: row.kind.code(),
        ministry_kind: row.ministry_kind,
        number: row.number,
        issuer: row.issuer,
        issued_on: row.issued_on,
        valid_until: row.valid_until,
        claimed_state: row.claimed_state.map(CertificateState::code),
        import_id: encode(row.batch_id),
        imported_at: row.created_at,
        imported_by: row.imported_by.map(|person| names.who(person)),
        state: row.state.code(),
        replaced_by: row.replaced_by.map(encode),
        decided_at: row.decided_at,
        decided_by: row.decided_by.map(|person| names.who(person)),
        reason: row.reason,
        policy_id: row.policy_id.map(encode),
        certificate_id: row.certificate_id.map(encode),
    }
}

fn qualification(row: QualificationRow, names: &Names) -> Qualification {
    let QualificationRow { qualification, agency_name, .. } = row;
    Qualification {
        id: encode(qualification.id),
        state: qualification.state.code(),
        agency: Named { id: encode(qualification.agency_id), name: agency_name },
        nominated_at: qualification.nominated_at,
        nominated_by: names.who(qualification.nominated_by),
        decided_at: qualification.decided_at,
        decided_by: qualification.decided_by.map(|person| names.who(person)),
        reasons: qualification.reasons,
        policy_id: qualification.policy_id.map(encode),
        existing_id: qualification.existing_id.map(encode),
    }
}

fn application(
    row: ApplicationRow,
    steps: Vec<application_step::Model>,
    names: &Names,
) -> Application {
    let ApplicationRow { application, agency_name, issuer_name, .. } = row;
    Application {
        id: encode(application.id),
        act: application.act.code(),
        state: application.state.code(),
        agency: Named { id: encode(application.agency_id), name: agency_name },
        issuing_authority: Named { id: encode(application.issuing_agency_id), name: issuer_name },
        certificate_id: application.certificate_id.map(encode),
        policy_id: application.policy_id.map(encode),
        steps: steps
            .into_iter()
            .map(|step| Step {
                seq: step.seq,
                what: step.step.code(),
                at: step.at,
                by: names.who(step.by_person),
                reasons: step.reasons,
                policy_id: step.policy_id.map(encode),
            })
            .collect(),
    }
}

fn certificate(
    row: CertificateRow,
    today: NaiveDate,
    codes: Vec<String>,
    events: Vec<Event>,
) -> Result<Certificate, Fault> {
    let (state, exchange_due_on) = (row.state_on(today), row.exchange_due(today));
    let successions = row.unit.successions()?.into_iter().map(succession).collect();
    let CertificateRow { certificate: row, unit, agency_name, issuer_name, .. } = row;
    Ok(Certificate {
        id: encode(row.id),
        number: row.number,
        state: state.code(),
        agency: Named { id: encode(unit.unit_id), name: unit.unit_name },
        present_agency: Named { id: encode(row.agency_id), name: agency_name },
        successions,
        exchange_due_on,
        issuing_authority: Named { id: encode(row.issuing_agency_id), name: issuer_name },
        issued_on: row.issued_on,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        handed_over_on: row.handed_over_on,
        suspended_until: row.suspended_until,
        ground: row.ground,
        ended_at: row.ended_at,
        policy_id: encode(row.policy_id),
        codes,
        events,
    })
}

fn succession(row: credentials::Succession) -> Succession {
    let agency = row.agency.zip(row.name);
    Succession {
        on: row.on,
        kind: row.kind.code(),
        agency: agency.map(|(id, name)| Named { id: encode(id), name }),
    }
}

fn event(event: certificate_event::Model, names: &Names) -> Event {
    Event {
        seq: event.seq,
        act: event.act.code(),
        from_state: event.from_state.map(CertificateState::code),
        to_state: event.to_state.code(),
        at: event.at,
        ground: event.ground,
        note: event.note,
        by: event.by_person.map(|person| names.who(person)),
        policy_id: event.policy_id.map(encode),
    }
}

fn officer(row: OfficerRow, facts: &PersonFacts, identity: officers::Identity) -> Officer {
    Officer {
        id: encode(row.id),
        name: row.name,
        kind: row.kind.code(),
        id_number: identity.id_number,
        phone: identity.phone,
        agency: Named { id: encode(row.agency_id), name: row.agency_name.unwrap_or_default() },
        internal_unit: row.internal_unit,
        establishment: row.establishment.code(),
        duty: row.duty.code(),
        employment: row.employment.code(),
        position: row.position,
        field_codes: row.field_codes,
        area: Named { id: row.area_code, name: row.area_name.unwrap_or_default() },
        photo_sha256: facts.person.photo_sha256.as_deref().map(hex::encode),
        entered_at: facts.person.created_at,
    }
}

fn exams(facts: &PersonFacts) -> Vec<Exam> {
    let mut exams: Vec<_> = facts.exams.iter().collect();
    exams.sort_by_key(|exam| (exam.subject, exam.cycle, exam.attempt));
    exams
        .into_iter()
        .map(|exam| Exam {
            subject: exam.subject.code(),
            cycle: exam.cycle,
            attempt: exam.attempt,
            score_tenths: exam.score_tenths,
            taken_on: exam.taken_on,
        })
        .collect()
}

/// Corrections of what sittings gave the officer, oldest first, each with its exam.
async fn corrections_of(
    tx: &DatabaseTransaction,
    person: PersonId,
) -> Result<Vec<(exam_correction::Model, exam_sitting::Model)>, Fault> {
    use exam_correction::Column::{CorrectedAt, Id, PersonId as Whose};
    let mut rows = exam_correction::Entity::find()
        .filter(Whose.eq(person))
        .order_by_asc(CorrectedAt)
        .order_by_asc(Id)
        .all(tx)
        .await?;
    rows.drain(..rows.len().saturating_sub(MOST_OF_A_KIND));
    let ids: HashSet<ExamSittingId> = rows.iter().map(|row| row.sitting_id).collect();
    let sittings = exam_sitting::Entity::find().filter(exam_sitting::Column::Id.is_in(ids));
    let sittings: HashMap<ExamSittingId, exam_sitting::Model> =
        sittings.all(tx).await?.into_iter().map(|row| (row.id, row)).collect();
    let with_sitting =
        |row: exam_correction::Model| sittings.get(&row.sitting_id).cloned().map(|s| (row, s));
    Ok(rows.into_iter().filter_map(with_sitting).collect())
}

fn correction(
    (row, sitting): (exam_correction::Model, exam_sitting::Model),
    names: &Names,
) -> ExamCorrection {
    ExamCorrection {
        sitting_id: encode(sitting.id),
        subject: sitting.subject.code(),
        held_on: sitting.held_on,
        outcome_before: row.outcome_before.code(),
        score_tenths_before: row.score_before,
        outcome_after: row.outcome_after.code(),
        score_tenths_after: row.score_after,
        reason: row.reason,
        by: names.who(row.corrected_by),
        at: row.corrected_at,
    }
}

async fn made_by(tx: &DatabaseTransaction, actor: &Actor) -> Result<Option<Who>, Fault> {
    let Some(signed_in) = actor.signed_in() else { return Ok(None) };
    let names = log::person_names(tx, HashSet::from([signed_in.person])).await?;
    Ok(Some(Who {
        account_id: Some(encode(signed_in.account)),
        person_id: encode(signed_in.person),
        name: names.get(&signed_in.person).cloned().unwrap_or_default(),
    }))
}

/// Everybody who took a step.
fn people_in(record: &Record, brought: &[ExistingRow]) -> HashSet<PersonId> {
    let qualifications = record.qualifications.iter().flat_map(|q| {
        [Some(q.qualification.nominated_by), q.qualification.decided_by].into_iter().flatten()
    });
    let steps = record.applications.iter().flat_map(|(_, steps)| steps.iter().map(|s| s.by_person));
    let events = record
        .certificates
        .iter()
        .flat_map(|(_, events)| events.iter().filter_map(|event| event.by_person));
    let brought = brought
        .iter()
        .flat_map(|row| [row.existing.imported_by, row.existing.decided_by].into_iter().flatten());
    qualifications.chain(steps).chain(events).chain(brought).collect()
}

/// Every version of a policy that was applied.
fn policies_in(record: &Record, brought: &[ExistingRow]) -> BTreeSet<PolicyId> {
    let qualifications = record.qualifications.iter().filter_map(|q| q.qualification.policy_id);
    let applications = record.applications.iter().flat_map(|(a, steps)| {
        steps.iter().filter_map(|step| step.policy_id).chain(a.application.policy_id)
    });
    let certificates = record.certificates.iter().flat_map(|(c, events)| {
        let events = events.iter().filter_map(|event| event.policy_id);
        events.chain([c.certificate.policy_id])
    });
    let brought = brought.iter().filter_map(|row| row.existing.policy_id);
    qualifications.chain(applications).chain(certificates).chain(brought).collect()
}

async fn policies(tx: &DatabaseTransaction, ids: BTreeSet<PolicyId>) -> Result<Vec<Policy>, Fault> {
    let rows = policy::Entity::find()
        .filter(policy::Column::Id.is_in(ids))
        .order_by_asc(policy::Column::Id)
        .all(tx)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Policy {
            id: encode(row.id),
            key: row.key,
            division_code: row.division_code,
            version: row.version,
            effective_from: row.effective_from,
            body: row.body,
        })
        .collect())
}
