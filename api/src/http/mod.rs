//! The router: GraphQL, health, and the public pages and files of the capabilities.

mod files;
mod graphql;
mod health;
pub mod panics;
mod public;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;

use crate::auth::Auth;
use crate::certification::graphql::CodePrefix;
use crate::config::Config;
use crate::organisations;
use crate::platform::Platform;
use crate::platform::failure::Fault;
use crate::schema::ApiSchema;
use crate::verification::scan::Scanner;

/// What handlers are given.
#[derive(Clone)]
pub struct Web {
    /// The handles.
    pub platform: Platform,
    /// Signs people in.
    pub auth: Auth,
    /// The schema with its data.
    pub schema: ApiSchema,
    /// Answers scans.
    pub scanner: Scanner,
    /// Rosters received and read at once: each may take some hundred MB.
    pub rosters: Arc<Semaphore>,
    /// Pictures decoded at once: each may take some hundred MB.
    pub pictures: Arc<Semaphore>,
    /// Supervision phone of the province, shown where no agency's is; see [`Web::load_phone`].
    pub supervision_phone: Option<String>,
    /// Settings.
    pub config: Arc<Config>,
}

impl Web {
    /// Puts the deployment together.
    pub fn new(platform: Platform, config: Config) -> Self {
        let auth = Auth::new(config.public_url());
        let schema = crate::schema::builder()
            .data(platform.clone())
            .data(auth.clone())
            .data(CodePrefix(config.code_prefix()))
            .finish();
        Self {
            scanner: Scanner::new(&platform.db),
            platform,
            auth,
            schema,
            rosters: Arc::new(Semaphore::new(2)),
            pictures: Arc::new(Semaphore::new(2)),
            supervision_phone: None,
            config: Arc::new(config),
        }
    }
}

impl Web {
    /// Reads the province's supervision phone once, so that a page about a code that cannot be
    /// read needs no database.
    pub async fn load_phone(&mut self) -> Result<(), Fault> {
        let db = self.platform.db.read();
        self.supervision_phone = organisations::province_phone(db).await?;
        Ok(())
    }
}

/// Every route.
pub fn router(web: Web) -> Router {
    panics::answered(pages(), interfaces(), &web).layer(CompressionLayer::new()).with_state(web)
}

/// What people open.
fn pages() -> Router<Web> {
    Router::new()
        .route("/v/{*scanned}", get(public::scan))
        .route("/v/", get(public::scan))
        .route("/v", get(public::scan))
        .route("/photo/{hash}/{until}/{signature}", get(public::photo))
        .route("/help", get(public::help))
        .route("/", get(public::help))
        .fallback(public::not_found)
}

/// What programs call.
fn interfaces() -> Router<Web> {
    Router::new()
        .route("/graphql", post(graphql::execute).get(graphql::explorer))
        .route("/graphql/schema.graphql", get(graphql::sdl))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/favicon.ico", get(public::favicon))
        .merge(files::routes())
}
