//! Who may call which route: every route of the router is called with every method as nobody and
//! as each role, and what is let in is compared with a committed table.

use std::path::Path;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entities::enums::Role;

use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};
use crate::snapshot::{assert_committed, role_heads, role_line};

const TABLE: &str = "api/tests/server/snapshots/role_routes.txt";

/// The paths of the router, read from its source, so that none escapes.
fn paths() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let mut paths = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for after in text.split(".route(").skip(1) {
            let path = after.trim_start().strip_prefix('"').expect("a route's path is written out");
            paths.push(path.split('"').next().unwrap().to_owned());
        }
    }
    paths.sort();
    paths
}

/// A path with nothing in the place of each parameter.
fn address(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "none" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_is_open_to_the_roles_of_the_table_and_no_other() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let mut tokens = vec![None];
    for role in Role::all() {
        let login = role.code().to_lowercase().replace('_', "-");
        province.sign_in(&app, &login, role, province.justice).await;
        let signed_in = app.web.auth.sign_in(&app.platform, &login, PASSWORD.into()).await.unwrap();
        tokens.push(Some(signed_in.access_token));
    }
    let paths = paths();
    assert!(paths.len() > 5, "{paths:?}");

    let mut table = vec![
        "# Who may call which route: yes or -. What is behind /graphql: role_operations.txt."
            .to_owned(),
        "# Made by the test `routes`; UPDATE_SNAPSHOTS=1 rewrites it, a person reviews it."
            .to_owned(),
        role_heads(),
    ];
    for path in &paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let mut cells = Vec::new();
            for token in &tokens {
                let mut request = Request::builder().method(method).uri(address(path));
                if let Some(token) = token {
                    request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
                }
                let response = app.http(request.body(Body::empty()).unwrap()).await;
                let status = response.status();
                assert!(!status.is_server_error(), "{method} {path}: {status}");
                match status {
                    StatusCode::METHOD_NOT_ALLOWED => {}
                    StatusCode::UNAUTHORIZED => {
                        assert!(token.is_none(), "{method} {path} takes an account for nobody");
                        cells.push("-");
                    }
                    StatusCode::FORBIDDEN => {
                        assert!(token.is_some(), "{method} {path}: nobody is told FORBIDDEN");
                        cells.push("-");
                    }
                    _ => cells.push("yes"),
                }
            }
            if !cells.is_empty() {
                table.push(role_line(&format!("{method} {path}"), &cells));
            }
        }
    }
    assert_committed(TABLE, &(table.join("\n") + "\n"));
}
