//! The policy on records of checks: by when they are sent, and how late is too late.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{PolicyBody, PolicyKey};

/// By when records of checks are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecksPolicy {
    /// Hours after the check within which its record is received, 1–720. A later one is LATE, and a
    /// reason is asked for.
    pub window_hours: u32,
    /// Days after the check within which a late record can still be explained, 1–366. A later one
    /// is kept, and no reason makes up for it.
    pub late_entry_days: u32,
}

impl ChecksPolicy {
    /// The longest time from a check to the receipt of its record.
    pub fn window(&self) -> TimeDelta {
        TimeDelta::hours(self.window_hours.into())
    }

    /// The longest time for one that a reason is given for.
    pub fn latest(&self) -> TimeDelta {
        TimeDelta::days(self.late_entry_days.into())
    }
}

impl Default for ChecksPolicy {
    fn default() -> Self {
        Self { window_hours: 72, late_entry_days: 30 }
    }
}

impl PolicyBody for ChecksPolicy {
    const KEY: PolicyKey = PolicyKey::Checks;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let sound = [
            ("window_hours", (1..=720).contains(&self.window_hours)),
            (
                "late_entry_days",
                (1..=366).contains(&self.late_entry_days) && self.latest() >= self.window(),
            ),
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
    fn every_value_has_its_bounds() {
        assert_eq!(ChecksPolicy::default().out_of_bounds(), None);
        for (window, days, field) in [
            (0, 30, "window_hours"),
            (721, 366, "window_hours"),
            (72, 0, "late_entry_days"),
            (72, 367, "late_entry_days"),
            (73, 3, "late_entry_days"),
        ] {
            let body = json!({ "window_hours": window, "late_entry_days": days });
            let refused = Err(format!("{field}: out of bounds"));
            assert_eq!(read::<ChecksPolicy>(&body), refused, "{window} {days}");
        }
    }
}
