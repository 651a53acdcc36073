//! The root of GraphQL: merges the capabilities and sets the limits.

mod node;

use std::any::TypeId;
use std::sync::Arc;

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest,
};
use async_graphql::{
    EmptySubscription, MergedObject, Request, Schema, SchemaBuilder, ServerResult,
};

use crate::auth::graphql::{AuthMutation, AuthQuery};
use crate::certification::graphql::{CertificationMutation, CertificationQuery};
use crate::graphql::jobs::JobQuery;
use crate::graphql::{Caller, limits};
use crate::imports::graphql::{ImportsMutation, ImportsQuery};
use crate::officers::graphql::{OfficersMutation, OfficersQuery};
use crate::organisations::graphql::{OrganisationsMutation, OrganisationsQuery};
use crate::photos::graphql::{PhotosMutation, PhotosQuery};
use crate::platform::Platform;
use crate::policy::graphql::{PolicyMutation, PolicyQuery};
use crate::{certification, officers, organisations};

/// Queries.
#[derive(MergedObject, Default)]
pub struct Query(
    AuthQuery,
    OrganisationsQuery,
    OfficersQuery,
    ImportsQuery,
    PhotosQuery,
    CertificationQuery,
    PolicyQuery,
    JobQuery,
    node::NodeQuery,
);

/// Mutations.
#[derive(MergedObject, Default)]
pub struct Mutation(
    AuthMutation,
    OrganisationsMutation,
    OfficersMutation,
    ImportsMutation,
    PhotosMutation,
    CertificationMutation,
    PolicyMutation,
);

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
        .extension(Loaders)
}

/// The schema in its own language.
pub fn sdl() -> String {
    builder().finish().sdl()
}

/// Gives each request loaders of its own, which reach what its caller may read.
struct Loaders;

impl ExtensionFactory for Loaders {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Loaders {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let mut request = next.run(ctx, request).await?;
        let caller = request.data.get(&TypeId::of::<Caller>());
        let actor = caller.and_then(|c| c.downcast_ref::<Caller>()).and_then(|c| c.actor.clone());
        if let (Ok(platform), Some(actor)) = (ctx.data::<Platform>(), actor) {
            request = organisations::graphql::with_loaders(request, platform);
            request = officers::graphql::with_loaders(request, platform, &actor);
            request = certification::graphql::with_loaders(request, platform, &actor);
        }
        Ok(request)
    }
}
