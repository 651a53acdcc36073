//! The enumerations of the public schema: the words of `entities::enums` with their descriptions.
//! Each is bridged by `From` both ways, so that a word missing here does not compile.

macro_rules! bridged {
    ($($(#[$doc:meta])* $name:ident = $remote:tt { $($(#[$vdoc:meta])* $variant:ident,)+ })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
        #[graphql(remote = $remote)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
        }
    )*};
}

mod certificates;
mod complaints;
mod files;
mod register;
mod showings;
mod training;
mod words;

pub use certificates::{
    ApplicationAct, ApplicationState, ApplicationStep, CertificateAct, CertificateOrigin,
    CertificateState, DutyStatus, Employment, Establishment, ExamSubject, ExistingKind,
    ExistingState, PersonKind, QualificationState, StandingKind, StandingLift,
};
pub use complaints::{ComplaintCategory, ComplaintState};
pub use files::{
    ExportFormat, ExportList, ImportMode, ImportRowState, ImportState, JobState, PhotoRowState,
};
pub use register::{
    AgencyChangeKind, AgencyChangeState, AgencyKind, AgencyQualification, Attestation, DeviceEnd,
    DivisionLevel, InvitationPurpose, KeyAlgorithm, Leadership, Role, ScopeAxis, SessionClient,
};
pub use showings::{
    JointAuthorisationState, SecondAnswer, ShowingFinding, ShowingKind, ShowingSubject,
};
pub use training::{
    ExamOutcome, SittingState, TrainingKind, TrainingMode, TrainingState, TrainingUploadKind,
};
pub use words::in_words;
