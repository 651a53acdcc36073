//! Training sessions with who attended, and sittings of exams with who sits.

use std::collections::HashMap;

use entities::enums::{ExamSubject, ExportList, SittingState, TrainingState};
use entities::ids::{AgencyId, ExamSittingId, PersonId, TrainingSessionId};
use entities::{exam_sitting, training_record, training_session};

use super::{Answer, Column, List, Piece, Reading, columns, piece};
use crate::exports::error::ExportRefusal;
use crate::exports::log;
use crate::exports::request::{SessionsOf, SittingsOf, Told};
use crate::exports::words::{moment, score};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::officers::{self, OfficerRow};
use crate::platform::failure::Fault;
use crate::training::{self, Candidate, SessionFilter};

/// Those of some people who lie within the scope. Whoever does not has no name here.
async fn people(
    reading: &Reading<'_>,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, OfficerRow>, Fault> {
    let rows = officers::officers_among(reading.tx, reading.scope, ids).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Somebody who may lie outside the scope, and what is told of them.
pub(super) struct Of<R> {
    officer: Option<OfficerRow>,
    row: R,
}

impl<R> Of<R> {
    fn name(&self) -> String {
        self.officer.as_ref().map(|officer| officer.name.clone()).unwrap_or_default()
    }

    fn agency(&self) -> String {
        self.officer.as_ref().and_then(|officer| officer.agency_name.clone()).unwrap_or_default()
    }

    fn person_id(&self) -> String {
        self.officer.as_ref().map(|officer| encode(officer.id)).unwrap_or_default()
    }
}

/// Training sessions, newest first.
pub(super) struct Sessions<'a>(pub &'a SessionsOf);

/// A session or a sitting, and who holds it.
pub(super) struct HeldBy<R> {
    organiser: String,
    row: R,
}

async fn held_by<R>(
    reading: &Reading<'_>,
    rows: Vec<R>,
    organiser: fn(&R) -> AgencyId,
) -> Result<Vec<HeldBy<R>>, Fault> {
    let names = log::agency_names(reading.tx, rows.iter().map(organiser).collect()).await?;
    let named = |row: R| {
        let organiser = names.get(&organiser(&row)).cloned().unwrap_or_default();
        HeldBy { organiser, row }
    };
    Ok(rows.into_iter().map(named).collect())
}

impl List for Sessions<'_> {
    type Row = HeldBy<training_session::Model>;

    const LIST: ExportList = ExportList::TrainingSessions;
    const COLUMNS: &'static [Column<Self::Row>] = columns![HeldBy<training_session::Model>;
        "col-title" => |s, _| s.row.title.clone(),
        "col-organiser" => |s, _| s.organiser.clone(),
        "col-training-kind" => |s, w| w.label("training-kind", &s.row.kind.code()),
        "col-training-mode" => |s, w| w.label("training-mode", &s.row.mode.code()),
        "col-fields" => |s, w| w.field(s.row.field_code.as_deref()),
        "col-off-post" => |s, w| w.yes(s.row.off_post),
        "col-from" => |s, _| s.row.starts_on.to_string(),
        "col-until" => |s, _| s.row.ends_on.to_string(),
        "col-minutes" => |s, _| s.row.minutes.to_string(),
        "col-state" => |s, w| w.label("training", &s.row.state.code()),
        "col-reasons" => |s, _| s.row.cancel_reason.clone().unwrap_or_default(),
        "col-id" => |s, _| encode(s.row.id),
    ];

    fn agency(&self) -> Option<AgencyId> {
        self.0.organiser
    }

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let SessionsOf { state, organiser, year } = self.0;
        vec![
            ("state", Told::word(state.map(TrainingState::code))),
            ("organiserId", Told::id(*organiser)),
            ("year", Told::word(year.map(|year| year.to_string()))),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<Self::Row> {
        let filter = SessionFilter {
            state: self.0.state,
            organiser: self.0.organiser,
            ends: self.0.year.map(SessionFilter::of_year),
        };
        let before = page.after_id::<TrainingSessionId>();
        let (tx, scope) = (reading.tx, reading.scope);
        let rows = training::sessions(tx, scope, &filter, before, page.limit()).await?;
        let Piece { rows, next } = piece(rows, &page, |row| vec![encode(row.id)]);
        Ok(Piece { rows: held_by(reading, rows, |row| row.organiser_id).await?, next })
    }
}

/// Who attended a session, by person.
pub(super) struct Attendance<'a>(pub &'a TrainingSessionId);

