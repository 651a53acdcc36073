//! The bodies of policies: typed, with the bounds of every value and the defaults of a province.

use entities::enums::{Attestation, PersonKind, Role};
use serde::{Deserialize, Serialize};

use super::{PolicyBody, PolicyKey};
use crate::access::second_factor_matters;

/// How people qualify, how certificates are numbered and how long they are valid
/// (domain §2: whatever of it varies between provinces).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificationPolicy {
    /// Years a certificate is valid, 1–10.
    pub validity_years: u32,
    /// Days before the end from which a renewal may be applied for.
    pub renewal_window_days: u32,
    /// Minutes of training a calendar year, at least.
    pub training_minutes_required: i64,
    /// Calendar years before the present one whose training counts too, each for itself, 0–3. With
    /// none, nobody is trained in January.
    #[serde(default = "added::training_earlier_years")]
    pub training_earlier_years: u32,
    /// Score that passes an exam, in tenths of a point, at least.
    pub pass_mark_tenths: i64,
    /// Resits of an exam before off-post study is needed: 0 or 1.
    pub resits: i32,
    /// Years a sanction or revocation bars from holding a certificate.
    pub bar_years: u32,
    /// Months a demerit or heavier sanction is served where its end is not given, 1–60: the
    /// longest term, since a roster does not say which sanction it is.
    #[serde(default = "added::demerit_months")]
    pub demerit_months: u32,
    /// Days a suspension lasts where none are given.
    pub suspension_days_default: u32,
    /// Days a suspension lasts at most.
    pub suspension_days_cap: u32,
    /// How numbers are formed.
    pub numbers: NumberPatterns,
    /// The form of the numbers of certificates from before this system.
    #[serde(default)]
    pub existing_numbers: ExistingNumbers,
    /// Whether an existing certificate that is replaced keeps its number and its end, and is given
    /// a code; else it is followed by one with a new number.
    #[serde(default = "added::reissue_keeps_number")]
    pub reissue_keeps_number: bool,
}

/// What holds in versions that were entered before a field was added. A version that is entered now
/// gives every field.
mod added {
    pub(super) const fn training_earlier_years() -> u32 {
        1
    }

    pub(super) const fn demerit_months() -> u32 {
        24
    }

    pub(super) const fn reissue_keeps_number() -> bool {
        true
    }

    pub(super) const fn delegation_days() -> u32 {
        60
    }
}

/// A pattern for each certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberPatterns {
    /// 行政执法证
    pub enforcement: NumberPattern,
    /// 行政执法监督证
    pub supervision: NumberPattern,
}

/// A prefix and a counter of fixed width. What comes of it is opaque: nothing ever reads it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberPattern {
    /// Letters A–Z, digits and hyphens, at most 10.
    pub prefix: String,
    /// Digits of the counter, 4–12.
    pub digits: u32,
}

/// The form of a number from before: a length, and whether anything but digits stands in it. What
/// has the form is opaque all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExistingNumbers {
    /// Characters at least, 4–40.
    pub least: u32,
    /// Characters at most, 4–40.
    pub most: u32,
    /// Whether letters, hyphens and brackets may stand in it beside digits.
    pub letters: bool,
}

impl ExistingNumbers {
    /// Whether a number has the form.
    pub fn takes(&self, number: &str) -> bool {
        let length = u32::try_from(number.chars().count()).unwrap_or(u32::MAX);
        (self.least..=self.most).contains(&length)
            && (self.letters || number.bytes().all(|b| b.is_ascii_digit()))
    }
}

impl Default for ExistingNumbers {
    fn default() -> Self {
        Self { least: 6, most: 24, letters: true }
    }
}

impl NumberPatterns {
    /// The pattern for the certificate of a kind of person.
    pub fn of(&self, kind: PersonKind) -> &NumberPattern {
        match kind {
            PersonKind::SupervisionOfficer => &self.supervision,
            _ => &self.enforcement,
        }
    }
}

impl NumberPattern {
    /// The number of a value of the counter; `None` beyond its width.
    pub fn number(&self, value: i64) -> Option<String> {
        let width = usize::try_from(self.digits).ok()?;
        let digits = format!("{value:0width$}");
        (value >= 0 && digits.len() == width).then(|| format!("{}{digits}", self.prefix))
    }

    /// The counter's name. Two patterns never share one.
    pub fn sequence(&self) -> String {
        format!("certificate-number/{}/{}", self.prefix, self.digits)
    }

