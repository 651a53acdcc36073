//! Agencies, people, accounts and what bars or burdens an officer.

use sea_orm::{ActiveEnum, DeriveActiveEnum, EnumIter, Iterable};
use serde::{Deserialize, Serialize};

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
}
