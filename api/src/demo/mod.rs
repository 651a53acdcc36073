//! The demo province: agencies, people and portraits that never were, the same from the same seed.
//! Everything here is computed and nothing stored; the loader sends it through the real import and
//! the real use-cases.
//!
//! What could be taken for real is marked as not: ID numbers and credit codes lie in a division
//! nobody has ([`numbers::NOWHERE`]), telephone numbers cannot be dialled, the portraits are drawn.

pub mod divisions;
pub mod fate;
mod lines;
pub mod load;
mod names;
pub mod numbers;
pub mod people;
pub mod portraits;
pub mod province;
pub mod roster;
mod townships;
pub mod workbook;

use std::sync::LazyLock;

use rand::RngExt as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::IndexedRandom as _;

use crate::platform::texts::Catalogue;
use province::DemoAgency;

/// The texts of the demo.
pub static TEXTS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(include_str!("demo.zh-CN.ftl"), include_str!("demo.en.ftl")));

/// The generator of the demo: its sequence is part of its definition, so that a seed means the
/// same province on every machine (`SmallRng` and `StdRng` promise no such thing).
type Generator = Xoshiro256PlusPlus;

/// One of the items, each as likely; the default of the type if there is none.
fn pick<T: Copy + Default>(rng: &mut Generator, items: &[T]) -> T {
    items.choose(rng).copied().unwrap_or_default()
}

/// One of the items, as likely as its weight; the default of the type if there is none.
fn weighted<T: Copy + Default>(rng: &mut Generator, items: &[(T, u32)]) -> T {
    let total: u32 = items.iter().map(|(_, weight)| weight).sum();
    if total == 0 {
        return T::default();
    }
    let mut left = rng.random_range(0..total);
    for (item, weight) in items {
        if left < *weight {
            return *item;
        }
        left -= weight;
    }
    T::default()
}
