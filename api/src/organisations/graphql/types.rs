//! Types of organisations.

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::NaiveDate;
use entities::ids::AgencyId;
use entities::{division, enforcement_field};
use std::collections::HashMap;
use std::sync::Arc;

use crate::graphql::enums::{
    AgencyChangeKind, AgencyKind, AgencyQualification, DivisionLevel, Leadership,
};
use crate::graphql::ids::encode;
use crate::organisations::{self, AgencyRow};
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// An agency by its name.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct AgencySummary {
    /// Its id, for `agency`.
    pub id: ID,
    /// Full official name.
    pub name: String,
}

impl AgencySummary {
    /// An agency by its name.
    pub fn new(id: AgencyId, name: String) -> Self {
        Self { id: encode(id).into(), name }
    }
}

/// An administrative division.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct Division {
    /// Code, GB/T 2260.
    pub code: String,
    /// Full official name.
    pub name: String,
    /// Level.
    pub level: DivisionLevel,
    /// Code of the division above; none for the province.
    pub parent_code: Option<String>,
}

impl From<division::Model> for Division {
    fn from(row: division::Model) -> Self {
        Self {
            code: row.code,
            name: row.name,
            level: row.level.into(),
            parent_code: row.parent_code,
        }
    }
}

/// An enforcement field (执法领域) of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct EnforcementField {
    /// Code, a short word.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
}

impl From<enforcement_field::Model> for EnforcementField {
    fn from(row: enforcement_field::Model) -> Self {
        Self { code: row.code, name_zh: row.name_zh, name_en: row.name_en }
    }
}

/// An enforcement agency, justice department or entrusted organisation.
pub struct Agency(pub AgencyRow);

/// An enforcement agency, justice department or entrusted organisation.
#[Object]
impl Agency {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.agency.id).into()
    }

    /// Number inside a printed code; never reused.
    async fn number(&self) -> i32 {
        self.0.agency.number
    }

    /// Full official name.
    async fn name(&self) -> &str {
        &self.0.agency.name
    }

    /// Short and former names.
    async fn aliases(&self) -> Vec<String> {
        strings(&self.0.agency.aliases)
    }

    /// Unified social credit code (统一社会信用代码).
    async fn uscc(&self) -> &str {
        &self.0.agency.uscc
    }

    /// What it is in law.
    async fn kind(&self) -> AgencyKind {
        self.0.agency.kind.into()
    }

    /// Who leads it.
    async fn leadership(&self) -> Leadership {
        self.0.agency.leadership.into()
    }

    /// A justice department (司法行政部门), the supervision body of its government.
    async fn is_justice(&self) -> bool {
        self.0.agency.is_justice
    }

    /// An issuing authority (发证机关).
    async fn issues_certificates(&self) -> bool {
        self.0.agency.issues_certificates
    }

    /// The division whose government it belongs to.
    async fn division(&self) -> Division {
        Division {
            code: self.0.agency.division_code.clone(),
            name: self.0.division_name.clone(),
            level: self.0.division_level.into(),
            parent_code: self.0.division_parent.clone(),
        }
    }

    /// Superior department of its line of work.
    async fn superior(&self) -> Option<AgencySummary> {
        Some(AgencySummary::new(self.0.agency.superior_id?, self.0.superior_name.clone()?))
    }

    /// The organ that entrusts it.
    async fn entrusted_by(&self) -> Option<AgencySummary> {
        Some(AgencySummary::new(self.0.agency.entrusted_by_id?, self.0.entrusted_by_name.clone()?))
    }

    /// Number of the entrustment letter (委托书).
    async fn entrustment_letter(&self) -> Option<&str> {
        self.0.agency.entrustment_letter.as_deref()
    }

    /// The enforcement fields it works in.
    async fn fields(&self, ctx: &Context<'_>) -> Result<Vec<EnforcementField>> {
        field_list(ctx, &self.0.agency.field_codes).await
    }

    /// Supervision phone shown to the public.
    async fn complaint_phone(&self) -> Option<&str> {
        self.0.agency.complaint_phone.as_deref()
    }

    /// Its own enforcement qualification (执法主体资格).
    async fn qualification(&self) -> AgencyQualification {
        self.0.agency.qualification.into()
    }

    /// Day on which its qualification was announced.
    async fn qualification_confirmed_on(&self) -> Option<NaiveDate> {
        self.0.agency.qualification_confirmed_on
    }

    /// Day from which it no longer exists.
    async fn abolished_on(&self) -> Option<NaiveDate> {
        self.0.agency.abolished_on
    }

    /// Names it bore before, oldest first.
    async fn former_names(&self, ctx: &Context<'_>) -> Result<Vec<FormerName>> {
        Ok(self.past(ctx).await?.names)
    }

    /// Agencies that took its place or part of its work, oldest first.
    async fn successors(&self, ctx: &Context<'_>) -> Result<Vec<AgencySuccessor>> {
        Ok(self.past(ctx).await?.successors)
    }
}

