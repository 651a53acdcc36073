//! The ground plan (`docs/architecture.md`), held by a test: every capability of `api/src` stands on
//! a floor, and rests only on floors below its own. What is read is the source itself.

#[cfg(test)]
mod crates;
#[cfg(test)]
mod floors;
#[cfg(test)]
mod paths;
