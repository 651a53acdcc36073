//! Signing in, sessions and accounts in GraphQL.

mod accounts;
mod sessions;
mod types;

use async_graphql::MergedObject;

/// Queries of sessions and accounts.
#[derive(MergedObject, Default)]
pub struct AuthQuery(sessions::SessionQuery, accounts::AccountQuery);

/// Mutations of sessions and accounts.
#[derive(MergedObject, Default)]
pub struct AuthMutation(sessions::SessionMutation, accounts::AccountMutation);
