//! The register of people: officers, supervision officers and auxiliary staff, with their photos.

use std::sync::LazyLock;

use crate::platform::texts::Catalogue;

pub mod facts;
pub mod photo;

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("officers.zh-CN.ftl"), include_str!("officers.en.ftl"))
});