    /// At most 19 bytes together: what a printed code holds (`docs/credential.md` §1).
    fn is_sound(&self) -> bool {
        let prefix_sound =
            self.prefix.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        let length = self.prefix.len() + usize::try_from(self.digits).unwrap_or(usize::MAX);
        prefix_sound && self.prefix.len() <= 10 && (4..=12).contains(&self.digits) && length <= 19
    }
}

impl Default for CertificationPolicy {
    fn default() -> Self {
        Self {
            validity_years: 5,
            renewal_window_days: 90,
            training_minutes_required: 60 * 60,
            training_earlier_years: added::training_earlier_years(),
            pass_mark_tenths: 600,
            resits: 1,
            bar_years: 2,
            demerit_months: added::demerit_months(),
            suspension_days_default: 90,
            suspension_days_cap: 180,
            numbers: NumberPatterns {
                enforcement: NumberPattern { prefix: "620".into(), digits: 8 },
                supervision: NumberPattern { prefix: "629".into(), digits: 8 },
            },
            existing_numbers: ExistingNumbers::default(),
            reissue_keeps_number: added::reissue_keeps_number(),
        }
    }
}

impl PolicyBody for CertificationPolicy {
    const KEY: PolicyKey = PolicyKey::Certification;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let sound = [
            // A signing key verifies for ten years after its last signature.
            ("validity_years", (1..=10).contains(&self.validity_years)),
            ("renewal_window_days", (1..=366).contains(&self.renewal_window_days)),
            (
                "training_minutes_required",
                (0..=366 * 24 * 60).contains(&self.training_minutes_required),
            ),
            ("training_earlier_years", (0..=3).contains(&self.training_earlier_years)),
            ("pass_mark_tenths", (0..=1000).contains(&self.pass_mark_tenths)),
            ("resits", (0..=1).contains(&self.resits)),
            ("bar_years", (0..=20).contains(&self.bar_years)),
            ("demerit_months", (1..=60).contains(&self.demerit_months)),
            ("suspension_days_cap", (1..=366).contains(&self.suspension_days_cap)),
            (
                "suspension_days_default",
                (1..=self.suspension_days_cap).contains(&self.suspension_days_default),
            ),
            ("numbers.enforcement", self.numbers.enforcement.is_sound()),
            ("numbers.supervision", self.numbers.supervision.is_sound()),
            ("existing_numbers.most", (4..=40).contains(&self.existing_numbers.most)),
            (
                "existing_numbers.least",
                (4..=self.existing_numbers.most).contains(&self.existing_numbers.least),
            ),
        ];
        sound.into_iter().find_map(|(field, is_sound)| (!is_sound).then_some(field))
    }
}

/// What is asked of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountsPolicy {
    /// Roles that issue, end and administer only with a second factor (TOTP).
    pub totp_required_roles: Vec<Role>,
    /// Days for which a role is lent to another account at most, 1–366.
    #[serde(default = "added::delegation_days")]
    pub delegation_days: u32,
}

impl Default for AccountsPolicy {
    fn default() -> Self {
        Self {
            totp_required_roles: vec![Role::SystemAdministrator, Role::Issuer],
            delegation_days: added::delegation_days(),
        }
    }
}

impl PolicyBody for AccountsPolicy {
    const KEY: PolicyKey = PolicyKey::Accounts;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let roles = &self.totp_required_roles;
        let once =
            roles.iter().enumerate().all(|(n, role)| !roles.iter().take(n).any(|r| r == role));
        // A role that has nothing to protect would be named in vain.
        let sound = [
            ("totp_required_roles", once && roles.iter().all(|role| second_factor_matters(*role))),
            ("delegation_days", (1..=366).contains(&self.delegation_days)),
        ];
        sound.into_iter().find_map(|(field, is_sound)| (!is_sound).then_some(field))
    }
}

/// How agencies are reformed (机构改革): who decides, from when a reform may hold, and by when
/// certificates that bear a former unit's name are exchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgencyChangePolicy {
    /// Whoever proposed a reform does not decide on it.
    pub two_persons: bool,
    /// Days that the first day of a reform may lie back: documents come later than they hold.
    pub days_back: u32,
    /// Days that the first day of a reform may lie ahead.
    pub days_ahead: u32,
    /// Days after the reform within which such certificates are exchanged, 1–1,096.
    pub exchange_days: u32,
    /// They are exchanged after a mere change of name too.
    pub exchange_after_rename: bool,
}

