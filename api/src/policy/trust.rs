//! The policy on what apps rely on without a network, and how long it is told what was so.

use serde::{Deserialize, Serialize};

use super::{PolicyBody, PolicyKey};

/// How long bundles and status lists are relied on and kept (`docs/credential.md` §2, §3). The version
/// of the province holds for the whole deployment: there is one bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustPolicy {
    /// Hours for which a bundle can be relied on, 24–168: the format allows seven days.
    pub bundle_hours: u32,
    /// Hours a status list may be old in an app and still be relied on, 1–168.
    pub largest_staleness_hours: u32,
    /// Seconds by which an app's clock may lie behind what a server has signed, 60–3,600.
    pub clock_skew_seconds: u32,
    /// Days for which it is told what a status list said, 30–3,660.
    pub status_lists_kept_days: u32,
    /// Days, of these, for which every change of a list is kept, 7–366; after that the last list of
    /// each hour is.
    pub status_changes_kept_days: u32,
}

impl TrustPolicy {
    /// Seconds a status list may be old.
    pub fn largest_staleness(&self) -> i64 {
        i64::from(self.largest_staleness_hours) * 3_600
    }
}

impl Default for TrustPolicy {
    fn default() -> Self {
        Self {
            bundle_hours: 168,
            // Three days: a long weekend in the mountains.
            largest_staleness_hours: 72,
            clock_skew_seconds: 300,
            status_lists_kept_days: 731,
            status_changes_kept_days: 31,
        }
    }
}

impl PolicyBody for TrustPolicy {
    const KEY: PolicyKey = PolicyKey::Trust;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let sound = [
            ("bundle_hours", (24..=168).contains(&self.bundle_hours)),
            ("largest_staleness_hours", (1..=168).contains(&self.largest_staleness_hours)),
            ("clock_skew_seconds", (60..=3_600).contains(&self.clock_skew_seconds)),
            ("status_lists_kept_days", (30..=3_660).contains(&self.status_lists_kept_days)),
            ("status_changes_kept_days", (7..=366).contains(&self.status_changes_kept_days)),
        ];
        sound.into_iter().find_map(|(field, is_sound)| (!is_sound).then_some(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::read;
    use serde_json::json;

    #[test]
    fn the_defaults_are_sound_and_each_value_has_bounds() {
        let whole = || serde_json::to_value(TrustPolicy::default()).unwrap();
        assert_eq!(read::<TrustPolicy>(&whole()), Ok(TrustPolicy::default()));
        for (field, value) in [
            ("bundle_hours", 23),
            ("bundle_hours", 169),
            ("largest_staleness_hours", 0),
            ("largest_staleness_hours", 169),
            ("clock_skew_seconds", 59),
            ("clock_skew_seconds", 3_601),
            ("status_lists_kept_days", 29),
            ("status_lists_kept_days", 3_661),
            ("status_changes_kept_days", 6),
            ("status_changes_kept_days", 367),
        ] {
            let mut body = whole();
            body[field] = json!(value);
            assert_eq!(read::<TrustPolicy>(&body), Err(format!("{field}: out of bounds")));
        }
    }
}
