//! Typed ids: a `UUIDv7` that cannot be given where another table's id is meant.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// An enforcement agency, justice department or entrusted organisation.
    AgencyId,
    /// A reform of agencies (机构改革).
    AgencyChangeId,
    /// A person of the register: officer, auxiliary or clerical staff.
    PersonId,
    /// A sign-in account; always of one person.
    AccountId,
    /// A signed-in session (`sid` of its tokens).
    SessionId,
    /// A qualification (执法资格).
    QualificationId,
    /// An application for a certificate.
    ApplicationId,
    /// A certificate (行政执法证 or 行政执法监督证).
    CertificateId,
    /// A step in the life of a certificate.
    CertificateEventId,
    /// A certificate that somebody brought along, as a roster claims it.
    ExistingCertificateId,
    /// A result of an exam.
    ExamResultId,
    /// Hours of training.
    TrainingRecordId,
    /// Training that an agency holds.
    TrainingSessionId,
    /// A sitting of an exam.
    ExamSittingId,
    /// A correction of a confirmed exam result.
    ExamCorrectionId,
    /// A workbook of attendance, candidates or results.
    TrainingUploadId,
    /// A fact that bars or burdens an officer.
    StandingId,
    /// A role given to an account.
    GrantId,
    /// An invitation to an account.
    InvitationId,
    /// A desk that was handed over.
    DeskHandoverId,
    /// A role lent to another account.
    DelegationId,
    /// A version of a policy.
    PolicyId,
    /// A roster import.
    ImportBatchId,
    /// Photos that were sent in one ZIP.
    PhotoBatchId,
    /// A job of the queue.
    JobId,
    /// A list or an evidence file that was taken out of the register.
    ExportId,
    /// An entry of the audit log.
    AuditEntryId,
    /// A signing key.
    SigningKeyId,
    /// An enrolled phone.
    DeviceId,
    /// An invitation to enrol a phone.
    DeviceInvitationId,
    /// What a supervisor has asked a phone for.
    ChallengeId,
    /// A record of a check, as it was received.
    CheckRecordId,
    /// A showing of a certificate (亮证).
    ShowingId,
    /// A joint authorisation.
    JointAuthorisationId,
    /// Something that changed in a status list.
    StatusChangeId,
    /// A complaint about a check.
    ComplaintId,
    /// A question to the agency a complaint is about.
    ComplaintQuestionId,
    /// An evaluation of a check.
    EvaluationId,
    /// Evaluations that were released together.
    EvaluationBatchId,
}
