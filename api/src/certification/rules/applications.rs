//! The way of an application: the agency applies, the justice department reviews, the issuing
//! authority issues (domain §1). Whoever looks at it can return it with reasons (退回补正).

use entities::enums::{ApplicationState, ApplicationStep};
use entities::ids::PersonId;

use crate::access::Permission;
use crate::policy::{Pair, ReviewPolicy};

use ApplicationState::{Applied, Approved, Refused, Returned, Reviewed};
use ApplicationStep::{Apply, Approve, Issue, Refuse, Resubmit, Return, SendBack};

/// The duties that are kept apart: whoever had a hand in one takes none of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The agency's.
    Propose,
    /// The justice department's.
    Review,
    /// The issuing authority's.
    Decide,
}

/// The duty a step belongs to.
pub const fn duty(step: ApplicationStep) -> Duty {
    match step {
        Apply | Resubmit => Duty::Propose,
        Approve | Return | Refuse => Duty::Review,
        SendBack | Issue => Duty::Decide,
    }
}

/// The permission a step needs.
pub const fn permission(step: ApplicationStep) -> Permission {
    match duty(step) {
        Duty::Propose => Permission::ApplyForCertificates,
        Duty::Review => Permission::ReviewApplications,
        Duty::Decide => Permission::IssueCertificates,
    }
}

/// The word of a step in the audit log.
pub const fn action(step: ApplicationStep) -> &'static str {
    match step {
        Apply => "application.apply",
        Resubmit => "application.resubmit",
        Approve => "application.approve",
        Return => "application.return",
        Refuse => "application.refuse",
        SendBack => "application.send_back",
        Issue => "application.issue",
    }
}

/// Whether reasons must be given.
pub const fn needs_reasons(step: ApplicationStep) -> bool {
    matches!(step, Return | Refuse | SendBack)
}

/// The state a step leads to; `None` where it is not possible. A returned application that is
/// never handed in again can be refused, or it would keep its person from another for good.
pub const fn next(
    from: Option<ApplicationState>,
    step: ApplicationStep,
) -> Option<ApplicationState> {
    match (from, step) {
        (None, Apply) | (Some(Returned), Resubmit) => Some(Applied),
        (Some(Applied), Approve) => Some(Reviewed),
        (Some(Applied), Return) | (Some(Reviewed), SendBack) => Some(Returned),
        (Some(Applied | Returned), Refuse) => Some(Refused),
        (Some(Reviewed), Issue) => Some(Approved),
        _ => None,
    }
}

/// Why a person may not take a step: separation of duties (domain §1), by person, not account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// It is about the person themself.
    OwnRecord,
    /// The person took a step of another duty.
    SameDuty,
}

/// Whether an actor may act on the record of `subject`, where `others` took the steps of the other
/// duties. `actor` is everybody the actor counts as: the person, and who lent them the role.
pub fn separation(
    actor: &[PersonId],
    subject: PersonId,
    others: &[PersonId],
) -> Result<(), Conflict> {
    if actor.contains(&subject) {
        Err(Conflict::OwnRecord)
    } else if others.iter().any(|other| actor.contains(other)) {
        Err(Conflict::SameDuty)
    } else {
        Ok(())
    }
}

/// Whether the policy keeps two steps apart; steps of one duty never are.
pub fn apart(before: ApplicationStep, step: ApplicationStep, policy: &ReviewPolicy) -> bool {
    pair(duty(before), duty(step)).is_some_and(|pair| policy.differ(pair))
}

/// The pair that two duties make; none where they are the same.
pub const fn pair(one: Duty, other: Duty) -> Option<Pair> {
    use Duty::{Decide, Propose, Review};
    match (one, other) {
        (Propose, Review) | (Review, Propose) => Some(Pair::ProposeReview),
        (Propose, Decide) | (Decide, Propose) => Some(Pair::ProposeDecide),
        (Review, Decide) | (Decide, Review) => Some(Pair::ReviewDecide),
        _ => None,
    }
}

