//! Training, exams, qualification, certificates and what people brought along.

use sea_orm::{ActiveEnum, DeriveActiveEnum, EnumIter, Iterable};
use serde::{Deserialize, Serialize};

text_enums! {
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
}
