//! The rules of certification as tables and pure functions: no database, no clock.
//!
//! - [`lifecycle`] — which act leads a certificate from which state to which;
//! - [`grounds`] — the grounds an act may be given;
//! - [`checklist`] — what is asked before someone is put forward, qualified, applied for, issued;
//! - [`applications`] — the way of an application;
//! - [`oddities`] — what makes an application one to look at before the others.

pub mod applications;
pub mod checklist;
pub mod grounds;
pub mod lifecycle;
pub mod oddities;

#[cfg(test)]
mod checklist_tests;
#[cfg(test)]
mod lifecycle_tests;
#[cfg(test)]
mod oddities_tests;