impl List for Attendance<'_> {
    type Row = Of<training_record::Model>;

    const LIST: ExportList = ExportList::TrainingAttendance;
    const COLUMNS: &'static [Column<Self::Row>] = columns![Of<training_record::Model>;
        "col-name" => |a, _| a.name(),
        "col-agency" => |a, _| a.agency(),
        "col-minutes" => |a, _| a.row.minutes.to_string(),
        "col-recorded-at" => |a, _| moment(Some(a.row.recorded_at)),
        "col-person-id" => |a, _| a.person_id(),
    ];

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        vec![("sessionId", Told::id(Some(*self.0)))]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<Self::Row> {
        let found = training::session(reading.tx, reading.scope, *self.0).await?;
        let session = found.ok_or(ExportRefusal::NotFound)?;
        let after = page.after_id::<PersonId>();
        let rows = training::attendance(reading.tx, session.id, after, page.limit()).await?;
        let Piece { rows, next } = piece(rows, &page, |row| vec![encode(row.person_id)]);
        let ids: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
        let mut people = people(reading, &ids).await?;
        let of = |row: training_record::Model| Of { officer: people.remove(&row.person_id), row };
        Ok(Piece { rows: rows.into_iter().map(of).collect(), next })
    }
}

/// Sittings of exams, newest first.
pub(super) struct Sittings<'a>(pub &'a SittingsOf);

impl List for Sittings<'_> {
    type Row = HeldBy<exam_sitting::Model>;

    const LIST: ExportList = ExportList::ExamSittings;
    const COLUMNS: &'static [Column<Self::Row>] = columns![HeldBy<exam_sitting::Model>;
        "col-exam" => |s, w| w.label("exam", &s.row.subject.code()),
        "col-organiser" => |s, _| s.organiser.clone(),
        "col-fields" => |s, w| w.field(s.row.field_code.as_deref()),
        "col-held-on" => |s, _| s.row.held_on.to_string(),
        "col-place" => |s, _| s.row.place.clone(),
        "col-resits" => |s, w| w.yes(s.row.resits_allowed),
        "col-pass-mark" => |s, _| score(s.row.pass_mark_tenths),
        "col-state" => |s, w| w.label("sitting", &s.row.state.code()),
        "col-reasons" => |s, _| s.row.cancel_reason.clone().unwrap_or_default(),
        "col-confirmed-at" => |s, _| moment(s.row.confirmed_at),
        "col-id" => |s, _| encode(s.row.id),
    ];

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let SittingsOf { subject, state } = self.0;
        vec![
            ("subject", Told::word(subject.map(ExamSubject::code))),
            ("state", Told::word(state.map(SittingState::code))),
        ]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<Self::Row> {
        let before = page.after_id::<ExamSittingId>();
        let (tx, scope, which) = (reading.tx, reading.scope, (self.0.subject, self.0.state));
        let rows = training::sittings(tx, scope, which, before, page.limit()).await?;
        let Piece { rows, next } = piece(rows, &page, |row| vec![encode(row.id)]);
        Ok(Piece { rows: held_by(reading, rows, |row| row.organiser_id).await?, next })
    }
}

/// Who sits an exam, by person.
pub(super) struct Candidates<'a>(pub &'a ExamSittingId);

/// What came of it.
pub(super) struct Outcome {
    candidate: Candidate,
    passed: Option<bool>,
    /// How often it was corrected after it counted.
    corrections: usize,
}

impl List for Candidates<'_> {
    type Row = Of<Outcome>;

    const LIST: ExportList = ExportList::ExamCandidates;
    const COLUMNS: &'static [Column<Self::Row>] = columns![Of<Outcome>;
        "col-name" => |c, _| c.name(),
        "col-agency" => |c, _| c.agency(),
        "col-outcome" => |c, w| {
            let outcome = c.row.candidate.outcome;
            outcome.map_or_else(String::new, |outcome| w.label("outcome", &outcome.code()))
        },
        "col-score" => |c, _| c.row.candidate.score_tenths.map(score).unwrap_or_default(),
        "col-passed" => |c, w| c.row.passed.map(|passed| w.yes(passed)).unwrap_or_default(),
        "col-corrections" => |c, _| c.row.corrections.to_string(),
        "col-registered-at" => |c, _| moment(Some(c.row.candidate.registered_at)),
        "col-person-id" => |c, _| c.person_id(),
    ];

    fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        vec![("sittingId", Told::id(Some(*self.0)))]
    }

    async fn read(&self, reading: &Reading<'_>, page: Page) -> Answer<Self::Row> {
        let (tx, after) = (reading.tx, page.after_id::<PersonId>());
        let found = training::sitting(tx, reading.scope, *self.0).await?;
        let sitting = found.ok_or(ExportRefusal::NotFound)?;
        let rows = training::candidates(tx, sitting.id, after, Some(page.limit())).await?;
        let Piece { rows, next } = piece(rows, &page, |row| vec![encode(row.person_id)]);
        let ids: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
        let mut people = people(reading, &ids).await?;
        let corrected = training::corrections(tx, sitting.id, &ids).await?;
        let of = |candidate: Candidate| {
            let id = candidate.person_id;
            let row = Outcome {
                passed: training::passed(&candidate, sitting.pass_mark_tenths),
                corrections: corrected.get(&id).map_or(0, Vec::len),
                candidate,
            };
            Of { officer: people.remove(&id), row }
        };
        Ok(Piece { rows: rows.into_iter().map(of).collect(), next })
    }
}
