//! What each list is narrowed by over REST: the arguments of the list in GraphQL.

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{
    AgencyChangeState, AgencyKind, ApplicationState, CertificateState, Employment, ExamSubject,
    ExistingKind, ExistingState, ExportList, PersonKind, QualificationState, SittingState,
    TrainingState,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::auth::AccountFilter;
use crate::certification::{ApplicationFilter, CertificateFilter, QualificationFilter};
use crate::exports::log::{LogFilter, LogKind};
use crate::exports::{SessionsOf, SittingsOf, Wanted, YearOf};
use crate::graphql::ids::{NodeId, decode_or_nil};
use crate::officers::OfficerFilter;
use crate::officers::existing::ExistingFilter;
use crate::organisations::AgencyFilter;
use crate::reorganisation::ChangeFilter;
use crate::training::year::PeopleFilter;

/// What a list is narrowed by, as it comes: the arguments of the list in GraphQL.
pub(super) trait Filter: DeserializeOwned + Default + Send + 'static {
    const LIST: ExportList;
    fn wanted(self) -> Wanted;
}

/// An id of this type; one that no row has where the text is none.
fn id<T: NodeId>(text: Option<String>) -> Option<T> {
    text.map(|text| decode_or_nil(&text))
}

/// Writes out the fields of a list's filter.
macro_rules! filter {
    ($name:ident = $list:ident { $($field:ident: $of:ty,)* } $this:ident => $made:expr) => {
        #[derive(Debug, Default, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub(super) struct $name {
            $($field: $of,)*
        }

        impl Filter for $name {
            const LIST: ExportList = ExportList::$list;
            fn wanted(self) -> Wanted {
                let $this = self;
                Wanted::$list($made)
            }
        }
    };
}

filter! { Officers = Officers {
    name: Option<String>,
    certificate_number: Option<String>,
    agency_id: Option<String>,
    kind: Option<PersonKind>,
    employment: Option<Employment>,
    certificate_state: Option<CertificateState>,
} this => OfficerFilter {
    name: this.name,
    certificate_number: this.certificate_number,
    agency: id(this.agency_id),
    kind: this.kind,
    employment: this.employment,
    certificate_state: this.certificate_state,
} }

filter! { Standings = Standings {
    name: Option<String>,
    agency_id: Option<String>,
    kind: Option<PersonKind>,
    employment: Option<Employment>,
} this => OfficerFilter {
    name: this.name,
    agency: id(this.agency_id),
    kind: this.kind,
    employment: this.employment,
    ..OfficerFilter::default()
} }

filter! { Existing = ExistingCertificates {
    state: Option<ExistingState>,
    kind: Option<ExistingKind>,
    exceptional: Option<bool>,
    agency_id: Option<String>,
    import_id: Option<String>,
    number: Option<String>,
} this => ExistingFilter {
    state: this.state,
    kind: this.kind,
    exceptional: this.exceptional,
    agency: id(this.agency_id),
    batch: id(this.import_id),
    number: this.number,
} }

filter! { Agencies = Agencies {
    search: Option<String>,
    division_code: Option<String>,
    kind: Option<AgencyKind>,
    with_abolished: bool,
} this => AgencyFilter {
    search: this.search,
    division_code: this.division_code,
    kind: this.kind,
    with_abolished: this.with_abolished,
} }

filter! { Changes = AgencyChanges {
    state: Option<AgencyChangeState>,
    agency_id: Option<String>,
} this => ChangeFilter { state: this.state, agency: id(this.agency_id) } }

filter! { Qualifications = Qualifications {
    state: Option<QualificationState>,
    agency_id: Option<String>,
    person_id: Option<String>,
} this => QualificationFilter {
    state: this.state,
    agency: id(this.agency_id),
    person: id(this.person_id),
} }

filter! { Applications = Applications {
    state: Option<ApplicationState>,
    agency_id: Option<String>,
    person_id: Option<String>,
    odd_first: bool,
} this => ApplicationFilter {
    state: this.state,
    agency: id(this.agency_id),
    person: id(this.person_id),
    odd_first: this.odd_first,
} }

filter! { Certificates = Certificates {
    number: Option<String>,
    state: Option<CertificateState>,
    agency_id: Option<String>,
    holder_id: Option<String>,
    holder_name: Option<String>,
    exchange_due_by: Option<NaiveDate>,
} this => CertificateFilter {
    number: this.number,
    state: this.state,
    agency: id(this.agency_id),
    holder: id(this.holder_id),
    holder_name: this.holder_name,
    exchange_due_by: this.exchange_due_by,
} }

filter! { Sessions = TrainingSessions {
    state: Option<TrainingState>,
    organiser_id: Option<String>,
    year: Option<i32>,
} this => SessionsOf {
    state: this.state,
    organiser: id(this.organiser_id),
    year: this.year,
} }

// Without a session or sitting, that of an id that no row has.
filter! { Attendance = TrainingAttendance {
    session_id: String,
} this => decode_or_nil(&this.session_id) }

filter! { Sittings = ExamSittings {
    subject: Option<ExamSubject>,
    state: Option<SittingState>,
} this => SittingsOf { subject: this.subject, state: this.state } }

filter! { Candidates = ExamCandidates {
    sitting_id: String,
} this => decode_or_nil(&this.sitting_id) }

filter! { OfficerYears = OfficerTrainingYears {
    year: Option<i32>,
    agency_id: Option<String>,
    behind: Option<bool>,
} this => YearOf {
    year: this.year,
    people: PeopleFilter { agency: id(this.agency_id), behind: this.behind },
} }

filter! { AgencyYears = AgencyTrainingYears { year: Option<i32>, } this => this.year }

filter! { Accounts = Accounts {
    login: Option<String>,
    agency_id: Option<String>,
} this => AccountFilter { login: this.login, agency: id(this.agency_id) } }

filter! { AuditLog = AuditLog {
    kind: Option<LogKind>,
    actor_id: Option<String>,
    subject_id: Option<String>,
    agency_id: Option<String>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
} this => LogFilter {
    kind: this.kind,
    actor: id(this.actor_id),
    subject: this.subject_id.map(|id| LogFilter::subject(&id)),
    agency: id(this.agency_id),
    from: this.from,
    until: this.until,
} }
