//! What is recorded of people beside the register: exam results, training and standings, for many
//! people in a handful of statements.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use entities::enums::{ExamSubject, StandingKind};
use entities::ids::{AgencyId, ExamResultId, ExamSittingId, PersonId};
use entities::{exam_result, standing, training_record};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::error::OfficerRefusal as Refusal;
use super::{NewExam, NewRecord, lookup, rules, standings, store};
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::failure::Fault;
use crate::policy::{CertificationPolicy, InForce};

/// How much of a record was new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Exam results.
    pub exams: usize,
    /// Years of training that differed.
    pub training: usize,
    /// Standings.
    pub standings: usize,
}

impl Recorded {
    /// Writes to the audit log what was new, where anything was.
    pub(super) fn tell(
        self,
        uow: &mut UnitOfWork,
        source: &str,
        person: PersonId,
        agency: AgencyId,
    ) {
        if self != Self::default() {
            let body = json!({
                "exams": self.exams,
                "training": self.training,
                "standings": self.standings,
                "source": source,
            });
            uow.record(Stream::Agency(agency), "person.record", encode(person), body);
        }
    }
}

/// Records what is new, each person for themselves: the answers stand in the order of the records,
/// at most one a person. `source` names the act that says so. At most some hundred at once.
pub async fn record_all(
    uow: &mut UnitOfWork,
    scope: &Scope,
    source: &str,
    records: Vec<(PersonId, NewRecord)>,
) -> Result<Vec<Result<Recorded, Refusal>>, Fault> {
    let ids: Vec<PersonId> = records.iter().map(|(person, _)| *person).collect();
    let agencies: HashMap<PersonId, _> =
        lookup::agency_of(uow.tx(), scope, &ids).await?.into_iter().collect();
    let mut recording = Recording::begin(uow, source, &ids).await?;
    let mut answers = Vec::with_capacity(records.len());
    for (person, record) in records {
        let Some(agency) = agencies.get(&person) else {
            answers.push(Err(Refusal::PersonNotFound));
            continue;
        };
        let answer = recording.add(uow, person, record);
        if let Ok(recorded) = answer {
            recorded.tell(uow, source, person, *agency);
        }
        answers.push(answer);
    }
    recording.write(uow).await?;
    Ok(answers)
}

/// Records of many people, checked one after the other and written together.
pub(super) struct Recording<'a> {
    source: &'a str,
    known: Known,
    rows: Rows,
}

impl<'a> Recording<'a> {
    /// Reads what is known of these people; of others nothing is.
    pub async fn begin(
        uow: &UnitOfWork,
        source: &'a str,
        people: &[PersonId],
    ) -> Result<Self, Fault> {
        let known = Known::load(uow, source, people).await?;
        Ok(Self { source, known, rows: Rows::default() })
    }

    /// Takes a person's record, or nothing of it where something is wrong with it.
    pub fn add(
        &mut self,
        uow: &UnitOfWork,
        person: PersonId,
        record: NewRecord,
    ) -> Result<Recorded, Refusal> {
        self.known.add(uow, self.source, person, record, &mut self.rows)
    }

    /// Writes what was taken; the people are in the register by now.
    pub async fn write(self, uow: &UnitOfWork) -> Result<(), Fault> {
        self.rows.write(uow).await
    }
}

/// What is recorded of the people concerned already.
struct Known {
    exams: HashMap<(PersonId, ExamSubject), Vec<exam_result::Model>>,
    training: BTreeMap<(PersonId, i32), i64>,
    /// Whether one of a kind bars now, or one did and is over.
    standings: HashMap<(PersonId, StandingKind), bool>,
    policies: HashMap<PersonId, Arc<InForce<CertificationPolicy>>>,
}

