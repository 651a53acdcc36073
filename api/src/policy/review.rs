//! The policy on reviews: who must differ from whom where an office has few people, what then goes
//! one level up, and what makes an application odd (domain §1, §2).

use entities::enums::Gender;
use serde::{Deserialize, Serialize};

use super::{PolicyBody, PolicyKey};

/// Two duties of an application that different persons do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Pair {
    /// Whoever proposes does not review.
    ProposeReview,
    /// Whoever proposes does not decide. The law's own: no policy is without it.
    ProposeDecide,
    /// Whoever reviews does not decide.
    ReviewDecide,
}

/// How applications are reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewPolicy {
    /// Which duties are done by different persons; `PROPOSE_DECIDE` always. That nobody acts on
    /// their own record is no policy.
    pub must_differ: Vec<Pair>,
    /// Where those of the competent office may not act, the work is shown one level up. Where nobody
    /// there has the role, it is in any case.
    pub escalates: bool,
    /// Age at which an application for a man is looked at more closely, 50–75 years.
    pub retirement_age_men: u32,
    /// The same for a woman.
    pub retirement_age_women: u32,
    /// Months after the end of an exclusion in which an application is looked at more closely, 0–60.
    pub excluded_lately_months: u32,
}

impl ReviewPolicy {
    /// Whether different persons do these duties.
    pub fn differ(&self, pair: Pair) -> bool {
        self.must_differ.contains(&pair)
    }

    /// The age of retirement, in years.
    pub const fn retirement_age(&self, gender: Gender) -> u32 {
        match gender {
            Gender::Male => self.retirement_age_men,
            Gender::Female => self.retirement_age_women,
        }
    }
}

impl Default for ReviewPolicy {
    fn default() -> Self {
        Self {
            must_differ: vec![Pair::ProposeReview, Pair::ProposeDecide, Pair::ReviewDecide],
            escalates: true,
            retirement_age_men: 60,
            retirement_age_women: 55,
            excluded_lately_months: 12,
        }
    }
}

impl PolicyBody for ReviewPolicy {
    const KEY: PolicyKey = PolicyKey::Review;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let pairs = &self.must_differ;
        let once =
            pairs.iter().enumerate().all(|(n, pair)| !pairs.iter().take(n).any(|p| p == pair));
        let ages = 50..=75;
        let sound = [
            ("must_differ", once && self.differ(Pair::ProposeDecide)),
            ("retirement_age_men", ages.contains(&self.retirement_age_men)),
            ("retirement_age_women", ages.contains(&self.retirement_age_women)),
            ("excluded_lately_months", self.excluded_lately_months <= 60),
        ];
        sound.into_iter().find_map(|(field, is_sound)| (!is_sound).then_some(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::read;
    use serde_json::{Value, json};

    #[test]
    fn no_policy_lets_whoever_proposes_decide() {
        let with = |pairs: Value| {
            let mut body = serde_json::to_value(ReviewPolicy::default()).unwrap();
            body["must_differ"] = pairs;
            read::<ReviewPolicy>(&body)
        };
        let least = with(json!(["PROPOSE_DECIDE"])).unwrap();
        assert!(!least.differ(Pair::ReviewDecide) && !least.differ(Pair::ProposeReview));
        let refused = Err("must_differ: out of bounds".to_owned());
        for wrong in [
            json!([]),
            json!(["PROPOSE_REVIEW", "REVIEW_DECIDE"]),
            json!(["PROPOSE_DECIDE", "PROPOSE_DECIDE"]),
        ] {
            assert_eq!(with(wrong.clone()), refused, "{wrong}");
        }
        assert!(with(json!(["OWN_RECORD"])).unwrap_err().contains("unknown variant"));
    }

    #[test]
    fn every_value_has_its_bounds() {
        assert_eq!(ReviewPolicy::default().out_of_bounds(), None);
        for (field, value) in [
            ("retirement_age_men", 49),
            ("retirement_age_men", 76),
            ("retirement_age_women", 49),
            ("retirement_age_women", 76),
            ("excluded_lately_months", 61),
        ] {
            let mut body = serde_json::to_value(ReviewPolicy::default()).unwrap();
            body[field] = json!(value);
            let refused = Err(format!("{field}: out of bounds"));
            assert_eq!(read::<ReviewPolicy>(&body), refused, "{field} {value}");
        }
    }
}
