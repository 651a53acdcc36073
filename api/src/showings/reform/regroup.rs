//! Which agencies a joint authorisation names after a reform, and whose officers one by one: pure, so
//! that it can be told why.

use std::collections::BTreeSet;

use entities::ids::AgencyId;

/// What a reform does to agencies, as far as officers are concerned.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// From where to where officers go.
    pub movements: &'a [(AgencyId, AgencyId)],
    /// Agencies that end.
    pub ended: &'a [AgencyId],
    /// Agencies that are founded.
    pub founded: &'a [AgencyId],
}

/// Whom an authorisation names after a reform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regrouped {
    /// Agencies, each with all its officers.
    pub agencies: BTreeSet<AgencyId>,
    /// Those who went from one agency to another, or who were with one before (twice the same), and
    /// are named one by one from now on.
    pub one_by_one: BTreeSet<(AgencyId, AgencyId)>,
}

/// What becomes of the agencies that are named. An agency is named after the reform if all that it is
/// made of was named before; else those of it who were named through their agency are so one by one.
/// So nobody may act who could not before, and nobody who could is left out.
pub fn regroup(named: &BTreeSet<AgencyId>, shape: Shape<'_>) -> Regrouped {
    let mut agencies = named.clone();
    for ended in shape.ended {
        agencies.remove(ended);
    }
    let mut one_by_one = BTreeSet::new();
    let takers: BTreeSet<AgencyId> = shape.movements.iter().map(|(_, to)| *to).collect();
    for taker in takers {
        let was_there = !shape.founded.contains(&taker);
        let comers = || shape.movements.iter().filter(|(_, to)| *to == taker);
        let all_named = comers().all(|(from, _)| named.contains(from))
            && (!was_there || named.contains(&taker));
        if all_named {
            agencies.insert(taker);
            continue;
        }
        agencies.remove(&taker);
        one_by_one.extend(comers().filter(|(from, _)| named.contains(from)).copied());
        if was_there && named.contains(&taker) {
            one_by_one.insert((taker, taker));
        }
    }
    Regrouped { agencies, one_by_one }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> AgencyId {
        AgencyId(Uuid::from_u128(n))
    }

    fn pairs(pairs: &[(u128, u128)]) -> Vec<(AgencyId, AgencyId)> {
        pairs.iter().map(|(from, to)| (id(*from), id(*to))).collect()
    }

    fn ids(ids: &[u128]) -> Vec<AgencyId> {
        ids.iter().map(|n| id(*n)).collect()
    }

    #[test]
    fn nobody_is_added_and_nobody_is_left_out() {
        // 1, 2 and 3 are there; 8 and 9 are founded.
        for (what, named, moved, ended, agencies, one_by_one) in [
            ("another agency's reform", &[3][..], &[(1, 2)][..], &[1][..], &[3][..], &[][..]),
            ("into one that is not named", &[1], &[(1, 2)], &[1], &[], &[(1, 2)]),
            ("into one that is named too", &[1, 2], &[(1, 2)], &[1], &[2], &[]),
            ("one that is not named comes in", &[2], &[(1, 2)], &[1], &[], &[(2, 2)]),
            ("all of a new one", &[1, 2], &[(1, 9), (2, 9)], &[1, 2], &[9], &[]),
            ("half of a new one", &[1], &[(1, 9), (2, 9)], &[1, 2], &[], &[(1, 9)]),
            ("under a new name", &[1, 3], &[(1, 9)], &[1], &[3, 9], &[]),
            ("split into new ones", &[1], &[(1, 8), (1, 9)], &[1], &[8, 9], &[]),
            ("split, and it goes on", &[1], &[(1, 9)], &[], &[1, 9], &[]),
            (
                "split, partly to one that is there",
                &[1],
                &[(1, 9), (1, 2)],
                &[],
                &[1, 9],
                &[(1, 2)],
            ),
            ("a part comes to a named one", &[2], &[(1, 2), (1, 9)], &[1], &[], &[(2, 2)]),
            ("it ends, and nobody is there", &[1], &[], &[1], &[], &[]),
            ("it ends beside another", &[1, 3], &[], &[1], &[3], &[]),
        ] {
            let named: BTreeSet<AgencyId> = ids(named).into_iter().collect();
            let (moved, ended, founded) = (pairs(moved), ids(ended), ids(&[8, 9]));
            let shape = Shape { movements: &moved, ended: &ended, founded: &founded };
            let expected = Regrouped {
                agencies: ids(agencies).into_iter().collect(),
                one_by_one: pairs(one_by_one).into_iter().collect(),
            };
            assert_eq!(regroup(&named, shape), expected, "{what}");
        }
    }
}