impl Default for AgencyChangePolicy {
    fn default() -> Self {
        Self {
            two_persons: true,
            days_back: 90,
            days_ahead: 366,
            exchange_days: 180,
            exchange_after_rename: true,
        }
    }
}

impl PolicyBody for AgencyChangePolicy {
    const KEY: PolicyKey = PolicyKey::AgencyChanges;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let sound = [
            ("days_back", self.days_back <= 1_096),
            ("days_ahead", self.days_ahead <= 1_096),
            ("exchange_days", (1..=1_096).contains(&self.exchange_days)),
        ];
        sound.into_iter().find_map(|(field, is_sound)| (!is_sound).then_some(field))
    }
}

/// What is asked of enrolled phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevicesPolicy {
    /// Where a phone must keep its key at least, by what its attestation says. Asked when it is
    /// enrolled and each time it fetches a credential.
    pub least_attestation: Attestation,
    /// Hours a phone's credential lasts, 1–24 (`docs/credential.md` §1).
    pub credential_hours: u32,
}

impl Default for DevicesPolicy {
    fn default() -> Self {
        Self { least_attestation: Attestation::None, credential_hours: 24 }
    }
}

impl PolicyBody for DevicesPolicy {
    const KEY: PolicyKey = PolicyKey::Devices;

    fn out_of_bounds(&self) -> Option<&'static str> {
        (!(1..=24).contains(&self.credential_hours)).then_some("credential_hours")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::read;
    use serde_json::{Value, json};

    #[test]
    fn a_phone_credential_lasts_an_hour_to_a_day() {
        let body =
            |hours: u32| json!({ "least_attestation": "SOFTWARE", "credential_hours": hours });
        for (hours, sound) in [(0, false), (1, true), (24, true), (25, false)] {
            assert_eq!(read::<DevicesPolicy>(&body(hours)).is_ok(), sound, "{hours}");
        }
        let unknown = json!({ "least_attestation": "PROMISED", "credential_hours": 24 });
        assert!(read::<DevicesPolicy>(&unknown).is_err());
    }

    #[test]
    fn the_defaults_are_sound_and_number_with_eleven_digits() {
        let policy = CertificationPolicy::default();
        assert_eq!(policy.out_of_bounds(), None);
        assert_eq!(policy.numbers.enforcement.number(17).as_deref(), Some("62000000017"));
        assert_eq!(
            policy.numbers.of(PersonKind::SupervisionOfficer).number(1).as_deref(),
            Some("62900000001")
        );
    }

    #[test]
    fn a_counter_that_outgrows_its_width_gives_no_number() {
        let pattern = NumberPattern { prefix: "X-".into(), digits: 4 };
        assert_eq!(pattern.number(9_999).as_deref(), Some("X-9999"));
        assert_eq!(pattern.number(10_000), None);
        assert_eq!(pattern.number(-1), None);
        assert_eq!(pattern.number(-123), None);
    }

    #[test]
    fn the_form_of_a_number_from_before_is_a_length_and_what_may_stand_in_it() {
        let digits = ExistingNumbers { least: 6, most: 8, letters: false };
        let letters = ExistingNumbers { letters: true, ..digits.clone() };
        for (number, by_digits, by_letters) in [
            ("28010", false, false),
            ("280101", true, true),
            ("28010100", true, true),
            ("280101000", false, false),
            ("甘A-0101", false, true),
            ("２８０１０１", false, true),
        ] {
            let taken = (digits.takes(number), letters.takes(number));
            assert_eq!(taken, (by_digits, by_letters), "{number}");
        }
    }

    fn with(path: &[&str], value: Value) -> Value {
        let mut body = serde_json::to_value(CertificationPolicy::default()).unwrap();
        let mut at = &mut body;
        for key in path {
            at = &mut at[*key];
        }
        *at = value;
        body
    }

