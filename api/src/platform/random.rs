//! The one place randomness comes from. A [`Random`] is made once at start and handed to whoever
//! needs keys, nonces, tokens or ids; nothing else asks the operating system.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::{StdRng, SysError, SysRng};
use rand::{Rng, SeedableRng, TryCryptoRng, TryRng};

/// A shared, cryptographically secure generator (`ChaCha` with 12 rounds). Clones draw from the
/// same stream, so that no two of them ever give the same bytes.
///
/// It is itself a `rand::CryptoRng`: pass `&mut random.clone()` where a library asks for one.
#[derive(Clone)]
pub struct Random(Arc<Mutex<StdRng>>);

impl Random {
    /// A generator seeded by the operating system. Reading the seed is the only step that can
    /// fail, so it is taken once at start and never in the middle of a request.
    pub fn from_os() -> Result<Self, SysError> {
        Ok(Self::over(StdRng::try_from_rng(&mut SysRng)?))
    }

    /// The same bytes for the same seed, for the demo province and for tests. Never for keys
    /// that protect anything.
    pub fn seeded(seed: u64) -> Self {
        Self::over(StdRng::seed_from_u64(seed))
    }

    fn over(generator: StdRng) -> Self {
        Self(Arc::new(Mutex::new(generator)))
    }

    /// Fills `target` with random bytes.
    pub fn fill(&self, target: &mut [u8]) {
        self.with(|generator| generator.fill_bytes(target));
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    fn with<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        // A holder that panicked leaves the generator at some later position, which is harmless.
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Random {
    /// Without the state: it would tell every key made later.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Random")
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.with(Rng::next_u32))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.with(Rng::next_u64))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        self.fill(target);
        Ok(())
    }
}

impl TryCryptoRng for Random {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_for_good() {
        // The demo province is told by its seed: a change here changes every demo.
        assert_eq!(
            hex::encode(Random::seeded(7).bytes::<16>()),
            "befba86ae9e0c207865f7e24e8349d4e"
        );
        assert_ne!(Random::seeded(7).bytes::<16>(), Random::seeded(8).bytes::<16>());
    }

    #[test]
    fn clones_draw_from_one_stream() {
        let alone = Random::seeded(1);
        let expected = [alone.bytes::<32>(), alone.bytes::<32>()];
        let first = Random::seeded(1);
        let second = first.clone();
        assert_eq!([first.bytes::<32>(), second.bytes::<32>()], expected);
        assert_ne!(expected[0], expected[1]);
    }

    #[test]
    fn the_operating_system_seeds_each_generator_anew() {
        let bytes = || Random::from_os().unwrap().bytes::<32>();
        assert_ne!(bytes(), bytes());
    }

    #[test]
    fn it_serves_where_a_generator_is_asked_for() {
        fn draw(generator: &mut impl rand::CryptoRng) -> [u8; 8] {
            let mut bytes = [0; 8];
            generator.fill_bytes(&mut bytes);
            bytes
        }
        assert_eq!(draw(&mut Random::seeded(3)), Random::seeded(3).bytes::<8>());
    }

    #[test]
    fn its_state_is_not_shown() {
        assert_eq!(format!("{:?}", Random::seeded(5)), "Random");
    }

    #[test]
    fn a_panic_of_one_holder_does_not_stop_the_others() {
        let random = Random::seeded(9);
        let holder = random.clone();
        let ended = std::thread::spawn(move || holder.with(|_| panic!("on purpose"))).join();
        assert!(ended.is_err());
        assert_ne!(random.bytes::<8>(), [0; 8]);
    }
}
