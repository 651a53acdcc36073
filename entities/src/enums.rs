//! The checked enumerations. In the database a value is its name in `SCREAMING_SNAKE_CASE`,
//! held by a `CHECK`; the same word is used in GraphQL and in the audit log.

use sea_orm::{ActiveEnum, DeriveActiveEnum, EnumIter, Iterable};
use serde::{Deserialize, Serialize};

macro_rules! text_enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[allow(missing_docs, reason = "most names are the domain's own words")]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
        }

        impl $name {
            /// The word stored in the database, used in GraphQL and the audit log.
            pub fn code(self) -> String {
                self.to_value()
            }

            /// The value a word stands for; `None` for a word that is none.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::iter().find(|v| v.to_value() == code)
            }

            /// Every value, in order of declaration.
            pub fn all() -> impl Iterator<Item = Self> {
                Self::iter()
            }
        }
    )*};
}

text_enums! {
    /// Level of an administrative division (GB/T 2260).
    DivisionLevel { Province, Prefecture, County, Township }

    /// What an organisation is in law (行政处罚法 §§17–21).
    AgencyKind {
        /// 行政机关
        Organ,
        /// 法律、法规授权的组织
        AuthorisedOrganisation,
        /// 受委托组织: needs an entrustment letter; may not delegate further.
        EntrustedOrganisation,
    }

    /// Who leads an agency: its local government, its superior organ, or both.
    Leadership { Local, Vertical, Dual }

    /// Whether an agency's own enforcement qualification (执法主体资格) is confirmed and announced.
    AgencyQualification { Pending, Confirmed, Withdrawn }

    /// What a reform (机构改革) does to agencies.
    AgencyChangeKind {
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
    AgencyChangeState {
        /// Proposed; waits for another person's decision.
        Proposed,
        /// Decided; waits for its day.
        Approved,
        /// In effect.
        Applied,
        /// Taken back before its day.
        Withdrawn,
        /// Could not take effect on its day.
        Failed,
    }

    /// On which side of a reform an agency stands.
    ChangeSide {
        /// It is changed.
        From,
        /// It takes over.
        To,
    }

    /// The two trees a scope is taken from, and an agency with what belongs to it alone.
    ScopeAxis {
        /// Justice department → agencies of its division → justice departments below.
        Territory,
        /// Superior department → subordinate departments of the same line of work.
        Line,
        /// The agency itself and the organisations it entrusts.
        Own,
    }

    /// What a person is. Only the first two can ever hold a certificate: the database refuses the others.
    PersonKind {
        /// 行政执法人员
        EnforcementOfficer,
        /// 行政执法监督人员
        SupervisionOfficer,
        /// 辅助人员
        AuxiliaryStaff,
        /// Clerical staff with an account and no enforcement function.
        ClericalStaff,
    }

    /// 编制类型: the establishment a person is on.
    Establishment {
        /// 行政
        Administrative,
        /// 参公
        CivilServantManaged,
        /// 事业
        PublicInstitution,
        /// 无编制: contract, temporary, dispatched
        None,
    }

    /// 在岗状态 as the roster gives it.
    DutyStatus {
        /// 在岗
        OnDuty,
        /// 借出
        SecondedOut,
        /// 借入
        SecondedIn,
        /// 离岗
        OffDuty,
        /// 退休
        Retired,
    }

    /// Employment, one of the three separate life cycles.
    Employment { InPost, OffPost, Transferred, Resigned, Retired, Dismissed, Deceased }

    /// 性别, kept only as a check against the ID number.
    Gender { Male, Female }

    /// Why a person may not hold a certificate now (不得申领情形), as a code without details.
    StandingKind {
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
        /// Owes off-post training.
        RetrainingOwed,
    }

    /// Why a standing was lifted, as a code without details.
    StandingLift {
        /// 离岗培训合格: the off-post training is done.
        RetrainingDone,
        /// 下一年度考核称职以上: rated competent or better the next year.
        RatedAgain,
        /// 审查调查已结束: the investigation is closed.
        CaseClosed,
        /// 处分期满或者解除: the sanction has been served or was ended.
        TermServed,
        /// 原决定已撤销或者变更: the decision behind it was set aside.
        Overturned,
        /// 登记有误: it should never have been entered.
        EnteredInError,
    }

    /// The two exams of a qualification.
    ExamSubject {
        /// 公共法律知识
        PublicLaw,
        /// 专业法律知识
        ProfessionalLaw,
    }

    /// What a training session is about.
    TrainingKind {
        /// 公共法律知识
        PublicLaw,
        /// 专业法律知识
        ProfessionalLaw,
        /// 执法实务
        Practice,
        /// 职业素养、廉政
        Integrity,
    }

    /// How a training session is held.
    TrainingMode {
        /// 面授
        OnSite,
        /// 网络
        Online,
    }

    /// A training session; attendance is entered while it is `Held`.
    TrainingState { Planned, Held, Closed, Cancelled }

    /// A sitting of an exam; its results count once it is `Confirmed`.
    SittingState { Planned, Confirmed, Cancelled }

    /// What came of an exam for a candidate.
    ExamOutcome {
        /// A score.
        Scored,
        /// 缺考: no attempt.
        Absent,
        /// 作弊、违纪: an attempt with no points.
        Disqualified,
    }

    /// What a workbook of the training desk holds.
    TrainingUploadKind {
        /// 参训名单
        Attendance,
        /// 考试报名
        Candidates,
        /// 考试成绩
        Results,
    }

    /// Qualification (执法资格).
    QualificationState { Candidate, Qualified, Cancelled }

    /// What an application asks for.
    ApplicationAct {
        /// 申领
        Initial,
        /// 换发
        Renewal,
        /// 补发
        Replacement,
    }

    /// An application on its way.
    ApplicationState { Draft, Applied, Returned, Reviewed, Approved, Refused }

    /// A step of an application.
    ApplicationStep {
        /// The agency hands it in.
        Apply,
        /// The agency hands it in again after a return.
        Resubmit,
        /// The justice department finds it in order.
        Approve,
        /// The justice department returns it with reasons.
        Return,
        /// The justice department refuses it with reasons.
        Refuse,
        /// The issuing authority returns it with reasons.
        SendBack,
        /// The issuing authority issues the certificate.
        Issue,
    }

    /// The two certificates of the province.
    CertificateKind {
        /// 行政执法证
        Enforcement,
        /// 行政执法监督证
        Supervision,
    }

    /// A certificate. `Expired` is computed on read; the job only records it.
    CertificateState { Issued, Active, Suspended, Lost, Revoked, Cancelled, Expired }

    /// An act on a certificate, recorded as an event.
    CertificateAct {
        Issue,
        HandOver,
        Suspend,
        Extend,
        Lift,
        Revoke,
        Cancel,
        ReportLoss,
        Expire,
        /// An existing certificate was confirmed.
        Confirm,
        /// A code was signed anew under the same number.
        Reissue,
    }

    /// How a certificate came to be on record.
    CertificateOrigin {
        /// Issued here.
        Issued,
        /// Issued before this system, claimed by a roster and confirmed.
        Existing,
    }

    /// What a certificate is that somebody brings along.
    ExistingKind {
        /// 行政执法证
        Enforcement,
        /// 行政执法监督证
        Supervision,
        /// 部委证件: a ministry's, filed only.
        Ministry,
    }

    /// What became of the claim that somebody holds a certificate.
    ExistingState {
        /// Waits for the justice department.
        Claimed,
        /// Confirmed: it is a certificate like any other.
        Confirmed,
        /// Refused with a reason.
        Refused,
        /// Taken back, or replaced by a later roster.
        Withdrawn,
        /// A ministry's: kept on record, never confirmed.
        Filed,
    }

    /// Roles (domain §1).
    Role {
        SystemAdministrator,
        AgencyHr,
        JusticeReviewer,
        Issuer,
        Supervisor,
        Officer,
        HotlineOperator,
        Auditor,
    }

    /// What an invitation is for.
    InvitationPurpose {
        /// The first password of a new account.
        Activation,
        /// A new password in place of one that was reset.
        Reset,
    }

    /// From what a session was opened.
    SessionClient {
        /// A program at a desk.
        Desk,
        /// An app on a phone.
        Mobile,
    }

    /// What a signing key may sign; one use a key.
    KeyUse { Credential, Status, Bundle, Audit, AccessToken }

    /// Signature algorithm of a key record.
    KeyAlgorithm { Ed25519, Es256 }

    /// Where a phone keeps its key, by what its attestation says.
    Attestation {
        /// It says nothing.
        None,
        /// In software.
        Software,
        /// In a trusted execution environment.
        TrustedEnvironment,
        /// In a chip of its own.
        SecureElement,
    }

    /// Why an enrolled phone may no longer show or record.
    DeviceEnd {
        /// Another phone was enrolled.
        Replaced,
        /// The phone was lost or stolen.
        Lost,
        /// Taken back by its holder, or by those who keep the accounts.
        Withdrawn,
        /// The account was closed.
        AccountClosed,
    }

    /// What a status list says of an index (draft-ietf-oauth-status-list, two bits).
    StatusValue { Valid, Invalid, Suspended }

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

    /// What a supervisor saw of a certificate.
    CheckSeen {
        /// A code.
        Code,
        /// No certificate was shown.
        NotShown,
        /// It was asked for and refused.
        Refused,
        /// A code that no camera reads.
        CodeDamaged,
    }

    /// How much a check proves of its showing, from the least on.
    CheckGrade { None, Printed, Phone, Challenged }

    /// What the server's own judgement makes of a record.
    CheckOutcome {
        /// The status was the same throughout and the app said what the server says.
        Confirmed,
        /// It holds no code: there is nothing to judge but the recorder's word.
        Noted,
        /// It came after the window; a reason is asked for.
        Late,
        /// The status changed meanwhile, or the app is contradicted: a person looks at it.
        Disputed,
    }

    /// A job of the queue.
    JobState { Queued, Running, Done, Failed }

    /// What a complaint is about.
    ComplaintCategory {
        /// 未主动亮证
        NotShown,
        /// 少于两人执法
        SingleOfficer,
        /// 态度粗暴、言行不文明
        Conduct,
        /// 违规收费、索要财物
        FeesAsked,
        /// 超越职权
        BeyondPowers,
        /// 程序违法
        Procedure,
        /// 其他
        Other,
    }

    /// How far a complaint is.
    ComplaintState {
        /// Waits for whether it is taken up (是否受理).
        Received,
        /// Taken up (受理); being looked into.
        Accepted,
        /// An outcome is proposed; another person decides.
        Proposed,
        /// Not taken up (不予受理), with reasons and where to turn.
        NotAccepted,
        /// Decided: it is right (属实).
        Upheld,
        /// Decided: it is not (不属实).
        NotUpheld,
    }

    /// For what a certificate is shown (亮证).
    ShowingKind {
        /// 行政检查
        Inspection,
        /// 行政处罚
        Penalty,
        /// 其他执法活动
        Other,
    }

    /// Of what of a showing something is found.
    ShowingSubject {
        /// That two officers are there.
        Officers,
        /// The fields of the act.
        Field,
        /// The place.
        Area,
        /// The notice of an inspection.
        Notice,
    }

    /// What is found of a showing. It is said; nothing follows from it by itself.
    ShowingFinding {
        /// As it should be.
        Ok,
        /// A field that is not the certificate's.
        OutsideField,
        /// A place that is not in the certificate's area.
        OutsideArea,
        /// Outside, but under a joint authorisation in force.
        CoveredByJointAuthorisation,
        /// No place was given.
        PlaceNotGiven,
        /// Neither a second officer nor a reason.
        SecondOfficerMissing,
        /// A second officer was named and has not said a word.
        SecondOfficerNotConfirmed,
        /// The second officer who was named says not to be there.
        SecondOfficerDeclined,
        /// Alone, for a reason that the policy knows.
        AloneByException,
        /// An inspection without the number of its notice.
        NoticeNumberMissing,
    }

    /// What a second officer says of a showing that names them.
    SecondAnswer {
        /// There.
        Confirmed,
        /// Not there.
        Declined,
    }

    /// How far a joint authorisation is.
    JointAuthorisationState {
        /// Waits for another person's decision.
        Proposed,
        /// In force from its first to its last day, unless it was ended before.
        Approved,
        /// Refused, with reasons.
        Refused,
    }
}
