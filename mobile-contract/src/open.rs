//! Opening a code: from what a camera read to what a trusted key signed. No clock and no status
//! here.
//!
//! The outer structure decides what a code is: a credential names a key (kid), a presentation does
//! not. Everything is parsed before anything is computed with.

use std::sync::Arc;

use crate::{
    cbor::Malformed,
    challenge::Challenge,
    cose::Sign1,
    credential::{Credential, CredentialId, Profile},
    digits::{digits_to_bytes, extract_digits},
    keys::{KeyRecord, KeySet, KeyUse, Kid, Unverified},
    presentation::{Presentation, external_aad},
    verdict::{Reason, Verdict},
};

/// A code whose issuer's signature is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What the issuer signed.
    pub credential: Credential,
    /// The credential's id.
    pub id: CredentialId,
    /// How the code named the key.
    pub kid: Kid,
    /// The key that signed it.
    pub key: Arc<KeyRecord>,
    /// How it is shown.
    pub shown: Shown,
}

/// How a credential is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Printed.
    Printed,
    /// A phone credential without a presentation: a copy.
    Bare,
    /// By the phone it is bound to.
    ByPhone {
        /// When, by the phone's clock, in Unix seconds.
        issued_at: i64,
        /// The challenge it answers, if any.
        challenge: Option<Challenge>,
    },
    /// In answer to a challenge other than the verifier's, so that the phone's signature cannot be
    /// verified.
    ForAnother {
        /// When, as the code claims, in Unix seconds.
        issued_at: i64,
    },
}

/// A code that cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// [`Verdict::Unreadable`], [`Verdict::UnknownIssuer`] or [`Verdict::SignatureInvalid`].
    pub verdict: Verdict,
    /// [`Reason::OtherDevice`] or nothing.
    pub reasons: Vec<Reason>,
    /// The key that the code names, if it could be read.
    pub kid: Option<Kid>,
}

impl Refusal {
    fn unreadable() -> Self {
        Self { verdict: Verdict::Unreadable, reasons: Vec::new(), kid: None }
    }
}

/// A code as it was read; nothing of it is verified.
struct Parsed<'a> {
    kid: Kid,
    credential: Credential,
    signed: Sign1<'a>,
    presentation: Option<(Sign1<'a>, Presentation<'a>)>,
}

/// Opens a code: a whole URL, or its digits. `challenge` is what the verifier has asked for, if
/// anything.
///
/// # Errors
/// A [`Refusal`] for whatever is not signed by a key of `keys`; see [`Verdict`].
pub fn open(input: &str, keys: &KeySet, challenge: Option<&Challenge>) -> Result<Opened, Refusal> {
    let bytes =
        extract_digits(input).and_then(digits_to_bytes).map_err(|_| Refusal::unreadable())?;
    let parsed = parse(&bytes).map_err(|Malformed| Refusal::unreadable())?;
    let refuse = |verdict, reasons| Refusal { verdict, reasons, kid: Some(parsed.kid) };

    let message = parsed.signed.message(parsed.credential.profile().external_aad());
    let key = issuer(&parsed, &message, keys).map_err(|verdict| refuse(verdict, vec![]))?;
    let shown = match (&parsed.presentation, parsed.credential.profile()) {
        (None, Profile::Printed) => Shown::Printed,
        (None, Profile::Phone) => Shown::Bare,
        (Some((outer, presentation)), _) => {
            shown_by_phone(&parsed.credential, outer, *presentation, challenge)
                .ok_or_else(|| refuse(Verdict::SignatureInvalid, vec![Reason::OtherDevice]))?
        }
    };
    Ok(Opened {
        id: CredentialId::of(&message),
        kid: parsed.kid,
        credential: parsed.credential,
        key,
        shown,
    })
}

fn parse(bytes: &[u8]) -> Result<Parsed<'_>, Malformed> {
    let outer = Sign1::read(bytes)?;
    if let Some(kid) = outer.kid {
        let credential = Credential::read(outer.payload)?;
        return Ok(Parsed { kid, credential, signed: outer, presentation: None });
    }
    let presentation = Presentation::read(outer.payload)?;
    let signed = Sign1::read(presentation.credential)?;
    let kid = signed.kid.ok_or(Malformed)?;
    let credential = Credential::read(signed.payload)?;
    // A printed credential cannot be presented: it is bound to no phone.
    if credential.device_key.is_none() {
        return Err(Malformed);
    }
    Ok(Parsed { kid, credential, signed, presentation: Some((outer, presentation)) })
}

/// Tries the keys that the code may mean. A key of another algorithm than the code's cannot have
/// signed it; one that we cannot verify with says nothing about the code.
fn issuer(parsed: &Parsed<'_>, message: &[u8], keys: &KeySet) -> Result<Arc<KeyRecord>, Verdict> {
    let mut verdict = Verdict::UnknownIssuer;
    let mut unsupported = false;
    for key in keys.named(parsed.kid, KeyUse::Credential) {
        verdict = Verdict::SignatureInvalid;
        if key.public_key.algorithm().number() != parsed.signed.algorithm {
            continue;
        }
        match key.public_key.verify(message, &parsed.signed.signature) {
            Ok(()) => return Ok(Arc::clone(key)),
            Err(Unverified::Unsupported) => unsupported = true,
            Err(Unverified::Wrong) => {}
        }
    }
    Err(if unsupported { Verdict::UnknownIssuer } else { verdict })
}

/// Checks the phone's signature; none if it is not that of the phone the credential is bound to.
fn shown_by_phone(
    credential: &Credential,
    outer: &Sign1<'_>,
    presentation: Presentation<'_>,
    challenge: Option<&Challenge>,
) -> Option<Shown> {
    let issued_at = presentation.issued_at;
    let key = credential.device_key?.to_public_key()?;
    if key.algorithm().number() != outer.algorithm {
        return None;
    }
    let signed = |challenge: Option<&Challenge>| {
        key.verify(&outer.message(&external_aad(challenge)), &outer.signature).is_ok()
    };
    match (presentation.challenged, challenge) {
        (false, _) => signed(None).then_some(Shown::ByPhone { issued_at, challenge: None }),
        (true, Some(asked)) if signed(Some(asked)) => {
            Some(Shown::ByPhone { issued_at, challenge: Some(*asked) })
        }
        // It may well answer someone else's challenge, so it is not called a forgery.
        (true, _) => Some(Shown::ForAnother { issued_at }),
    }
}
