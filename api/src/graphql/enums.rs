//! The enumerations of the public schema: the words of `entities::enums` with their descriptions.
//! Each is bridged by `From` both ways, so that a word missing here does not compile.

use async_graphql::Enum;

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

bridged! {
    /// What a person of the register is. Only the first two can ever hold a certificate.
    PersonKind = "entities::enums::PersonKind" {
        /// 行政执法人员
        EnforcementOfficer,
        /// 行政执法监督人员
        SupervisionOfficer,
        /// 辅助人员: can never hold a certificate.
        AuxiliaryStaff,
        /// Clerical staff with an account and no enforcement function; can never hold a certificate.
        ClericalStaff,
    }

    /// 编制类型: the establishment a person is on.
    Establishment = "entities::enums::Establishment" {
        /// 行政编制
        Administrative,
        /// 参照公务员法管理
        CivilServantManaged,
        /// 事业编制
        PublicInstitution,
        /// 无编制: contract, temporary or dispatched.
        None,
    }

    /// 在岗状态: whether a person works at the post now.
    DutyStatus = "entities::enums::DutyStatus" {
        /// 在岗
        OnDuty,
        /// 借出: seconded to another agency.
        SecondedOut,
        /// 借入: seconded from another agency.
        SecondedIn,
        /// 离岗
        OffDuty,
        /// 退休
        Retired,
    }

    /// Employment, a life cycle of its own beside qualification and certificate.
    Employment = "entities::enums::Employment" {
        /// 在职
        InPost,
        /// 离岗
        OffPost,
        /// 调离
        Transferred,
        /// 辞职
        Resigned,
        /// 退休
        Retired,
        /// 辞退、开除
        Dismissed,
        /// 死亡
        Deceased,
    }

    /// The two exams of a qualification.
    ExamSubject = "entities::enums::ExamSubject" {
        /// 公共法律知识
        PublicLaw,
        /// 专业法律知识
        ProfessionalLaw,
    }

    /// State of a qualification (执法资格).
    QualificationState = "entities::enums::QualificationState" {
        /// Put forward by the agency.
        Candidate,
        /// Qualified by the justice department.
        Qualified,
        /// Cancelled; a later one is a new record.
        Cancelled,
    }

    /// What an application asks for.
    ApplicationAct = "entities::enums::ApplicationAct" {
        /// 申领: a first certificate.
        Initial,
        /// 换发: a new one before the present one ends.
        Renewal,
        /// 补发: one in place of a lost one.
        Replacement,
    }

    /// State of an application for a certificate.
    ApplicationState = "entities::enums::ApplicationState" {
        /// Being written by the agency.
        Draft,
        /// Handed in; waits for review.
        Applied,
        /// 退回补正: returned with reasons, may be handed in again.
        Returned,
        /// Reviewed by the justice department; waits for the issuing authority.
        Reviewed,
        /// Approved; the certificate is issued.
        Approved,
        /// Refused with reasons.
        Refused,
    }

    /// A step of an application.
    ApplicationStep = "entities::enums::ApplicationStep" {
        /// 申报: handed in by the agency.
        Apply,
        /// Handed in again after a return.
        Resubmit,
        /// 审核通过: found in order by the justice department.
        Approve,
        /// 退回补正: returned by the justice department, with reasons.
        Return,
        /// Refused by the justice department, with reasons.
        Refuse,
        /// Returned by the issuing authority, with reasons.
        SendBack,
        /// 发证: issued by the issuing authority.
        Issue,
    }

    /// State of a certificate. EXPIRED is computed from the last valid day when it is read.
    CertificateState = "entities::enums::CertificateState" {
        /// Issued, not yet handed over to the holder.
        Issued,
        /// In force.
        Active,
        /// 暂扣
        Suspended,
        /// 遗失: reported lost.
        Lost,
        /// 吊销
        Revoked,
        /// 注销
        Cancelled,
        /// Past its last valid day.
        Expired,
    }

    /// An act on a certificate, recorded as an event.
    CertificateAct = "entities::enums::CertificateAct" {
        /// 发证
        Issue,
        /// Handover to the holder.
        HandOver,
        /// 暂扣
        Suspend,
        /// 延长暂扣: its one extension.
        Extend,
        /// Lifting of a suspension.
        Lift,
        /// 吊销
        Revoke,
        /// 注销
        Cancel,
        /// 报失
        ReportLoss,
        /// The last valid day has passed.
        Expire,
        /// An existing certificate was confirmed.
        Confirm,
        /// A code was signed anew under the same number.
        Reissue,
    }

    /// How a certificate came to be on record.
    CertificateOrigin = "entities::enums::CertificateOrigin" {
        /// Issued here.
        Issued,
        /// Issued before this system, claimed by a roster and confirmed.
        Existing,
    }

    /// What a certificate is that somebody brings along.
    ExistingKind = "entities::enums::ExistingKind" {
        /// 行政执法证
        Enforcement,
        /// 行政执法监督证
        Supervision,
        /// 部委证件: a ministry's, filed only; nobody is authorised by it here.
        Ministry,
    }

    /// What became of the claim that somebody holds a certificate.
    ExistingState = "entities::enums::ExistingState" {
        /// Waits for the justice department.
        Claimed,
        /// Confirmed: it is a certificate like any other.
        Confirmed,
        /// Refused with a reason.
        Refused,
        /// Taken back with its import, or replaced by a later roster.
        Withdrawn,
        /// A ministry's: kept on record, never confirmed.
        Filed,
    }

    /// Why a person may not hold a certificate now (不得申领情形), as a code without details.
    StandingKind = "entities::enums::StandingKind" {
        /// Rated 不称职 in the annual assessment.
        IncompetentRating,
        /// Serving a demerit (记过) or heavier.
        DemeritOrHeavier,
        /// Under investigation (立案审查).
        UnderInvestigation,
        /// Within the bar after a sanction.
        RecentSanction,
        /// Within the bar after a revocation.
        RecentRevocation,
        /// Owes off-post training (离岗培训).
        RetrainingOwed,
    }

    /// Why a standing was lifted, as a code without details.
    StandingLift = "entities::enums::StandingLift" {
        /// 离岗培训合格: by confirming the off-post training only.
        RetrainingDone,
        /// 下一年度考核称职以上: from the calendar year after the rating.
        RatedAgain,
        /// 审查调查已结束
        CaseClosed,
        /// 处分期满或者解除
        TermServed,
        /// 原决定已撤销或者变更
        Overturned,
        /// 登记有误
        EnteredInError,
    }

    /// What an organisation is in law (行政处罚法 §§17–21).
    AgencyKind = "entities::enums::AgencyKind" {
        /// 行政机关
        Organ,
        /// 法律、法规授权的组织
        AuthorisedOrganisation,
        /// 受委托组织: acts under an entrustment letter and may not delegate further.
        EntrustedOrganisation,
    }

    /// Who leads an agency.
    Leadership = "entities::enums::Leadership" {
        /// Its local government.
        Local,
        /// Its superior organ (垂直管理).
        Vertical,
        /// Both (双重管理).
        Dual,
    }

    /// Whether an agency's own qualification (执法主体资格) is confirmed and announced.
    AgencyQualification = "entities::enums::AgencyQualification" {
        /// Not yet confirmed.
        Pending,
        /// Confirmed and announced.
        Confirmed,
        /// Withdrawn.
        Withdrawn,
    }

    /// Level of an administrative division (GB/T 2260).
    DivisionLevel = "entities::enums::DivisionLevel" {
        /// 省级
        Province,
        /// 地级
        Prefecture,
        /// 县级
        County,
        /// 乡级
        Township,
    }

    /// What a reform (机构改革) does to agencies.
    AgencyChangeKind = "entities::enums::AgencyChangeKind" {
        /// 更名: the same agency under another name.
        Rename,
        /// 合并: agencies end, and another takes their place.
        Merge,
        /// 分设: some or all of an agency goes to others.
        Split,
        /// 划转: another superior, division or leadership.
        Move,
        /// 撤销: an agency ends, with or without a successor.
        Abolish,
    }

    /// How far a reform is.
    AgencyChangeState = "entities::enums::AgencyChangeState" {
        /// Proposed; waits for another person's decision.
        Proposed,
        /// Decided; waits for its day.
        Approved,
        /// In effect.
        Applied,
        /// Taken back before its day.
        Withdrawn,
        /// Could not take effect on its day; propose it anew once what stood in its way is mended.
        Failed,
    }

    /// The tree along which a role reaches what lies under its agency.
    ScopeAxis = "entities::enums::ScopeAxis" {
        /// A justice department, the agencies of its division and the justice departments below.
        Territory,
        /// A department and its subordinate departments of the same line of work.
        Line,
        /// An agency and the organisations it entrusts.
        Own,
    }

    /// A role of an account, always over a part of the tree.
    Role = "entities::enums::Role" {
        /// Enters agencies, accounts, policies and keys; sees no people.
        SystemAdministrator,
        /// Human resources of an agency: rosters, nominations, applications, handover.
        AgencyHr,
        /// Justice department: qualifies people and reviews applications.
        JusticeReviewer,
        /// Issuing authority: issues, lifts suspensions, ends certificates.
        Issuer,
        /// Supervision: looks into records, suspends as an urgent measure.
        Supervisor,
        /// An officer, for what is their own.
        Officer,
        /// 12345: looks up, changes nothing.
        HotlineOperator,
        /// Reads all of a part of the tree, and who read and exported what.
        Auditor,
    }

    /// What an invitation is for.
    InvitationPurpose = "entities::enums::InvitationPurpose" {
        /// The first password of a new account.
        Activation,
        /// A new password in place of one that was reset.
        Reset,
    }

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

    /// What a training session is about.
    TrainingKind = "entities::enums::TrainingKind" {
        /// 公共法律知识
        PublicLaw,
        /// 专业法律知识
        ProfessionalLaw,
        /// 执法实务
        Practice,
        /// 职业素养、廉政教育
        Integrity,
    }

    /// How a training session is held.
    TrainingMode = "entities::enums::TrainingMode" {
        /// 面授
        OnSite,
        /// 网络培训
        Online,
    }

    /// State of a training session.
    TrainingState = "entities::enums::TrainingState" {
        /// 计划中: may be changed or cancelled.
        Planned,
        /// 已举办: attendance is entered and corrected.
        Held,
        /// 已办结: nothing is changed any more.
        Closed,
        /// 已取消
        Cancelled,
    }

    /// State of a sitting of an exam.
    SittingState = "entities::enums::SittingState" {
        /// Candidates are registered, and outcomes entered from the day of the exam on.
        Planned,
        /// The results were confirmed and count; they are only corrected, with reasons.
        Confirmed,
        /// 已取消
        Cancelled,
    }

    /// What came of an exam for a candidate.
    ExamOutcome = "entities::enums::ExamOutcome" {
        /// A score.
        Scored,
        /// 缺考: does not count as an attempt.
        Absent,
        /// 作弊、违纪: counts as an attempt without points.
        Disqualified,
    }

    /// What a workbook of the training desk holds.
    TrainingUploadKind = "entities::enums::TrainingUploadKind" {
        /// 参训名单: who attended a session, for how long.
        Attendance,
        /// 报名名单: candidates of a sitting.
        Candidates,
        /// 成绩单: results of a sitting.
        Results,
    }
}
