//! Addresses of photos: signed, ten minutes long, of the page's own origin.

use chrono::{DateTime, Duration, Utc};

use crate::platform::seal::{MasterSecret, Purpose};

const PHOTO: Purpose = Purpose::new("verification/photo");
/// Life of an address.
const LIFE: Duration = Duration::minutes(10);

/// The address of a photo, by its hash.
pub(super) fn sign(secret: &MasterSecret, hash: &[u8], now: DateTime<Utc>) -> String {
    let until = (now + LIFE).timestamp();
    let signature = secret.url_signature(PHOTO, &message(hash, until));
    format!("/photo/{}/{until}/{}", hex::encode(hash), hex::encode(signature))
}

/// The hash of a photo whose address holds now; `None` for any other address.
pub fn verify(
    secret: &MasterSecret,
    hash: &str,
    until: &str,
    signature: &str,
    now: DateTime<Utc>,
) -> Option<Vec<u8>> {
    let hash = hex::decode(hash).ok().filter(|h| h.len() == 32)?;
    let until: i64 = until.parse().ok()?;
    let signature = hex::decode(signature).ok()?;
    let holds = secret.verify_url_signature(PHOTO, &message(&hash, until), &signature);
    (holds && now.timestamp() < until).then_some(hash)
}

fn message(hash: &[u8], until: i64) -> Vec<u8> {
    [hash, &until.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_ten_minutes_and_only_as_it_was_made() {
        let secret = MasterSecret::new(&[1; 32]);
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let address = sign(&secret, &[9; 32], now);
        let parts: Vec<&str> = address.split('/').collect();
        let [_, "photo", hash, until, signature] = parts.as_slice() else { panic!("{address}") };
        let at = |seconds| now + Duration::seconds(seconds);
        assert_eq!(verify(&secret, hash, until, signature, at(0)), Some(vec![9; 32]));
        assert_eq!(verify(&secret, hash, until, signature, at(599)), Some(vec![9; 32]));
        assert_eq!(verify(&secret, hash, until, signature, at(600)), None);
        assert_eq!(verify(&secret, hash, "1890000000", signature, at(0)), None);
        assert_eq!(verify(&secret, &"08".repeat(32), until, signature, at(0)), None);
        assert_eq!(verify(&MasterSecret::new(&[2; 32]), hash, until, signature, at(0)), None);
        for wrong in ["", "xyz", "00"] {
            assert_eq!(verify(&secret, hash, until, wrong, at(0)), None);
            assert_eq!(verify(&secret, wrong, until, signature, at(0)), None);
            assert_eq!(verify(&secret, hash, wrong, signature, at(0)), None);
        }
    }
}