    #[test]
    fn a_body_out_of_bounds_is_refused_by_the_name_of_its_field() {
        let cases = [
            (vec!["validity_years"], json!(0), "validity_years"),
            (vec!["validity_years"], json!(11), "validity_years"),
            (vec!["renewal_window_days"], json!(0), "renewal_window_days"),
            (vec!["training_minutes_required"], json!(-1), "training_minutes_required"),
            (vec!["training_earlier_years"], json!(4), "training_earlier_years"),
            (vec!["pass_mark_tenths"], json!(1001), "pass_mark_tenths"),
            (vec!["resits"], json!(2), "resits"),
            (vec!["bar_years"], json!(21), "bar_years"),
            (vec!["demerit_months"], json!(0), "demerit_months"),
            (vec!["demerit_months"], json!(61), "demerit_months"),
            (vec!["suspension_days_default"], json!(181), "suspension_days_default"),
            (vec!["suspension_days_cap"], json!(367), "suspension_days_cap"),
            (vec!["numbers", "enforcement", "prefix"], json!("a"), "numbers.enforcement"),
            (vec!["numbers", "enforcement", "digits"], json!(3), "numbers.enforcement"),
            (vec!["numbers", "supervision", "digits"], json!(13), "numbers.supervision"),
            (vec!["existing_numbers", "least"], json!(25), "existing_numbers.least"),
            (vec!["existing_numbers", "most"], json!(41), "existing_numbers.most"),
        ];
        for (path, value, field) in cases {
            let refused = read::<CertificationPolicy>(&with(&path, value.clone()));
            assert_eq!(refused, Err(format!("{field}: out of bounds")), "{path:?} {value}");
        }
    }

    #[test]
    fn a_reform_has_bounds_too() {
        let whole = || serde_json::to_value(AgencyChangePolicy::default()).unwrap();
        assert!(read::<AgencyChangePolicy>(&whole()).is_ok());
        for (field, value) in [
            ("days_back", 1_097),
            ("days_ahead", 1_097),
            ("exchange_days", 0),
            ("exchange_days", 1_097),
        ] {
            let mut body = whole();
            body[field] = json!(value);
            let refused = read::<AgencyChangePolicy>(&body);
            assert_eq!(refused, Err(format!("{field}: out of bounds")), "{value}");
        }
    }

    #[test]
    fn a_body_with_an_unknown_or_without_a_known_field_is_refused() {
        let refused = read::<CertificationPolicy>(&with(&["validity_yaers"], json!(5)));
        assert!(refused.unwrap_err().contains("unknown field `validity_yaers`"));
        for field in ["resits", "demerit_months", "existing_numbers", "reissue_keeps_number"] {
            let mut body = serde_json::to_value(CertificationPolicy::default()).unwrap();
            body.as_object_mut().unwrap().remove(field);
            let refused = PolicyKey::Certification.fault_of(&body).unwrap();
            assert!(refused.contains(&format!("missing field `{field}`")), "{refused}");
        }
    }

    /// As the first version of every deployment before the fields were added stands in it.
    #[test]
    fn a_stored_body_from_before_a_field_is_read_with_what_was_added() {
        let body = json!({
            "validity_years": 5, "renewal_window_days": 90, "training_minutes_required": 3_600,
            "pass_mark_tenths": 600, "resits": 1, "bar_years": 2, "suspension_days_default": 90,
            "suspension_days_cap": 180, "numbers": {
                "enforcement": { "prefix": "620", "digits": 8 },
                "supervision": { "prefix": "629", "digits": 8 },
            },
        });
        assert_eq!(read::<CertificationPolicy>(&body), Ok(CertificationPolicy::default()));
    }
    #[test]
    fn a_second_factor_is_asked_of_roles_that_issue_or_administer_and_of_no_other() {
        let read = |roles: Value| read::<AccountsPolicy>(&json!({ "totp_required_roles": roles }));
        assert_eq!(read(json!(["SYSTEM_ADMINISTRATOR", "ISSUER"])), Ok(AccountsPolicy::default()));
        let none = AccountsPolicy { totp_required_roles: vec![], ..AccountsPolicy::default() };
        assert_eq!(read(json!([])), Ok(none));
        for wrong in
            [json!(["ISSUER", "ISSUER"]), json!(["AGENCY_HR"]), json!(["ISSUER", "OFFICER"])]
        {
            let refused = Err("totp_required_roles: out of bounds".to_owned());
            assert_eq!(read(wrong.clone()), refused, "{wrong}");
        }
        assert!(read(json!(["KING"])).unwrap_err().contains("unknown variant"));
        for days in [0, 367] {
            let body = json!({ "totp_required_roles": [], "delegation_days": days });
            let refused = Err("delegation_days: out of bounds".to_owned());
            assert_eq!(crate::policy::read::<AccountsPolicy>(&body), refused, "{days}");
        }
    }
}
