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

    /// Enforcement fields by their codes.
    pub fn fields(&self, codes: &serde_json::Value) -> String {
        let codes = codes.as_array().map(Vec::as_slice).unwrap_or_default();
        let names = codes.iter().filter_map(serde_json::Value::as_str).map(|code| {
            self.fields.get(code).map_or(code, |field| match self.locale {
                Locale::ZhCn => &field.name_zh,
                Locale::En => &field.name_en,
            })
        });
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
