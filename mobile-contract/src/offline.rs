//! The verifier of an app: a bundle, the status lists it has fetched, and the codes it has seen.
//!
//! [`OfflineVerifier::scan`] never waits: it answers from what it holds, and says how old that is.
//! What an app fetches it hands in; what is refused leaves the older good one in place. The app keeps
//! [`Bundle::bytes`], the lists and the floor between runs, and hands them in again by
//! [`OfflineVerifier::resume`] and [`OfflineVerifier::take_kept_list`], also where they have ended
//! meanwhile: it starts in a basement too, calls nobody valid there, and still knows a forgery.

use std::collections::{HashMap, HashSet, VecDeque};

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    bundle::{Agency, Bundle, BundleError, Pinned, delta},
    challenge::Challenge,
    credential::{Credential, CredentialId},
    judge::{Circumstances, Floor, Judgement, Moment, judge},
    open::{Opened, Shown, open},
    status::{CertificateStatus, StatusFact},
    status_list::{ListClaims, ListError, SignedList},
};

/// The shortest list of this profile, in entries: enough that one hides among many.
pub const MIN_LIST_ENTRIES: u32 = 131_072;
/// How long a code that was seen is remembered, in seconds.
pub const REPLAY_SECONDS: i64 = 120;
/// Codes that are remembered at most.
const MAX_SEEN: usize = 4_096;

/// Why a status list is not taken as current. The older one stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum ListRefusal {
    /// Not a list, or not signed as it must be.
    #[error(transparent)]
    List(#[from] ListError),
    /// Of another issuer, or none of the lists that the bundle names.
    #[error("not a list of this deployment")]
    OtherIssuer,
    /// Past its `exp`, or without one.
    #[error("no longer to be relied on")]
    Expired,
    /// Older than the one that is held.
    #[error("older than what is known")]
    Older,
    /// Too short for the indices that were handed out, or shorter than the one that is held.
    #[error("too short")]
    TooShort,
}

impl ListRefusal {
    /// The word it travels as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::List(error) => error.code(),
            Self::OtherIssuer => "OTHER_ISSUER",
            Self::Expired => "EXPIRED",
            Self::Older => "OLDER",
            Self::TooShort => "TOO_SHORT",
        }
    }
}

/// The answer to a scan, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The verdict with its reasons, and what the code says where it may be believed.
    pub judgement: Judgement,
    /// The holder's agency, where the bundle knows its number.
    pub agency: Option<Agency>,
    /// Seconds since the bundle was made.
    pub bundle_age: i64,
    /// Whether the bundle has ended: nothing is called valid any more until a new one is there.
    pub bundle_expired: bool,
}

/// What an app verifies with. See the module.
#[derive(Debug, Clone)]
pub struct OfflineVerifier {
    pinned: Pinned,
    bundle: Bundle,
    lists: HashMap<u32, Held>,
    /// By the list's SHA-256.
    genuine: HashMap<[u8; 32], HashSet<CredentialId>>,
    floor: i64,
    seen: VecDeque<(Seen, i64)>,
}

/// A list, and as it came, so that it can be verified again.
#[derive(Debug, Clone)]
struct Held {
    claims: ListClaims,
    signed: Vec<u8>,
}

/// What makes two showings the same one.
type Seen = (CredentialId, i64, Option<Challenge>);

impl OfflineVerifier {
    /// Begins with a bundle and the floor that was kept from the last run (Unix seconds; 0 at
    /// first).
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn new(pinned: Pinned, bundle: &[u8], floor: i64, now: i64) -> Result<Self, BundleError> {
        let bundle = Bundle::accept(bundle, &pinned, now.max(floor))?;
        Ok(Self::holding(pinned, bundle, floor))
    }

