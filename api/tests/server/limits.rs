//! Limits on what a request may cost, each with its code, through the router as a client meets
//! them; and faults, which tell nothing of the inside.

use api::auth::Tokens;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use entities::enums::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};

/// A deployment and a token of someone who may read agencies.
async fn signed_in() -> (TestApp, Tokens) {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "reviewer", Role::JusticeReviewer, province.justice).await;
    let tokens = app.web.auth.sign_in(&app.platform, "reviewer", PASSWORD.into()).await.unwrap();
    (app, tokens)
}

fn post(content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql").header(header::CONTENT_TYPE, content_type).body(body.into()).unwrap()
}

/// Status and JSON of an answer; `null` where it is no JSON.
async fn send(app: &TestApp, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.http(request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 16 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

/// Sends a document with a token.
async fn query(app: &TestApp, token: Option<&str>, document: &str) -> (StatusCode, Value) {
    let mut request = post("application/json", json!({ "query": document }).to_string());
    if let Some(token) = token {
        let value = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    send(app, request).await
}

fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array();
    errors.into_iter().flatten().map(|e| e["extensions"]["code"].as_str().unwrap()).collect()
}

/// A fragment that spreads the next one twice, and so on: written out, 2^`levels` fields.
fn bomb(levels: usize) -> String {
    let mut parts = vec!["{ ...f0 }".to_owned()];
    parts.extend((0..levels).map(|level| {
        let next = level + 1;
        format!("fragment f{level} on Query {{ ...f{next} ...f{next} }}")
    }));
    parts.push(format!("fragment f{levels} on Query {{ __typename }}"));
    parts.join(" ")
}

/// `{ of { of … { __typename } } }`, `depth` fields deep.
fn introspection(depth: usize) -> String {
    let inner = format!("{}name{}", "ofType { ".repeat(depth - 3), " }".repeat(depth - 3));
    format!("{{ __schema {{ types {{ {inner} }} }} }}")
}

#[tokio::test]
async fn a_document_beyond_a_limit_is_refused_with_its_code() {
    let (app, tokens) = signed_in().await;
    let token = Some(tokens.access_token.as_str());
    let many = |what: &str, count: usize| what.repeat(count);
    let numbered =
        |count| (0..count).map(|n| format!("a{n}: __typename")).collect::<Vec<_>>().join(" ");
    let agencies = "agencies(first: 100) { edges { node { id number name aliases uscc kind \
                    leadership division { code name level parentCode } \
                    superior { id name } fields { code nameZh nameEn } } } }";
    let wide = format!("{{ {agencies} b: {agencies} c: {agencies} d: {agencies} e: {agencies} }}");
    let chain = (0..400).map(|n| format!("fragment f{n} on Query {{ ...f{} }}", n + 1));
    let chain = chain.collect::<Vec<_>>().join(" ");
    for (document, expected) in [
        (introspection(12), vec![]),
        (introspection(13), vec!["QUERY_TOO_DEEP"]),
        (introspection(40), vec!["QUERY_TOO_DEEP"]),
        (introspection(100), vec!["QUERY_TOO_DEEP"]),
        (format!("{{ {agencies} }}"), vec![]),
        (wide, vec!["QUERY_TOO_COMPLEX"]),
        (format!("{{ {} }}", many("viewer { accountId } ", 20)), vec![]),
        (format!("{{ {} }}", many("viewer { accountId } ", 21)), vec!["TOO_MANY_ROOT_FIELDS"]),
        (
            format!("{{ ... on Query {{ {} }} }}", many("viewer { accountId } ", 21)),
            vec!["TOO_MANY_ROOT_FIELDS"],
        ),
        (
            format!("{{ {} }} fragment f on Query {{ __typename __typename }}", many("...f ", 11)),
            vec!["TOO_MANY_ROOT_FIELDS"],
        ),
        (format!("{{ {} }}", numbered(15)), vec![]),
        (format!("{{ {} }}", numbered(16)), vec!["TOO_MANY_ALIASES"]),
        (
            format!("{{ ...f }} fragment f on Query {{ {} }}", numbered(16)),
            vec!["TOO_MANY_ALIASES"],
        ),
        (
            format!("{{ __typename {} }}", many("@include(if: true) ", 9)),
            vec!["TOO_MANY_DIRECTIVES"],
        ),
        ("{ ...a } fragment a on Query { ...a }".into(), vec!["GRAPHQL_VALIDATION_FAILED"]),
        (
            "{ ...a } fragment a on Query { ...b ...b } fragment b on Query { ...a ...a }".into(),
            vec!["GRAPHQL_VALIDATION_FAILED"],
        ),
        (bomb(4), vec![]),
        (bomb(5), vec!["TOO_MANY_ROOT_FIELDS"]),
        (bomb(25), vec!["TOO_MANY_ROOT_FIELDS"]),
        (bomb(100), vec!["QUERY_TOO_DEEP"]),
        (
            // The same below the root.
            bomb(25).replace("{ ...f0 }", "{ viewer { ...f0 } }").replace("on Query", "on Viewer"),
            vec!["QUERY_TOO_COMPLEX"],
        ),
        (format!("{{ ...f0 }} {chain}"), vec!["QUERY_TOO_DEEP"]),
        (format!("{{ __typename }} # {}", many("x", 20_000)), vec!["DOCUMENT_TOO_LARGE"]),
        (many("{a", 5_000), vec!["GRAPHQL_PARSE_FAILED"]),
        (format!("{{ a(x: {}) }}", many("[", 9_000)), vec!["GRAPHQL_PARSE_FAILED"]),
        (String::new(), vec!["GRAPHQL_PARSE_FAILED"]),
        ("{ nothing }".into(), vec!["GRAPHQL_VALIDATION_FAILED"]),
        ("{ agencies(first: 101) { edges { cursor } } }".into(), vec!["FIRST_OUT_OF_RANGE"]),
        ("{ agencies(first: 0) { edges { cursor } } }".into(), vec!["FIRST_OUT_OF_RANGE"]),
        (r#"{ agencies(after: "x") { edges { cursor } } }"#.into(), vec!["CURSOR_INVALID"]),
        ("subscription { x }".into(), vec!["GRAPHQL_VALIDATION_FAILED"]),
        // They go over a WebSocket.
        (
            "subscription { certificateStateChanged { id } }".into(),
            vec!["GRAPHQL_VALIDATION_FAILED"],
        ),
    ] {
        let (status, answer) = query(&app, token, &document).await;
        let shown: String = document.chars().take(100).collect();
        assert_eq!(status, StatusCode::OK, "{shown}");
        assert_eq!(codes(&answer), expected, "{shown}");
        assert_eq!(answer["data"].is_null(), !expected.is_empty(), "{shown}");
    }
}

#[tokio::test]
async fn what_a_variable_asks_for_counts_as_if_it_were_written() {
    let (app, tokens) = signed_in().await;
    let page = "agencies(first: $n) { edges { node { id number name aliases uscc kind leadership \
                isJustice issuesCertificates superior { id name } division { code name level \
                parentCode } } } }";
    let document = |given: &str| {
        format!(
            "query($n: Int{given}) {{ a: {page} b: {page} c: {page} d: {page} e: {page} f: {page} }}"
        )
    };
    for (given, variables, expected) in [
        ("", json!({ "n": 20 }), vec![]),
        ("", json!({}), vec![]),
        ("", json!({ "n": 100 }), vec!["QUERY_TOO_COMPLEX"]),
        (" = 100", json!({}), vec!["QUERY_TOO_COMPLEX"]),
        // What is beyond a page costs as much as a page, and is refused where it is not too much.
        ("", json!({ "n": i32::MAX }), vec!["QUERY_TOO_COMPLEX"]),
        ("", json!({ "n": -1 }), vec!["FIRST_OUT_OF_RANGE"]),
        ("", json!({ "n": 1_u64 << 40 }), vec!["GRAPHQL_VALIDATION_FAILED"]),
        ("", json!({ "n": "many" }), vec!["GRAPHQL_VALIDATION_FAILED"]),
    ] {
        let body = json!({ "query": document(given), "variables": variables }).to_string();
        let mut request = post("application/json", body);
        let token = format!("Bearer {}", tokens.access_token).parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, token);
        let (status, answer) = send(&app, request).await;
        // Each of the lists says so.
        let mut found = codes(&answer);
        found.dedup();
        assert_eq!((status.as_u16(), found), (200, expected), "{given} {variables}");
    }
}

#[tokio::test]
async fn costly_mutations_are_not_repeated_by_writing_them_into_a_fragment() {
    let app = TestApp::new().await;
    let one = r#"signIn(login: "nobody", password: "correct horse") { userErrors { code } } "#;
    for document in [
        format!("mutation {{ {} }}", one.repeat(21)),
        format!("mutation {{ ... on Mutation {{ {} }} }}", one.repeat(200)),
    ] {
        let (_, answer) = query(&app, None, &document).await;
        assert_eq!(codes(&answer), ["TOO_MANY_ROOT_FIELDS"]);
    }
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_its_code() {
    let (app, tokens) = signed_in().await;
    let good = json!({ "query": "{ __typename }" }).to_string();
    let deep =
        format!(r#"{{"query":"{{ __typename }}","variables":{{"a":{}}}}}"#, "[".repeat(100_000));
    let large = |bytes: usize| format!(r#"{{"query":"{}"}}"#, " ".repeat(bytes));
    for (content_type, body, status, expected) in [
        ("application/json", good.clone(), 200, vec![]),
        ("application/json; charset=utf-8", good.clone(), 200, vec![]),
        ("text/plain", good.clone(), 415, vec!["JSON_REQUIRED"]),
        ("application/x-www-form-urlencoded", good.clone(), 415, vec!["JSON_REQUIRED"]),
        ("multipart/form-data; boundary=x", good.clone(), 415, vec!["JSON_REQUIRED"]),
        ("application/graphql", good.clone(), 415, vec!["JSON_REQUIRED"]),
        ("", good.clone(), 415, vec!["JSON_REQUIRED"]),
        ("application/json", String::new(), 400, vec!["JSON_INVALID"]),
        ("application/json", "{".into(), 400, vec!["JSON_INVALID"]),
        ("application/json", "null".into(), 400, vec!["JSON_INVALID"]),
        ("application/json", r#"{"query": 1}"#.into(), 400, vec!["JSON_INVALID"]),
        ("application/json", format!("[{good},{good}]"), 400, vec!["JSON_INVALID"]),
        ("application/json", r#"["{ __typename }"]"#.into(), 400, vec!["JSON_INVALID"]),
        ("application/json", deep, 400, vec!["JSON_INVALID"]),
        ("application/json", "{}".into(), 200, vec!["GRAPHQL_PARSE_FAILED"]),
        ("application/json", large(30_000), 200, vec!["DOCUMENT_TOO_LARGE"]),
        ("application/json", large(300_000), 413, vec!["BODY_TOO_LARGE"]),
        ("application/json", large(3_000_000), 413, vec!["BODY_TOO_LARGE"]),
    ] {
        let shown: String = body.chars().take(60).collect();
        let (found, answer) = send(&app, post(content_type, body)).await;
        assert_eq!((found.as_u16(), codes(&answer)), (status, expected), "{content_type} {shown}");
    }

    // No bytes that are no text, either.
    let (status, answer) = send(&app, post("application/json", vec![0xff, 0xfe, b'{'])).await;
    assert_eq!((status.as_u16(), codes(&answer)), (400, vec!["JSON_INVALID"]));

    // A token that does not hold is refused, not ignored.
    let mut altered = tokens.access_token.clone();
    altered.insert(altered.len() / 2, 'A');
    for authorization in [
        format!("Bearer {altered}"),
        "Bearer ".into(),
        "Bearer nonsense".into(),
        format!("Basic {}", tokens.access_token),
        tokens.access_token.clone(),
        format!("Bearer {}", tokens.refresh_token),
    ] {
        let mut request = post("application/json", good.clone());
        request.headers_mut().insert(header::AUTHORIZATION, authorization.parse().unwrap());
        let (status, answer) = send(&app, request).await;
        assert_eq!(
            (status.as_u16(), codes(&answer)),
            (401, vec!["TOKEN_INVALID"]),
            "{authorization}"
        );
    }
}

#[tokio::test]
async fn a_query_in_an_address_is_not_executed() {
    let (app, _) = signed_in().await;
    let sessions = || async { count(&app, "sessions").await };
    let before = sessions().await;
    let mutation = "mutation%7BsignIn(login:%22reviewer%22,password:%22correct%20horse%20battery%22)\
                    %7Btokens%7BaccessToken%7D%7D%7D";
    let request = Request::get(format!("/graphql?query={mutation}")).body(Body::empty()).unwrap();
    let response = app.http(request).await;
    let content_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(content_type.starts_with("text/html"), "the explorer, not an answer: {content_type}");
    let page = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    assert!(!String::from_utf8_lossy(&page).contains("accessToken\":"));
    assert_eq!(sessions().await, before);

    for method in ["PUT", "DELETE", "PATCH"] {
        let request =
            Request::builder().method(method).uri("/graphql").body(Body::empty()).unwrap();
        assert_eq!(app.http(request).await.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

async fn count(app: &TestApp, table: &str) -> i64 {
    let backend = app.platform.db.read().get_database_backend();
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let statement = sea_orm::Statement::from_string(backend, sql);
    let row = app.platform.db.read().query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

#[tokio::test]
async fn a_fault_is_one_word_without_detail() {
    let (app, tokens) = signed_in().await;
    let token = Some(tokens.access_token.as_str());
    let away = async |table: &str| {
        let sql = format!("ALTER TABLE {table} RENAME TO {table}_away");
        app.platform.db.writer().execute_unprepared(&sql).await.unwrap();
    };
    let fault = json!([{
        "code": "INTERNAL",
        "message": "系统故障，请稍后再试。 / A fault on our side, try again later.",
    }]);
    let faces = |answer: &Value| {
        let errors = answer["errors"].as_array().unwrap().iter();
        errors
            .map(|e| json!({ "code": e["extensions"]["code"], "message": e["message"] }))
            .collect::<Value>()
    };

    // While reading through a resolver, and in a use-case behind a payload.
    away("enforcement_fields").await;
    let (status, answer) = query(&app, token, "{ enforcementFields { code } }").await;
    assert_eq!((status, faces(&answer)), (StatusCode::OK, fault.clone()));
    let fields = "{ agencies { edges { node { fields { code } } } } }";
    let (_, answer) = query(&app, token, fields).await;
    assert_eq!(faces(&answer)[0], fault[0]);
    away("refresh_tokens").await;
    let sign_in = format!(
        r#"mutation {{ signIn(login: "reviewer", password: "{PASSWORD}") {{ tokens {{ accessToken }} }} }}"#
    );
    let (_, answer) = query(&app, None, &sign_in).await;
    assert_eq!(faces(&answer), fault);
    // While reading the session itself: whoever asks may be somebody, so nothing is answered.
    away("sessions").await;
    let (status, answer) = query(&app, token, "{ viewer { accountId } }").await;
    assert_eq!((status.as_u16(), codes(&answer)), (503, vec!["BUSY"]));
    let text = answer.to_string().to_lowercase();
    for inside in ["sql", "table", "relation", "sessions"] {
        assert!(!text.contains(inside), "{text}");
    }
}
