//! What a verifier knows of a certificate's status, and how well.

/// The state of a certificate as far as a verdict depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CertificateStatus {
    /// In force, as far as its dates go.
    Valid,
    /// Issued, but not handed over yet (server only).
    NotYetValid,
    /// Past its last day (server only).
    Expired,
    /// Suspended.
    Suspended,
    /// Reported lost (server only).
    Lost,
    /// Revoked (server only).
    Revoked,
    /// Cancelled (server only).
    Cancelled,
    /// One of the last three; a status list cannot say which.
    Invalid,
}

/// The status and how it was learned. `as_of` is in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFact {
    /// Read from the database now, or from a list within its time to live.
    Fresh {
        /// The status.
        status: CertificateStatus,
        /// When it was so.
        as_of: i64,
    },
    /// From a list that should have been fetched again, but may still be relied on.
    Stale {
        /// The status.
        status: CertificateStatus,
        /// When it was so.
        as_of: i64,
    },
    /// Nothing that may be relied on: no list, too old a list, a database that does not answer.
    Unknown,
    /// The server has no such credential on record, or another with its numbers: the key signed
    /// what the issuer did not issue.
    NotRecorded,
}

/// An entry of a Token Status List, whose signature was verified before. Times are Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListEntry {
    /// The two bits at the credential's index.
    pub bits: u8,
    /// `iat` of the list.
    pub issued_at: i64,
    /// `exp` of the list.
    pub expires: i64,
    /// `ttl` of the list, in seconds.
    pub ttl: i64,
}

impl StatusFact {
    /// What a list says at `now`, where the bundle's policy allows lists to be at most
    /// `largest_staleness` seconds old.
    ///
    /// Fresh up to `ttl`, if that is no longer than the largest staleness; stale up to `exp` and the largest staleness; then unknown. But an end is
    /// final: that a certificate was revoked, cancelled or lost stays true however old the list is.
    pub fn from_list(entry: ListEntry, largest_staleness: i64, now: i64) -> Self {
        let status = match entry.bits {
            0 => CertificateStatus::Valid,
            1 => CertificateStatus::Invalid,
            2 => CertificateStatus::Suspended,
            _ => return Self::Unknown,
        };
        let as_of = entry.issued_at;
        let age = now.saturating_sub(as_of);
        if now <= entry.expires && age <= entry.ttl && age <= largest_staleness {
            Self::Fresh { status, as_of }
        } else if now <= entry.expires && age <= largest_staleness
            || status == CertificateStatus::Invalid
        {
            Self::Stale { status, as_of }
        } else {
            Self::Unknown
        }
    }

    /// When the status was so, if it is known.
    pub fn as_of(self) -> Option<i64> {
        match self {
            Self::Fresh { as_of, .. } | Self::Stale { as_of, .. } => Some(as_of),
            Self::Unknown | Self::NotRecorded => None,
        }
    }

    /// The status, if it is known.
    pub fn status(self) -> Option<CertificateStatus> {
        match self {
            Self::Fresh { status, .. } | Self::Stale { status, .. } => Some(status),
            Self::Unknown | Self::NotRecorded => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_grows_old() {
        use CertificateStatus::{Invalid, Suspended, Valid};
        const AS_OF: i64 = 1_000_000;
        let fresh = |status| StatusFact::Fresh { status, as_of: AS_OF };
        let stale = |status| StatusFact::Stale { status, as_of: AS_OF };
        // Time to live 300, largest staleness 3,600, exp after 7,200 unless said otherwise.
        let cases = [
            (0, -10, 7_200, fresh(Valid)),
            (0, 300, 7_200, fresh(Valid)),
            (0, 301, 7_200, stale(Valid)),
            (0, 3_600, 7_200, stale(Valid)),
            (0, 3_601, 7_200, StatusFact::Unknown),
            (0, 600, 600, stale(Valid)),
            (0, 601, 600, StatusFact::Unknown),
            (0, 200, 100, StatusFact::Unknown),
            (2, 300, 7_200, fresh(Suspended)),
            (2, 3_600, 7_200, stale(Suspended)),
            (2, 3_601, 7_200, StatusFact::Unknown),
            (1, 300, 7_200, fresh(Invalid)),
            (1, 99_999, 7_200, stale(Invalid)),
            (3, 0, 7_200, StatusFact::Unknown),
            (255, 0, 7_200, StatusFact::Unknown),
        ];
        for (bits, age, lasts, expected) in cases {
            let entry = ListEntry { bits, issued_at: AS_OF, expires: AS_OF + lasts, ttl: 300 };
            assert_eq!(
                StatusFact::from_list(entry, 3_600, AS_OF + age),
                expected,
                "{bits} at {age}, exp after {lasts}"
            );
        }
    }
}
