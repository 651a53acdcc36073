//! What the acts on many records share: bounds on the input, an outcome a record, and the
//! agencies and policies of the records.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use chrono::NaiveDate;
use entities::agency;
use entities::enums::AgencyQualification;
use entities::ids::{AgencyId, PersonId, PolicyId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::error::CertificationRefusal;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::policy::{self, CertificationPolicy, InForce, ReviewPolicy};

/// Records of one call.
pub const MOST_AT_ONCE: usize = 500;
/// Characters of reasons or a note.
pub const MOST_TEXT: usize = 1_000;

/// What came of one record of a call. Those that succeeded are committed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<I, T> {
    /// The record that was named.
    pub id: I,
    /// What was done, or why not.
    pub result: Result<T, CertificationRefusal>,
}

/// Sorts out what the checks said of a record: a refusal becomes its outcome, a fault ends the
/// call, and what passed is handed on.
pub(super) fn passed<I, T, U>(
    outcomes: &mut Vec<Outcome<I, U>>,
    id: I,
    checked: Result<T, Failure<CertificationRefusal>>,
) -> Result<Option<T>, Fault> {
    match checked {
        Ok(passed) => Ok(Some(passed)),
        Err(Failure::Refused(refusal)) => {
            outcomes.push(Outcome { id, result: Err(refusal) });
            Ok(None)
        }
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

/// The records of a call, each once; refused where there are none or too many.
pub(super) fn bounded<I: Copy + Eq + Hash>(
    ids: &[I],
    most: usize,
) -> Result<Vec<I>, CertificationRefusal> {
    if ids.is_empty() {
        return Err(CertificationRefusal::NothingSelected);
    }
    if ids.len() > most {
        return Err(CertificationRefusal::TooMany { most });
    }
    let mut seen = HashSet::new();
    Ok(ids.iter().copied().filter(|id| seen.insert(*id)).collect())
}

/// Who acts: a person, whom separation of duties compares.
pub(super) fn person_of(actor: &Actor) -> Result<PersonId, CertificationRefusal> {
    actor.person().ok_or(CertificationRefusal::PersonRequired)
}

/// Reasons or a note without blanks around them; `None` where nothing is left.
pub(super) fn written(text: Option<&str>) -> Result<Option<String>, CertificationRefusal> {
    let text = text.map(str::trim).filter(|t| !t.is_empty());
    if text.is_some_and(|t| t.chars().count() > MOST_TEXT) {
        return Err(CertificationRefusal::TextTooLong { most: MOST_TEXT });
    }
    Ok(text.map(str::to_owned))
}

/// The only outcome of a call on one record.
pub(super) fn single<I, T>(
    outcomes: Vec<Outcome<I, T>>,
) -> Result<T, Failure<CertificationRefusal>> {
    let outcome = outcomes.into_iter().next().ok_or(CertificationRefusal::NothingSelected)?;
    Ok(outcome.result?)
}

/// The agencies of a call's records, with the policy that holds in each one's division.
pub(super) struct Agencies {
    rows: HashMap<AgencyId, agency::Model>,
    policies: HashMap<String, Arc<InForce<CertificationPolicy>>>,
    reviews: HashMap<String, Arc<InForce<ReviewPolicy>>>,
    /// Where no version was entered.
    usual: ReviewPolicy,
}

impl Agencies {
    /// Loads them in three statements.
    pub async fn load(
        db: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = AgencyId>,
        day: NaiveDate,
    ) -> Result<Self, Fault> {
        let ids: HashSet<AgencyId> = ids.into_iter().collect();
        let rows = agency::Entity::find().filter(agency::Column::Id.is_in(ids)).all(db).await?;
        let mut divisions: Vec<String> = rows.iter().map(|a| a.division_code.clone()).collect();
        divisions.sort_unstable();
        divisions.dedup();
        Ok(Self {
            policies: policy::in_force_many(db, &divisions, day).await?,
            reviews: policy::in_force_many(db, &divisions, day).await?,
            usual: ReviewPolicy::default(),
            rows: rows.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    /// An agency that a record points to.
    pub fn get(&self, id: AgencyId) -> Result<&agency::Model, Fault> {
        self.rows.get(&id).ok_or_else(|| Fault::stored("a record of an agency that is not there"))
    }

    /// The policy for the people of an agency.
    pub fn policy(&self, id: AgencyId) -> Result<&Arc<InForce<CertificationPolicy>>, Fault> {
        let division = &self.get(id)?.division_code;
        self.policies
            .get(division)
            .ok_or_else(|| Fault::other(format!("no certification policy holds in {division}")))
    }

    /// The policy on reviews for the people of an agency, and its version; a deployment from before
    /// there was one has none.
    pub fn review(&self, id: AgencyId) -> Result<(Option<PolicyId>, &ReviewPolicy), Fault> {
        let found = self.reviews.get(&self.get(id)?.division_code);
        Ok(found.map_or((None, &self.usual), |policy| (Some(policy.id), &policy.body)))
    }

    /// Whether it exists on that day and its own qualification is confirmed.
    pub fn is_confirmed(&self, id: AgencyId, day: NaiveDate) -> Result<bool, Fault> {
        let agency = self.get(id)?;
        Ok(agency.qualification == AgencyQualification::Confirmed
            && agency.abolished_on.is_none_or(|end| day < end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_names_at_least_one_record_and_none_twice() {
        assert_eq!(bounded::<u8>(&[], 3), Err(CertificationRefusal::NothingSelected));
        assert_eq!(bounded(&[1, 2, 3, 4], 3), Err(CertificationRefusal::TooMany { most: 3 }));
        assert_eq!(bounded(&[2, 1, 2], 3), Ok(vec![2, 1]));
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        assert_eq!(written(Some("  ")), Ok(None));
        assert_eq!(written(Some(" 补正 ")), Ok(Some("补正".into())));
        assert_eq!(written(Some(&"汉".repeat(1_000))).unwrap().unwrap().len(), 3_000);
        assert_eq!(
            written(Some(&"汉".repeat(1_001))),
            Err(CertificationRefusal::TextTooLong { most: 1_000 })
        );
    }
}
