//! What is asked for: which list, narrowed by what, as which file, and whether whole.

use entities::enums::{
    AgencyKind, ApplicationState, CertificateState, Employment, ExportFormat, ExportList,
    PersonKind, QualificationState,
};
use entities::ids::AgencyId;

use super::error::ExportRefusal as Refusal;
use super::log::LogFilter;
use crate::access::Permission;
use crate::auth::AccountFilter;
use crate::certification::{ApplicationFilter, CertificateFilter, QualificationFilter};
use crate::graphql::ids::encode;
use crate::officers::OfficerFilter;
use crate::organisations::AgencyFilter;
use crate::platform::spelling::has_control;

/// Characters of a purpose.
const MOST_PURPOSE: usize = 1_000;

/// A list and what it is narrowed by.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// People of the register.
    Officers(OfficerFilter),
    /// What bars or burdens them.
    Standings(OfficerFilter),
    /// Agencies.
    Agencies(AgencyFilter),
    /// Qualifications.
    Qualifications(QualificationFilter),
    /// Applications.
    Applications(ApplicationFilter),
    /// Certificates.
    Certificates(CertificateFilter),
    /// Accounts.
    Accounts(AccountFilter),
    /// The audit log.
    AuditLog(LogFilter),
}

/// A part of what a list is narrowed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// An id or a word.
    Plain(String),
    /// What somebody typed, which may be a name or a number.
    Typed(String),
}

impl Wanted {
    /// Which list.
    pub const fn list(&self) -> ExportList {
        match self {
            Self::Officers(_) => ExportList::Officers,
            Self::Standings(_) => ExportList::Standings,
            Self::Agencies(_) => ExportList::Agencies,
            Self::Qualifications(_) => ExportList::Qualifications,
            Self::Applications(_) => ExportList::Applications,
            Self::Certificates(_) => ExportList::Certificates,
            Self::Accounts(_) => ExportList::Accounts,
            Self::AuditLog(_) => ExportList::AuditLog,
        }
    }

    /// The agency it is narrowed to.
    pub(super) const fn agency(&self) -> Option<AgencyId> {
        match self {
            Self::Officers(filter) | Self::Standings(filter) => filter.agency,
            Self::Agencies(_) => None,
            Self::Qualifications(filter) => filter.agency,
            Self::Applications(filter) => filter.agency,
            Self::Certificates(filter) => filter.agency,
            Self::Accounts(filter) => filter.agency,
            Self::AuditLog(filter) => filter.agency,
        }
    }

    /// What it is narrowed by, by the names of the fields.
    pub(super) fn told(&self) -> Vec<(&'static str, Told)> {
        let plain = |value: Option<String>| value.map(Told::Plain);
        let typed = |value: &Option<String>| value.clone().map(Told::Typed);
        let agency = |value: Option<AgencyId>| plain(value.map(encode));
        let parts = match self {
            Self::Officers(f) | Self::Standings(f) => vec![
                ("name", typed(&f.name)),
                ("certificateNumber", typed(&f.certificate_number)),
                ("agencyId", agency(f.agency)),
                ("kind", plain(f.kind.map(PersonKind::code))),
                ("employment", plain(f.employment.map(Employment::code))),
                ("certificateState", plain(f.certificate_state.map(CertificateState::code))),
            ],
            Self::Agencies(f) => vec![
                ("search", typed(&f.search)),
                ("divisionCode", plain(f.division_code.clone())),
                ("kind", plain(f.kind.map(AgencyKind::code))),
                ("withAbolished", plain(f.with_abolished.then(|| "true".to_owned()))),
            ],
            Self::Qualifications(f) => vec![
                ("state", plain(f.state.map(QualificationState::code))),
                ("agencyId", agency(f.agency)),
                ("personId", plain(f.person.map(encode))),
            ],
            Self::Applications(f) => vec![
                ("state", plain(f.state.map(ApplicationState::code))),
                ("agencyId", agency(f.agency)),
                ("personId", plain(f.person.map(encode))),
            ],
            Self::Certificates(f) => vec![
                ("number", typed(&f.number)),
                ("state", plain(f.state.map(CertificateState::code))),
                ("agencyId", agency(f.agency)),
                ("holderId", plain(f.holder.map(encode))),
                ("holderName", typed(&f.holder_name)),
            ],
            Self::Accounts(f) => vec![("login", typed(&f.login)), ("agencyId", agency(f.agency))],
            Self::AuditLog(f) => {
                f.told().into_iter().map(|(name, value)| (name, plain(Some(value)))).collect()
            }
        };
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Who may read a list may export it.
pub const fn permission(list: ExportList) -> Permission {
    match list {
        ExportList::Officers
        | ExportList::Standings
        | ExportList::Qualifications
        | ExportList::Applications
        | ExportList::Certificates => Permission::ReadOfficers,
        ExportList::Agencies => Permission::ReadOrganisations,
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
