//! Certification over GraphQL: parse, one use-case, map.

mod certificate;
mod existing;
mod loaders;
mod mutations;
mod own;
mod payloads;
mod queries;
mod types;

pub use certificate::{Certificate, CodePrefix};
pub use existing::ExistingMutation;
pub use loaders::with_loaders;
pub use mutations::CertificationMutation;
pub use own::OwnQuery;
pub use queries::{CertificationQuery, find_application, find_certificate, find_qualification};
pub use types::{Application, Qualification};
