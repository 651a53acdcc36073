//! The way of an application: the agency applies, the justice department reviews, the issuing
//! authority issues (domain §1). Whoever looks at it can return it with reasons (退回补正).

use entities::enums::ApplicationState;
use entities::ids::PersonId;

use crate::access::Permission;

use ApplicationState::{Applied, Approved, Refused, Returned, Reviewed};

/// A step of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
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

impl Step {
    /// Every step.
    pub const ALL: [Self; 7] = [
        Self::Apply,
        Self::Resubmit,
        Self::Approve,
        Self::Return,
        Self::Refuse,
        Self::SendBack,
        Self::Issue,
    ];

    /// The permission it needs.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Apply | Self::Resubmit => Permission::ApplyForCertificates,
            Self::Approve | Self::Return | Self::Refuse => Permission::ReviewApplications,
            Self::SendBack | Self::Issue => Permission::IssueCertificates,
        }
    }

    /// The word in the audit log.
    pub const fn action(self) -> &'static str {
        match self {
            Self::Apply => "application.apply",
            Self::Resubmit => "application.resubmit",
            Self::Approve => "application.approve",
            Self::Return => "application.return",
            Self::Refuse => "application.refuse",
            Self::SendBack => "application.send_back",
            Self::Issue => "application.issue",
        }
    }

    /// Whether reasons must be given.
    pub const fn needs_reasons(self) -> bool {
        matches!(self, Self::Return | Self::Refuse | Self::SendBack)
    }
}

/// The state a step leads to; `None` where it is not possible. A returned application that is
/// never handed in again can be refused, or it would keep its person from another for good.
pub const fn next(from: Option<ApplicationState>, step: Step) -> Option<ApplicationState> {
    match (from, step) {
        (None, Step::Apply) | (Some(Returned), Step::Resubmit) => Some(Applied),
        (Some(Applied), Step::Approve) => Some(Reviewed),
        (Some(Applied), Step::Return) | (Some(Reviewed), Step::SendBack) => Some(Returned),
        (Some(Applied | Returned), Step::Refuse) => Some(Refused),
        (Some(Reviewed), Step::Issue) => Some(Approved),
        _ => None,
    }
}

/// Why a person may not take a step: separation of duties (domain §1), by person, not account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// It is about the person themself.
    OwnRecord,
    /// The person took an earlier step.
    SameDuty,
}

/// Whether `actor` may act on the record of `subject`, where `earlier` took the steps before.
pub fn separation(
    actor: PersonId,
    subject: PersonId,
    earlier: &[Option<PersonId>],
) -> Result<(), Conflict> {
    if actor == subject {
        Err(Conflict::OwnRecord)
    } else if earlier.contains(&Some(actor)) {
        Err(Conflict::SameDuty)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_state_and_step() {
        use ApplicationState as S;
        let expected = [
            (None, Step::Apply, S::Applied),
            (Some(S::Returned), Step::Resubmit, S::Applied),
            (Some(S::Applied), Step::Approve, S::Reviewed),
            (Some(S::Applied), Step::Return, S::Returned),
            (Some(S::Applied), Step::Refuse, S::Refused),
            (Some(S::Returned), Step::Refuse, S::Refused),
            (Some(S::Reviewed), Step::SendBack, S::Returned),
            (Some(S::Reviewed), Step::Issue, S::Approved),
        ];
        let states = std::iter::once(None).chain(S::all().map(Some));
        for state in states {
            for step in Step::ALL {
                let to = expected.iter().find(|e| (e.0, e.1) == (state, step)).map(|e| e.2);
                assert_eq!(next(state, step), to, "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn nobody_acts_on_their_own_record_or_twice() {
        let [a, b, c] = [1, 2, 3].map(|n| PersonId(Uuid::from_u128(n)));
        assert_eq!(separation(a, a, &[]), Err(Conflict::OwnRecord));
        assert_eq!(separation(a, b, &[Some(c), Some(a)]), Err(Conflict::SameDuty));
        assert_eq!(separation(a, a, &[Some(a)]), Err(Conflict::OwnRecord));
        assert_eq!(separation(a, b, &[Some(c), None]), Ok(()));
    }
}
