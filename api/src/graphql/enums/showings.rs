//! Showings of certificates and joint authorisations.

use async_graphql::Enum;

bridged! {
    /// For what a certificate is shown (亮证).
    ShowingKind = "entities::enums::ShowingKind" {
        /// 行政检查
        Inspection,
        /// 行政处罚
        Penalty,
        /// 其他执法活动
        Other,
    }

    /// Of what of a showing something is found.
    ShowingSubject = "entities::enums::ShowingSubject" {
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
    ShowingFinding = "entities::enums::ShowingFinding" {
        /// As it should be.
        Ok,
        /// A field that is not the certificate's.
        OutsideField,
        /// A place that is not in the certificate's area.
        OutsideArea,
        /// Outside, but under a joint authorisation in force when the showing was started.
        CoveredByJointAuthorisation,
        /// No place was given.
        PlaceNotGiven,
        /// Neither a second officer nor a reason.
        SecondOfficerMissing,
        /// A second officer was named and has not answered.
        SecondOfficerNotConfirmed,
        /// The second officer who was named says not to be there.
        SecondOfficerDeclined,
        /// Alone, for a reason that the policy on showings knows.
        AloneByException,
        /// An inspection without the number of its notice.
        NoticeNumberMissing,
    }

    /// What a second officer says of a showing that names them.
    SecondAnswer = "entities::enums::SecondAnswer" {
        /// There.
        Confirmed,
        /// Not there.
        Declined,
    }

    /// How far a joint authorisation is.
    JointAuthorisationState = "entities::enums::JointAuthorisationState" {
        /// Waits for another person's decision.
        Proposed,
        /// In force from its first to its last day, unless it was ended before.
        Approved,
        /// Refused, with reasons.
        Refused,
    }
}
