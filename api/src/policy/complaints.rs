//! The policy on complaints: by when they are taken up and decided, and how long the sender's
//! contact is kept. The days are practice and vary (domain §2: the law names the duty to answer).

use serde::{Deserialize, Serialize};

use super::{PolicyBody, PolicyKey};

/// How complaints are handled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComplaintsPolicy {
    /// Working days after its receipt within which a complaint is taken up or not, 1–30.
    pub accept_working_days: u32,
    /// Working days after it was taken up within which it is decided, 1–180.
    pub decide_working_days: u32,
    /// Working days that the one extension adds, 1–90.
    pub extension_working_days: u32,
    /// Days after the end of a complaint for which the sender's contact is kept, 1–366.
    pub contact_days: u32,
}

impl Default for ComplaintsPolicy {
    fn default() -> Self {
        Self {
            accept_working_days: 5,
            decide_working_days: 30,
            extension_working_days: 15,
            contact_days: 90,
        }
    }
}

impl PolicyBody for ComplaintsPolicy {
    const KEY: PolicyKey = PolicyKey::Complaints;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let sound = [
            ("accept_working_days", (1..=30).contains(&self.accept_working_days)),
            ("decide_working_days", (1..=180).contains(&self.decide_working_days)),
            ("extension_working_days", (1..=90).contains(&self.extension_working_days)),
            ("contact_days", (1..=366).contains(&self.contact_days)),
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
        assert_eq!(ComplaintsPolicy::default().out_of_bounds(), None);
        for (field, value) in [
            ("accept_working_days", 0),
            ("accept_working_days", 31),
            ("decide_working_days", 0),
            ("decide_working_days", 181),
            ("extension_working_days", 0),
            ("extension_working_days", 91),
            ("contact_days", 0),
            ("contact_days", 367),
        ] {
            let mut body = serde_json::to_value(ComplaintsPolicy::default()).unwrap();
            body[field] = json!(value);
            let refused = Err(format!("{field}: out of bounds"));
            assert_eq!(read::<ComplaintsPolicy>(&body), refused, "{field} {value}");
        }
    }
}