    /// Begins with the bundle and the floor that were kept from the last run, whether or not the
    /// bundle has ended meanwhile. A newer one follows it as always; an older one never does.
    ///
    /// # Errors
    /// [`BundleError`], where it is no bundle of the pinned roots.
    pub fn resume(pinned: Pinned, bundle: &[u8], floor: i64) -> Result<Self, BundleError> {
        let bundle = Bundle::kept(bundle, &pinned)?;
        Ok(Self::holding(pinned, bundle, floor))
    }

    fn holding(pinned: Pinned, bundle: Bundle, floor: i64) -> Self {
        let floor = floor.max(bundle.content().issued_at);
        let (lists, genuine) = (HashMap::new(), HashMap::new());
        Self { pinned, bundle, lists, genuine, floor, seen: VecDeque::new() }
    }

    /// The newest time that a server has signed, to be kept: a clock behind it is not believed.
    pub fn floor(&self) -> i64 {
        self.floor
    }

    /// The bundle.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// Takes a whole bundle.
    ///
    /// # Errors
    /// [`BundleError`]; the older one stays.
    pub fn take_bundle(&mut self, bytes: &[u8], now: i64) -> Result<(), BundleError> {
        let next = self.bundle.accept_after(bytes, &self.pinned, now.max(self.floor))?;
        self.follow(next);
        Ok(())
    }

    /// Takes what changed since the bundle that is held.
    ///
    /// # Errors
    /// [`BundleError`]; the older one stays.
    pub fn take_delta(&mut self, bytes: &[u8], now: i64) -> Result<(), BundleError> {
        let next = delta::accept(&self.bundle, bytes, &self.pinned, now.max(self.floor))?;
        self.follow(next);
        Ok(())
    }

    fn follow(&mut self, next: Bundle) {
        let content = next.content();
        self.floor = self.floor.max(content.issued_at);
        // A list is worth no more than the key that signed it is now.
        self.lists.retain(|number, held| {
            content.lists.binary_search(number).is_ok()
                && SignedList::read(&held.signed).is_ok_and(|list| list.verify(next.keys()).is_ok())
        });
        self.genuine.retain(|hash, _| content.genuine.iter().any(|named| named.list == *hash));
        self.bundle = next;
    }

    /// Takes a status list in either form; answers its number.
    ///
    /// # Errors
    /// [`ListRefusal`]; the older one stays.
    pub fn take_list(&mut self, bytes: &[u8], now: i64) -> Result<u32, ListRefusal> {
        self.list(bytes, Some(now))
    }

    /// Takes a status list that was taken in an earlier run and kept, whether or not it has ended
    /// meanwhile: that somebody was revoked stays true.
    ///
    /// # Errors
    /// [`ListRefusal`]; the list that is held stays.
    pub fn take_kept_list(&mut self, bytes: &[u8]) -> Result<u32, ListRefusal> {
        self.list(bytes, None)
    }

    /// Takes a list, that must not have ended at a moment if there is one.
    fn list(&mut self, bytes: &[u8], now: Option<i64>) -> Result<u32, ListRefusal> {
        let list = SignedList::read(bytes)?.verify(self.bundle.keys())?;
        let content = self.bundle.content();
        let number = list.subject.strip_prefix(&content.list_base).and_then(as_number);
        let number = number.filter(|number| content.lists.binary_search(number).is_ok());
        let number = number.ok_or(ListRefusal::OtherIssuer)?;
        if list.issuer.as_ref().is_some_and(|issuer| *issuer != content.issuer) {
            return Err(ListRefusal::OtherIssuer);
        }
        let ended = |expires| now.is_some_and(|now| now.max(self.floor) >= expires);
        if list.expires.is_none_or(ended) {
            return Err(ListRefusal::Expired);
        }
        let held = self.lists.get(&number).map(|held| &held.claims);
        if held.is_some_and(|held| list.issued_at < held.issued_at) {
            return Err(ListRefusal::Older);
        }
        let shrinks = held.is_some_and(|held| list.list.bytes().len() < held.list.bytes().len());
        if shrinks || list.list.get(MIN_LIST_ENTRIES - 1).is_none() {
            return Err(ListRefusal::TooShort);
        }
        self.floor = self.floor.max(list.issued_at);
        self.lists.insert(number, Held { claims: list, signed: bytes.to_vec() });
        Ok(number)
    }