impl Agency {
    async fn past(&self, ctx: &Context<'_>) -> Result<Past> {
        let loader = ctx.data::<DataLoader<PastLoader>>()?;
        let past = loader.load_one(self.0.agency.id).await;
        Ok(past.map_err(|e| crate::graphql::fault(&e))?.unwrap_or_default())
    }
}

/// A name an agency bore.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct FormerName {
    /// Full official name.
    name: String,
    /// First day on which it bore it no more.
    until_on: NaiveDate,
}

/// An agency that took another's place or part of its work.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct AgencySuccessor {
    /// Which agency, under its name of today.
    agency: AgencySummary,
    /// By what kind of reform.
    kind: AgencyChangeKind,
    /// Since which day.
    on: NaiveDate,
}

/// An agency as it was on a day.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct AgencyOnDay {
    /// Its id, for `agency`.
    id: ID,
    /// Full official name on that day.
    name: String,
    /// Whether it had not been abolished by that day.
    existed: bool,
    /// Who led it.
    leadership: Leadership,
    /// The division whose government it belonged to.
    division: Division,
    /// Superior department of its line of work, under the name of that day.
    superior: Option<AgencySummary>,
    /// The organ that entrusted it, under the name of that day.
    entrusted_by: Option<AgencySummary>,
}

impl From<organisations::AgencyOnDay> for AgencyOnDay {
    fn from(on_day: organisations::AgencyOnDay) -> Self {
        let summary = |(id, name)| AgencySummary::new(id, name);
        Self {
            id: encode(on_day.id).into(),
            name: on_day.name,
            existed: on_day.existed,
            leadership: on_day.leadership.into(),
            division: on_day.division.into(),
            superior: on_day.superior.map(summary),
            entrusted_by: on_day.entrusted_by.map(summary),
        }
    }
}

/// What is known of an agency's past.
#[derive(Clone, Debug, Default)]
pub struct Past {
    names: Vec<FormerName>,
    successors: Vec<AgencySuccessor>,
}

/// Loads the past of agencies, all a request asks for at once.
pub struct PastLoader(pub Platform);

impl Loader<AgencyId> for PastLoader {
    type Value = Past;
    type Error = Arc<Fault>;

    async fn load(&self, ids: &[AgencyId]) -> Result<HashMap<AgencyId, Past>, Arc<Fault>> {
        let db = self.0.db.read();
        let mut pasts: HashMap<AgencyId, Past> = HashMap::new();
        for (id, names) in organisations::former_names_of(db, ids).await? {
            pasts.entry(id).or_default().names =
                names.into_iter().map(|(name, until_on)| FormerName { name, until_on }).collect();
        }
        for (id, successors) in organisations::successors_of(db, ids).await? {
            pasts.entry(id).or_default().successors = successors
                .into_iter()
                .map(|s| AgencySuccessor {
                    agency: AgencySummary::new(s.id, s.name),
                    kind: s.kind.into(),
                    on: s.on,
                })
                .collect();
        }
        Ok(pasts)
    }
}

/// A stored list of strings; whatever else is stored reads as none.
fn strings(json: &serde_json::Value) -> Vec<String> {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

/// Loads fields of the dictionary by code, all a request asks for at once.
pub struct FieldLoader(pub Platform);

impl Loader<String> for FieldLoader {
    type Value = EnforcementField;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        _codes: &[String],
    ) -> Result<HashMap<String, EnforcementField>, Arc<Fault>> {
        // The dictionary has some dozens of entries: read whole, it is one statement for all.
        let all = crate::organisations::fields_by_code(self.0.db.read()).await?;
        Ok(all.into_iter().map(|(code, field)| (code, field.into())).collect())
    }
}

/// The fields of a stored list of codes, in its order.
pub async fn field_list(
    ctx: &Context<'_>,
    codes: &serde_json::Value,
) -> Result<Vec<EnforcementField>> {
    let codes = strings(codes);
    let loaded = ctx.data::<DataLoader<FieldLoader>>()?.load_many(codes.iter().cloned()).await;
    let known = loaded.map_err(|e| crate::graphql::fault(&e))?;
    Ok(codes.iter().filter_map(|code| known.get(code).cloned()).collect())
}
