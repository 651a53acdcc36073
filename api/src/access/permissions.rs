//! The table of permissions: which roles may do what (domain §1).

use entities::enums::Role;

/// Something an account may do. Declared beside each GraphQL operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See agencies, divisions, fields and policies.
    ReadOrganisations,
    /// Enter and change agencies.
    ManageOrganisations,
    /// See people, their qualification and certificates.
    ReadOfficers,
    /// See a whole ID number and phone; each such reading is logged.
    ReadPersonalData,
    /// Import a roster.
    ImportRoster,
    /// Upload photos.
    UploadPhotos,
    /// Enter training hours.
    RecordTraining,
    /// Enter exam results.
    RecordExams,
    /// Record and lift standings: what bars a person from holding a certificate.
    ManageStandings,
    /// Put people forward for qualification.
    NominateCandidates,
    /// Decide on qualification.
    DecideQualifications,
    /// Confirm or refuse the existing certificates that rosters claim.
    ConfirmExistingCertificates,
    /// Apply for certificates.
    ApplyForCertificates,
    /// Review applications.
    ReviewApplications,
    /// Issue certificates.
    IssueCertificates,
    /// Have the printed code of a certificate: whoever has it can print a card.
    PrintCodes,
    /// Hand certificates over to their holders and take reports of loss.
    HandOverCertificates,
    /// Suspend a certificate.
    SuspendCertificates,
    /// Lift or extend a suspension.
    LiftSuspensions,
    /// Cancel or revoke a certificate.
    EndCertificates,
    /// Enter accounts and give roles.
    ManageAccounts,
    /// See and rotate signing keys.
    ManageKeys,
    /// Enter new versions of policies.
    ManagePolicies,
    /// Read the audit log.
    ReadAudit,
    /// Take an officer's evidence file; each is logged.
    TakeEvidence,
    /// Look a certificate up by its number for a caller; each is logged.
    LookUpCertificates,
    /// Invite officers to enrol a phone, and end enrolled phones.
    ManageDevices,
    /// Check an officer's code in the field, with a challenge; each is logged.
    CheckCodes,
    /// Send records of checks that one's own phone has made.
    RecordChecks,
    /// See records of checks: one's own, and those of officers within the scope.
    ReadCheckRecords,
    /// Handle complaints of citizens.
    HandleComplaints,
    /// Answer what one's agency is asked about a complaint.
    AnswerComplaintQuestions,
    /// See what citizens say of checks, as counts of five at least.
    ReadEvaluations,
    /// Show one's own certificate to a party, and confirm to be another's second officer.
    ShowCertificates,
    /// See showings of others; each reading is logged.
    ReadShowings,
    /// Take photo packs of supervised agencies into a phone; each is logged.
    ReadPhotoPacks,
    /// Propose a joint authorisation.
    ProposeJointAuthorisations,
    /// Decide on a joint authorisation, and end one early.
    DecideJointAuthorisations,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 38] = [
        Self::ReadOrganisations,
        Self::ManageOrganisations,
        Self::ReadOfficers,
        Self::ReadPersonalData,
        Self::ImportRoster,
        Self::UploadPhotos,
        Self::RecordTraining,
        Self::RecordExams,
        Self::ManageStandings,
        Self::NominateCandidates,
        Self::DecideQualifications,
        Self::ConfirmExistingCertificates,
        Self::ApplyForCertificates,
        Self::ReviewApplications,
        Self::IssueCertificates,
        Self::PrintCodes,
        Self::HandOverCertificates,
        Self::SuspendCertificates,
        Self::LiftSuspensions,
        Self::EndCertificates,
        Self::ManageAccounts,
        Self::ManageKeys,
        Self::ManagePolicies,
        Self::ReadAudit,
        Self::TakeEvidence,
        Self::LookUpCertificates,
        Self::ManageDevices,
        Self::CheckCodes,
        Self::RecordChecks,
        Self::ReadCheckRecords,
        Self::HandleComplaints,
        Self::AnswerComplaintQuestions,
        Self::ReadEvaluations,
        Self::ShowCertificates,
        Self::ReadShowings,
        Self::ReadPhotoPacks,
        Self::ProposeJointAuthorisations,
        Self::DecideJointAuthorisations,
    ];

    /// Issuing, ending and keys ask for a password given not long ago.
    pub const fn needs_recent_sign_in(self) -> bool {
        matches!(self, Self::IssueCertificates | Self::EndCertificates | Self::ManageKeys)
    }

    /// Issuing, ending, keys and administration: a role that the policy on accounts names gives
    /// them only to an account with a second factor.
    pub const fn needs_second_factor(self) -> bool {
        matches!(
            self,
            Self::IssueCertificates
                | Self::LiftSuspensions
                | Self::EndCertificates
                | Self::ManageOrganisations
                | Self::ManageAccounts
                | Self::ManageKeys
                | Self::ManagePolicies
        )
    }
}