impl Known {
    async fn load(uow: &UnitOfWork, source: &str, ids: &[PersonId]) -> Result<Self, Fault> {
        let mut exams: HashMap<_, Vec<_>> = HashMap::new();
        for row in lookup::exams_of(uow.tx(), &Scope::Everything, ids).await? {
            exams.entry((row.person_id, row.subject)).or_default().push(row);
        }
        let training = lookup::training_of(uow.tx(), &Scope::Everything, ids).await?;
        let mut standings = HashMap::new();
        let today = uow.today();
        for told in standings::standings_of(uow.tx(), &Scope::Everything, ids, today).await? {
            *standings.entry((told.row.person_id, told.row.kind)).or_default() |= told.bars;
        }
        Ok(Self {
            exams,
            training: training
                .into_iter()
                .filter(|t| t.source == source)
                .map(|t| ((t.person_id, t.year), t.minutes))
                .collect(),
            standings,
            policies: standings::policies_of(uow.tx(), ids, today).await?,
        })
    }

    /// Adds a record's new rows, or none of them where something is wrong with it.
    fn add(
        &mut self,
        uow: &UnitOfWork,
        source: &str,
        person: PersonId,
        record: NewRecord,
        rows: &mut Rows,
    ) -> Result<Recorded, Refusal> {
        let mut new = Rows::default();
        let mut exams = record.exams;
        exams.sort_by_key(|e| e.taken_on);
        for exam in exams {
            rules::exam(exam.score_tenths, exam.taken_on, uow.today())?;
            // A sitting answers for a result that a roster brought before it.
            let same = self.same(person, &exam).filter(|row| row.sitting_id.is_none());
            new.given.extend(same.zip(record.sitting).map(|(row, sitting)| (row.id, sitting)));
            let row = self.sitting(uow, source, person, exam, &new.exams)?;
            new.exams
                .extend(row.map(|row| exam_result::Model { sitting_id: record.sitting, ..row }));
        }
        let mut kinds = record.standings.clone();
        if self.owes_study(person, &new.exams) {
            kinds.push(StandingKind::RetrainingOwed);
        }
        if let Some((year, minutes)) = record.training {
            rules::training(year, minutes, uow.today())?;
            if self.training.get(&(person, year)) != Some(&minutes) {
                new.training.push(training_record::Model {
                    id: uow.new_id(),
                    person_id: person,
                    year,
                    minutes,
                    source: source.to_owned(),
                    recorded_at: uow.now(),
                    session_id: record.session,
                });
            }
        }
        for kind in kinds {
            let known = self.standings.get(&(person, kind));
            if known == Some(&true) || new.standings.iter().any(|s| s.kind == kind) {
                continue;
            }
            // The resit that was just failed owes study anew; a roster may be an old one.
            let said_again = known == Some(&false) && record.standings.contains(&kind);
            if said_again && !record.again {
                return Err(Refusal::StandingAgain);
            }
            new.standings.push(standing::Model {
                id: uow.new_id(),
                person_id: person,
                kind,
                from_on: uow.today(),
                until_on: None,
                source: source.to_owned(),
                recorded_at: uow.now(),
                recorded_by: uow.actor().person(),
                lifted_at: None,
                lifted_by: None,
                lift_reason: None,
            });
        }
        for row in &new.standings {
            self.standings.insert((person, row.kind), true);
        }
        let recorded = Recorded {
            exams: new.exams.len(),
            training: new.training.len(),
            standings: new.standings.len(),
        };
        rows.exams.append(&mut new.exams);
        rows.given.append(&mut new.given);
        rows.training.append(&mut new.training);
        rows.standings.append(&mut new.standings);
        Ok(recorded)
    }

    /// The policy for a person; of whoever comes into the register just now, nothing is known that
    /// it would decide.
    fn policy_of(&self, person: PersonId) -> CertificationPolicy {
        self.policies.get(&person).map(|p| p.body.clone()).unwrap_or_default()
    }

