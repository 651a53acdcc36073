//! Agencies, reforms, accounts.

use async_graphql::Enum;

bridged! {
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

    /// From what a session was opened.
    SessionClient = "entities::enums::SessionClient" {
        /// A program at a desk.
        Desk,
        /// An app on a phone: where the deployment says so, it runs the operations of the contract
        /// and no others.
        Mobile,
    }

    /// Algorithm of a phone's key.
    KeyAlgorithm = "entities::enums::KeyAlgorithm" {
        /// Ed25519 (RFC 8032).
        #[graphql(name = "ED25519")]
        Ed25519,
        /// ECDSA on P-256 with SHA-256.
        #[graphql(name = "ES256")]
        Es256,
    }

    /// Where a phone keeps its key, by what its attestation says.
    Attestation = "entities::enums::Attestation" {
        /// It says nothing.
        None,
        /// In software.
        Software,
        /// In a trusted execution environment.
        TrustedEnvironment,
        /// In a chip of its own.
        SecureElement,
    }

    /// Why an enrolled phone ended.
    DeviceEnd = "entities::enums::DeviceEnd" {
        /// Another phone was enrolled.
        Replaced,
        /// The phone was lost or stolen.
        Lost,
        /// Taken back by its holder, or by those who invite.
        Withdrawn,
        /// The account was closed.
        AccountClosed,
    }
}
