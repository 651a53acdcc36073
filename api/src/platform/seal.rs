//! Sealing under the one secret of a deployment (`SEAL_KEY_FILE`): encryption of single values,
//! keyed hashes for looking up what is encrypted, signed addresses.
//!
//! From the master secret HKDF-SHA256 (RFC 5869) gives a key for each use and [`Purpose`], so
//! that a value sealed for one purpose opens for no other. What is stored today must open in ten
//! years: labels and layout are frozen by the vectors below.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_PAD_INDIFFERENT, URL_SAFE_PAD_INDIFFERENT};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::CryptoRng;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The salt of the extraction step; fixed, as the master secret is uniformly random already.
const SALT: &[u8] = b"liangzheng/master/1";
/// The first byte of everything sealed: XChaCha20-Poly1305 with a random nonce of 24 bytes.
const VERSION: u8 = 1;
const NONCE_LEN: usize = 24;

/// How many bytes a sealed value is longer than what is in it: version, nonce and tag.
pub const OVERHEAD: usize = 1 + NONCE_LEN + 16;

/// What a key is for, as the capability that owns the data names it: a constant of its own, such
/// as `Purpose::new("officers/id-number")`. A name once used is never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose(&'static str);

impl Purpose {
    /// Names a purpose.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }
}

/// Why a secret cannot be loaded or a sealed value not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The content of the key file is not 32 bytes in hex or base64.
    #[error("the seal key is not one line of 32 bytes in hex or base64")]
    KeyUnreadable,
    /// The value was sealed by a later version of this software, or was never sealed.
    #[error("the sealed value is of an unknown version")]
    VersionUnknown,
    /// Wrong master secret, purpose or associated data, or the value was altered or cut.
    #[error("the sealed value does not open")]
    Refused,
}

impl SealError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::KeyUnreadable => "SEAL_KEY_UNREADABLE",
            Self::VersionUnknown => "SEAL_VERSION_UNKNOWN",
            Self::Refused => "SEAL_REFUSED",
        }
    }
}

/// The secret of the deployment, after extraction (the PRK of RFC 5869 §2.2). Wiped when dropped,
/// never shown.
pub struct MasterSecret(Zeroizing<[u8; 32]>);

impl MasterSecret {
    /// Takes the 32 bytes of the secret.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(Zeroizing::new(hmac(SALT, &[secret])))
    }

    /// Reads the content of a key file: one line, 64 hex digits or the base64 of 32 bytes (either
    /// alphabet, padded or not), blanks around it ignored.
    pub fn parse(content: &str) -> Result<Self, SealError> {
        let line = content.trim();
        let mut secret = Zeroizing::new([0; 32]);
        if line.len() == 64 {
            hex::decode_to_slice(line, secret.as_mut_slice())
                .map_err(|_| SealError::KeyUnreadable)?;
        } else {
            // 32 bytes are 43 characters and at most one of padding.
            if !(43..=44).contains(&line.len()) {
                return Err(SealError::KeyUnreadable);
            }
            let decoded = STANDARD_PAD_INDIFFERENT
                .decode(line)
                .or_else(|_| URL_SAFE_PAD_INDIFFERENT.decode(line))
                .map(Zeroizing::new)
                .map_err(|_| SealError::KeyUnreadable)?;
            if decoded.len() != secret.len() {
                return Err(SealError::KeyUnreadable);
            }
            secret.copy_from_slice(&decoded);
        }
        Ok(Self::new(&secret))
    }

    /// Seals `plaintext`. `aad` is bound to it and needed again to open it: name the row and the
    /// column there, so that a sealed value moved to another row is refused.
    ///
    /// Layout: version (1 byte), nonce (24), ciphertext with its tag (16 more than `plaintext`).
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "the cipher fails above 256 GiB only, which no memory holds"
    )]
    pub fn seal(
        &self,
        purpose: Purpose,
        aad: &[u8],
        plaintext: &[u8],
        random: &mut (impl CryptoRng + ?Sized),
    ) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        random.fill_bytes(&mut nonce);
        let ciphertext = self
            .cipher(purpose)
            .encrypt(&XNonce::from(nonce), Payload { msg: plaintext, aad })
            .expect("a plaintext below the cipher's limit");
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + ciphertext.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        sealed
    }

    /// Opens what [`Self::seal`] gave for the same purpose and `aad`.
    pub fn open(&self, purpose: Purpose, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (&version, rest) = sealed.split_first().ok_or(SealError::Refused)?;
        if version != VERSION {
            return Err(SealError::VersionUnknown);
        }
        let (nonce, ciphertext) =
            rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Refused)?;
        self.cipher(purpose)
            .decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad })
            .map_err(|_| SealError::Refused)
    }

    /// A keyed hash to look up an encrypted value by equality. The caller brings equal things
    /// into one form first: an ID number in upper case, a phone number without blanks.
    pub fn blind_index(&self, purpose: Purpose, normalized_text: &str) -> [u8; 32] {
        let key = self.key("blind-index", purpose);
        hmac(key.as_slice(), &[normalized_text.as_bytes()])
    }

    /// What the database keeps to notice that a node was started with another secret. It tells
    /// nothing of the secret.
    pub fn check_value(&self) -> [u8; 16] {
        first_half(*self.key("check", Purpose::new("")))
    }

    /// Signs the bytes of an address, such as a photo's hash with the moment the address expires.
    pub fn url_signature(&self, purpose: Purpose, bytes: &[u8]) -> [u8; 16] {
        first_half(hmac(self.key("url", purpose).as_slice(), &[bytes]))
    }

    /// Whether `signature` is the one of [`Self::url_signature`], compared in constant time.
    pub fn verify_url_signature(&self, purpose: Purpose, bytes: &[u8], signature: &[u8]) -> bool {
        self.url_signature(purpose, bytes).ct_eq(signature).into()
    }

    fn cipher(&self, purpose: Purpose) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key("seal", purpose)).into())
    }

    /// One block of the expansion step (RFC 5869 §2.3), which is all that 32 bytes need. `usage`
    /// is a word of this file and holds no slash, so no two pairs share a label.
    fn key(&self, usage: &str, purpose: Purpose) -> Zeroizing<[u8; 32]> {
        let label: [&[u8]; 4] = [b"liangzheng/", usage.as_bytes(), b"/", purpose.0.as_bytes()];
        expand(&self.0, &label)
    }
}

