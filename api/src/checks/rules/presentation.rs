//! Which showing of a code a record holds. A phone makes its code anew every half minute, so the very
//! same one in two records is one scan told twice, or a picture of a screen that was passed on; it
//! may also be two supervisors before one screen, or a button that was touched twice. So it is told,
//! and nothing is decided by it.

use mobile_contract::{Opened, Shown};
use sha2::{Digest, Sha256};

/// What tells a showing from every other: of the credential, its time and the challenge it answers,
/// never of a signature, which ES256 makes anew. None for a printed code, which is the same every
/// day, and where the phone's signature could not be verified: anybody may have written that.
pub fn presentation(opened: &Opened) -> Option<[u8; 16]> {
    let Shown::ByPhone { issued_at, challenge } = opened.shown else { return None };
    let mut digest = Sha256::new();
    digest.update(opened.id.0);
    digest.update(issued_at.to_be_bytes());
    if let Some(challenge) = challenge {
        // All parts have one length each, so that with it and without never read alike.
        digest.update(challenge);
    }
    let digest: [u8; 32] = digest.finalize().into();
    digest.first_chunk().copied()
}
