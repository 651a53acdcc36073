//! What becomes of the officers of the demo: the fates, how many have each, and when.

use entities::enums::PersonKind;
use rand::seq::SliceRandom as _;

use super::Generator;

/// How far the life cycle took a person, and how it ended if it did. In the order of the life cycle:
/// whoever came as far as one has passed those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fate {
    /// 辅助人员: no certificate is possible.
    Auxiliary,
    /// Holds a certificate from before, which a roster claims.
    Holder,
    /// In the register; an exam, the training, the establishment or the post is wanting.
    Candidate,
    /// A candidate whom the justice department has refused.
    Unqualified,
    /// Qualified; the agency has not applied yet.
    Qualified,
    /// Applied; waits for the justice department.
    Applied,
    /// Returned with reasons (退回补正).
    Returned,
    /// Refused.
    Refused,
    /// Reviewed; waits for the issuing authority.
    Reviewed,
    /// Issued, not handed over yet.
    Issued,
    /// The certificate is in force.
    Active,
    /// The certificate is in force, and a bar was recorded since.
    Barred,
    /// The same, and the bar was lifted.
    Cleared,
    /// Suspended now.
    Suspended,
    /// Was suspended once; the suspension is lifted and the certificate in force.
    Lifted,
    /// Revoked.
    Revoked,
    /// Cancelled on exit.
    Cancelled,
    /// Reported lost.
    Lost,
    /// Reported lost; the replacement is applied for.
    Replacing,
    /// Lost or damaged, and replaced: the old certificate is cancelled, the new one in force.
    Replaced,
    /// The renewal is applied for.
    RenewalApplied,
    /// The renewal is returned with reasons.
    RenewalReturned,
    /// The new certificate is issued; the old one holds until the handover.
    Renewing,
    /// Renewed: the old certificate is cancelled, the new one in force.
    Renewed,
    /// Ran out and was not renewed.
    Expired,
}

/// The share of each fate among those who are no auxiliaries, in a thousand.
const SHARES: [(Fate, usize); 23] = [
    (Fate::Active, 720),
    (Fate::Candidate, 50),
    (Fate::Cancelled, 26),
    (Fate::Expired, 24),
    (Fate::Renewed, 24),
    (Fate::Qualified, 18),
    (Fate::Applied, 15),
    (Fate::Suspended, 14),
    (Fate::Lifted, 14),
    (Fate::Issued, 12),
    (Fate::Replaced, 10),
    (Fate::Lost, 8),
    (Fate::Reviewed, 8),
    (Fate::Returned, 7),
    (Fate::Revoked, 7),
    (Fate::Refused, 6),
    (Fate::Barred, 6),
    (Fate::Cleared, 6),
    (Fate::Renewing, 6),
    (Fate::RenewalApplied, 6),
    (Fate::Replacing, 5),
    (Fate::Unqualified, 4),
    (Fate::RenewalReturned, 4),
];

impl Fate {
    /// Every fate, the auxiliaries' first.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Auxiliary).chain(SHARES.iter().map(|(fate, _)| *fate))
    }

    /// Days before today in which the qualification was confirmed, from and to. Validity is taken
    /// as 5 years, the default policy.
    const fn qualified_ago(self) -> Option<(u64, u64)> {
        match self {
            Self::Auxiliary | Self::Holder | Self::Candidate => None,
            Self::Qualified => Some((2, 60)),
            Self::Applied | Self::Reviewed => Some((15, 60)),
            Self::Unqualified | Self::Returned | Self::Refused | Self::Issued => Some((30, 90)),
            Self::Active => Some((150, 1_780)),
            // Far enough back for the certificate to have been in force before the act.
            Self::Suspended | Self::Lifted => Some((240, 1_780)),
            Self::Barred
            | Self::Cleared
            | Self::Revoked
            | Self::Cancelled
            | Self::Lost
            | Self::Replacing
            | Self::Replaced => Some((380, 1_780)),
            // In the wave whose certificates end within the next weeks.
            Self::RenewalApplied | Self::RenewalReturned | Self::Renewing => Some((1_805, 1_845)),
            // In the wave whose certificates ended some days ago.
            Self::Renewed => Some((1_860, 2_000)),
            Self::Expired => Some((1_900, 2_130)),
        }
    }

    /// Days before today of the act that decided the fate, from and to; the first act, where it is
    /// the beginning of a way.
    pub(super) const fn turned_ago(self) -> Option<(u64, u64)> {
        match self {
            // Within the 90 days a suspension lasts by default.
            Self::Suspended => Some((2, 80)),
            Self::Lifted => Some((20, 100)),
            Self::Barred => Some((3, 120)),
            Self::Cleared => Some((5, 120)),
            Self::Revoked | Self::Cancelled | Self::Lost => Some((5, 240)),
            Self::Replacing => Some((5, 30)),
            Self::Replaced => Some((20, 240)),
            Self::RenewalApplied | Self::RenewalReturned | Self::Renewing => Some((12, 40)),
            // The new one was handed over before the old one ended.
            Self::Renewed => Some((30, 90)),
            _ => None,
        }
    }
}

/// Days before today on which whole districts had their people qualified, each district on one of
/// them: whoever's fate allows it came with the others.
const DISTRICT_DAYS: [u64; 7] = [1_520, 1_170, 820, 470, 390, 255, 165];

/// Days before today, from and to, in which somebody of a fate was qualified in a division.
pub(super) fn qualified_ago(fate: Fate, division: &str) -> Option<(u64, u64)> {
    let (from, to) = fate.qualified_ago()?;
    let digits = division.bytes().fold(0, |sum: usize, digit| sum * 3 + usize::from(digit));
    let with_others = DISTRICT_DAYS.get(digits % DISTRICT_DAYS.len());
    Some(match with_others {
        Some(day) if (from..=to - 10).contains(day) => (*day, day + 10),
        _ => (from, to),
    })
}

/// Kind and fate of each person, in the shares of the province, in no order: 10 % auxiliaries, 4 %
/// supervision officers.
pub(super) fn scripts(rng: &mut Generator, count: usize) -> Vec<(PersonKind, Fate)> {
    let auxiliaries = count / 10;
    let supervisors = count / 25;
    let others = count - auxiliaries;
    let mut fates = Vec::with_capacity(others);
    let mut share_so_far = 0;
    for (fate, share) in SHARES {
        share_so_far += share;
        fates.resize((others * share_so_far).div_ceil(1_000), fate);
    }
    fates.shuffle(rng);
    let mut scripts: Vec<_> = fates
        .into_iter()
        .enumerate()
        .map(|(i, fate)| {
            let supervises = i < supervisors;
            let kind = if supervises {
                PersonKind::SupervisionOfficer
            } else {
                PersonKind::EnforcementOfficer
            };
            (kind, fate)
        })
        .collect();
    scripts.resize(count, (PersonKind::AuxiliaryStaff, Fate::Auxiliary));
    scripts.shuffle(rng);
    scripts
}
