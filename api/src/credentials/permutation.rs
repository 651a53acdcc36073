//! The order in which a status list's indices are handed out: a keyed permutation of a counter,
//! so that an index tells neither when its certificate was issued nor which others came with it,
//! and none is given twice (`docs/credential.md` §3).
//!
//! A balanced Feistel network of ten rounds over HMAC-SHA256, with cycle walking down to the
//! size of the list, as in the format-preserving encryption of NIST SP 800-38G. A list in use
//! depends on every detail here: the vectors below freeze it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// As many as FF1 of NIST SP 800-38G takes; eight already resist the known attacks on networks
/// this narrow.
const ROUNDS: u8 = 10;

/// A permutation of `0..size` that only the holder of its key can foresee.
///
/// Making one takes a few hundred hashes for a list of 131,072, asking it next to nothing: keep
/// it for as long as a batch lasts.
#[derive(Clone)]
pub struct IndexPermutation {
    size: u32,
    /// The bits of each half; both halves together hold at least `size`, and less than four times
    /// as much (but four at least), so that a walk takes under four steps on average.
    half_bits: u32,
    /// For each round the value of its function for every half.
    rounds: Vec<Vec<u16>>,
}

impl IndexPermutation {
    /// The permutation of a list with `size` indices under `key`, which is made for this list
    /// alone and kept sealed.
    pub fn new(key: &[u8; 32], size: u32) -> Self {
        let bits = u32::BITS - size.saturating_sub(1).leading_zeros();
        let half_bits = bits.div_ceil(2).max(1);
        let rounds = (0..ROUNDS).map(|round| round_table(key, size, round, half_bits)).collect();
        Self { size, half_bits, rounds }
    }

    /// The index given to the entry numbered `counter`, or `None` when the list is full.
    pub fn at(&self, counter: u32) -> Option<u32> {
        if counter >= self.size {
            return None;
        }
        // The network permutes a domain that may be larger than the list. Following its cycle
        // from inside the list comes back inside it, at the latest at `counter` itself.
        let mut index = self.network(counter)?;
        while index >= self.size {
            index = self.network(index)?;
        }
        Some(index)
    }

    /// One pass of the network over `2 * half_bits` bits. Always `Some`: both halves stay below
    /// the length of the tables.
    fn network(&self, value: u32) -> Option<u32> {
        let (mut left, mut right) = (value >> self.half_bits, value & mask(self.half_bits));
        for table in &self.rounds {
            let output = *table.get(usize::try_from(right).ok()?)?;
            (left, right) = (right, left ^ u32::from(output));
        }
        Some((left << self.half_bits) | right)
    }
}

impl std::fmt::Debug for IndexPermutation {
    /// Without the tables, which foretell every index.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("IndexPermutation").field("size", &self.size).finish_non_exhaustive()
    }
}

/// The function of one round: value `n` is the low `half_bits` bits of the `n mod 16`-th
/// big-endian pair of bytes in HMAC-SHA256(key, round ‖ size ‖ ⌊n / 16⌋), with 1, 4 and 4 bytes
/// in big-endian order. The size is hashed too, so that lists of different sizes have nothing in
/// common even under one key.
fn round_table(key: &[u8; 32], size: u32, round: u8, half_bits: u32) -> Vec<u16> {
    let mut table = Vec::new();
    for block in 0..(1_u32 << half_bits).div_ceil(16) {
        #[expect(clippy::expect_used, reason = "RFC 2104 takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
        mac.update(&[round]);
        mac.update(&size.to_be_bytes());
        mac.update(&block.to_be_bytes());
        let digest: [u8; 32] = mac.finalize().into_bytes().into();
        let (pairs, _) = digest.as_chunks::<2>();
        table.extend(pairs.iter().map(|pair| u32::from(u16::from_be_bytes(*pair))));
    }
    table.iter().filter_map(|value| u16::try_from(value & mask(half_bits)).ok()).collect()
}

