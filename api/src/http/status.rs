//! Status lists for whoever verifies: signed, public, and kept by caches (Token Status List, sections
//! 8 and 9). Nobody is told who asks for what: a list holds many thousands.

use axum::Json;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use entities::status_token;
use mobile_contract::status_list::{CWT_MEDIA_TYPE, JWT_MEDIA_TYPE};
use serde_json::json;

use super::Web;
use super::cached::{parameter, public, tagged, unavailable};
use crate::credentials::lists;

/// How long, in seconds, what was so at a time, and which lists there are, need not be asked again.
const KEEP: i64 = 300;

/// The routes of status lists.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/status", get(all)).route("/status/{list}", get(one))
}

/// A form in which a list is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Jwt,
    Cwt,
}

impl Form {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Jwt => JWT_MEDIA_TYPE,
            Self::Cwt => CWT_MEDIA_TYPE,
        }
    }

    /// The form that a caller prefers (RFC 9110, section 12.5.1); JWT where both are alike; none
    /// where neither will do.
    fn preferred(accept: Option<&str>) -> Option<Self> {
        let Some(accept) = accept else { return Some(Self::Jwt) };
        let quality = |form: Self| {
            let ranges = accept.split(',').filter_map(|range| {
                let mut parts = range.split(';').map(str::trim);
                let specific = match parts.next()? {
                    range if range.eq_ignore_ascii_case(form.media_type()) => 2,
                    "application/*" => 1,
                    "*/*" => 0,
                    _ => return None,
                };
                let weight = parts.find_map(|part| part.strip_prefix("q="));
                Some((specific, weight.map_or(Some(1.0), |q| q.parse::<f32>().ok())?))
            });
            // The most specific range counts, whatever the others say.
            ranges.max_by_key(|(specific, _)| *specific).map_or(0.0, |(_, quality)| quality)
        };
        let (jwt, cwt) = (quality(Self::Jwt), quality(Self::Cwt));
        if jwt <= 0.0 && cwt <= 0.0 {
            return None;
        }
        Some(if cwt > jwt { Self::Cwt } else { Self::Jwt })
    }
}

/// `GET /status`: the addresses of all lists.
async fn all(State(web): State<Web>) -> Response {
    match lists::list_numbers(web.platform.db.read()).await {
        Ok(numbers) => {
            let uri = |list| lists::list_uri(web.config.public_url(), list);
            let body = json!({ "status_lists": numbers.into_iter().map(uri).collect::<Vec<_>>() });
            (public(KEEP), Json(body)).into_response()
        }
        Err(fault) => unavailable(&fault),
    }
}

/// `GET /status/{list}`, or with `?time=` in Unix seconds what it said at a time.
async fn one(
    State(web): State<Web>,
    Path(list): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let number = list.parse::<i32>().ok().filter(|number| number.to_string() == list);
    let Some(number) = number else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(at) = time(query.as_deref()) else { return StatusCode::BAD_REQUEST.into_response() };
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let Some(form) = Form::preferred(accept) else {
        return (StatusCode::NOT_ACCEPTABLE, public(KEEP)).into_response();
    };
    let now = web.platform.now();
    if at.is_some_and(|at| at > now || at < DateTime::UNIX_EPOCH) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match lists::signed_list(web.platform.db.read(), number, at).await {
        Ok(Some(token)) => handed_out(token, form, at.is_some(), &headers, now),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => unavailable(&fault),
    }
}

/// The moment that is asked for, if one is.
fn time(query: Option<&str>) -> Result<Option<DateTime<Utc>>, ()> {
    let Some(time) = parameter(query, "time") else { return Ok(None) };
    let moment = time.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    moment.map(Some).ok_or(())
}

fn handed_out(
    token: status_token::Model,
    form: Form,
    past: bool,
    asked: &HeaderMap,
    now: DateTime<Utc>,
) -> Response {
    let issued_at = token.issued_at.timestamp();
    let tag = format!("W/\"{}-{issued_at}-{}\"", token.list, form.media_type());
    // A copy is kept until the list should be asked for again, and not a moment longer.
    let left = issued_at.saturating_add(token.ttl.into()).saturating_sub(now.timestamp());
    let keep = if past { KEEP } else { left.max(0) };
    let kind = [(header::CONTENT_TYPE, form.media_type())];
    match form {
        Form::Jwt => tagged(asked, tag, keep, (kind, token.jwt)),
        Form::Cwt => tagged(asked, tag, keep, (kind, token.cwt)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_the_one_that_is_preferred() {
        let (jwt, cwt) = (Some(Form::Jwt), Some(Form::Cwt));
        for (accept, form) in [
            (None, jwt),
            (Some("*/*"), jwt),
            (Some("application/*"), jwt),
            (Some("application/statuslist+jwt"), jwt),
            (Some("application/statuslist+cwt"), cwt),
            (Some("Application/StatusList+CWT"), cwt),
            (Some("application/statuslist+jwt;q=0.5, application/statuslist+cwt"), cwt),
            (Some("application/statuslist+cwt;q=0.2, */*;q=0.1"), cwt),
            (Some("application/statuslist+cwt;q=0, */*"), jwt),
            (Some("text/html, application/statuslist+cwt;q=0.9"), cwt),
            (Some("text/html"), None),
            (Some("*/*;q=0"), None),
            (Some("application/statuslist+jwt;q=zero"), None),
            (Some(""), None),
        ] {
            assert_eq!(Form::preferred(accept), form, "{accept:?}");
        }
    }

    #[test]
    fn a_time_is_a_number_of_seconds() {
        assert_eq!(time(None), Ok(None));
        assert_eq!(time(Some("other=1")), Ok(None));
        assert_eq!(time(Some("time=60")), Ok(DateTime::from_timestamp(60, 0)));
        for wrong in ["time=", "time=now", "time=1.5", "a=b&time=99999999999999999999"] {
            assert_eq!(time(Some(wrong)), Err(()), "{wrong}");
        }
    }
}
