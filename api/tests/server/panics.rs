//! What a client is told where a handler panics.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::{any, get};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::harness::TestApp;

/// The routes of both kinds, each with a handler that panics.
async fn broken(app: &TestApp, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    async fn breaks() -> StatusCode {
        panic!("as a test wants it")
    }
    let pages = Router::new().route("/v/{*scanned}", get(breaks)).fallback(breaks);
    let interfaces =
        Router::new().route("/graphql", any(breaks)).route("/officers/{id}/photo", any(breaks));
    let router = api::http::panics::answered(pages, interfaces, &app.web);
    let response = router.with_state(app.web.clone()).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.into()).unwrap())
}

#[tokio::test]
async fn a_page_whose_handler_panics_says_that_the_service_is_down() {
    let app = TestApp::new().await;
    for (path, preferred, language, heading) in [
        ("/v/123", None, "zh-CN", "<h1>暂时无法核验</h1>"),
        ("/v/123", Some("en"), "en", "<h1>Cannot check right now</h1>"),
        ("/v/123?lang=zh-CN", Some("en"), "zh-CN", "<h1>暂时无法核验</h1>"),
        ("/nowhere?lang=en", None, "en", "<h1>Cannot check right now</h1>"),
    ] {
        let mut request = Request::get(path);
        if let Some(preferred) = preferred {
            request = request.header(header::ACCEPT_LANGUAGE, preferred);
        }
        let (status, headers, page) = broken(&app, request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(page.contains("data-verdict=\"SERVICE_DOWN\""), "{page}");
        assert!(page.contains(&format!("<html lang=\"{language}\">")), "{page}");
        assert!(page.contains(heading), "{page}");
        assert!(!page.contains("as a test wants it"), "{page}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
    }
}

#[tokio::test]
async fn an_interface_whose_handler_panics_answers_internal_in_json() {
    let app = TestApp::new().await;
    for (method, path) in [("POST", "/graphql"), ("PUT", "/officers/pers_1/photo")] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let (status, headers, body) = broken(&app, request).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/json", "{path}");
        assert_eq!(
            serde_json::from_str::<Value>(&body).unwrap(),
            json!({ "errors": [{
                "message": "系统故障，请稍后再试。",
                "extensions": { "code": "INTERNAL" },
            }] }),
            "{path}"
        );
    }
}
