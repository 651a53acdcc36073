//! What every capability stands on and what knows none of them.

pub mod random;
pub mod seal;
pub mod texts;