/// Whether a role has a permission of [`Permission::needs_second_factor`].
pub fn second_factor_matters(role: Role) -> bool {
    Permission::ALL.into_iter().any(|p| p.needs_second_factor() && granted_to(p).contains(&role))
}

/// Whether a role has a permission of [`Permission::needs_recent_sign_in`].
pub(super) fn recent_sign_in_matters(role: Role) -> bool {
    Permission::ALL.into_iter().any(|p| p.needs_recent_sign_in() && granted_to(p).contains(&role))
}

/// The roles that have a permission.
pub const fn granted_to(permission: Permission) -> &'static [Role] {
    use Role::{
        AgencyHr, Auditor, HotlineOperator, Issuer, JusticeReviewer, Officer, Supervisor,
        SystemAdministrator,
    };
    match permission {
        Permission::ReadOrganisations => &[
            SystemAdministrator,
            AgencyHr,
            JusticeReviewer,
            Issuer,
            Supervisor,
            Officer,
            HotlineOperator,
            Auditor,
        ],
        // Not a hotline's operator, who looks up one number at a time and lists nothing.
        Permission::ReadOfficers => &[AgencyHr, JusticeReviewer, Issuer, Supervisor, Auditor],
        Permission::LookUpCertificates => &[HotlineOperator],
        Permission::RecordChecks | Permission::CheckCodes | Permission::ReadPhotoPacks => {
            &[Supervisor]
        }
        Permission::ReadCheckRecords => &[Supervisor, Auditor],
        Permission::ReadPersonalData | Permission::ImportRoster | Permission::RecordTraining => {
            &[AgencyHr, JusticeReviewer]
        }
        Permission::UploadPhotos
        | Permission::NominateCandidates
        | Permission::ApplyForCertificates
        | Permission::HandOverCertificates
        | Permission::AnswerComplaintQuestions => &[AgencyHr],
        Permission::RecordExams
        | Permission::ManageStandings
        | Permission::DecideQualifications
        | Permission::ConfirmExistingCertificates
        | Permission::ReviewApplications => &[JusticeReviewer],
        Permission::IssueCertificates
        | Permission::LiftSuspensions
        | Permission::EndCertificates => &[Issuer],
        Permission::PrintCodes => &[AgencyHr, Issuer],
        Permission::SuspendCertificates => &[Issuer, Supervisor],
        Permission::ManageOrganisations
        | Permission::ManageAccounts
        | Permission::ManageKeys
        | Permission::ManagePolicies => &[SystemAdministrator],
        Permission::ReadAudit => &[Auditor],
        // Where accounts are kept, and where the officer is known by sight.
        Permission::ManageDevices => &[SystemAdministrator, AgencyHr],
        Permission::ShowCertificates => &[Officer],
        Permission::ReadShowings => &[JusticeReviewer, Supervisor, Auditor],
        Permission::ProposeJointAuthorisations => &[AgencyHr, JusticeReviewer, Issuer],
        Permission::DecideJointAuthorisations => &[JusticeReviewer, Issuer],
        Permission::TakeEvidence => &[JusticeReviewer, Issuer, Auditor],
        // Of the justice department that a complaint comes to, never of the agency it is about.
        Permission::HandleComplaints => &[JusticeReviewer, Supervisor],
        Permission::ReadEvaluations => &[AgencyHr, JusticeReviewer, Supervisor],
    }
}