/// Whether an actor may take a step of an application for `subject` after these: of everybody who
/// ever proposed, reviewed or decided it, not only of whoever did last.
pub fn may_step(
    actor: &[PersonId],
    subject: PersonId,
    step: ApplicationStep,
    taken: &[(ApplicationStep, PersonId)],
    policy: &ReviewPolicy,
) -> Result<(), Conflict> {
    let of_others = taken.iter().filter(|(before, _)| apart(*before, step, policy));
    let others: Vec<PersonId> = of_others.map(|(_, person)| *person).collect();
    separation(actor, subject, &others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_state_and_step() {
        use ApplicationState as S;
        let expected = [
            (None, Apply, S::Applied),
            (Some(S::Returned), Resubmit, S::Applied),
            (Some(S::Applied), Approve, S::Reviewed),
            (Some(S::Applied), Return, S::Returned),
            (Some(S::Applied), Refuse, S::Refused),
            (Some(S::Returned), Refuse, S::Refused),
            (Some(S::Reviewed), SendBack, S::Returned),
            (Some(S::Reviewed), Issue, S::Approved),
        ];
        let states = std::iter::once(None).chain(S::all().map(Some));
        for state in states {
            for step in ApplicationStep::all() {
                let to = expected.iter().find(|e| (e.0, e.1) == (state, step)).map(|e| e.2);
                assert_eq!(next(state, step), to, "{state:?} {step:?}");
            }
        }
    }

    fn people() -> [PersonId; 4] {
        [1, 2, 3, 4].map(|n| PersonId(Uuid::from_u128(n)))
    }

    #[test]
    fn nobody_acts_on_their_own_record_or_twice() {
        let [a, b, c, _] = people();
        assert_eq!(separation(&[a], a, &[]), Err(Conflict::OwnRecord));
        assert_eq!(separation(&[a], b, &[c, a]), Err(Conflict::SameDuty));
        assert_eq!(separation(&[a], a, &[a]), Err(Conflict::OwnRecord));
        assert_eq!(separation(&[a], b, &[c]), Ok(()));
    }

    /// Written down from the domain: whoever had one duty has no other, whenever that was.
    #[test]
    fn every_pair_of_steps_by_one_person() {
        let [actor, subject, first, second] = people();
        let duties = [&[Apply, Resubmit][..], &[Approve, Return, Refuse], &[SendBack, Issue]];
        for before in ApplicationStep::all() {
            for step in ApplicationStep::all() {
                let same = duties.iter().any(|d| d.contains(&before) && d.contains(&step));
                // Others took steps before and after.
                let taken = [(Apply, first), (before, actor), (Return, second), (Resubmit, first)];
                let expected = if same { Ok(()) } else { Err(Conflict::SameDuty) };
                let answer = may_step(&[actor], subject, step, &taken, &ReviewPolicy::default());
                assert_eq!(answer, expected, "{before:?}, then {step:?}");
            }
        }
        let least = ReviewPolicy { must_differ: vec![Pair::ProposeDecide], ..Default::default() };
        for step in ApplicationStep::all() {
            assert_eq!(may_step(&[actor], actor, step, &[], &least), Err(Conflict::OwnRecord));
        }
    }

    /// A small office: what its policy does not keep apart one person may do, and no more.
    #[test]
    fn a_policy_keeps_apart_only_the_pairs_it_names() {
        let [actor, subject, ..] = people();
        for must_differ in [
            vec![Pair::ProposeDecide],
            vec![Pair::ProposeDecide, Pair::ReviewDecide],
            vec![Pair::ProposeReview, Pair::ProposeDecide],
        ] {
            let policy = ReviewPolicy { must_differ, ..ReviewPolicy::default() };
            for before in ApplicationStep::all() {
                for step in ApplicationStep::all() {
                    let named = pair(duty(before), duty(step)).filter(|pair| policy.differ(*pair));
                    let expected = named.map_or(Ok(()), |_| Err(Conflict::SameDuty));
                    let answer = may_step(&[actor], subject, step, &[(before, actor)], &policy);
                    assert_eq!(answer, expected, "{policy:?} {before:?}, then {step:?}");
                }
            }
        }
        assert_eq!(pair(Duty::Propose, Duty::Decide), Some(Pair::ProposeDecide));
        assert_eq!(pair(Duty::Review, Duty::Propose), Some(Pair::ProposeReview));
        assert_eq!(pair(Duty::Decide, Duty::Review), Some(Pair::ReviewDecide));
        assert_eq!(pair(Duty::Review, Duty::Review), None);
    }

    /// Whoever acts for another is bound by what the other did and is.
    #[test]
    fn a_delegate_and_the_lender_count_as_one() {
        let [delegate, lender, subject, _] = people();
        let policy = ReviewPolicy::default();
        let both = [delegate, lender];
        let step = |subject, taken: &[_]| may_step(&both, subject, Approve, taken, &policy);
        assert_eq!(step(subject, &[(Apply, lender)]), Err(Conflict::SameDuty));
        assert_eq!(step(subject, &[(Apply, delegate)]), Err(Conflict::SameDuty));
        assert_eq!(step(lender, &[]), Err(Conflict::OwnRecord));
        assert_eq!(step(subject, &[(Return, lender)]), Ok(()));
    }
}