    /// Takes the list of what a compromised key signed for the issuer; answers whether the bundle
    /// names it.
    #[must_use]
    pub fn take_genuine(&mut self, list: &[u8]) -> bool {
        let hash = Sha256::digest(list).into();
        let is_named = self.bundle.content().genuine.iter().any(|named| named.list == hash);
        let (ids, rest) = list.as_chunks::<16>();
        if !is_named || !rest.is_empty() {
            return false;
        }
        self.genuine.insert(hash, ids.iter().copied().map(CredentialId).collect());
        true
    }

    /// Judges a code, a whole URL or its digits, at `now` (Unix seconds) by the device's clock.
    /// `challenge` is what this app has asked for, if anything.
    pub fn scan(&mut self, input: &str, challenge: Option<&Challenge>, now: i64) -> Answer {
        let content = self.bundle.content();
        let bundle_age = now.saturating_sub(content.issued_at);
        let bundle_expired = self.bundle.has_ended(now.max(self.floor));
        let floor = Floor { at: self.floor, tolerance: content.clock_skew };
        let judgement = match open(input, self.bundle.keys(), challenge) {
            Ok(opened) => {
                let replayed = self.is_repeated(&opened, now);
                let circumstances = Circumstances {
                    moment: Moment { now, floor: Some(floor) },
                    status: self.status(&opened.credential, now, bundle_expired),
                    known_genuine: self.is_genuine(&opened),
                    replayed,
                    challenged: challenge.is_some(),
                };
                judge(&opened, circumstances)
            }
            Err(refusal) => refusal.into(),
        };
        let agency = judgement.credential.as_ref().and_then(|c| self.bundle.agency(c.agency));
        Answer { agency: agency.cloned(), judgement, bundle_age, bundle_expired }
    }

    fn status(&self, credential: &Credential, now: i64, bundle_expired: bool) -> StatusFact {
        let entry = self
            .lists
            .get(&credential.status_list)
            .and_then(|held| held.claims.entry(credential.status_index));
        let Some(entry) = entry else { return StatusFact::Unknown };
        let staleness = self.bundle.content().largest_staleness;
        // A clock that was set back makes no list younger.
        let fact = StatusFact::from_list(entry, staleness, now.max(self.floor));
        // With an ended bundle nobody knows whether the key is still good. That somebody was revoked
        // stays true; that somebody is valid does not.
        if bundle_expired && fact.status() != Some(CertificateStatus::Invalid) {
            return StatusFact::Unknown;
        }
        fact
    }

    fn is_genuine(&self, opened: &Opened) -> bool {
        let key: [u8; 32] = Sha256::digest(opened.key.public_key.to_bytes()).into();
        let named = self.bundle.content().genuine.iter().find(|named| named.key == key);
        let ids = named.and_then(|named| self.genuine.get(&named.list));
        ids.is_some_and(|ids| ids.contains(&opened.id))
    }

    /// Whether a phone's code was seen shortly before; remembers it. A printed code may be read as
    /// often as one likes.
    fn is_repeated(&mut self, opened: &Opened, now: i64) -> bool {
        let Shown::ByPhone { issued_at, challenge } = opened.shown else { return false };
        let this = (opened.id, issued_at, challenge);
        let near = |at: i64| now.saturating_sub(at).saturating_abs() <= REPLAY_SECONDS;
        self.seen.retain(|(_, at)| near(*at));
        let repeated = self.seen.iter().any(|(seen, _)| *seen == this);
        if !repeated {
            if self.seen.len() >= MAX_SEEN {
                self.seen.pop_front();
            }
            self.seen.push_back((this, now));
        }
        repeated
    }
}

/// A list's number as its address ends with it: digits without a leading zero.
fn as_number(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
