//! Showings and joint authorisations in GraphQL: parse, one use-case, map.

mod joint;
mod mutations;
mod queries;
mod types;

use async_graphql::MergedObject;

pub use joint::{JointAuthorisation, find_joint_authorisation};
pub use queries::find_showing;
pub use types::Showing;

/// Queries of showings and joint authorisations.
#[derive(MergedObject, Default)]
pub struct ShowingsQuery(queries::ShowingQuery, joint::JointQuery);

/// Mutations of showings and joint authorisations.
#[derive(MergedObject, Default)]
pub struct ShowingsMutation(mutations::ShowingMutation, joint::JointMutation);
