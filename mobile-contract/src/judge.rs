//! Judging an opened code: one rule for the server, which knows the status, and an app, which knows
//! a list.

use std::collections::HashSet;

use crate::{
    challenge::Challenge,
    credential::{Credential, CredentialId},
    keys::{KeySet, Kid},
    open::{Opened, Refusal, Shown, open},
    status::{CertificateStatus, StatusFact},
    verdict::{Reason, Verdict},
};

/// A phone's code is good this many seconds after it was made …
pub const FRESH_SECONDS: i64 = 90;
/// … and this many before, since clocks differ.
pub const FUTURE_SECONDS: i64 = 30;
/// How far a clock may lie behind the floor before it is not believed, in seconds, where the bundle
/// says nothing else.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// The verifier's time, in Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What its clock says.
    pub now: i64,
    /// Before what it cannot be. A server, which trusts its clock, gives none.
    pub floor: Option<Floor>,
}

/// A moment that has certainly passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    /// The newest `iat` of a bundle or status list that was verified, never of a presentation.
    pub at: i64,
    /// How far a clock may lie behind it and still be believed, in seconds.
    pub tolerance: i64,
}

/// What the verifier knows besides the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// When it is.
    pub moment: Moment,
    /// What is known of the status.
    pub status: StatusFact,
    /// Whether the credential is on the list of those that the issuer did sign: asked only of a
    /// compromised key's.
    pub known_genuine: bool,
    /// Whether the same (id, iat, challenge) was seen shortly before.
    pub replayed: bool,
    /// Whether a challenge was asked for.
    pub challenged: bool,
}

/// How much a code proves, should it come to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// A printed code: it proves no time, and may be a copy.
    Printed,
    /// A phone's code made at its time.
    Phone,
    /// A phone's code made in answer to this verifier's challenge.
    Challenged,
}

impl Evidence {
    /// The word it travels as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Printed => "PRINTED",
            Self::Phone => "PHONE",
            Self::Challenged => "CHALLENGED",
        }
    }
}

/// The answer to a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The first verdict that applies.
    pub verdict: Verdict,
    /// Remarks beside it.
    pub reasons: Vec<Reason>,
    /// What the code says, unless the verdict is that it may not be believed.
    pub credential: Option<Credential>,
    /// The credential's id, if its signature is good.
    pub credential_id: Option<CredentialId>,
    /// The key the code names, if it could be read.
    pub kid: Option<Kid>,
    /// How much it proves; none where the showing itself is not proved.
    pub evidence: Option<Evidence>,
    /// When a phone showed it, by the phone's clock, in Unix seconds.
    pub shown_at: Option<i64>,
    /// When the status relied on was so, in Unix seconds.
    pub status_as_of: Option<i64>,
    /// How many seconds ago that was.
    pub status_age: Option<i64>,
}

impl From<Refusal> for Judgement {
    fn from(refusal: Refusal) -> Self {
        Self {
            verdict: refusal.verdict,
            reasons: refusal.reasons,
            credential: None,
            credential_id: None,
            kid: refusal.kid,
            evidence: None,
            shown_at: None,
            status_as_of: None,
            status_age: None,
        }
    }
}

/// What a verifier holds when it scans.
#[derive(Debug, Clone, Copy)]
pub struct Verifier<'a> {
    /// The trusted keys.
    pub keys: &'a KeySet,
    /// The ids that compromised keys are known to have signed for the issuer.
    pub known_genuine: &'a HashSet<CredentialId>,
    /// The challenge it has asked for, if any.
    pub challenge: Option<&'a Challenge>,
    /// The time.
    pub moment: Moment,
}

/// Verifies a code offline: a whole URL, or its digits. `status` looks up the credential's place in
/// the status lists.
pub fn verify(
    input: &str,
    verifier: Verifier<'_>,
    status: impl FnOnce(&Credential) -> StatusFact,
) -> Judgement {
    match open(input, verifier.keys, verifier.challenge) {
        Ok(opened) => judge(
            &opened,
            Circumstances {
                moment: verifier.moment,
                status: status(&opened.credential),
                known_genuine: verifier.known_genuine.contains(&opened.id),
                replayed: false,
                challenged: verifier.challenge.is_some(),
            },
        ),
        Err(refusal) => refusal.into(),
    }
}