/// The lowest `bits` bits, at most 16.
const fn mask(bits: u32) -> u32 {
    (1 << bits) - 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIST: u32 = 131_072;

    fn assert_is_bijection(key: &[u8; 32], size: u32) {
        let permutation = IndexPermutation::new(key, size);
        let mut seen = vec![false; usize::try_from(size).unwrap()];
        for counter in 0..size {
            let index = permutation.at(counter).unwrap();
            let slot = &mut seen[usize::try_from(index).unwrap()];
            assert!(!*slot, "index {index} of {size} was given twice, at last for {counter}");
            *slot = true;
        }
        assert_eq!(permutation.at(size), None);
        assert_eq!(permutation.at(u32::MAX), None);
    }

    #[test]
    fn a_whole_list_is_given_out_once_each() {
        assert_is_bijection(&[0; 32], LIST);
        assert_is_bijection(&[0xa5; 32], LIST);
        // A size just above a power of four walks the longest.
        assert_is_bijection(&[7; 32], 262_147);
    }

    #[test]
    fn the_smallest_and_the_largest_lists_work() {
        for size in 0..=300 {
            assert_is_bijection(&[1; 32], size);
        }
        let largest = IndexPermutation::new(&[1; 32], u32::MAX);
        let given: std::collections::BTreeSet<_> =
            (0..1000).chain(u32::MAX - 1000..u32::MAX).map(|c| largest.at(c).unwrap()).collect();
        assert_eq!(given.len(), 2000);
        assert_eq!(largest.at(u32::MAX), None);
    }

    #[test]
    fn the_order_is_frozen() {
        // Calculated a second time from the definition above, outside this program.
        let permutation = IndexPermutation::new(&[0x42; 32], LIST);
        let order: Vec<_> = (0..6).filter_map(|counter| permutation.at(counter)).collect();
        assert_eq!(order, [11_956, 26_487, 72_154, 32_654, 52_148, 90_245]);
        let odd = IndexPermutation::new(&[0x42; 32], 200_003);
        let order: Vec<_> = (0..6).filter_map(|counter| odd.at(counter)).collect();
        assert_eq!(order, [11_957, 129_076, 40_860, 186_072, 48_416, 132_616]);
    }

    #[test]
    fn neighbours_are_scattered() {
        // Of 4,096 neighbours of a random permutation about 0.06 would lie next to each other.
        let permutation = IndexPermutation::new(&[3; 32], LIST);
        let close = (0_u32..4096)
            .filter(|&c| permutation.at(c).unwrap().abs_diff(permutation.at(c + 1).unwrap()) == 1)
            .count();
        assert!(close <= 3, "{close} neighbours stayed neighbours");
        // And the first 4,096 fill all quarters of the list about evenly (1,024 each).
        let mut quarters = [0_u32; 4];
        for counter in 0..4096 {
            quarters[usize::try_from(permutation.at(counter).unwrap() / (LIST / 4)).unwrap()] += 1;
        }
        assert!(quarters.iter().all(|count| (900..1150).contains(count)), "{quarters:?}");
    }

    #[test]
    fn the_key_is_not_shown() {
        let shown = format!("{:?}", IndexPermutation::new(&[0x42; 32], LIST));
        assert_eq!(shown, "IndexPermutation { size: 131072, .. }");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_size_is_given_out_once_each(key in any::<[u8; 32]>(), size in 1_u32..6_000) {
            assert_is_bijection(&key, size);
        }

        #[test]
        fn an_odd_size_above_a_full_list_stays_inside(
            key in any::<[u8; 32]>(),
            size in (LIST..4 * LIST).prop_map(|size| size | 1),
        ) {
            let permutation = IndexPermutation::new(&key, size);
            let given: std::collections::BTreeSet<_> =
                (0..500).map(|counter| permutation.at(counter).unwrap()).collect();
            prop_assert_eq!(given.len(), 500);
            prop_assert!(given.iter().all(|index| *index < size));
        }

        #[test]
        fn different_keys_give_different_orders(
            one in any::<[u8; 32]>(),
            other in any::<[u8; 32]>(),
        ) {
            prop_assume!(one != other);
            let order = |key| {
                let permutation = IndexPermutation::new(key, LIST);
                (0..8).map(|counter| permutation.at(counter).unwrap()).collect::<Vec<_>>()
            };
            prop_assert_ne!(order(&one), order(&other));
        }
    }
}
