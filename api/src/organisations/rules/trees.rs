//! Who lies under whom: the parents of all agencies on the three axes.

use std::collections::HashMap;

use entities::ids::AgencyId;

use super::{Node, Places};
use crate::access::tree::Parents;

/// The parents of all agencies, one map an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trees {
    /// By division: agencies under the justice department of theirs, justice departments under
    /// that of the division above.
    pub territory: Parents,
    /// By line of work: under the superior department.
    pub line: Parents,
    /// Under the organ that entrusts.
    pub own: Parents,
}

/// Computes the trees. Where a division has no justice department the next one above serves;
/// an abolished one gives its place to its successor and lies under it, so that old records stay
/// in somebody's reach.
pub fn trees<'a>(nodes: impl Iterator<Item = &'a Node> + Clone, places: &Places) -> Trees {
    let justice: HashMap<&str, AgencyId> = nodes
        .clone()
        .filter(|n| n.is_justice && n.exists)
        .map(|n| (n.division_code.as_str(), n.id))
        .collect();
    let above = |code: &str| places.get(code).and_then(|p| p.parent_code.as_deref());
    let nearest = |from: Option<&str>| {
        // A division has four levels at most; more would be a circle.
        let mut at = from;
        for _ in 0..4 {
            let code = at?;
            if let Some(found) = justice.get(code) {
                return Some(*found);
            }
            at = above(code);
        }
        None
    };
    let territory = nodes
        .clone()
        .map(|n| {
            let code = n.division_code.as_str();
            let serves = justice.get(code) == Some(&n.id);
            (n.id, nearest(if serves { above(code) } else { Some(code) }))
        })
        .collect();
    Trees {
        territory,
        line: nodes.clone().map(|n| (n.id, n.superior_id)).collect(),
        own: nodes.map(|n| (n.id, n.entrusted_by_id)).collect(),
    }
}
