//! The grounds of acts (domain §3; in Gansu's guideline under ● ), as codes without details.
//! A ground is never public.

use entities::enums::Employment;

macro_rules! grounds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// Why an act was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
        #[graphql(name = "CertificateGround")]
        pub enum Ground {
            $($(#[$doc])* $name,)+
        }

        impl Ground {
            /// Every ground.
            pub const ALL: [Self; [$(Self::$name),+].len()] = [$(Self::$name),+];

            /// The word in the database, in GraphQL and in the audit log.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

grounds! {
    /// 专业或公共法律知识考试不合格: owes off-post training.
    FailedExam = "FAILED_EXAM",
    /// 年度考核不合格: owes off-post training.
    FailedAssessment = "FAILED_ASSESSMENT",
    /// 执法时不出示证件
    NotShowingCertificate = "NOT_SHOWING_CERTIFICATE",
    /// 使用未经年审的证件
    UnverifiedCertificate = "UNVERIFIED_CERTIFICATE",
    /// 拒不接受监督
    RefusingSupervision = "REFUSING_SUPERVISION",
    /// 正在接受处分调查或受处分
    Discipline = "DISCIPLINE",
    /// 被追究刑事责任,尚未结案
    Prosecution = "PROSECUTION",
    /// 离岗培训合格
    RetrainingPassed = "RETRAINING_PASSED",
    /// 暂扣原因已消除
    CauseEnded = "CAUSE_ENDED",
    /// 暂扣决定不当,予以纠正
    Unfounded = "UNFOUNDED",
    /// 涂改证件: bars for two years.
    Altering = "ALTERING",
    /// 出借证件: bars for two years.
    Lending = "LENDING",
    /// 离岗培训后考试仍不合格: bars for two years.
    FailedAfterRetraining = "FAILED_AFTER_RETRAINING",
    /// 滥用职权
    AbuseOfPower = "ABUSE_OF_POWER",
    /// 超越权限
    BeyondPowers = "BEYOND_POWERS",
    /// 严重违反法定程序
    SeriousProceduralBreach = "SERIOUS_PROCEDURAL_BREACH",
    /// 调离
    Transfer = "TRANSFER",
    /// 辞职
    Resignation = "RESIGNATION",
    /// 退休
    Retirement = "RETIREMENT",
    /// 辞退、开除
    Dismissal = "DISMISSAL",
    /// 犯罪被追究刑事责任
    Crime = "CRIME",
    /// 死亡
    Death = "DEATH",
    /// 机关撤销
    AgencyAbolished = "AGENCY_ABOLISHED",
    /// 以欺骗手段取得
    IssuedByFraud = "ISSUED_BY_FRAUD",
    /// 换发新证
    Renewed = "RENEWED",
    /// 信息变更、证件损坏,补换新证
    Replaced = "REPLACED",
    /// 原证件被吊销: of a new one that was waiting for its handover.
    PredecessorRevoked = "PREDECESSOR_REVOKED",
    /// 遗失
    Loss = "LOSS",
    /// 被盗
    Theft = "THEFT",
}

impl Ground {
    /// The ground of a word in the database.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }

    /// Whether only what happens to another certificate of the holder gives it, never a person.
    pub const fn is_given_by_another_certificate(self) -> bool {
        matches!(self, Self::Renewed | Self::Replaced | Self::PredecessorRevoked)
    }

    /// What becomes of the holder's employment with a cancellation on this ground; nothing where it
    /// says nothing of that. Whoever is convicted of a crime leaves the post at once; the dismissal
    /// that may follow is a decision of its own.
    pub const fn employment(self) -> Option<Employment> {
        match self {
            Self::Transfer => Some(Employment::Transferred),
            Self::Resignation => Some(Employment::Resigned),
            Self::Retirement => Some(Employment::Retired),
            Self::Dismissal => Some(Employment::Dismissed),
            Self::Crime => Some(Employment::OffPost),
            Self::Death => Some(Employment::Deceased),
            _ => None,
        }
    }

    /// Whether a cancellation on this ground ends everything the holder has: they or their agency
    /// are gone. Fraud ends the certificate it obtained, and what was issued on it.
    pub const fn ends_everything(self) -> bool {
        self.employment().is_some() || matches!(self, Self::AgencyAbolished)
    }

    /// Whether the holder owes off-post training before the suspension may be lifted.
    pub const fn owes_retraining(self) -> bool {
        matches!(self, Self::FailedExam | Self::FailedAssessment)
    }
}

/// Of a suspension (暂扣).
pub(super) const SUSPENSION: [Ground; 7] = [
    Ground::FailedExam,
    Ground::FailedAssessment,
    Ground::NotShowingCertificate,
    Ground::UnverifiedCertificate,
    Ground::RefusingSupervision,
    Ground::Discipline,
    Ground::Prosecution,
];

/// Of lifting one.
pub(super) const LIFTING: [Ground; 3] =
    [Ground::RetrainingPassed, Ground::CauseEnded, Ground::Unfounded];

/// Of a revocation (吊销).
pub(super) const REVOCATION: [Ground; 6] = [
    Ground::Altering,
    Ground::Lending,
    Ground::FailedAfterRetraining,
    Ground::AbuseOfPower,
    Ground::BeyondPowers,
    Ground::SeriousProceduralBreach,
];

/// Of a cancellation (注销). The last three are given by another certificate of the holder.
pub(super) const CANCELLATION: [Ground; 11] = [
    Ground::Transfer,
    Ground::Resignation,
    Ground::Retirement,
    Ground::Dismissal,
    Ground::Crime,
    Ground::Death,
    Ground::AgencyAbolished,
    Ground::IssuedByFraud,
    Ground::Renewed,
    Ground::Replaced,
    Ground::PredecessorRevoked,
];

/// Of cancelling what was lost.
pub(super) const CANCELLATION_FOR_LOSS: [Ground; 1] = [Ground::Loss];

/// Of a report of loss.
pub(super) const LOSS: [Ground; 2] = [Ground::Loss, Ground::Theft];
