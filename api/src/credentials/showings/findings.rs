//! What is found of a showing, in plain words: the party and the officer read the same.

use entities::enums::{SecondAnswer, ShowingFinding, ShowingKind, ShowingSubject};
use entities::showing;

use crate::credentials::TEXTS;
use crate::platform::texts::Locale;

/// Something found of a showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of what.
    pub subject: ShowingSubject,
    /// What.
    pub finding: ShowingFinding,
}

impl Finding {
    /// The finding in words.
    pub fn text(self, locale: Locale) -> String {
        TEXTS.text(locale, &self.id(), &[])
    }

    fn id(self) -> String {
        format!("finding-{}-{}", self.subject.code(), self.finding.code())
    }
}

/// Everything that is found of a showing, as it stands.
pub fn findings(row: &showing::Model) -> Vec<Finding> {
    let mut found = vec![
        Finding { subject: ShowingSubject::Officers, finding: officers(row) },
        Finding { subject: ShowingSubject::Field, finding: row.field_finding },
        Finding { subject: ShowingSubject::Area, finding: row.area_finding },
    ];
    if row.kind == ShowingKind::Inspection {
        let finding = match row.notice_number {
            Some(_) => ShowingFinding::Ok,
            None => ShowingFinding::NoticeNumberMissing,
        };
        found.push(Finding { subject: ShowingSubject::Notice, finding });
    }
    found
}

fn officers(row: &showing::Model) -> ShowingFinding {
    match (row.second_person_id, row.second_answer) {
        (None, _) if row.alone_reason.is_some() => ShowingFinding::AloneByException,
        (None, _) => ShowingFinding::SecondOfficerMissing,
        (Some(_), None) => ShowingFinding::SecondOfficerNotConfirmed,
        (Some(_), Some(SecondAnswer::Declined)) => ShowingFinding::SecondOfficerDeclined,
        (Some(_), Some(SecondAnswer::Confirmed)) => ShowingFinding::Ok,
    }
}

/// Why an officer is alone, in a language.
pub fn alone_reason(row: &showing::Model, locale: Locale) -> Option<String> {
    let language = match locale {
        Locale::ZhCn => "zh",
        Locale::En => "en",
    };
    let text = row.alone_reason.as_ref()?.get(language)?.as_str()?;
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_found_has_its_words_in_every_language() {
        use ShowingFinding as F;
        use ShowingSubject as S;
        let possible = [
            (
                S::Officers,
                vec![
                    F::Ok,
                    F::SecondOfficerMissing,
                    F::SecondOfficerNotConfirmed,
                    F::SecondOfficerDeclined,
                    F::AloneByException,
                ],
            ),
            (S::Field, vec![F::Ok, F::OutsideField, F::CoveredByJointAuthorisation]),
            (
                S::Area,
                vec![F::Ok, F::OutsideArea, F::CoveredByJointAuthorisation, F::PlaceNotGiven],
            ),
            (S::Notice, vec![F::Ok, F::NoticeNumberMissing]),
        ];
        for locale in Locale::ALL {
            for (subject, findings) in &possible {
                for finding in findings {
                    let found = Finding { subject: *subject, finding: *finding };
                    let text = TEXTS.try_text(locale, &found.id(), &[]);
                    assert!(text.is_some_and(|t| t.len() > 8), "{locale:?} {found:?}");
                }
            }
        }
    }
}
