//! Operations of the contract by their ids, and a mode in which nothing else is run.
//!
//! The manifest, in Apollo's format, is a file of `mobile-contract` and compiled in: an operation is
//! listed by a reviewed change of the sources, never by a request. Who is held to it follows from
//! the session, not from what a request says of itself; see `docs/decisions/0013`.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::{Request, Value};
use entities::enums::{Role, SessionClient};
use serde::Deserialize;

use super::{Caller, RequestError};
use crate::platform::actor::Actor;

/// Whose operations are limited to those of the manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum PersistedOperations {
    /// Nobody's.
    #[default]
    Off,
    /// Those of sessions that were opened from a phone or have no role of a desk, and of whoever is
    /// not signed in.
    Mobile,
    /// Everybody's.
    All,
}

/// The bodies of the manifest by their ids.
#[derive(Default)]
struct Manifest(HashMap<String, String>);

static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
    // One that cannot be read lists nothing, so nothing is let through by it; a test reads it.
    Manifest::read(include_str!("../../../mobile-contract/operations/manifest.json"))
        .unwrap_or_default()
});

impl Manifest {
    fn read(json: &str) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct File {
            operations: Vec<Listed>,
        }
        #[derive(Deserialize)]
        struct Listed {
            id: String,
            body: String,
        }
        let file: File = serde_json::from_str(json)?;
        Ok(Self(file.operations.into_iter().map(|o| (o.id, o.body)).collect()))
    }

    fn lists(&self, body: &str) -> bool {
        self.0.values().any(|listed| listed == body)
    }
}

/// Puts the body of the manifest in where a request names its id instead, and refuses what the
/// caller may not run. An id that is not listed is unknown in every mode: a body that is sent along
/// with one is not kept for the next time.
pub fn admit(
    mode: PersistedOperations,
    caller: &Caller,
    request: &mut Request,
) -> Result<(), RequestError> {
    if request.query.is_empty()
        && let Some(id) = named(request)
    {
        let body = MANIFEST.0.get(id).ok_or(RequestError::PersistedQueryNotFound)?;
        request.query.clone_from(body);
        return Ok(());
    }
    if is_held(mode, caller) && !MANIFEST.lists(&request.query) {
        return Err(RequestError::OperationNotAllowed);
    }
    Ok(())
}

/// The id a request names, where it names one: `extensions.persistedQuery.sha256Hash`.
fn named(request: &Request) -> Option<&str> {
    match request.extensions.get("persistedQuery")? {
        Value::Object(named) => match named.get("sha256Hash") {
            Some(Value::String(id)) => Some(id),
            _ => Some(""),
        },
        _ => Some(""),
    }
}

/// Whether the caller runs operations of the manifest and no others.
fn is_held(mode: PersistedOperations, caller: &Caller) -> bool {
    match mode {
        PersistedOperations::Off => false,
        PersistedOperations::Mobile => {
            caller.actor.as_ref().and_then(Actor::signed_in).is_none_or(|signed_in| {
                signed_in.client == SessionClient::Mobile
                    || !signed_in.roles.iter().any(|granted| is_of_a_desk(granted.role))
            })
        }
        PersistedOperations::All => true,
    }
}

/// Whether a role works at a desk. Officers and supervisors have apps: whatever their client calls
/// itself, it is held to the manifest.
const fn is_of_a_desk(role: Role) -> bool {
    match role {
        Role::Officer | Role::Supervisor => false,
        Role::SystemAdministrator
        | Role::AgencyHr
        | Role::JusticeReviewer
        | Role::Issuer
        | Role::HotlineOperator
        | Role::Auditor => true,
    }
}
