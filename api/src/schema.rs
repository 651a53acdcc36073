//! The root of GraphQL: merges the capabilities and sets the limits.

mod node;

use std::any::TypeId;
use std::sync::Arc;

use async_graphql::{
    Data, MergedObject, MergedSubscription, Request, Response, Schema, SchemaBuilder,
};
use futures::stream::{self, BoxStream, StreamExt};

use crate::auth::graphql::{AuthMutation, AuthQuery};
use crate::certification::graphql::{
    CertificationMutation, CertificationQuery, ExistingMutation, OwnQuery,
};
use crate::checks::graphql::{ChecksMutation, ChecksQuery, ChecksSubscription};
use crate::complaints::graphql::{ComplaintsMutation, ComplaintsQuery};
use crate::devices::graphql::{DevicesMutation, DevicesQuery};
use crate::exports::graphql::ExportsQuery;
use crate::graphql::jobs::JobQuery;
use crate::graphql::{Caller, limits};
use crate::imports::graphql::{ImportsMutation, ImportsQuery};
use crate::officers::graphql::{ExistingQuery, OfficersMutation, OfficersQuery};
use crate::organisations::graphql::{OrganisationsMutation, OrganisationsQuery};
use crate::photo_packs::graphql::PhotoPacksQuery;
use crate::photos::graphql::{PhotosMutation, PhotosQuery};
use crate::platform::Platform;
use crate::policy::graphql::{PolicyMutation, PolicyQuery};
use crate::reorganisation::graphql::{ReorganisationMutation, ReorganisationQuery};
use crate::showings::graphql::{ShowingsMutation, ShowingsQuery};
use crate::training::graphql::{TrainingMutation, TrainingQuery};
use crate::verification::graphql::VerificationQuery;
use crate::verification::graphql_checks::VerificationMutation;
use crate::worklist::graphql::WorklistQuery;
use crate::{certification, officers, organisations, reorganisation};

/// Queries.
#[derive(MergedObject, Default)]
pub struct Query(
    AuthQuery,
    OrganisationsQuery,
    OfficersQuery,
    ExistingQuery,
    ImportsQuery,
    PhotosQuery,
    TrainingQuery,
    CertificationQuery,
    OwnQuery,
    ShowingsQuery,
    PhotoPacksQuery,
    ReorganisationQuery,
    ChecksQuery,
    PolicyQuery,
    JobQuery,
    VerificationQuery,
    ComplaintsQuery,
    WorklistQuery,
    ExportsQuery,
    DevicesQuery,
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
    TrainingMutation,
    CertificationMutation,
    ShowingsMutation,
    ReorganisationMutation,
    ExistingMutation,
    ChecksMutation,
    ComplaintsMutation,
    PolicyMutation,
    DevicesMutation,
    VerificationMutation,
);

/// Subscriptions.
#[derive(MergedSubscription, Default)]
pub struct Subscription(ChecksSubscription);

/// The schema.
pub type ApiSchema = Schema<Query, Mutation, Subscription>;

/// The schema without its data, as for printing the SDL.
pub fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_depth(limits::DEPTH)
        .limit_complexity(limits::COMPLEXITY)
        .limit_recursive_depth(limits::RECURSION)
        .limit_directives(limits::DIRECTIVES)
}

/// The schema in its own language.
pub fn sdl() -> String {
    builder().finish().sdl()
}

/// Executes a request, with a code on every error. Its limits and loaders are no extensions of the
/// library: where there is one, it does several times the work for each field.
pub async fn execute(schema: &ApiSchema, platform: &Platform, mut request: Request) -> Response {
    let response = match limits::check(&mut request) {
        Ok(()) => schema.execute(with_loaders(request, platform)).await,
        Err(refusal) => Response::from_errors(vec![refusal]),
    };
    limits::with_codes(response)
}

/// Executes a subscription, with a code on every error. A connection that stays open carries nothing
/// else: what reads or changes something goes over HTTP, with the limits and the sign-in of each
/// request.
pub fn execute_stream(
    schema: &ApiSchema,
    mut request: Request,
    session: Option<Arc<Data>>,
) -> BoxStream<'static, Response> {
    let refusal = match limits::check_subscription(&mut request) {
        Ok(()) => {
            let session = session.unwrap_or_default();
            let responses = schema.execute_stream_with_session_data(request, session);
            return responses.map(limits::with_codes).boxed();
        }
        Err(refusal) => Response::from_errors(vec![refusal]),
    };
    stream::iter([limits::with_codes(refusal)]).boxed()
}

/// Gives each request loaders of its own, which reach what its caller may read.
fn with_loaders(mut request: Request, platform: &Platform) -> Request {
    let caller = request.data.get(&TypeId::of::<Caller>());
    let actor = caller.and_then(|c| c.downcast_ref::<Caller>()).and_then(|c| c.actor.clone());
    if let Some(actor) = actor {
        request = organisations::graphql::with_loaders(request, platform);
        request = officers::graphql::with_loaders(request, platform, &actor);
        request = certification::graphql::with_loaders(request, platform, &actor);
        request = reorganisation::graphql::with_loaders(request, platform);
    }
    request
}
