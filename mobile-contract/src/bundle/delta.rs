//! A delta: what changed between two bundles, and the signature of the newer. It holds everything
//! but the agencies as it is now, and of the agencies those that changed. It needs no signature of
//! its own: put together wrongly, the newer bundle's does not verify.

use sha2::{Digest, Sha256};

use super::{Agency, Bundle, BundleError, BundleHash, Content, MAX_BUNDLE_BYTES, Pinned, wire};
use crate::{
    cbor::{Malformed, Reader, Writer},
    cose::Sign1,
    keys::SIGNATURE_BYTES,
};

/// Labels, in the order of deterministic CBOR.
mod label {
    pub(super) const BASE: i64 = 1;
    pub(super) const WHOLE: i64 = 2;
    pub(super) const PROTECTED: i64 = 3;
    pub(super) const REST: i64 = 4;
    pub(super) const CHANGED: i64 = 5;
    pub(super) const REMOVED: i64 = 6;
    pub(super) const SIGNATURE: i64 = 7;
}

struct Delta<'a> {
    base: BundleHash,
    whole: BundleHash,
    protected: &'a [u8],
    rest: Content,
    changed: Vec<Agency>,
    removed: Vec<u32>,
    signature: [u8; SIGNATURE_BYTES],
}

/// Writes the delta from one signed bundle to a later one. Neither is verified: whoever hands out
/// deltas has made both.
///
/// # Errors
/// [`BundleError::Malformed`].
pub fn between(base: &[u8], newer: &[u8]) -> Result<Vec<u8>, BundleError> {
    let old = wire::read(Sign1::read(base)?.payload)?;
    let signed = Sign1::read(newer)?;
    let mut rest = wire::read(signed.payload)?;
    let agencies = std::mem::take(&mut rest.agencies);
    let changed: Vec<&Agency> =
        agencies.iter().filter(|agency| old.agencies.binary_search(agency).is_err()).collect();
    let is_there = |number: u32| agencies.binary_search_by_key(&number, |a| a.number).is_ok();
    let removed: Vec<u32> =
        old.agencies.iter().map(|a| a.number).filter(|number| !is_there(*number)).collect();
    let hash = |bytes: &[u8]| -> BundleHash { Sha256::digest(bytes).into() };
    let mut to = Writer::default().map(7);
    to = to.int(label::BASE).bytes(&hash(base));
    to = to.int(label::WHOLE).bytes(&hash(newer));
    to = to.int(label::PROTECTED).bytes(signed.protected());
    to = to.int(label::REST).bytes(&wire::write(&rest));
    to = to.int(label::CHANGED).list(&changed, |to, agency| wire::write_agency(to, agency));
    to = to.int(label::REMOVED).list(&removed, |to, number| to.uint((*number).into()));
    Ok(to.int(label::SIGNATURE).bytes(&signed.signature).finish())
}

/// Puts a delta and the bundle it starts from together, and accepts what comes of it.
///
/// # Errors
/// [`BundleError::OtherBase`] where the whole bundle is to be fetched; else as
/// [`Bundle::accept_after`].
pub fn accept(
    base: &Bundle,
    delta: &[u8],
    pinned: &Pinned,
    now: i64,
) -> Result<Bundle, BundleError> {
    if delta.len() > MAX_BUNDLE_BYTES {
        return Err(BundleError::Malformed);
    }
    let delta = read(delta)?;
    if delta.base != base.hash {
        return Err(BundleError::OtherBase);
    }
    let mut content = delta.rest;
    let is_changed = |number: u32| {
        delta.changed.binary_search_by_key(&number, |a| a.number).is_ok()
            || delta.removed.binary_search(&number).is_ok()
    };
    let stay = base.content.agencies.iter().filter(|agency| !is_changed(agency.number)).cloned();
    content.agencies = stay.chain(delta.changed.iter().cloned()).collect();
    content.agencies.sort_unstable();
    let whole = crate::cose::seal(delta.protected, &wire::write(&content), &delta.signature);
    let hash: BundleHash = Sha256::digest(&whole).into();
    if hash != delta.whole {
        return Err(BundleError::Malformed);
    }
    base.accept_after(&whole, pinned, now)
}

fn read(bytes: &[u8]) -> Result<Delta<'_>, Malformed> {
    let mut reader = Reader::new(bytes);
    reader.map(7)?;
    let base = reader.at(label::BASE)?.fixed()?;
    let whole = reader.at(label::WHOLE)?.fixed()?;
    let protected = reader.at(label::PROTECTED)?.bytes()?;
    let rest = wire::read(reader.at(label::REST)?.bytes()?)?;
    let changed = reader.at(label::CHANGED)?.list(wire::MAX_ENTRIES, wire::read_agency)?;
    let removed = reader.at(label::REMOVED)?.list(wire::MAX_ENTRIES, Reader::u32)?;
    let signature = reader.at(label::SIGNATURE)?.fixed()?;
    reader.end()?;
    let sound = rest.agencies.is_empty()
        && wire::strictly_rising(changed.iter().map(|agency| agency.number))
        && wire::strictly_rising(removed.iter());
    if sound {
        Ok(Delta { base, whole, protected, rest, changed, removed, signature })
    } else {
        Err(Malformed)
    }
}
