//! Why something about keys is refused.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::platform::clock::local;
use crate::platform::failure::Refusal;
use crate::platform::texts::{Catalogue, Locale};

static TEXTS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(include_str!("trust.zh-CN.ftl"), include_str!("trust.en.ftl")));

/// Why a key is not marked, or something of the root is not made or taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustRefusal {
    /// No key of this deployment has the name.
    KeyUnknown {
        /// What was named.
        key: String,
    },
    /// Several keys have it: the public key is to be named whole.
    KeyAmbiguous {
        /// What was named.
        key: String,
    },
    /// Others cannot have had the key since a time that has not come.
    CompromisedInFuture,
    /// It is marked already, since no later a time.
    CompromisedAlready {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The deployment has no root yet.
    RootMissing,
    /// It has another root already.
    RootPinned {
        /// The name of that one.
        root: String,
    },
    /// What was given as a root is no public key.
    RootInvalid,
    /// The root has signed the keys as they stand.
    NothingToSign,
    /// Not a file of this ceremony, or broken.
    FileUnreadable,
    /// The private key is not that of the root that the file is for.
    OtherRootKey {
        /// The root that is wanted.
        root: String,
    },
    /// Not signed by the root of this deployment.
    OtherRoot {
        /// The root that is wanted.
        root: String,
    },
    /// The root did not sign this: it was changed after it was signed.
    Altered,
    /// Keys of another public address.
    OtherIssuer {
        /// That address.
        issuer: String,
    },
    /// No newer than what is known.
    Older {
        /// Its version.
        version: u64,
        /// The version that is known.
        known: u64,
    },
    /// It tells a key that is none of ours, or with other dates.
    ForeignKey {
        /// The name of that key.
        key: String,
    },
    /// It lacks a key that apps know, or that a key was compromised: keys have changed since it was
    /// exported.
    Outdated,
}

impl Refusal for TrustRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::KeyUnknown { .. } => "KEY_UNKNOWN",
            Self::KeyAmbiguous { .. } => "KEY_AMBIGUOUS",
            Self::CompromisedInFuture => "COMPROMISED_IN_FUTURE",
            Self::CompromisedAlready { .. } => "COMPROMISED_ALREADY",
            Self::RootMissing => "ROOT_MISSING",
            Self::RootPinned { .. } => "ROOT_PINNED",
            Self::RootInvalid => "ROOT_INVALID",
            Self::NothingToSign => "NOTHING_TO_SIGN",
            Self::FileUnreadable => "KEY_FILE_UNREADABLE",
            Self::OtherRootKey { .. } => "OTHER_ROOT_KEY",
            Self::OtherRoot { .. } => "KEYS_OF_OTHER_ROOT",
            Self::Altered => "KEYS_ALTERED",
            Self::OtherIssuer { .. } => "KEYS_OF_OTHER_ISSUER",
            Self::Older { .. } => "KEYS_OLDER",
            Self::ForeignKey { .. } => "KEYS_FOREIGN",
            Self::Outdated => "KEYS_OUTDATED",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::KeyUnknown { key } | Self::KeyAmbiguous { key } | Self::ForeignKey { key } => {
                vec![("key", key.clone())]
            }
            Self::CompromisedAlready { since } => {
                vec![("since", local(*since).format("%Y-%m-%d %H:%M:%S").to_string())]
            }
            Self::RootPinned { root } | Self::OtherRootKey { root } | Self::OtherRoot { root } => {
                vec![("root", root.clone())]
            }
            Self::OtherIssuer { issuer } => vec![("issuer", issuer.clone())],
            Self::Older { version, known } => {
                vec![("version", version.to_string()), ("known", known.to_string())]
            }
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        TEXTS.text(locale, self.code(), &args)
    }
}

/// One line: the code, and the text in both languages.
impl std::fmt::Display for TrustRefusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [zh_cn, en] = [Locale::ZhCn, Locale::En].map(|locale| self.message(locale));
        write!(formatter, "{}: {zh_cn} / {en}", self.code())
    }
}

impl std::error::Error for TrustRefusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_each_language() {
        let word = || "3f2a91c0".to_owned();
        let all = [
            TrustRefusal::KeyUnknown { key: word() },
            TrustRefusal::KeyAmbiguous { key: word() },
            TrustRefusal::CompromisedInFuture,
            TrustRefusal::CompromisedAlready { since: DateTime::UNIX_EPOCH },
            TrustRefusal::RootMissing,
            TrustRefusal::RootPinned { root: word() },
            TrustRefusal::RootInvalid,
            TrustRefusal::NothingToSign,
            TrustRefusal::FileUnreadable,
            TrustRefusal::OtherRootKey { root: word() },
            TrustRefusal::OtherRoot { root: word() },
            TrustRefusal::Altered,
            TrustRefusal::OtherIssuer { issuer: "https://lz.example.cn".to_owned() },
            TrustRefusal::Older { version: 5, known: 6 },
            TrustRefusal::ForeignKey { key: word() },
            TrustRefusal::Outdated,
        ];
        for refusal in all {
            for locale in Locale::ALL {
                let text = refusal.message(locale);
                assert_ne!(text, refusal.code(), "{locale:?}");
                for (name, value) in refusal.args() {
                    assert!(text.contains(&value), "{refusal:?} {locale:?} tells no {name}");
                }
            }
            assert!(!refusal.to_string().contains('\n'));
        }
    }
}
