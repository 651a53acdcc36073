//! Keys, phones and status lists; checks, complaints and showings.

use sea_orm::{ActiveEnum, DeriveActiveEnum, EnumIter, Iterable};
use serde::{Deserialize, Serialize};

text_enums! {
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
