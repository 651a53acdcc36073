//! The policy on showings (亮证): how long one is open, why an officer may be alone, how long it is
//! kept, and how long a joint authorisation lasts (domain §2).

use serde::{Deserialize, Serialize};

use super::{PolicyBody, PolicyKey};

/// A reason for which one officer may act alone, where a law allows it (行政处罚法 §42).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AloneReason {
    /// Stable word of capital letters, digits and underscores, 2–40.
    pub code: String,
    /// In Chinese, at most 60 characters; shown to the party.
    pub zh: String,
    /// In English, at most 120 characters.
    pub en: String,
}

/// How certificates are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowingPolicy {
    /// Minutes for which a showing is open where none are asked for.
    pub open_minutes_default: u32,
    /// Minutes for which it is open at most, 5–720.
    pub open_minutes_most: u32,
    /// Why an officer may be alone; at most 20.
    pub alone_reasons: Vec<AloneReason>,
    /// Days for which a showing is kept, 30–3,660.
    pub kept_days: u32,
    /// Days that a joint authorisation lasts at most, 1–366.
    pub authorisation_days_most: u32,
}

impl Default for ShowingPolicy {
    fn default() -> Self {
        let reason = |code: &str, zh: &str, en: &str| AloneReason {
            code: code.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
        };
        Self {
            open_minutes_default: 30,
            open_minutes_most: 240,
            alone_reasons: vec![
                reason(
                    "LAW_ALLOWS_ONE",
                    "法律规定可以由一名执法人员实施",
                    "A law allows one officer to act here",
                ),
                reason(
                    "EMERGENCY",
                    "突发应急，另一名执法人员正在赶来",
                    "An emergency; another officer is on the way",
                ),
            ],
            kept_days: 731,
            authorisation_days_most: 180,
        }
    }
}

impl ShowingPolicy {
    /// The reason of a code.
    pub fn alone_reason(&self, code: &str) -> Option<&AloneReason> {
        self.alone_reasons.iter().find(|reason| reason.code == code)
    }
}

impl AloneReason {
    fn is_sound(&self) -> bool {
        let word = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let written = |text: &str, most: usize| {
            (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        (2..=40).contains(&self.code.len())
            && self.code.chars().all(word)
            && written(&self.zh, 60)
            && written(&self.en, 120)
    }
}

impl PolicyBody for ShowingPolicy {
    const KEY: PolicyKey = PolicyKey::Showings;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let reasons = &self.alone_reasons;
        let once = reasons
            .iter()
            .enumerate()
            .all(|(n, reason)| !reasons.iter().take(n).any(|r| r.code == reason.code));
        let sound = [
            ("open_minutes_most", (5..=720).contains(&self.open_minutes_most)),
            (
                "open_minutes_default",
                (5..=self.open_minutes_most).contains(&self.open_minutes_default),
            ),
            (
                "alone_reasons",
                once && reasons.len() <= 20 && reasons.iter().all(AloneReason::is_sound),
            ),
            ("kept_days", (30..=3_660).contains(&self.kept_days)),
            ("authorisation_days_most", (1..=366).contains(&self.authorisation_days_most)),
        ];
        sound.into_iter().find_map(|(field, is_sound)| (!is_sound).then_some(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_sound_and_each_bound_is_held() {
        assert_eq!(ShowingPolicy::default().out_of_bounds(), None);
        let wrong = |change: fn(&mut ShowingPolicy)| {
            let mut policy = ShowingPolicy::default();
            change(&mut policy);
            policy.out_of_bounds()
        };
        assert_eq!(wrong(|p| p.open_minutes_most = 721), Some("open_minutes_most"));
        assert_eq!(wrong(|p| p.open_minutes_default = 241), Some("open_minutes_default"));
        assert_eq!(wrong(|p| p.kept_days = 29), Some("kept_days"));
        assert_eq!(wrong(|p| p.authorisation_days_most = 0), Some("authorisation_days_most"));
        let twice = |p: &mut ShowingPolicy| p.alone_reasons.extend(p.alone_reasons.clone());
        assert_eq!(wrong(twice), Some("alone_reasons"));
        for (code, zh) in [("x", "字"), ("lower", "字"), ("CODE", ""), ("CODE", "一\u{7}")] {
            let reason = AloneReason { code: code.into(), zh: zh.into(), en: "x".into() };
            let policy = ShowingPolicy { alone_reasons: vec![reason], ..ShowingPolicy::default() };
            assert_eq!(policy.out_of_bounds(), Some("alone_reasons"), "{code} {zh:?}");
        }
    }
}
