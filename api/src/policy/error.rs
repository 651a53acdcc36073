//! Why a policy is refused.

use chrono::NaiveDate;

use super::TEXTS;
use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;

/// Why a version is not entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyRefusal {
    /// No such division, or its justice department lies outside the scope.
    DivisionNotFound,
    /// The body is of another form or a value is out of its bounds.
    BodyInvalid {
        /// Which field, and why.
        detail: String,
    },
    /// It would hold before today, or not after the last version.
    TooEarly {
        /// The first day that may be given.
        earliest: NaiveDate,
    },
    /// Another version was entered at the same time.
    ChangedMeanwhile,
}

impl Refusal for PolicyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DivisionNotFound => "DIVISION_NOT_FOUND",
            Self::BodyInvalid { .. } => "POLICY_BODY_INVALID",
            Self::TooEarly { .. } => "POLICY_TOO_EARLY",
            Self::ChangedMeanwhile => "CHANGED_MEANWHILE",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::DivisionNotFound => Some("divisionCode"),
            Self::BodyInvalid { .. } => Some("body"),
            Self::TooEarly { .. } => Some("effectiveFrom"),
            Self::ChangedMeanwhile => None,
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::BodyInvalid { detail } => vec![("detail", detail.clone())],
            Self::TooEarly { earliest } => vec![("earliest", earliest.to_string())],
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        TEXTS.text(locale, self.code(), &args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_each_language() {
        let all = [
            PolicyRefusal::DivisionNotFound,
            PolicyRefusal::BodyInvalid { detail: "resits: out of bounds".into() },
            PolicyRefusal::TooEarly { earliest: NaiveDate::MIN },
            PolicyRefusal::ChangedMeanwhile,
        ];
        for refusal in all {
            for locale in Locale::ALL {
                let text = refusal.message(locale);
                assert_ne!(text, refusal.code(), "{locale:?}");
                for (name, value) in refusal.args() {
                    assert!(text.contains(&value), "{refusal:?} {locale:?} tells no {name}");
                }
            }
        }
    }
}
