//! What people are, what they ask for, and what is issued to them.

use async_graphql::Enum;

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
}
