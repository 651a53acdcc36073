//! What crosses the border between languages.

use mobile_contract as contract;

/// An enumeration with the values of one of the contract.
macro_rules! mirrored {
    ($(#[$about:meta])* $name:ident of $from:path { $($(#[$doc:meta])* $value:ident,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name { $($(#[$doc])* $value,)* }

        impl From<$from> for $name {
            fn from(value: $from) -> Self {
                use $from as From;
                match value { $(From::$value => Self::$value,)* }
            }
        }

        impl From<$name> for $from {
            fn from(value: $name) -> Self {
                match value { $($name::$value => Self::$value,)* }
            }
        }
    };
}

mirrored! {
    /// The answer to a scan, in order of precedence.
    Verdict of contract::Verdict {
        /// Not a code of this format.
        Unreadable,
        /// Well formed, but signed by nobody who is known.
        UnknownIssuer,
        /// It names a key of the issuer, which did not sign it; or another phone shows it.
        SignatureInvalid,
        /// Signed by a key that others may have, and not known to be genuine.
        KeyCompromised,
        /// A phone credential without the phone: a copy.
        PresentationMissing,
        /// Reported lost; only a server can say so.
        Lost,
        /// Revoked; only a server can say so.
        Revoked,
        /// Cancelled; only a server can say so.
        Cancelled,
        /// Revoked, cancelled or lost: a status list cannot say which.
        Invalid,
        /// Suspended.
        Suspended,
        /// The device's clock is behind what it has already seen signed.
        ClockUntrusted,
        /// Not yet in force.
        NotYetValid,
        /// No longer in force.
        Expired,
        /// A phone's code that was not made just now.
        StaleCode,
        /// Made for the challenge of another.
        ChallengeBound,
        /// The status is not known, or too old to be relied on.
        StatusUnknown,
        /// Valid by a list that should have been fetched again.
        ValidStale,
        /// Valid.
        Valid,
    }
}

mirrored! {
    /// A remark beside a verdict, which it does not change.
    Reason of contract::Reason {
        /// The same code was shown shortly before.
        Replayed,
        /// The phone's code is dated later than now.
        FromTheFuture,
        /// The credential is genuine, but another device shows it.
        OtherDevice,
        /// A challenge was asked for, and this is an ordinary code: it proves no more than ever.
        ChallengeUnanswered,
        /// The code holds only the beginning of the name.
        NameCut,
        /// A remark of a newer server.
        Unknown,
    }
}

mirrored! {
    /// How much a code proves.
    Evidence of contract::Evidence {
        /// A printed code: it proves no time, and may be a copy.
        Printed,
        /// A phone's code made at its time.
        Phone,
        /// A phone's code made in answer to the challenge.
        Challenged,
    }
}

mirrored! {
    /// From when a phone's monotonic clock, one that goes on while it sleeps, is counted.
    Since of contract::record::Since {
        /// From the moment in which the mark of the record was received: the phone has not been
        /// restarted since.
        Sync,
        /// From the phone's last start, which came after the mark, if there is any.
        Boot,
    }
}

/// An algorithm of a root or of a phone's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum KeyAlgorithm {
    /// Ed25519.
    Ed25519,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl From<KeyAlgorithm> for contract::Algorithm {
    fn from(algorithm: KeyAlgorithm) -> Self {
        match algorithm {
            KeyAlgorithm::Ed25519 => Self::Ed25519,
            KeyAlgorithm::Es256 => Self::Es256,
        }
    }
}

/// A root key that an app pins.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RootKey {
    /// Its algorithm.
    pub algorithm: KeyAlgorithm,
    /// 32 bytes for Ed25519, the uncompressed point of 65 for P-256.
    pub public_key: Vec<u8>,
}

/// What a code says, where it may be believed. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Claims {
    /// The certificate's number.
    pub certificate_number: String,
    /// From when the code is in force.
    pub not_before: i64,
    /// From when it is no longer.
    pub expires: i64,
    /// The holder's name, perhaps only its beginning.
    pub name: String,
    /// Whether the name goes on.
    pub name_cut: bool,
    /// The agency's number.
    pub agency: u32,
    /// 1 行政执法证, 2 行政执法监督证.
    pub kind: u32,
    /// The status list of the code.
    pub status_list: u32,
    /// Its place in the list.
    pub status_index: u32,
}

impl From<contract::Credential> for Claims {
    fn from(credential: contract::Credential) -> Self {
        Self {
            certificate_number: credential.certificate_number,
            not_before: credential.not_before,
            expires: credential.expires,
            name: credential.name,
            name_cut: credential.name_cut,
            agency: credential.agency,
            kind: credential.kind,
            status_list: credential.status_list,
            status_index: credential.status_index,
        }
    }
}

/// An agency of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Agency {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// The code of its division (GB/T 2260).
    pub division: String,
}

/// The answer to a scan, with what it rests on. Times are Unix seconds, ages are seconds.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// Remarks beside it.
    pub reasons: Vec<Reason>,
    /// How much the code proves; none where the showing itself is not proved.
    pub evidence: Option<Evidence>,
    /// What the code says, where it may be believed.
    pub claims: Option<Claims>,
    /// The credential's id, 16 bytes, where its signature is good.
    pub credential_id: Option<Vec<u8>>,
    /// The name of the key that the code gives, 4 bytes.
    pub kid: Option<Vec<u8>>,
    /// When a phone showed it, by that phone's clock.
    pub shown_at: Option<i64>,
    /// When the status was so.
    pub status_as_of: Option<i64>,
    /// How long ago that was.
    pub status_age: Option<i64>,
    /// The holder's agency.
    pub agency: Option<Agency>,
    /// How long ago the bundle was made.
    pub bundle_age: i64,
    /// Whether the bundle has ended.
    pub bundle_expired: bool,
}

impl From<contract::offline::Answer> for Answer {
    fn from(answer: contract::offline::Answer) -> Self {
        let judgement = answer.judgement;
        Self {
            verdict: judgement.verdict.into(),
            reasons: judgement.reasons.into_iter().map(Into::into).collect(),
            evidence: judgement.evidence.map(Into::into),
            claims: judgement.credential.map(Into::into),
            credential_id: judgement.credential_id.map(|id| id.0.to_vec()),
            kid: judgement.kid.map(|kid| kid.0.to_vec()),
            shown_at: judgement.shown_at,
            status_as_of: judgement.status_as_of,
            status_age: judgement.status_age,
            agency: answer.agency.map(|agency| Agency {
                number: agency.number,
                name: agency.name,
                division: agency.division,
            }),
            bundle_age: answer.bundle_age,
            bundle_expired: answer.bundle_expired,
        }
    }
}

/// A refusal that carries the contract's word.
macro_rules! refusals {
    ($($(#[$about:meta])* $name:ident,)*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
        pub enum $name {
            /// Refused.
            #[error("{code}")]
            Refused {
                /// The word of the contract, such as `ROLLBACK`.
                code: String,
            },
        }

        impl $name {
            pub(crate) fn of(code: &str) -> Self {
                Self::Refused { code: code.to_owned() }
            }
        }
    )*};
}

refusals! {
    /// Why a bundle or delta is not taken; the older bundle stays.
    BundleRefusal,
    /// Why a status list is not taken; the older one stays.
    ListRefusal,
    /// Why nothing can be shown.
    ShowError,
    /// Why a check record cannot be made, or is none of this phone.
    RecordRefusal,
    /// Why a photo pack is not opened.
    PackRefusal,
}
