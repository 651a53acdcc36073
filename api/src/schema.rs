//! The root of GraphQL: merges the capabilities and sets the limits.

use async_graphql::{EmptySubscription, MergedObject, Schema, SchemaBuilder};

use crate::auth::graphql::{AuthMutation, AuthQuery};
use crate::graphql::limits;

/// Queries.
#[derive(MergedObject, Default)]
pub struct Query(AuthQuery);

/// Mutations.
#[derive(MergedObject, Default)]
pub struct Mutation(AuthMutation);

/// The schema.
pub type ApiSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema without its data, as for printing the SDL.
pub fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .limit_depth(limits::DEPTH)
        .limit_complexity(limits::COMPLEXITY)
        .limit_recursive_depth(limits::RECURSION)
        .limit_directives(limits::DIRECTIVES)
        .extension(limits::DocumentLimits)
}

/// The schema in its own language.
pub fn sdl() -> String {
    builder().finish().sdl()
}
