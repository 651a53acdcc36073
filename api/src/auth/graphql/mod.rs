//! Signing in, sessions and accounts in GraphQL.

mod accounts;
mod delegations;
mod sessions;
mod types;

use async_graphql::MergedObject;
pub use sessions::AccountPayload;

/// Queries of sessions and accounts.
#[derive(MergedObject, Default)]
pub struct AuthQuery(sessions::SessionQuery, accounts::AccountQuery, delegations::DelegationQuery);

/// Mutations of sessions and accounts.
#[derive(MergedObject, Default)]
pub struct AuthMutation(
    sessions::SessionMutation,
    accounts::AccountMutation,
    delegations::DelegationMutation,
);