    /// Whether a new result is the last of a cycle that was never passed.
    fn owes_study(&self, person: PersonId, new: &[exam_result::Model]) -> bool {
        let policy = self.policy_of(person);
        new.iter().any(|row| {
            let known = self.exams.get(&(person, row.subject)).map_or(&[][..], Vec::as_slice);
            let of_cycle =
                |e: &&exam_result::Model| e.subject == row.subject && e.cycle == row.cycle;
            let attempts: Vec<(i32, i64)> = known
                .iter()
                .chain(new)
                .filter(of_cycle)
                .map(|e| (e.attempt, e.score_tenths))
                .collect();
            rules::study_owed(&attempts, &policy)
        })
    }

    /// A result of the same day and score that is on record.
    fn same(&self, person: PersonId, exam: &NewExam) -> Option<&exam_result::Model> {
        let known = self.exams.get(&(person, exam.subject))?;
        known.iter().find(|row| is_same(row, exam))
    }

    /// The row of a result; none where the same result is known.
    fn sitting(
        &self,
        uow: &UnitOfWork,
        source: &str,
        person: PersonId,
        exam: NewExam,
        new: &[exam_result::Model],
    ) -> Result<Option<exam_result::Model>, Refusal> {
        let known = self.exams.get(&(person, exam.subject)).map_or(&[][..], Vec::as_slice);
        let before = || known.iter().chain(new.iter().filter(|e| e.subject == exam.subject));
        if before().any(|row| is_same(row, &exam)) {
            return Ok(None);
        }
        let last = before().max_by_key(|e| (e.cycle, e.attempt));
        if last.is_some_and(|last| exam.taken_on <= last.taken_on) {
            return Err(Refusal::ExamOutOfOrder);
        }
        let resits = self.policy_of(person).resits;
        let (cycle, attempt) = rules::next_sitting(last.map(|e| (e.cycle, e.attempt)), resits);
        Ok(Some(exam_result::Model {
            id: uow.new_id(),
            person_id: person,
            subject: exam.subject,
            cycle,
            attempt,
            score_tenths: exam.score_tenths,
            taken_on: exam.taken_on,
            source: source.to_owned(),
            recorded_at: uow.now(),
            sitting_id: None,
        }))
    }
}

fn is_same(row: &exam_result::Model, exam: &NewExam) -> bool {
    row.taken_on == exam.taken_on && row.score_tenths == exam.score_tenths
}

/// Rows to be written.
#[derive(Default)]
struct Rows {
    exams: Vec<exam_result::Model>,
    /// Results on record that a sitting gave as well.
    given: Vec<(ExamResultId, ExamSittingId)>,
    training: Vec<training_record::Model>,
    standings: Vec<standing::Model>,
}

impl Rows {
    async fn write(self, uow: &UnitOfWork) -> Result<(), Fault> {
        for chunk in self.exams.chunks(store::ROWS_AT_ONCE) {
            let rows = chunk.iter().cloned().map(exam_result::ActiveModel::from);
            exam_result::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
        }
        for (result, sitting) in self.given {
            exam_result::Entity::update_many()
                .col_expr(exam_result::Column::SittingId, Expr::value(sitting))
                .filter(exam_result::Column::Id.eq(result))
                .exec(uow.tx())
                .await?;
        }
        for chunk in self.training.chunks(store::ROWS_AT_ONCE) {
            use training_record::Column::{Minutes, PersonId, RecordedAt, Source, Year};
            let rows = chunk.iter().cloned().map(training_record::ActiveModel::from);
            training_record::Entity::insert_many(rows)
                .on_conflict(
                    OnConflict::columns([PersonId, Year, Source])
                        .update_columns([Minutes, RecordedAt])
                        .to_owned(),
                )
                .exec_without_returning(uow.tx())
                .await?;
        }
        for chunk in self.standings.chunks(store::ROWS_AT_ONCE) {
            let rows = chunk.iter().cloned().map(standing::ActiveModel::from);
            standing::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
        }
        Ok(())
    }
}
