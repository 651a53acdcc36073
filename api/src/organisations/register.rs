//! The register in memory: a snapshot of agencies, divisions and fields for whoever looks many
//! names up at once, such as a roster import. One query each.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use entities::ids::AgencyId;
use entities::{agency, division, enforcement_field};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use super::store;
use crate::access::Scope;
use crate::platform::failure::Fault;

/// An agency of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAgency {
    /// Its id.
    pub id: AgencyId,
    /// Full official name.
    pub name: String,
    /// Its division.
    pub division_code: String,
    /// An issuing authority.
    pub issues_certificates: bool,
}

/// What a look-up found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a, T> {
    /// By its full name or code.
    Exact(&'a T),
    /// By a short or former name.
    Alias(&'a T),
    /// Several are called so.
    Ambiguous,
    /// Nothing.
    Nothing,
}

/// The snapshot.
pub struct Register {
    key: fn(&str) -> String,
    agencies: Vec<ListedAgency>,
    by_name: HashMap<String, Vec<usize>>,
    by_alias: HashMap<String, Vec<usize>>,
    by_uscc: HashMap<String, usize>,
    by_id: HashMap<AgencyId, usize>,
    divisions: HashMap<String, division::Model>,
    /// Codes of the divisions by the key of their name, in its order.
    divisions_by_name: BTreeMap<String, Vec<String>>,
    fields: Vec<enforcement_field::Model>,
    fields_by_key: HashMap<String, usize>,
    within: Option<HashSet<AgencyId>>,
}

impl Register {
    /// Takes the snapshot: agencies that exist on a day, and which of them lie within a scope.
    /// `key` brings a name into the form in which names are compared; look-ups use it too.
    pub async fn load(
        db: &impl ConnectionTrait,
        scope: &Scope,
        on: NaiveDate,
        key: fn(&str) -> String,
    ) -> Result<Self, Fault> {
        use agency::Column::{
            AbolishedOn, Aliases, DivisionCode, Id, IssuesCertificates, Name, Uscc,
        };
        let rows: Vec<(AgencyId, String, serde_json::Value, String, String, bool)> =
            agency::Entity::find()
                .select_only()
                .columns([Id, Name, Aliases, Uscc, DivisionCode, IssuesCertificates])
                .filter(AbolishedOn.is_null().or(AbolishedOn.gt(on)))
                .into_tuple()
                .all(db)
                .await?;
        let divisions = store::divisions(db).await?;
        let fields = store::fields(db).await?;
        let mut register = Self {
            key,
            agencies: Vec::with_capacity(rows.len()),
            by_name: HashMap::new(),
            by_alias: HashMap::new(),
            by_uscc: HashMap::new(),
            by_id: HashMap::new(),
            divisions_by_name: BTreeMap::new(),
            fields_by_key: HashMap::new(),
            divisions: HashMap::new(),
            fields: Vec::new(),
            within: scope.agencies(db).await?.map(HashSet::from_iter),
        };
        for (id, name, aliases, uscc, division_code, issues_certificates) in rows {
            let at = register.agencies.len();
            register.by_name.entry(key(&name)).or_default().push(at);
            let aliases: Vec<String> = serde_json::from_value(aliases).map_err(Fault::stored)?;
            for alias in aliases {
                register.by_alias.entry(key(&alias)).or_default().push(at);
            }
            register.by_uscc.insert(uscc, at);
            register.by_id.insert(id, at);
            register.agencies.push(ListedAgency { id, name, division_code, issues_certificates });
        }
        for division in divisions {
            let codes = register.divisions_by_name.entry(key(&division.name)).or_default();
            codes.push(division.code.clone());
            register.divisions.insert(division.code.clone(), division);
        }
        for (at, field) in fields.iter().enumerate() {
            register.fields_by_key.entry(key(&field.name_zh)).or_insert(at);
        }
        // A code is never taken for another field's name.
        register.fields_by_key.extend(fields.iter().zip(0..).map(|(f, at)| (f.code.clone(), at)));
        register.fields = fields;
        Ok(register)
    }

    /// An agency by its full name, else by a short or former one.
    pub fn agency_by_name(&self, name: &str) -> Found<'_, ListedAgency> {
        let key = (self.key)(name);
        let names = self.by_name.get(&key).map(Vec::as_slice);
        let aliases = self.by_alias.get(&key).map(Vec::as_slice);
        match (names, aliases) {
            (Some([one]), _) => self.agencies.get(*one).map_or(Found::Nothing, Found::Exact),
            (None, Some([one])) => self.agencies.get(*one).map_or(Found::Nothing, Found::Alias),
            (None, None) => Found::Nothing,
            _ => Found::Ambiguous,
        }
    }

    /// An agency by its unified social credit code.
    pub fn agency_by_uscc(&self, uscc: &str) -> Option<&ListedAgency> {
        self.by_uscc.get(uscc).and_then(|i| self.agencies.get(*i))
    }

    /// An agency by its id.
    pub fn agency(&self, id: AgencyId) -> Option<&ListedAgency> {
        self.by_id.get(&id).and_then(|i| self.agencies.get(*i))
    }

    /// Whether an agency lies within the scope the snapshot was taken with.
    pub fn reaches(&self, id: AgencyId) -> bool {
        self.within.as_ref().is_none_or(|within| within.contains(&id))
    }

    /// A division by its code, or by its name within the area of the division `within`.
    pub fn division(&self, within: &str, text: &str) -> Found<'_, division::Model> {
        let known = self.divisions.get(text.trim());
        if let Some(division) = known.filter(|d| self.lies_within(&d.code, within)) {
            return Found::Exact(division);
        }
        let codes = self.divisions_by_name.get(&(self.key)(text)).into_iter().flatten();
        let mut named = codes
            .filter_map(|c| self.divisions.get(c))
            .filter(|d| self.lies_within(&d.code, within));
        match (named.next(), named.next()) {
            (Some(one), None) => Found::Exact(one),
            (Some(_), Some(_)) => Found::Ambiguous,
            (None, _) => Found::Nothing,
        }
    }

    /// Divisions whose name begins so, within the area of the division `within`: 城关 for 城关区.
    pub fn divisions_beginning(&self, within: &str, text: &str) -> Vec<&division::Model> {
        let key = (self.key)(text);
        if key.is_empty() {
            return Vec::new();
        }
        self.divisions_by_name
            .range(key.clone()..)
            .take_while(|(name, _)| name.starts_with(&key))
            .flat_map(|(_, codes)| codes)
            .filter_map(|code| self.divisions.get(code))
            .filter(|division| self.lies_within(&division.code, within))
            .collect()
    }

    /// An enforcement field by its code or Chinese name.
    pub fn field(&self, text: &str) -> Option<&enforcement_field::Model> {
        self.fields_by_key.get(&(self.key)(text)).and_then(|at| self.fields.get(*at))
    }

    /// Every enforcement field, in order.
    pub fn fields(&self) -> &[enforcement_field::Model] {
        &self.fields
    }

    fn lies_within(&self, code: &str, within: &str) -> bool {
        let above = |code: &&str| self.divisions.get(*code).and_then(|d| d.parent_code.as_deref());
        std::iter::successors(Some(code), above).take(8).any(|c| c == within)
    }
}
