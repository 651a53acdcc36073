//! Certification over GraphQL: parse, one use-case, map.

mod existing;
mod loaders;
mod mutations;
mod payloads;
mod queries;
mod types;

pub use existing::ExistingMutation;
pub use loaders::with_loaders;
pub use mutations::CertificationMutation;
pub use queries::{CertificationQuery, find_application, find_certificate, find_qualification};
pub use types::{Application, Certificate, CodePrefix, Qualification};
