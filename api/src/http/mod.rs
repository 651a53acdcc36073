//! The router: GraphQL, health, and the public pages and files of the capabilities.

mod graphql;
mod health;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::auth::Auth;
use crate::config::Config;
use crate::platform::Platform;
use crate::schema::ApiSchema;

/// What handlers are given.
#[derive(Clone)]
pub struct Web {
    /// The handles.
    pub platform: Platform,
    /// Signs people in.
    pub auth: Auth,
    /// The schema with its data.
    pub schema: ApiSchema,
    /// Settings.
    pub config: Arc<Config>,
}

impl Web {
    /// Puts the deployment together.
    pub fn new(platform: Platform, config: Config) -> Self {
        let auth = Auth::new(config.public_url());
        let schema = crate::schema::builder().data(platform.clone()).data(auth.clone()).finish();
        Self { platform, auth, schema, config: Arc::new(config) }
    }
}

/// Every route.
pub fn router(web: Web) -> Router {
    Router::new()
        .route("/graphql", post(graphql::execute).get(graphql::explorer))
        .route("/graphql/schema.graphql", get(graphql::sdl))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .with_state(web)
}
