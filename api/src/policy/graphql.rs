//! Policies over GraphQL.

use async_graphql::{Context, InputObject, Json, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::PolicyId;
use entities::policy;
use serde_json::Value;

use super::{NewVersion, PolicyKey};
use crate::access::Permission;
use crate::graphql::ids::Id;
use crate::graphql::{Needs, UserError, answer, caller};

/// Most versions a query answers with.
const MOST_VERSIONS: u64 = 500;

/// A version of a rule that varies between provinces. Never changed: a new version follows it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Policy {
    /// Id.
    id: Id<PolicyId>,
    /// Which rule.
    key: PolicyKey,
    /// The division (GB/T 2260) it holds in, and below where none is nearer.
    division_code: String,
    /// 1, 2, 3 …
    version: i32,
    /// First day it holds.
    effective_from: NaiveDate,
    /// The rule.
    body: Json<Value>,
    /// When it was entered.
    created_at: DateTime<Utc>,
}

impl Policy {
    fn of(row: policy::Model) -> Option<Self> {
        Some(Self {
            id: row.id.into(),
            key: PolicyKey::from_code(&row.key)?,
            division_code: row.division_code,
            version: row.version,
            effective_from: row.effective_from,
            body: Json(row.body),
            created_at: row.created_at,
        })
    }
}

/// A new version of a policy.
#[derive(InputObject)]
pub struct EnterPolicyVersionInput {
    /// Which rule.
    key: PolicyKey,
    /// The division it is to hold in, and below.
    division_code: String,
    /// First day: after the last version's, and not in the past.
    effective_from: NaiveDate,
    /// The whole rule; unknown and missing fields are refused.
    body: Json<Value>,
}

/// What came of entering a version.
#[derive(SimpleObject)]
pub struct EnterPolicyVersionPayload {
    /// The version, where it was entered.
    policy: Option<Policy>,
    /// What was refused.
    user_errors: Vec<UserError>,
}

/// Queries on policies.
#[derive(Default)]
pub struct PolicyQuery;

#[Object]
impl PolicyQuery {
    /// Versions of policies by rule and division, newest first; at most 500.
    #[graphql(guard = "Needs(Permission::ReadOrganisations)", complexity = "50")]
    async fn policies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this rule.")] key: Option<PolicyKey>,
        #[graphql(desc = "Only those entered for this division itself.")] division_code: Option<
            String,
        >,
    ) -> Result<Vec<Policy>> {
        let (platform, _) = caller(ctx)?;
        let rows =
            super::versions(platform.db.read(), key, division_code.as_deref(), MOST_VERSIONS)
                .await?;
        Ok(rows.into_iter().filter_map(Policy::of).collect())
    }
}

/// Mutations of policies.
#[derive(Default)]
pub struct PolicyMutation;

#[Object]
impl PolicyMutation {
    /// Enters a new version of a policy.
    #[graphql(guard = "Needs(Permission::ManagePolicies)")]
    async fn enter_policy_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new version.")] input: EnterPolicyVersionInput,
    ) -> Result<EnterPolicyVersionPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = NewVersion {
            key: input.key,
            division: input.division_code,
            effective_from: input.effective_from,
            body: input.body.0,
        };
        let (row, user_errors) = answer(ctx, super::enter_version(platform, actor, new).await)?;
        Ok(EnterPolicyVersionPayload { policy: row.and_then(Policy::of), user_errors })
    }
}