/// Judges an opened code.
pub fn judge(opened: &Opened, circumstances: Circumstances) -> Judgement {
    let verdict = decide(opened, circumstances);
    let Circumstances { moment: Moment { now, .. }, status, replayed, challenged, .. } =
        circumstances;
    let (evidence, shown_at) = match opened.shown {
        Shown::Printed => (Some(Evidence::Printed), None),
        Shown::ByPhone { issued_at, challenge: None } => (Some(Evidence::Phone), Some(issued_at)),
        Shown::ByPhone { issued_at, challenge: Some(_) } => {
            (Some(Evidence::Challenged), Some(issued_at))
        }
        Shown::Bare | Shown::ForAnother { .. } => (None, None),
    };
    let believed = verdict.is_authentic();
    let evidence = evidence.filter(|_| believed);
    let reasons = [
        (Reason::Replayed, replayed),
        (Reason::FromTheFuture, shown_at.is_some_and(|at| at > now.saturating_add(FUTURE_SECONDS))),
        (
            Reason::ChallengeUnanswered,
            challenged && evidence.is_some_and(|evidence| evidence != Evidence::Challenged),
        ),
        (Reason::NameCut, believed && opened.credential.name_cut),
    ];
    Judgement {
        verdict,
        reasons: reasons.into_iter().filter(|(_, applies)| *applies).map(|(r, _)| r).collect(),
        credential: believed.then(|| opened.credential.clone()),
        credential_id: Some(opened.id),
        kid: Some(opened.kid),
        evidence,
        shown_at,
        status_as_of: status.as_of(),
        status_age: status.as_of().map(|as_of| now.saturating_sub(as_of)),
    }
}

/// The first verdict that applies, in the order of [`Verdict`].
fn decide(opened: &Opened, circumstances: Circumstances) -> Verdict {
    let Opened { credential, key, shown, .. } = opened;
    let Circumstances { moment: Moment { now, floor }, status, known_genuine, .. } = circumstances;

    // A clock set back must not bring an old key to life again.
    let at_least = now.max(floor.map_or(now, |floor| floor.at));
    if !(key.not_before..key.not_after).contains(&at_least) {
        return Verdict::UnknownIssuer;
    }
    if status == StatusFact::NotRecorded || key.compromised_since.is_some() && !known_genuine {
        return Verdict::KeyCompromised;
    }
    if *shown == Shown::Bare {
        return Verdict::PresentationMissing;
    }
    match status.status() {
        Some(CertificateStatus::Lost) => return Verdict::Lost,
        Some(CertificateStatus::Revoked) => return Verdict::Revoked,
        Some(CertificateStatus::Cancelled) => return Verdict::Cancelled,
        Some(CertificateStatus::Invalid) => return Verdict::Invalid,
        Some(CertificateStatus::Suspended) => return Verdict::Suspended,
        _ => {}
    }
    if floor.is_some_and(|floor| now < floor.at.saturating_sub(floor.tolerance)) {
        return Verdict::ClockUntrusted;
    }
    // The dates in a printed code are the certificate's. Those in a phone's are of one day's
    // credential, and only say when the phone could show it.
    let printed = *shown == Shown::Printed;
    if status.status() == Some(CertificateStatus::NotYetValid)
        || printed && now < credential.not_before
    {
        return Verdict::NotYetValid;
    }
    if status.status() == Some(CertificateStatus::Expired) || printed && now >= credential.expires {
        return Verdict::Expired;
    }
    if let Shown::ByPhone { issued_at, .. } | Shown::ForAnother { issued_at } = *shown {
        let age = now.saturating_sub(issued_at);
        let fresh = (-FUTURE_SECONDS..=FRESH_SECONDS).contains(&age)
            && (credential.not_before..credential.expires).contains(&issued_at);
        if !fresh {
            return Verdict::StaleCode;
        }
    }
    if let Shown::ForAnother { .. } = shown {
        return Verdict::ChallengeBound;
    }
    match status {
        StatusFact::Fresh { status: CertificateStatus::Valid, .. } => Verdict::Valid,
        StatusFact::Stale { status: CertificateStatus::Valid, .. } => Verdict::ValidStale,
        _ => Verdict::StatusUnknown,
    }
}
