//! The router: GraphQL, health, and the public pages and files of the capabilities.

mod address;
mod cached;
mod cards;
mod export_filters;
mod exports;
mod feedback;
mod files;
mod forms;
mod graphql;
mod health;
mod live;
mod lookup;
pub mod metrics;
pub mod panics;
mod photo_packs;
mod photos;
mod public;
mod record;
mod status;
mod training;
mod trust;

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::auth::Auth;
use crate::certification::graphql::CodePrefix;
use crate::config::Config;
use crate::credentials::printing::Press;
use crate::organisations;
use crate::platform::Platform;
use crate::platform::failure::Fault;
use crate::schema::ApiSchema;
use crate::verification::scan::Scanner;

/// What handlers are given. Cloning is cheap: it is done several times a request.
#[derive(Clone)]
pub struct Web(Arc<Handles>);

/// What [`Web`] holds.
pub struct Handles {
    /// The handles.
    pub platform: Platform,
    /// Signs people in.
    pub auth: Auth,
    /// The schema with its data.
    pub schema: ApiSchema,
    /// Answers scans.
    pub scanner: Scanner,
    /// Rosters received and read at once: each may take some hundred MB.
    pub rosters: Semaphore,
    /// Pictures decoded at once: each may take some hundred MB.
    pub pictures: Arc<Semaphore>,
    /// Batches of cards written at once: each takes a core, and some ten MB.
    pub cards: Arc<Semaphore>,
    /// What all cards share.
    pub press: Press,
    /// ZIPs of photos received and looked at at once: each takes its size in the data folder.
    pub archives: Arc<Semaphore>,
    /// Exports written at once: each takes a core, and some ten MB.
    pub exports: Arc<Semaphore>,
    /// Connections that stay open.
    pub connections: live::Connections,
    /// Settings.
    pub config: Config,
    /// Supervision phone of the province, shown where no agency's is; see [`Web::load_phone`].
    supervision_phone: OnceLock<String>,
}

impl Deref for Web {
    type Target = Handles;

    fn deref(&self) -> &Handles {
        &self.0
    }
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
        Self(Arc::new(Handles {
            scanner: Scanner::new(&platform.db),
            platform,
            auth,
            schema,
            rosters: Semaphore::new(2),
            cards: Arc::new(Semaphore::new(2)),
            press: Press::new(config.card_font_file.clone(), config.code_prefix()),
            pictures: Arc::new(Semaphore::new(2)),
            archives: Arc::new(Semaphore::new(2)),
            exports: Arc::new(Semaphore::new(2)),
            connections: live::Connections::default(),
            config,
            supervision_phone: OnceLock::new(),
        }))
    }

    /// Reads the province's supervision phone once, so that a page about a code that cannot be
    /// read needs no database.
    pub async fn load_phone(&self) -> Result<(), Fault> {
        if let Some(phone) = organisations::province_phone(self.platform.db.read()).await? {
            self.supervision_phone.get_or_init(|| phone);
        }
        Ok(())
    }
}

/// Documents and archives are compressed already; they are the largest answers.
fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/zip"))
}

/// Every route.
pub fn router(web: Web) -> Router {
    panics::answered(pages(), interfaces(), &web)
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(from_fn_with_state(web.clone(), metrics::measure))
        .with_state(web)
}

/// What people open.
fn pages() -> Router<Web> {
    Router::new()
        .route("/v/{*scanned}", get(public::scan))
        .route("/v/", get(public::scan))
        .route("/v", get(public::scan))
        .route("/photo/{hash}/{until}/{signature}", get(public::photo))
        .route("/lookup", lookup::routes())
        .route("/feedback", feedback::form_routes())
        .route("/feedback/about/{token}", get(feedback::about))
        .route("/feedback/receipt", feedback::receipt_routes())
        .route("/record", record::routes())
        .route("/help", get(public::help))
        .route("/", get(public::help))
        .fallback(public::not_found)
}

/// What programs call.
fn interfaces() -> Router<Web> {
    Router::new()
        .route("/graphql", post(graphql::execute).get(graphql::explorer))
        .route("/graphql/ws", get(live::open))
        .route("/graphql/schema.graphql", get(graphql::sdl))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/favicon.ico", get(public::favicon))
        .merge(files::routes())
        .merge(cards::routes())
        .merge(photos::routes())
        .merge(photo_packs::routes())
        .merge(training::routes())
        .merge(exports::routes())
        .merge(status::routes())
        .merge(trust::routes())
}
