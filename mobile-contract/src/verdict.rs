//! The words of an answer: verdicts in order of precedence, what the public is told of them, and
//! remarks that stand beside them.

/// An enumeration whose values travel as words in `SCREAMING_SNAKE_CASE`.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $code:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $value,)* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$value),*];

            /// The word it travels as.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$value => $code),* }
            }

            fn find(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

words! {
    /// The answer to a scan, the first that applies: of two values the smaller takes precedence.
    Verdict {
        /// Not a code of this format.
        Unreadable = "UNREADABLE",
        /// Well formed, but signed by nobody we know or by a means we cannot verify.
        UnknownIssuer = "UNKNOWN_ISSUER",
        /// It names a key of ours, which did not sign it; or not the phone it is bound to shows it.
        SignatureInvalid = "SIGNATURE_INVALID",
        /// Signed by a key that others may have, and not known to be genuine.
        KeyCompromised = "KEY_COMPROMISED",
        /// A phone credential without the phone.
        PresentationMissing = "PRESENTATION_MISSING",
        /// Reported lost (server only).
        Lost = "LOST",
        /// Revoked (server only).
        Revoked = "REVOKED",
        /// Cancelled (server only).
        Cancelled = "CANCELLED",
        /// Revoked, cancelled or lost: a status list cannot say which (offline only).
        Invalid = "INVALID",
        /// Suspended.
        Suspended = "SUSPENDED",
        /// The verifying device's clock is behind what it has already seen signed.
        ClockUntrusted = "CLOCK_UNTRUSTED",
        /// Not yet in force.
        NotYetValid = "NOT_YET_VALID",
        /// No longer in force.
        Expired = "EXPIRED",
        /// A phone's code that was not made just now.
        StaleCode = "STALE_CODE",
        /// A phone's code made for a challenge that the verifier does not hold.
        ChallengeBound = "CHALLENGE_BOUND",
        /// Genuine, but nothing recent enough is known of its status.
        StatusUnknown = "STATUS_UNKNOWN",
        /// Genuine, and in force when last heard of.
        ValidStale = "VALID_STALE",
        /// Genuine and in force.
        Valid = "VALID",
    }
}

impl Verdict {
    /// Reads a word. One that is not known, from a newer server perhaps, is unknown, never valid: an app
    /// shows the words of `unknownVerdict` then.
    pub fn from_code(code: &str) -> Self {
        Self::find(code).unwrap_or(Self::StatusUnknown)
    }

    /// Whether the issuer's signature, and so what the code says, may be believed.
    pub fn is_authentic(self) -> bool {
        self > Self::KeyCompromised
    }

    /// What the public page says.
    pub fn public(self) -> PublicVerdict {
        match self {
            Self::Unreadable => PublicVerdict::Unreadable,
            Self::UnknownIssuer => PublicVerdict::UnknownIssuer,
            Self::SignatureInvalid => PublicVerdict::SignatureInvalid,
            Self::KeyCompromised => PublicVerdict::KeyCompromised,
            Self::PresentationMissing => PublicVerdict::PresentationMissing,
            Self::Lost => PublicVerdict::Lost,
            Self::Revoked | Self::Suspended => PublicVerdict::NotAuthorised,
            Self::Cancelled => PublicVerdict::Cancelled,
            Self::Invalid => PublicVerdict::Invalid,
            Self::ClockUntrusted => PublicVerdict::ClockUntrusted,
            Self::NotYetValid => PublicVerdict::NotYetValid,
            Self::Expired => PublicVerdict::Expired,
            Self::StaleCode => PublicVerdict::StaleCode,
            Self::ChallengeBound => PublicVerdict::ChallengeBound,
            Self::StatusUnknown => PublicVerdict::StatusUnknown,
            Self::ValidStale => PublicVerdict::ValidStale,
            Self::Valid => PublicVerdict::Valid,
        }
    }
}

words! {
    /// A verdict as the public reads it: a suspension and a revocation look the same, without a
    /// ground.
    PublicVerdict {
        /// [`Verdict::Unreadable`].
        Unreadable = "UNREADABLE",
        /// [`Verdict::UnknownIssuer`].
        UnknownIssuer = "UNKNOWN_ISSUER",
        /// [`Verdict::SignatureInvalid`].
        SignatureInvalid = "SIGNATURE_INVALID",
        /// [`Verdict::KeyCompromised`].
        KeyCompromised = "KEY_COMPROMISED",
        /// [`Verdict::PresentationMissing`].
        PresentationMissing = "PRESENTATION_MISSING",
        /// [`Verdict::Lost`].
        Lost = "LOST",
        /// [`Verdict::Suspended`] or [`Verdict::Revoked`].
        NotAuthorised = "NOT_AUTHORISED",
        /// [`Verdict::Cancelled`].
        Cancelled = "CANCELLED",
        /// [`Verdict::Invalid`].
        Invalid = "INVALID",
        /// [`Verdict::ClockUntrusted`].
        ClockUntrusted = "CLOCK_UNTRUSTED",
        /// [`Verdict::NotYetValid`].
        NotYetValid = "NOT_YET_VALID",
        /// [`Verdict::Expired`].
        Expired = "EXPIRED",
        /// [`Verdict::StaleCode`].
        StaleCode = "STALE_CODE",
        /// [`Verdict::ChallengeBound`].
        ChallengeBound = "CHALLENGE_BOUND",
        /// [`Verdict::StatusUnknown`].
        StatusUnknown = "STATUS_UNKNOWN",
        /// [`Verdict::ValidStale`].
        ValidStale = "VALID_STALE",
        /// [`Verdict::Valid`].
        Valid = "VALID",
    }
}

impl PublicVerdict {
    /// Reads a word; one that is not known is unknown, never valid.
    pub fn from_code(code: &str) -> Self {
        Self::find(code).unwrap_or(Self::StatusUnknown)
    }
}

words! {
    /// A remark beside a verdict, which it does not change.
    Reason {
        /// The same code was shown shortly before.
        Replayed = "REPLAYED",
        /// The phone's code is dated later than now: one of the two clocks is wrong.
        FromTheFuture = "FROM_THE_FUTURE",
        /// The credential is genuine, but another device shows it.
        OtherDevice = "OTHER_DEVICE",
        /// A challenge was asked for, and this is an ordinary code: it proves no more than ever.
        ChallengeUnanswered = "CHALLENGE_UNANSWERED",
        /// The code holds only the beginning of the name.
        NameCut = "NAME_CUT",
        /// A remark of a newer server.
        Unknown = "UNKNOWN",
    }
}

impl Reason {
    /// Reads a word.
    pub fn from_code(code: &str) -> Self {
        Self::find(code).unwrap_or(Self::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_is_the_order_of_the_specification() {
        let codes: Vec<_> = Verdict::ALL.iter().map(|v| v.code()).collect();
        assert_eq!(
            codes.join(" "),
            "UNREADABLE UNKNOWN_ISSUER SIGNATURE_INVALID KEY_COMPROMISED PRESENTATION_MISSING \
             LOST REVOKED CANCELLED INVALID SUSPENDED CLOCK_UNTRUSTED NOT_YET_VALID EXPIRED \
             STALE_CODE CHALLENGE_BOUND STATUS_UNKNOWN VALID_STALE VALID"
        );
        assert!(Verdict::ALL.is_sorted());
    }

    #[test]
    fn words_come_back_and_unknown_ones_are_unknown() {
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::from_code(verdict.code()), *verdict);
        }
        for verdict in PublicVerdict::ALL {
            assert_eq!(PublicVerdict::from_code(verdict.code()), *verdict);
        }
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), *reason);
        }
        for other in ["", "valid", "VALID ", "VALID_FOR_EVER", "有效"] {
            assert_eq!(Verdict::from_code(other), Verdict::StatusUnknown);
            assert_eq!(PublicVerdict::from_code(other), PublicVerdict::StatusUnknown);
            assert_eq!(Reason::from_code(other), Reason::Unknown);
        }
    }

    #[test]
    fn the_public_cannot_tell_a_suspension_from_a_revocation() {
        for verdict in Verdict::ALL {
            let expected = match verdict.code() {
                "SUSPENDED" | "REVOKED" => "NOT_AUTHORISED",
                other => other,
            };
            assert_eq!(verdict.public().code(), expected);
        }
    }
}
