//! A row as the register of people takes it, and what the register says of it.

use entities::enums::ExamSubject;

use super::findings::{FindingCode, Note};
use super::row::{Exam, RosterRow};
use crate::officers::existing::{Brought, ClaimRefusal, Said};
use crate::officers::{NewExam, NewPerson, NewRecord, OfficerRefusal};
use crate::platform::failure::Refusal;

/// What the register keeps as the source of what a roster says.
pub(super) const SOURCE: &str = "ROSTER";

/// The person and what is recorded of them; training is that of `year`. `again` says that bars
/// which were over may be opened anew.
pub(super) fn entry(row: &RosterRow, year: i32, again: bool) -> (NewPerson, NewRecord) {
    let person = NewPerson {
        name: row.name.clone(),
        id_number: row.id_number.clone(),
        phone: row.phone.clone(),
        agency: row.agency,
        internal_unit: row.section.clone(),
        kind: row.kind,
        establishment: row.establishment,
        duty: row.duty,
        position: row.post.clone(),
        field_codes: row.fields.clone(),
        area_code: row.area.clone(),
        photo_file: row.photo.clone(),
    };
    let exam = |subject, exam: Option<Exam>| {
        exam.map(|e| NewExam { subject, score_tenths: e.score_tenths, taken_on: e.taken_on })
    };
    let exams = [
        exam(ExamSubject::PublicLaw, row.public_exam),
        exam(ExamSubject::ProfessionalLaw, row.professional_exam),
    ];
    let record = NewRecord {
        exams: exams.into_iter().flatten().collect(),
        training: row.training_minutes.map(|minutes| (year, minutes)),
        standings: row.standings.clone(),
        again,
        ..NewRecord::default()
    };
    (person, record)
}

/// What the person brings along.
pub(super) fn brought(row: &RosterRow) -> Brought {
    Brought { certificate: row.prior.clone(), ministry: row.ministry_certificate.clone() }
}

/// What is said of a claim before it is entered; an error where it is not taken.
pub(super) const fn said(answer: Result<Said, ClaimRefusal>) -> Option<FindingCode> {
    match answer {
        Ok(Said::Nothing) => None,
        Ok(Said::OnRecord) => Some(FindingCode::PriorOnRecord),
        Ok(Said::RefusedBefore) => Some(FindingCode::PriorRefused),
        Err(ClaimRefusal::NumberTaken) => Some(FindingCode::PriorNumberTaken),
        Err(ClaimRefusal::NumberForm) => Some(FindingCode::PriorNumberForm),
    }
}

/// Why the register does not take a row.
pub(super) fn note(refusal: &OfficerRefusal) -> Note {
    match refusal {
        OfficerRefusal::TransferRequired => Note::new(FindingCode::TransferRequired),
        other => Note::new(FindingCode::RowRefused).arg("code", other.code()),
    }
}
