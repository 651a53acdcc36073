//! Passwords: Argon2id, computed away from the async threads and only a few at once, so that a
//! flood of sign-ins cannot take the memory (19 MiB each) or the cores of a node.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::platform::failure::Fault;
use crate::platform::random::Random;

/// Computations at once on one node.
const AT_ONCE: usize = 4;
/// Longest wait for one of them to end; whoever waits longer is told that the node is busy. Some
/// hundred are done in that time.
const PATIENCE: Duration = Duration::from_secs(5);
/// Shortest and longest password, in characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 10..=128;
/// The most bytes of a password: 128 characters of four each.
pub const MOST_BYTES: usize = 512;

/// Letters of generated passwords: none that is taken for another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new(AT_ONCE, PATIENCE)
    }
}

impl Passwords {
    /// So many computations at once, and so long a wait for a place.
    pub fn new(at_once: usize, patience: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), patience }
    }

    /// The PHC string of a password.
    pub async fn hash(&self, random: &Random, password: String) -> Result<String, Fault> {
        let salt: [u8; 16] = random.bytes();
        self.work(move || hash(&password, &salt)).await?
    }

    /// Whether a password belongs to a PHC string. Without one it takes as long and is false, so
    /// that the time of an answer does not tell whether a sign-in name exists.
    pub async fn verify(&self, password: String, phc: Option<String>) -> Result<bool, Fault> {
        self.work(move || {
            let Some(phc) = phc else {
                let _ = hash(&password, &[0; 16]);
                return false;
            };
            PasswordHash::new(&phc).is_ok_and(|parsed| {
                Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
            })
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let place = tokio::time::timeout(self.patience, self.places.acquire()).await;
        let _place = place.map_err(|_| Fault::Busy("passwords"))?.map_err(Fault::other)?;
        tokio::task::spawn_blocking(job).await.map_err(Fault::other)
    }
}

fn hash(password: &str, salt: &[u8; 16]) -> Result<String, Fault> {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(Fault::other)
}

/// Whether an account of this name may have this password.
pub fn may_be(password: &str, login: &str) -> bool {
    password.len() <= MOST_BYTES && LENGTH.contains(&password.chars().count()) && password != login
}

/// A new password a person can copy from paper: four groups of four letters and digits, 80 bits.
pub fn generate(random: &Random) -> String {
    let bytes: [u8; 16] = random.bytes();
    let letters: Vec<char> = bytes
        .iter()
        .map(|b| char::from(LETTERS.get(usize::from(b & 31)).copied().unwrap_or(b'a')))
        .collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What was copied from paper, in the form it is hashed in: without hyphens and blanks, in small
/// letters.
pub fn copied(text: &str) -> String {
    text.chars()
        .filter(|c| *c != '-' && !c.is_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let passwords = Passwords::default();
        let phc = passwords.hash(&Random::seeded(1), "correct horse".into()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(passwords.verify("correct horse".into(), Some(phc.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse".into(), Some(phc)).await.unwrap());
        assert!(!passwords.verify("correct horse".into(), None).await.unwrap());
        assert!(!passwords.verify("correct horse".into(), Some("no hash".into())).await.unwrap());
    }

    #[tokio::test]
    async fn whoever_waits_too_long_for_a_place_is_told_so() {
        let passwords = Passwords::new(1, Duration::from_millis(20));
        let place = passwords.places.acquire().await.unwrap();
        let waited = passwords.verify("correct horse".into(), None).await;
        assert!(matches!(waited, Err(Fault::Busy(_))), "{waited:?}");
        let waited = passwords.hash(&Random::seeded(1), "correct horse".into()).await;
        assert!(matches!(waited, Err(Fault::Busy(_))), "{waited:?}");
        drop(place);
        assert!(!passwords.verify("correct horse".into(), None).await.unwrap());
    }

    #[test]
    fn a_generated_password_is_long_enough_to_be_given() {
        let password = generate(&Random::seeded(1));
        assert_eq!(password.len(), 19);
        assert!(LENGTH.contains(&password.len()));
        assert_ne!(password, generate(&Random::seeded(2)));
    }

    #[test]
    fn a_copied_secret_may_be_written_as_people_write() {
        assert_eq!(copied(" ABCD-efgh 2345\n"), "abcdefgh2345");
    }
}
