//! The supervisor's side: verifying without a network.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mobile_contract::bundle::{BundleError, Pinned};
use mobile_contract::{PublicKey, offline};

use crate::{Answer, BundleRefusal, ListRefusal, RootKey};

/// What an app verifies with. Calls may come from any thread; each answers within a millisecond but
/// for a new bundle, list or photo pack.
#[derive(Debug, uniffi::Object)]
pub struct OfflineVerifier(Mutex<offline::OfflineVerifier>);

impl OfflineVerifier {
    /// A thread that broke off has left the verifier as it was: every change is one assignment.
    pub(crate) fn inner(&self) -> MutexGuard<'_, offline::OfflineVerifier> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pinned(roots: Vec<RootKey>, issuer: String) -> Result<Pinned, BundleRefusal> {
    let read = |root: RootKey| {
        PublicKey::from_bytes(root.algorithm.into(), &root.public_key)
            .map_err(|_| BundleRefusal::of("UNKNOWN_ROOT"))
    };
    Ok(Pinned { roots: roots.into_iter().map(read).collect::<Result<_, _>>()?, issuer })
}

fn begun(
    verifier: Result<offline::OfflineVerifier, BundleError>,
) -> Result<OfflineVerifier, BundleRefusal> {
    verifier
        .map(|verifier| OfflineVerifier(Mutex::new(verifier)))
        .map_err(|refusal| BundleRefusal::of(refusal.code()))
}

#[uniffi::export]
impl OfflineVerifier {
    /// Begins with the pinned roots, the deployment's public address, a bundle, and the floor that
    /// was kept from the last run (0 at first). `now` is the device's clock in Unix seconds.
    #[uniffi::constructor]
    pub fn new(
        roots: Vec<RootKey>,
        issuer: String,
        bundle: Vec<u8>,
        floor: i64,
        now: i64,
    ) -> Result<Self, BundleRefusal> {
        let pinned = pinned(roots, issuer)?;
        begun(offline::OfflineVerifier::new(pinned, &bundle, floor, now))
    }

    /// Begins with the bundle and the floor that were kept from the last run, whether or not the
    /// bundle has ended meanwhile: what an app does at every start but its first.
    #[uniffi::constructor]
    pub fn resume(
        roots: Vec<RootKey>,
        issuer: String,
        bundle: Vec<u8>,
        floor: i64,
    ) -> Result<Self, BundleRefusal> {
        let pinned = pinned(roots, issuer)?;
        begun(offline::OfflineVerifier::resume(pinned, &bundle, floor))
    }

    /// Takes a whole bundle.
    pub fn take_bundle(&self, bundle: Vec<u8>, now: i64) -> Result<(), BundleRefusal> {
        let taken = self.inner().take_bundle(&bundle, now);
        taken.map_err(|refusal| BundleRefusal::of(refusal.code()))
    }

    /// Takes what changed since the bundle that is held.
    pub fn take_delta(&self, delta: Vec<u8>, now: i64) -> Result<(), BundleRefusal> {
        let taken = self.inner().take_delta(&delta, now);
        taken.map_err(|refusal| BundleRefusal::of(refusal.code()))
    }

    /// Takes a status list, as JWT or CWT; answers its number.
    pub fn take_list(&self, list: Vec<u8>, now: i64) -> Result<u32, ListRefusal> {
        let taken = self.inner().take_list(&list, now);
        taken.map_err(|refusal| ListRefusal::of(refusal.code()))
    }

    /// Takes a status list that was taken in an earlier run and kept, whether or not it has ended
    /// meanwhile; answers its number.
    pub fn take_kept_list(&self, list: Vec<u8>) -> Result<u32, ListRefusal> {
        let taken = self.inner().take_kept_list(&list);
        taken.map_err(|refusal| ListRefusal::of(refusal.code()))
    }

    /// Takes the list of what a compromised key signed for the issuer; answers whether the bundle
    /// names it.
    pub fn take_genuine(&self, list: Vec<u8>) -> bool {
        self.inner().take_genuine(&list)
    }

    /// Judges a code, a whole URL or its digits. `challenge` is the 16 bytes this app has asked for,
    /// if any; of another length it is none, and then no `ChallengeUnanswered` comes: only the evidence
    /// `Challenged` is an answer.
    pub fn scan(&self, input: String, challenge: Option<Vec<u8>>, now: i64) -> Answer {
        let challenge = challenge.and_then(|challenge| challenge.try_into().ok());
        self.inner().scan(&input, challenge.as_ref(), now).into()
    }

    /// The newest time that a server has signed, to be kept between runs.
    pub fn floor(&self) -> i64 {
        self.inner().floor()
    }

    /// The bundle as it was signed, to be kept between runs.
    pub fn bundle(&self) -> Vec<u8> {
        self.inner().bundle().bytes().to_vec()
    }

    /// The hash of the bundle, 32 bytes, by which a delta is asked for.
    pub fn bundle_hash(&self) -> Vec<u8> {
        self.inner().bundle().hash().to_vec()
    }

    /// The numbers of the status lists to fetch.
    pub fn lists(&self) -> Vec<u32> {
        self.inner().bundle().content().lists.clone()
    }

    /// The SHA-256, 32 bytes each, of the lists of what compromised keys signed for the issuer:
    /// those to fetch, by this name, and to hand in.
    pub fn genuine(&self) -> Vec<Vec<u8>> {
        self.inner().bundle().content().genuine.iter().map(|named| named.list.to_vec()).collect()
    }

    /// What the address of a status list begins with; its number follows.
    pub fn list_base(&self) -> String {
        self.inner().bundle().content().list_base.clone()
    }
}