impl std::fmt::Debug for MasterSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MasterSecret(redacted)")
    }
}

/// T(1) of RFC 5869 §2.3 for an info given in parts.
fn expand(prk: &[u8; 32], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let parts: Vec<&[u8]> = info.iter().copied().chain([[1].as_slice()]).collect();
    Zeroizing::new(hmac(prk, &parts))
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "RFC 2104 takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn first_half(bytes: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(bytes.split_at(16).0);
    half
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::random::Random;

    const ID_NUMBER: Purpose = Purpose::new("test/id-number");
    const PHONE: Purpose = Purpose::new("test/phone");

    fn secret() -> MasterSecret {
        MasterSecret::new(&std::array::from_fn(|i| u8::try_from(i).unwrap()))
    }

    #[test]
    fn the_derivation_is_that_of_rfc_5869() {
        // Appendix A, test case 1; the first 32 of its 42 bytes.
        let salt: Vec<u8> = (0..=0x0c).collect();
        let prk = hmac(&salt, &[&[0x0b; 22]]);
        assert_eq!(
            hex::encode(prk),
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
        );
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        assert_eq!(
            hex::encode(expand(&prk, &[&info[..4], &info[4..]])),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
    }

    #[test]
    fn the_formats_are_frozen() {
        // Calculated a second time from the RFCs, outside this program.
        let secret = secret();
        let sealed = secret.seal(
            ID_NUMBER,
            b"officer 1",
            "00000019000101000X".as_bytes(),
            &mut Random::seeded(1),
        );
        assert_eq!(
            hex::encode(&sealed),
            concat!(
                "01",
                "611830d3641a68f94a690dcc25d1f4b0dac948325ac18f6d",
                "5c6a8ef427f58aaff3969484e3962b6e9d2d",
                "65d89b31b27d1083e6d679d61acd9f83"
            )
        );
        assert_eq!(
            hex::encode(secret.blind_index(ID_NUMBER, "00000019000101000X")),
            "461db5931061f078e942637507a8e4ae3c994f930a048f9ff406be093734f965"
        );
        assert_eq!(hex::encode(secret.check_value()), "d9a97d94ddad5da3d1fb87d382b328c4");
        assert_eq!(
            hex::encode(secret.url_signature(PHONE, b"photo")),
            "20eee766e7c2e6d345f53e5f5ea7d9c1"
        );
    }

    #[test]
    fn only_the_same_secret_purpose_and_data_open_it() {
        let secret = secret();
        let sealed = secret.seal(ID_NUMBER, b"row 1", b"text", &mut Random::seeded(1));
        assert_eq!(secret.open(ID_NUMBER, b"row 1", &sealed), Ok(b"text".to_vec()));
        assert_eq!(secret.open(PHONE, b"row 1", &sealed), Err(SealError::Refused));
        assert_eq!(secret.open(ID_NUMBER, b"row 2", &sealed), Err(SealError::Refused));
        assert_eq!(
            MasterSecret::new(&[9; 32]).open(ID_NUMBER, b"row 1", &sealed),
            Err(SealError::Refused)
        );
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let secret = secret();
        let sealed = secret.seal(ID_NUMBER, b"row", b"text", &mut Random::seeded(1));
        for bit in 0..sealed.len() * 8 {
            let mut altered = sealed.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let expected = if bit < 8 { SealError::VersionUnknown } else { SealError::Refused };
            assert_eq!(secret.open(ID_NUMBER, b"row", &altered), Err(expected), "bit {bit}");
        }
        for length in 0..sealed.len() {
            let cut = &sealed[..length];
            assert_eq!(secret.open(ID_NUMBER, b"row", cut), Err(SealError::Refused), "{length}");
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_alike() {
        let (secret, mut random) = (secret(), Random::seeded(1));
        let mut seal = || secret.seal(ID_NUMBER, b"row", b"text", &mut random);
        assert_ne!(seal(), seal());
    }

    #[test]
    fn blind_indices_depend_on_text_purpose_and_secret() {
        let secret = secret();
        let index = secret.blind_index(PHONE, "13900000000");
        assert_eq!(index, secret.blind_index(PHONE, "13900000000"));
        assert_ne!(index, secret.blind_index(PHONE, "13900000001"));
        assert_ne!(index, secret.blind_index(ID_NUMBER, "13900000000"));
        assert_ne!(index, MasterSecret::new(&[9; 32]).blind_index(PHONE, "13900000000"));
    }

    #[test]
    fn an_address_is_verified_whole() {
        let secret = secret();
        let signature = secret.url_signature(PHONE, b"photo 1");
        assert!(secret.verify_url_signature(PHONE, b"photo 1", &signature));
        assert!(!secret.verify_url_signature(PHONE, b"photo 2", &signature));
        assert!(!secret.verify_url_signature(ID_NUMBER, b"photo 1", &signature));
        assert!(!secret.verify_url_signature(PHONE, b"photo 1", &signature[..15]));
        assert!(!secret.verify_url_signature(PHONE, b"photo 1", &[]));
        let mut altered = signature;
        altered[15] ^= 1;
        assert!(!secret.verify_url_signature(PHONE, b"photo 1", &altered));
    }

    #[test]
    fn a_key_file_is_read_in_hex_and_base64() {
        let bytes: [u8; 32] = std::array::from_fn(|i| u8::try_from(i * 8).unwrap());
        let expected = MasterSecret::new(&bytes).check_value();
        let hex = hex::encode(bytes);
        let standard = STANDARD_PAD_INDIFFERENT.encode(bytes);
        let url_safe = URL_SAFE_PAD_INDIFFERENT.encode(bytes);
        for line in [
            hex.clone(),
            hex.to_uppercase(),
            format!("{hex}\n"),
            standard.clone(),
            standard.trim_end_matches('=').to_owned(),
            url_safe.clone(),
            format!("  {url_safe}\r\n"),
        ] {
            assert_eq!(MasterSecret::parse(&line).unwrap().check_value(), expected, "{line}");
        }
        for line in ["", "\n", "00", &hex[..62], &hex.replace('0', "g"), &format!("{hex}{hex}")] {
            assert_eq!(MasterSecret::parse(line).unwrap_err(), SealError::KeyUnreadable, "{line}");
        }
        for line in ["=".repeat(44), "A".repeat(44), "!".repeat(43), "证".repeat(14) + "aa"] {
            assert_eq!(MasterSecret::parse(&line).unwrap_err(), SealError::KeyUnreadable, "{line}");
        }
    }

    #[test]
    fn the_secret_is_not_shown() {
        assert_eq!(format!("{:?}", secret()), "MasterSecret(redacted)");
    }

    #[test]
    fn codes_are_stable() {
        assert_eq!(
            [SealError::KeyUnreadable, SealError::VersionUnknown, SealError::Refused]
                .map(SealError::code),
            ["SEAL_KEY_UNREADABLE", "SEAL_VERSION_UNKNOWN", "SEAL_REFUSED"]
        );
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_opens(
            aad in prop::collection::vec(any::<u8>(), 0..64),
            text in prop::collection::vec(any::<u8>(), 0..512),
            seed in any::<u64>(),
        ) {
            let secret = secret();
            let sealed = secret.seal(ID_NUMBER, &aad, &text, &mut Random::seeded(seed));
            prop_assert_eq!(sealed.len(), text.len() + OVERHEAD);
            prop_assert_eq!(secret.open(ID_NUMBER, &aad, &sealed), Ok(text));
        }

        #[test]
        fn no_bytes_make_opening_panic(bytes in prop::collection::vec(any::<u8>(), 0..128)) {
            prop_assert!(secret().open(ID_NUMBER, b"", &bytes).is_err());
        }
    }
}
