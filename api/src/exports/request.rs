//! What is asked for: which list, narrowed by what, as which file, and whether whole.

use entities::enums::{ExamSubject, ExportFormat, ExportList, SittingState, TrainingState};
use entities::ids::{AgencyId, ExamSittingId, TrainingSessionId};

use super::error::ExportRefusal as Refusal;
use super::log::LogFilter;
use crate::access::Permission;
use crate::auth::AccountFilter;
use crate::certification::{ApplicationFilter, CertificateFilter, QualificationFilter};
use crate::graphql::ids::{NodeId, encode};
use crate::officers::OfficerFilter;
use crate::officers::existing::ExistingFilter;
use crate::organisations::AgencyFilter;
use crate::platform::spelling::has_control;
use crate::reorganisation::ChangeFilter;
use crate::training::year::PeopleFilter;

/// Characters of a purpose.
const MOST_PURPOSE: usize = 1_000;

/// A list and what it is narrowed by.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// People of the register.
    Officers(OfficerFilter),
    /// What bars or burdens them.
    Standings(OfficerFilter),
    /// Certificates from before, as rosters claim them.
    ExistingCertificates(ExistingFilter),
    /// Agencies.
    Agencies(AgencyFilter),
    /// Reforms of agencies.
    AgencyChanges(ChangeFilter),
    /// Qualifications.
    Qualifications(QualificationFilter),
    /// Applications.
    Applications(ApplicationFilter),
    /// Certificates.
    Certificates(CertificateFilter),
    /// Training sessions.
    TrainingSessions(SessionsOf),
    /// Who attended a session.
    TrainingAttendance(TrainingSessionId),
    /// Sittings of exams.
    ExamSittings(SittingsOf),
    /// Who sits an exam.
    ExamCandidates(ExamSittingId),
    /// Hours of training of officers in a year.
    OfficerTrainingYears(YearOf),
    /// Hours of training of agencies in a year; this one where none is said.
    AgencyTrainingYears(Option<i32>),
    /// Accounts.
    Accounts(AccountFilter),
    /// The audit log.
    AuditLog(LogFilter),
}

/// Which training sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionsOf {
    /// State.
    pub state: Option<TrainingState>,
    /// The agency that holds them.
    pub organiser: Option<AgencyId>,
    /// The calendar year in which they end.
    pub year: Option<i32>,
}

/// Which sittings of exams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SittingsOf {
    /// Of which exam.
    pub subject: Option<ExamSubject>,
    /// State.
    pub state: Option<SittingState>,
}

/// Whose hours of which year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YearOf {
    /// The calendar year; this one where none is said.
    pub year: Option<i32>,
    /// Of officers: of which agencies, and whether of those who lack hours or who have them.
    pub people: PeopleFilter,
}

/// A part of what a list is narrowed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// An id or a word.
    Plain(String),
    /// What somebody typed, which may be a name or a number.
    Typed(String),
}

impl Told {
    /// An id.
    pub(super) fn id<T: NodeId>(id: Option<T>) -> Option<Self> {
        id.map(|id| Self::Plain(encode(id)))
    }

    /// A word of an enumeration, or a day or number.
    pub(super) fn word(word: Option<String>) -> Option<Self> {
        word.map(Self::Plain)
    }

    /// What somebody typed.
    pub(super) fn typed(text: Option<&String>) -> Option<Self> {
        text.cloned().map(Self::Typed)
    }

    /// That something was ticked.
    pub(super) fn ticked(ticked: bool) -> Option<Self> {
        ticked.then(|| Self::Plain("true".to_owned()))
    }
}

/// Who may read a list may export it.
pub const fn permission(list: ExportList) -> Permission {
    match list {
        ExportList::Officers
        | ExportList::Standings
        | ExportList::Qualifications
        | ExportList::Applications
        | ExportList::Certificates
        | ExportList::ExistingCertificates
        | ExportList::TrainingSessions
        | ExportList::TrainingAttendance
        | ExportList::ExamSittings
        | ExportList::ExamCandidates
        | ExportList::OfficerTrainingYears
        | ExportList::AgencyTrainingYears => Permission::ReadOfficers,
        ExportList::Agencies | ExportList::AgencyChanges => Permission::ReadOrganisations,
        ExportList::Accounts => Permission::ManageAccounts,
        ExportList::AuditLog => Permission::ReadAudit,
        ExportList::Evidence => Permission::TakeEvidence,
    }
}

/// Why personal data is wanted whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose(String);

impl Purpose {
    /// Reads whether personal data is wanted whole, and what for: nothing where it is not.
    pub fn read(personal_data: bool, purpose: Option<&str>) -> Result<Option<Self>, Refusal> {
        if !personal_data {
            return Ok(None);
        }
        let purpose = purpose.map(str::trim).filter(|purpose| !purpose.is_empty());
        let purpose = purpose.ok_or(Refusal::PurposeRequired)?;
        if purpose.chars().count() > MOST_PURPOSE {
            return Err(Refusal::PurposeTooLong);
        }
        if has_control(purpose) {
            return Err(Refusal::PurposeInvalid);
        }
        Ok(Some(Self(purpose.to_owned())))
    }

    /// Its words.
    pub(super) fn words(&self) -> &str {
        &self.0
    }
}

/// An export that is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which list.
    pub wanted: Wanted,
    /// As which file: CSV or XLSX.
    pub format: ExportFormat,
    /// What whole personal data is for; none where it stays masked.
    pub purpose: Option<Purpose>,
}

impl Request {
    /// The permission that decides how far it reaches: for whole personal data, that to read it.
    pub(super) fn permission(&self) -> Permission {
        match self.purpose {
            Some(_) => Permission::ReadPersonalData,
            None => permission(self.wanted.list()),
        }
    }

    /// Refuses what no file can be.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.purpose.is_some() && !matches!(self.wanted, Wanted::Officers(_)) {
            return Err(Refusal::NothingPersonal);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_personal_data_needs_a_purpose_in_words() {
        assert_eq!(Purpose::read(false, None), Ok(None));
        assert_eq!(Purpose::read(false, Some("年度核查")), Ok(None));
        assert_eq!(Purpose::read(true, None), Err(Refusal::PurposeRequired));
        assert_eq!(Purpose::read(true, Some("  ")), Err(Refusal::PurposeRequired));
        assert_eq!(Purpose::read(true, Some(&"长".repeat(1_001))), Err(Refusal::PurposeTooLong));
        for odd in ['\0', '\u{b}', '\u{85}', '\u{1b}'] {
            let purpose = format!("年度{odd}核查");
            assert_eq!(Purpose::read(true, Some(&purpose)), Err(Refusal::PurposeInvalid));
        }
        assert!(Purpose::read(true, Some("年度\r\n\t核查")).is_ok());
        assert_eq!(
            Purpose::read(true, Some(" 年度核查 ")),
            Ok(Some(Purpose("年度核查".to_owned())))
        );
    }
}
