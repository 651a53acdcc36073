//! What is answered where a handler panics: a page that says the service is down, or INTERNAL in
//! JSON; never a bare 500, and nothing that could be taken for a verdict on a certificate. What
//! panicked, and where, stands on standard error by the panic hook.

use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use futures::FutureExt;

use super::public::{self, PageLocale};
use super::{Web, graphql};
use crate::graphql::request_error::RequestError;

/// Both kinds of routes as one router, each with its own answer to a panic.
pub fn answered(pages: Router<Web>, interfaces: Router<Web>, web: &Web) -> Router<Web> {
    interfaces
        .layer(from_fn(in_json))
        .merge(pages.layer(from_fn_with_state(web.clone(), on_a_page)))
}

async fn on_a_page(
    State(web): State<Web>,
    PageLocale(locale): PageLocale,
    request: Request,
    next: Next,
) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| {
        tracing::error!("a handler of a public page panicked");
        public::service_down(&web, locale)
    })
}

async fn in_json(PageLocale(locale): PageLocale, request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| {
        tracing::error!("a handler panicked");
        graphql::refused(RequestError::Internal, locale)
    })
}
