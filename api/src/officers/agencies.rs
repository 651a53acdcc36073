//! The agencies of people and records, with the policies that hold for each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use entities::agency;
use entities::enums::AgencyQualification;
use entities::ids::{AgencyId, PolicyId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::platform::failure::Fault;
use crate::policy::{self, CertificationPolicy, InForce, ReviewPolicy};

/// The agencies of a call's records, with the policies that hold in each one's division.
pub struct Agencies {
    rows: HashMap<AgencyId, agency::Model>,
    policies: HashMap<String, Arc<InForce<CertificationPolicy>>>,
    reviews: HashMap<String, Arc<InForce<ReviewPolicy>>>,
    /// Where no version was entered.
    usual: ReviewPolicy,
}

impl Agencies {
    /// Loads them in three statements.
    pub async fn load(
        db: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = AgencyId>,
        day: NaiveDate,
    ) -> Result<Self, Fault> {
        let ids: HashSet<AgencyId> = ids.into_iter().collect();
        let rows = agency::Entity::find().filter(agency::Column::Id.is_in(ids)).all(db).await?;
        let mut divisions: Vec<String> = rows.iter().map(|a| a.division_code.clone()).collect();
        divisions.sort_unstable();
        divisions.dedup();
        Ok(Self {
            policies: policy::in_force_many(db, &divisions, day).await?,
            reviews: policy::in_force_many(db, &divisions, day).await?,
            usual: ReviewPolicy::default(),
            rows: rows.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    /// An agency that a record points to.
    pub fn get(&self, id: AgencyId) -> Result<&agency::Model, Fault> {
        self.rows.get(&id).ok_or_else(|| Fault::stored("a record of an agency that is not there"))
    }

    /// The policy for the people of an agency.
    pub fn policy(&self, id: AgencyId) -> Result<&Arc<InForce<CertificationPolicy>>, Fault> {
        let division = &self.get(id)?.division_code;
        self.policies
            .get(division)
            .ok_or_else(|| Fault::other(format!("no certification policy holds in {division}")))
    }

    /// The policy on reviews for the people of an agency, and its version where one was entered.
    pub fn review(&self, id: AgencyId) -> Result<(Option<PolicyId>, &ReviewPolicy), Fault> {
        let found = self.reviews.get(&self.get(id)?.division_code);
        Ok(found.map_or((None, &self.usual), |policy| (Some(policy.id), &policy.body)))
    }

    /// Whether it exists on that day and its own qualification is confirmed.
    pub fn is_confirmed(&self, id: AgencyId, day: NaiveDate) -> Result<bool, Fault> {
        let agency = self.get(id)?;
        Ok(agency.qualification == AgencyQualification::Confirmed
            && agency.abolished_on.is_none_or(|end| day < end))
    }
}
