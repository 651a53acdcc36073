//! What comes in and goes out as files, and jobs.

use async_graphql::Enum;

bridged! {
    /// Whether an import takes the rows it can, or none if one fails.
    ImportMode = "entities::enums::ImportMode" {
        /// Each row for itself.
        AtomicRow,
        /// All rows, or none.
        AllOrNothing,
    }

    /// State of an import.
    ImportState = "entities::enums::ImportState" {
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
    ImportRowState = "entities::enums::ImportRowState" {
        /// Checked and can be applied.
        Ready,
        /// Has errors; is not applied.
        Failed,
        /// Something new was entered: of a roster, a person.
        Created,
        /// What was known was brought up to date.
        Updated,
        /// Nothing differed.
        Unchanged,
    }

    /// What became of a file of a ZIP of photos.
    PhotoRowState = "entities::enums::PhotoRowState" {
        /// Is one person's and waits to be attached.
        Ready,
        /// Cannot be taken; the code says why.
        Failed,
        /// A file that a system wrote beside the photos, such as `Thumbs.db`.
        Ignored,
        /// The person has this very photo.
        Unchanged,
        /// The person was given it.
        Attached,
    }

    /// What is taken out of the register as a file.
    ExportList = "entities::enums::ExportList" {
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
    ExportFormat = "entities::enums::ExportFormat" {
        /// Text with commas.
        Csv,
        /// A workbook.
        Xlsx,
        /// An evidence file for programs.
        Json,
        /// An evidence file for people.
        Pdf,
    }

    /// State of a job of the queue.
    JobState = "entities::enums::JobState" {
        /// Waits for a worker.
        Queued,
        /// Being worked on.
        Running,
        /// Done.
        Done,
        /// Given up after repeated faults.
        Failed,
    }
}
