//! What a reform is to do, agency by agency; kept as it was proposed until its day.

use entities::enums::{AgencyChangeKind, Leadership};
use entities::ids::{AgencyId, PersonId};
use serde::{Deserialize, Serialize};

use crate::officers::reform::Members;
use crate::organisations::NewAgency;

/// What a reform is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Plan {
    /// 更名
    Rename {
        /// Which agency.
        agency: AgencyId,
        /// Its new full official name.
        name: String,
    },
    /// 合并: all who are named end in another.
    Merge {
        /// Agencies that end.
        from: Vec<AgencyId>,
        /// Who takes their place.
        into: Target,
    },
    /// 分设
    Split {
        /// Which agency.
        from: AgencyId,
        /// What goes where.
        parts: Vec<Part>,
        /// Whether it ends.
        ends: bool,
    },
    /// 划转; what is not given stays.
    Move {
        /// Which agency.
        agency: AgencyId,
        /// Its superior department.
        superior: Superior,
        /// Its division.
        division: Option<String>,
        /// Who leads it.
        leadership: Option<Leadership>,
    },
    /// 撤销
    Abolish {
        /// Which agency.
        agency: AgencyId,
        /// Who takes over its people and work.
        successor: Option<AgencyId>,
    },
}

/// Who takes an agency's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An agency that is there.
    Existing(AgencyId),
    /// One that the reform founds.
    New(Box<NewAgency>),
}

/// What of a split agency goes to one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where to.
    pub to: Target,
    /// People named one by one.
    pub people: Vec<PersonId>,
    /// Internal units (内设机构) as the register has them.
    pub units: Vec<String>,
    /// Also everybody whom no other part claims.
    pub rest: bool,
}

/// The superior department of an agency that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Superior {
    /// As it is.
    Stays,
    /// None.
    Nobody,
    /// This one.
    Under(AgencyId),
}

/// People and records that go from one agency to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Movement {
    pub from: AgencyId,
    pub to: AgencyId,
    pub who: Members,
}

impl Movement {
    /// Whether everybody goes, and all that the agency keeps.
    pub fn is_whole(&self) -> bool {
        self.who == Members::everyone()
    }
}

impl Target {
    /// Its id, which one that is founded has already.
    pub fn id(&self) -> AgencyId {
        match self {
            Self::Existing(id) => *id,
            Self::New(new) => new.id,
        }
    }

    /// The agency that is founded.
    pub fn founded(&self) -> Option<&NewAgency> {
        match self {
            Self::Existing(_) => None,
            Self::New(new) => Some(new),
        }
    }
}

impl Plan {
    /// What is done.
    pub const fn kind(&self) -> AgencyChangeKind {
        match self {
            Self::Rename { .. } => AgencyChangeKind::Rename,
            Self::Merge { .. } => AgencyChangeKind::Merge,
            Self::Split { .. } => AgencyChangeKind::Split,
            Self::Move { .. } => AgencyChangeKind::Move,
            Self::Abolish { .. } => AgencyChangeKind::Abolish,
        }
    }

    /// Agencies that are changed.
    pub fn sources(&self) -> Vec<AgencyId> {
        match self {
            Self::Rename { agency, .. }
            | Self::Move { agency, .. }
            | Self::Abolish { agency, .. }
            | Self::Split { from: agency, .. } => vec![*agency],
            Self::Merge { from, .. } => from.clone(),
        }
    }

    /// Agencies that take over, whether they are there yet or not.
    pub fn targets(&self) -> Vec<Target> {
        match self {
            Self::Rename { .. } | Self::Move { .. } => Vec::new(),
            Self::Merge { into, .. } => vec![into.clone()],
            Self::Split { parts, .. } => parts.iter().map(|part| part.to.clone()).collect(),
            Self::Abolish { successor, .. } => {
                successor.iter().map(|id| Target::Existing(*id)).collect()
            }
        }
    }

    /// Agencies that take over and are there already.
    pub fn known(&self) -> Vec<AgencyId> {
        self.targets().iter().filter(|t| t.founded().is_none()).map(Target::id).collect()
    }

    /// Agencies that end.
    pub fn ended(&self) -> Vec<AgencyId> {
        match self {
            Self::Merge { from, .. } => from.clone(),
            Self::Split { from, ends: true, .. } => vec![*from],
            Self::Abolish { agency, .. } => vec![*agency],
            Self::Rename { .. } | Self::Move { .. } | Self::Split { .. } => Vec::new(),
        }
    }

    /// Who goes on with what an agency that ends had to do: whoever takes over all of it, or what no
    /// other part claims; of named parts alone, the first.
    pub(super) fn heirs(&self) -> Vec<(AgencyId, AgencyId)> {
        let movements = self.movements();
        let heir = |ended: AgencyId| {
            let parts = || movements.iter().filter(|part| part.from == ended);
            let heir = parts().find(|part| part.who.rest).or_else(|| parts().next());
            heir.map(|part| (ended, part.to))
        };
        self.ended().into_iter().filter_map(heir).collect()
    }

    /// Agencies that it founds.
    pub fn founded_mut(&mut self) -> Vec<&mut NewAgency> {
        let targets: Vec<&mut Target> = match self {
            Self::Merge { into, .. } => vec![into],
            Self::Split { parts, .. } => parts.iter_mut().map(|part| &mut part.to).collect(),
            _ => Vec::new(),
        };
        targets
            .into_iter()
            .filter_map(|target| match target {
                Target::New(new) => Some(&mut **new),
                Target::Existing(_) => None,
            })
            .collect()
    }

    /// Who goes where.
    pub(super) fn movements(&self) -> Vec<Movement> {
        let all = |from: AgencyId, to: AgencyId| Movement { from, to, who: Members::everyone() };
        match self {
            Self::Rename { .. } | Self::Move { .. } => Vec::new(),
            Self::Merge { from, into } => from.iter().map(|from| all(*from, into.id())).collect(),
            Self::Abolish { agency, successor } => {
                successor.iter().map(|to| all(*agency, *to)).collect()
            }
            Self::Split { from, parts, .. } => (0..parts.len())
                .filter_map(|at| {
                    let part = parts.get(at)?;
                    let others = || parts.iter().enumerate().filter(|(n, _)| *n != at);
                    let who = Members {
                        people: part.people.clone(),
                        units: part.units.clone(),
                        rest: part.rest,
                        elsewhere: others().flat_map(|(_, p)| p.people.clone()).collect(),
                        units_elsewhere: others().flat_map(|(_, p)| p.units.clone()).collect(),
                    };
                    Some(Movement { from: *from, to: part.to.id(), who })
                })
                .collect(),
        }
    }
}
