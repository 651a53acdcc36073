//! What comes in and goes out as a file, and the jobs that work it.

use sea_orm::{ActiveEnum, DeriveActiveEnum, EnumIter, Iterable};
use serde::{Deserialize, Serialize};

text_enums! {
    /// Whether an import takes the rows it can, or none if one fails.
    ImportMode { AtomicRow, AllOrNothing }

    /// An import on its way.
    ImportState {
        /// Uploaded, being read and checked.
        Staging,
        /// Checked; waits to be applied.
        Staged,
        /// Being applied in chunks.
        Applying,
        /// Done.
        Applied,
        /// Could not be staged to its end; it is about to be removed.
        Rejected,
    }

    /// What became of a row of an import.
    ImportRowState {
        /// Checked and can be applied.
        Ready,
        /// Has errors; is not applied.
        Failed,
        /// A new person was entered.
        Created,
        /// A known person was brought up to date.
        Updated,
        /// Nothing differed.
        Unchanged,
    }

    /// What became of a file of a ZIP of photos.
    PhotoRowState {
        /// Is one person's and waits to be attached.
        Ready,
        /// Cannot be taken.
        Failed,
        /// A file that a system wrote beside the photos.
        Ignored,
        /// The person has this very photo.
        Unchanged,
        /// The person was given it.
        Attached,
    }

    /// What is taken out of the register as a file.
    ExportList {
        /// People of the register.
        Officers,
        /// What bars or burdens them.
        Standings,
        /// Certificates from before, as rosters claim them.
        ExistingCertificates,
        /// Agencies.
        Agencies,
        /// Reforms of agencies.
        AgencyChanges,
        /// Qualifications.
        Qualifications,
        /// Applications.
        Applications,
        /// Certificates.
        Certificates,
        /// Training sessions.
        TrainingSessions,
        /// Who attended a training session.
        TrainingAttendance,
        /// Sittings of exams.
        ExamSittings,
        /// The candidates of a sitting.
        ExamCandidates,
        /// Hours of training of officers in a year.
        OfficerTrainingYears,
        /// Hours of training of agencies in a year.
        AgencyTrainingYears,
        /// Accounts with their roles.
        Accounts,
        /// The audit log.
        AuditLog,
        /// The evidence file of an officer.
        Evidence,
    }

    /// As which file something is exported.
    ExportFormat { Csv, Xlsx, Json, Pdf }

    /// A job of the queue.
    JobState { Queued, Running, Done, Failed }
}
