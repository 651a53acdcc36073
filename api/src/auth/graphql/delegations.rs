//! Roles lent to another account.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::{AgencyId, DelegationId};

use crate::auth::delegation::{self, NewDelegation};
use crate::graphql::enums::{Role, ScopeAxis};
use crate::graphql::guard::{self, SignedIn};
use crate::graphql::ids::{Id, encode};
use crate::graphql::{UserError, answer, caller};

/// A role that one account lends to another until a moment. The lender keeps it.
#[derive(SimpleObject)]
pub struct Delegation {
    /// Id, for `endDelegation`.
    id: Id<DelegationId>,
    /// The role.
    role: Role,
    /// Root of the part of the tree.
    agency_id: ID,
    /// Name of the root.
    agency_name: String,
    /// Along which tree.
    axis: ScopeAxis,
    /// The account that lends.
    from_account_id: ID,
    /// Whose account that is.
    from_name: String,
    /// The account that acts.
    to_account_id: ID,
    /// Whose account that is.
    to_name: String,
    /// Holds from then on.
    starts_at: DateTime<Utc>,
    /// Holds no longer from then on: its end, or earlier where it was ended or the lender lost the
    /// role.
    ends_at: DateTime<Utc>,
    /// It holds now.
    is_in_force: bool,
    /// What the lender noted.
    note: Option<String>,
}

impl Delegation {
    fn of(found: delegation::Delegation, now: DateTime<Utc>) -> Self {
        let ends_at = found.end();
        let row = found.row;
        Self {
            id: row.id.into(),
            role: found.role.into(),
            agency_id: encode(row.agency_id).into(),
            agency_name: found.agency_name,
            axis: found.axis.into(),
            from_account_id: encode(row.from_account_id).into(),
            from_name: found.from_name,
            to_account_id: encode(row.to_account_id).into(),
            to_name: found.to_name,
            starts_at: row.starts_at,
            ends_at,
            is_in_force: found.reaches && row.starts_at <= now && now < ends_at,
            note: row.note,
        }
    }
}

/// A role to be lent.
#[derive(InputObject)]
pub struct DelegateRoleInput {
    /// The role: one of the account's own.
    role: Role,
    /// Root of the part: an agency that the role is over.
    agency_id: Id<AgencyId>,
    /// Sign-in name of a colleague who works within what the role is over.
    to_login: String,
    /// From when; now where it is not given. At most a year ahead.
    from: Option<DateTime<Utc>>,
    /// Until when; the policy on accounts says for how many days at most.
    until: DateTime<Utc>,
    /// For those who look at it later; at most 1,000 characters.
    note: Option<String>,
}

/// What came of lending a role, or of ending that.
#[derive(SimpleObject)]
pub struct DelegationPayload {
    /// The delegation; none where there are user errors.
    delegation_id: Option<Id<DelegationId>>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Queries of delegations.
#[derive(Default)]
pub struct DelegationQuery;

#[Object]
impl DelegationQuery {
    /// What the signed-in account lends and what is lent to it, past ones too, newest first; 100 at
    /// most.
    #[graphql(guard = "SignedIn", complexity = "20 * child_complexity")]
    async fn delegations(&self, ctx: &Context<'_>) -> Result<Vec<Delegation>> {
        let (platform, actor) = caller(ctx)?;
        let Some(account) = actor.account() else { return Ok(Vec::new()) };
        let found = delegation::of_account(platform.db.read(), account).await?;
        let now = platform.now();
        Ok(found.into_iter().map(|found| Delegation::of(found, now)).collect())
    }
}

/// Mutations of delegations.
#[derive(Default)]
pub struct DelegationMutation;

#[Object]
impl DelegationMutation {
    /// Lends a role of one's own to a colleague until a moment. It is not lent on, and ends with
    /// the role it rests on. Where duties are kept apart, the two count as one person. Where acts
    /// of the role ask for a recent password or a second factor, so does this.
    #[graphql(guard = "SignedIn")]
    async fn delegate_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is lent, to whom and until when.")] input: DelegateRoleInput,
    ) -> Result<DelegationPayload> {
        guard::lends(ctx, input.role.into())?;
        let (platform, actor) = caller(ctx)?;
        let new = NewDelegation {
            role: input.role.into(),
            agency: input.agency_id.get(),
            to_login: input.to_login,
            from: input.from,
            until: input.until,
            note: input.note,
        };
        let (id, user_errors) = answer(ctx, delegation::delegate(platform, actor, new).await)?;
        Ok(DelegationPayload { delegation_id: id.map(Into::into), user_errors })
    }

    /// Ends a delegation before its time, as its lender or as the one who acts.
    #[graphql(guard = "SignedIn")]
    async fn end_delegation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which delegation.")] delegation_id: Id<DelegationId>,
    ) -> Result<DelegationPayload> {
        let (platform, actor) = caller(ctx)?;
        let id = delegation_id.get();
        let (done, user_errors) = answer(ctx, delegation::end(platform, actor, id).await)?;
        Ok(DelegationPayload { delegation_id: done.map(|()| id.into()), user_errors })
    }
}
