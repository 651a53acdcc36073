//! GraphQL over HTTP: JSON by POST only, no batches; the explorer by GET.

use async_graphql::http::GraphiQLSource;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::Web;
use super::address::{Peer, place};
use crate::graphql::{Caller, ClientAddress, RequestError, admit};
use crate::platform::texts::Locale;
use crate::schema;

/// Largest body.
const BODY: usize = 256 * 1024;

/// Answers an operation.
pub(super) async fn execute(
    State(web): State<Web>,
    peer: Peer,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(';').next().is_some_and(|t| t.trim() == "application/json"));
    let locale = language(&headers);
    if !is_json {
        return refused(RequestError::JsonRequired, locale);
    }
    let too_large = || refused(RequestError::BodyTooLarge, locale);
    let body = match body {
        Ok(body) if body.len() <= BODY => body,
        Ok(_) => return too_large(),
        // The framework stops reading before us where a body is larger still.
        Err(e) if e.status() == StatusCode::PAYLOAD_TOO_LARGE => return too_large(),
        Err(_) => return refused(RequestError::BodyUnreadable, locale),
    };
    // A list would be read as a request field by field, and looks like a batch.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    let mut request: async_graphql::Request = match serde_json::from_slice(&body) {
        Ok(request) if is_object => request,
        _ => return refused(RequestError::JsonInvalid, locale),
    };
    let caller = match caller(&web, &headers).await {
        Ok(caller) => caller,
        Err(response) => return *response,
    };
    if let Err(error) = admit(web.config.persisted_operations, &caller, &mut request) {
        return not_stored(refused(error, locale));
    }
    let mut request = request.data(caller);
    if let Some(address) = place(&web, peer, &headers) {
        request = request.data(ClientAddress(address));
    }
    let response = schema::execute(&web.schema, &web.platform, request).await;
    not_stored(Json(response).into_response())
}

fn not_stored(mut response: Response) -> Response {
    let value = header::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}

/// Who asks. A token that is given and does not hold is refused, not ignored.
pub(super) async fn caller(web: &Web, headers: &HeaderMap) -> Result<Caller, Box<Response>> {
    let locale = language(headers);
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(Caller { actor: None, locale });
    };
    let token = value.to_str().ok().and_then(|v| v.strip_prefix("Bearer "));
    let actor = match token {
        Some(token) => web.auth.authenticate(&web.platform, token.trim()).await,
        None => Ok(None),
    };
    match actor {
        Ok(Some(actor)) => Ok(Caller { actor: Some(actor), locale }),
        Ok(None) => Err(Box::new(refused(RequestError::TokenInvalid, locale))),
        Err(fault) => {
            tracing::error!(error = %fault, "a session could not be read");
            Err(Box::new(refused(RequestError::Busy, locale)))
        }
    }
}

/// The language of the answer.
pub(super) fn language(headers: &HeaderMap) -> Locale {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    Locale::from_accept_language(wanted)
}

/// A refusal in the shape of a GraphQL answer.
pub(super) fn refused(error: RequestError, locale: Locale) -> Response {
    let code = error.code();
    let body =
        json!({ "errors": [{ "message": error.text(locale), "extensions": { "code": code } }] });
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(body)).into_response()
}

/// The schema as text.
pub(super) async fn sdl() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], schema::sdl())
}

/// The explorer. Its scripts come from a public address; where they cannot be fetched the page
/// says so and offers the schema.
pub(super) async fn explorer() -> Html<String> {
    let page = GraphiQLSource::build().endpoint("/graphql").title("Liangzheng GraphQL").finish();
    let fallback = r#"<noscript>GraphQL: <a href="/graphql/schema.graphql">schema.graphql</a></noscript>
<div id="offline" hidden style="font:16px/1.6 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em">
<h1 style="font-size:1.4em">浏览器脚本未能加载 / The explorer's scripts could not be fetched</h1>
<p>当前网络无法取得 GraphiQL。接口仍可使用：请向 <code>/graphql</code> 发送 POST 请求。</p>
<p>This network does not reach GraphiQL. The API works all the same: POST to <code>/graphql</code>.</p>
<p><a href="/graphql/schema.graphql">schema.graphql</a></p></div>
<script>window.addEventListener("load",function(){if(!window.GraphiQL){document.getElementById("graphiql").hidden=true;document.getElementById("offline").hidden=false}})</script>
</body>"#;
    Html(page.replace("</body>", fallback))
}
