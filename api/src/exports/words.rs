//! The values of a file in words: enumerations, fields, days and moments in the language of whoever
//! asked for it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enforcement_field;
use sea_orm::ConnectionTrait;

use super::TEXTS;
use crate::organisations;
use crate::platform::clock::local;
use crate::platform::failure::Fault;
use crate::platform::texts::Locale;

/// What puts values into words.
pub(super) struct Words {
    pub locale: Locale,
    /// The day on which states are told.
    pub today: NaiveDate,
    fields: HashMap<String, enforcement_field::Model>,
}

impl Words {
    /// Reads the dictionary of fields.
    pub async fn load(
        db: &impl ConnectionTrait,
        locale: Locale,
        today: NaiveDate,
    ) -> Result<Self, Fault> {
        Ok(Self { locale, today, fields: organisations::fields_by_code(db).await? })
    }

    /// A text without arguments.
    pub fn text(&self, id: &str) -> String {
        TEXTS.fixed(self.locale, id).into_owned()
    }

    /// A value of an enumeration; its bare word where it has no other.
    pub fn label(&self, group: &str, code: &str) -> String {
        TEXTS
            .try_text(self.locale, &format!("{group}-{code}"), &[])
            .unwrap_or_else(|| code.to_owned())
    }

    /// What was done, of an entry of the audit log.
    pub fn action(&self, action: &str) -> String {
        action_in_words(self.locale, action)
    }

    /// Yes or no.
    pub fn yes(&self, yes: bool) -> String {
        self.text(if yes { "yes" } else { "no" })
    }

    fn named<'a>(&'a self, code: &'a str) -> &'a str {
        self.fields.get(code).map_or(code, |field| match self.locale {
            Locale::ZhCn => &field.name_zh,
            Locale::En => &field.name_en,
        })
    }

    /// An enforcement field by its code; nothing where there is none.
    pub fn field(&self, code: Option<&str>) -> String {
        code.map(|code| self.named(code).to_owned()).unwrap_or_default()
    }

    /// Enforcement fields by their codes.
    pub fn fields(&self, codes: &serde_json::Value) -> String {
        let codes = codes.as_array().map(Vec::as_slice).unwrap_or_default();
        let names = codes.iter().filter_map(serde_json::Value::as_str).map(|code| self.named(code));
        names.collect::<Vec<_>>().join(match self.locale {
            Locale::ZhCn => "、",
            Locale::En => ", ",
        })
    }
}

/// What was done, of an entry of the audit log; the bare word where it has no other.
pub(super) fn action_in_words(locale: Locale, action: &str) -> String {
    let id = format!("action-{}", action.replace('.', "-"));
    TEXTS.try_text(locale, &id, &[]).unwrap_or_else(|| action.to_owned())
}

/// A moment as the wall clock in China shows it; nothing where there is none.
pub(super) fn moment(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(String::new, |at| local(at).format("%Y-%m-%d %H:%M:%S").to_string())
}

/// A day; nothing where there is none.
pub(super) fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// A score as it is written, of one in tenths of a point.
pub(super) fn score(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use entities::enums::{
        AgencyChangeKind, AgencyChangeState, AgencyKind, AgencyQualification, ApplicationAct,
        ApplicationState, ApplicationStep, CertificateAct, CertificateState, DutyStatus,
        Employment, Establishment, ExamOutcome, ExamSubject, ExistingKind, ExistingState,
        ExportList, Leadership, PersonKind, QualificationState, Role, SittingState, StandingKind,
        StandingLift, TrainingKind, TrainingMode, TrainingState,
    };

    use super::*;

    /// The texts of a group that an enumeration needs.
    macro_rules! texts {
        ($($group:literal $of:ty),* $(,)?) => {
            [$(<$of>::all().map(|value| format!("{}-{}", $group, value.code())).collect::<Vec<_>>()),*]
                .concat()
        };
    }

    #[test]
    fn every_value_has_its_word_in_every_language() {
        let needed = texts! {
            "act" ApplicationAct, "agency-kind" AgencyKind,
            "agency-qualification" AgencyQualification, "application" ApplicationState,
            "certificate" CertificateState, "change" AgencyChangeKind,
            "change-state" AgencyChangeState, "claim" ExistingState, "duty" DutyStatus,
            "employment" Employment, "establishment" Establishment, "event" CertificateAct,
            "exam" ExamSubject, "existing" ExistingKind, "kind" PersonKind,
            "leadership" Leadership, "lift" StandingLift, "list" ExportList,
            "outcome" ExamOutcome, "qualification" QualificationState, "role" Role,
            "sitting" SittingState, "standing" StandingKind, "step" ApplicationStep,
            "training" TrainingState, "training-kind" TrainingKind, "training-mode" TrainingMode,
        };
        for id in needed {
            for locale in Locale::ALL {
                assert!(TEXTS.try_text(locale, &id, &[]).is_some(), "{id} {}", locale.tag());
            }
        }
    }

    /// What the sources record: texts of the form `subject.act`, of the subjects there are.
    fn actions(folder: &Path, found: &mut BTreeSet<String>) {
        const SUBJECTS: [&str; 28] = [
            "account",
            "agency",
            "agency_change",
            "application",
            "attendance",
            "audit",
            "candidates",
            "card",
            "certificate",
            "divisions",
            "evidence",
            "existing",
            "fields",
            "import",
            "invitation",
            "joint_authorisation",
            "key",
            "list",
            "person",
            "photos",
            "policy",
            "qualification",
            "results",
            "session",
            "showing",
            "sitting",
            "standing",
            "training",
        ];
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                actions(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                found.extend(source.split('"').filter_map(|text| {
                    let (subject, act) = text.split_once('.')?;
                    let word = |c: char| c.is_ascii_lowercase() || c == '_';
                    let is_one = SUBJECTS.contains(&subject)
                        && !act.is_empty()
                        && act.chars().all(word)
                        && !["pdf", "xlsx", "json", "rs"].contains(&act);
                    is_one.then(|| text.to_owned())
                }));
            }
        }
    }

    #[test]
    fn every_act_that_is_recorded_is_told_in_every_language() {
        let mut found = BTreeSet::new();
        actions(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert!(found.len() > 90, "{found:?}");
        for action in found {
            for locale in Locale::ALL {
                assert_ne!(action_in_words(locale, &action), action, "{}", locale.tag());
            }
        }
    }
}
