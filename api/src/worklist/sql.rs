//! The text of a statement with its values, written for both engines.

use entities::enums::ScopeAxis;
use entities::ids::AgencyId;
use sea_orm::Value;

/// The values of a statement, in the order of their places in its text.
#[derive(Default)]
pub(super) struct Sql(Vec<Value>);

impl Sql {
    /// The place of a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// The places of values, for `IN (…)`. Of none it is a list that nothing is in; it must not be
    /// negated.
    pub fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> String {
        let places: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        if places.is_empty() { "NULL".to_owned() } else { places.join(", ") }
    }

    /// That a column's agency lies under one of these roots.
    pub fn under(&mut self, roots: &[(ScopeAxis, AgencyId)], column: &str) -> String {
        let any: Vec<String> = roots
            .iter()
            .map(|(axis, root)| {
                format!("(s.axis = '{}' AND s.ancestor_id = {})", axis.code(), self.bind(*root))
            })
            .collect();
        let any = if any.is_empty() { "1 = 0".to_owned() } else { any.join(" OR ") };
        format!("{column} IN (SELECT s.agency_id FROM agency_closure s WHERE {any})")
    }

    /// What was bound.
    pub fn values(self) -> Vec<Value> {
        self.0
    }
}
