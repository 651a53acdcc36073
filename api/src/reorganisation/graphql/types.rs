//! Types of reforms.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, ID, Object, Request, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::agency_change;
use entities::enums::{AgencyChangeState as State, ChangeSide};
use entities::ids::{AgencyChangeId, AgencyId, PersonId, PolicyId};

use crate::graphql::caller;
use crate::graphql::enums::{AgencyChangeKind, AgencyChangeState, Leadership};
use crate::graphql::ids::{Id, encode};
use crate::organisations::graphql::AgencySummary;
use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::reorganisation::acts::{new_name, read_plan};
use crate::reorganisation::plan::{Plan, Superior};
use crate::reorganisation::store::{self, Impact, Party};

/// How much a reform touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub struct AgencyChangeImpact {
    /// People who move, or all of an agency that is renamed or moves.
    people: u64,
    /// Certificates of theirs that have not ended.
    certificates: u64,
    /// Accounts of theirs, and accounts with a role over the agency.
    accounts: u64,
    /// Applications on their way.
    applications: u64,
    /// Agencies right under those that are changed.
    subordinates: u64,
}

impl From<Impact> for AgencyChangeImpact {
    fn from(impact: Impact) -> Self {
        Self {
            people: impact.people,
            certificates: impact.certificates,
            accounts: impact.accounts,
            applications: impact.applications,
            subordinates: impact.subordinates,
        }
    }
}

/// Where an agency is put by a reform; what is none stays.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct AgencyPlacement {
    /// Id of the new superior department.
    superior_id: Option<Id<AgencyId>>,
    /// It has no superior department from then on.
    without_superior: bool,
    /// Code of the new division.
    division_code: Option<String>,
    /// Who leads it then.
    leadership: Option<Leadership>,
}

/// What of a split agency goes to one place.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct AgencySplitPart {
    /// Id of the agency it goes to; of one that is founded, its id once the reform is in effect.
    to_id: Id<AgencyId>,
    /// Name of an agency that is founded.
    founded_name: Option<String>,
    /// How many people are named one by one.
    named_people: usize,
    /// Internal units that go there.
    internal_units: Vec<String>,
    /// Also everybody whom no other part claims.
    rest: bool,
}

/// A reform of agencies (机构改革).
pub struct AgencyChange(pub agency_change::Model);

/// A reform of agencies (机构改革): proposed by one person, decided by another, in effect from a day
/// on.
#[Object]
impl AgencyChange {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.id).into()
    }

    /// What is done.
    async fn kind(&self) -> AgencyChangeKind {
        self.0.kind.into()
    }

    /// How far it is.
    async fn state(&self) -> AgencyChangeState {
        self.0.state.into()
    }

    /// First day on which it holds.
    async fn effective_on(&self) -> NaiveDate {
        self.0.effective_on
    }

    /// Number of the document that orders it.
    async fn document(&self) -> &str {
        &self.0.document
    }

    /// Agencies that are changed, under their names of today.
    async fn from(&self, ctx: &Context<'_>) -> Result<Vec<AgencySummary>> {
        self.side(ctx, ChangeSide::From).await
    }

    /// Agencies that take over, under their names of today; one that is founded is here once the
    /// reform is in effect.
    async fn to(&self, ctx: &Context<'_>) -> Result<Vec<AgencySummary>> {
        self.side(ctx, ChangeSide::To).await
    }

    /// The new name of an agency that is renamed, or the name of one that a merger founds.
    async fn new_name(&self) -> Result<Option<String>> {
        Ok(new_name(&self.0)?)
    }

    /// Where an agency that moves is put.
    async fn placement(&self) -> Result<Option<AgencyPlacement>> {
        let Plan::Move { superior, division, leadership, .. } = read_plan(&self.0)? else {
            return Ok(None);
        };
        Ok(Some(AgencyPlacement {
            superior_id: match superior {
                Superior::Under(id) => Some(id.into()),
                Superior::Stays | Superior::Nobody => None,
            },
            without_superior: superior == Superior::Nobody,
            division_code: division,
            leadership: leadership.map(Into::into),
        }))
    }

    /// What of an agency that is split goes where.
    async fn parts(&self) -> Result<Vec<AgencySplitPart>> {
        let Plan::Split { parts, .. } = read_plan(&self.0)? else { return Ok(Vec::new()) };
        let part = |part: crate::reorganisation::Part| AgencySplitPart {
            to_id: part.to.id().into(),
            founded_name: part.to.founded().map(|new| new.name.clone()),
            named_people: part.people.len(),
            internal_units: part.units,
            rest: part.rest,
        };
        Ok(parts.into_iter().map(part).collect())
    }

    /// How much it touches: as of now while it is to come, as it was once it is in effect.
    #[graphql(complexity = "20 * child_complexity")]
    async fn impact(&self, ctx: &Context<'_>) -> Result<Option<AgencyChangeImpact>> {
        let (platform, _) = caller(ctx)?;
        match (self.0.state, &self.0.impact) {
            (State::Proposed | State::Approved, _) => {
                let today = local_date(platform.now());
                let plan = read_plan(&self.0)?;
                Ok(Some(store::impact(platform.db.read(), &plan, today).await?.into()))
            }
            (_, Some(stored)) => {
                let impact: Impact =
                    serde_json::from_value(stored.clone()).map_err(Fault::stored)?;
                Ok(Some(impact.into()))
            }
            _ => Ok(None),
        }
    }

    /// Code of what kept it from taking effect on its day.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }

    /// Who proposed it; nobody where it was the deployment itself.
    async fn proposed_by_id(&self) -> Option<Id<PersonId>> {
        self.0.proposed_by.map(Into::into)
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime<Utc> {
        self.0.proposed_at
    }

    /// Who decided.
    async fn decided_by_id(&self) -> Option<Id<PersonId>> {
        self.0.decided_by.map(Into::into)
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }

    /// When it took effect, was withdrawn or failed.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }

    /// The version of the policy that was applied last.
    async fn policy_id(&self) -> Id<PolicyId> {
        self.0.policy_id.into()
    }
}

impl AgencyChange {
    async fn side(&self, ctx: &Context<'_>, side: ChangeSide) -> Result<Vec<AgencySummary>> {
        let parties = ctx.data::<DataLoader<Parties>>()?.load_one(self.0.id).await;
        let parties = parties.map_err(|e| crate::graphql::fault(&e))?.unwrap_or_default();
        let of_side = parties.into_iter().filter(|party| party.side == side);
        Ok(of_side.map(|party| AgencySummary::new(party.id, party.name)).collect())
    }
}

/// Loads the agencies of reforms, all a request asks for at once. A reform that may be read names
/// all of its agencies.
struct Parties(Platform);

impl Loader<AgencyChangeId> for Parties {
    type Value = Vec<Party>;
    type Error = Arc<Fault>;

    async fn load(
        &self,
        ids: &[AgencyChangeId],
    ) -> Result<HashMap<AgencyChangeId, Vec<Party>>, Arc<Fault>> {
        Ok(store::parties(self.0.db.read(), ids).await?)
    }
}

/// Gives a request the loaders of this capability; they last as long as the request.
pub fn with_loaders(request: Request, platform: &Platform) -> Request {
    request.data(DataLoader::new(Parties(platform.clone()), tokio::spawn))
}
