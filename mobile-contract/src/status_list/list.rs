//! The array of entries: one, two, four or eight bits each, the first in the lowest bits of its
//! byte, compressed with zlib (Token Status List, section 4).

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use thiserror::Error;

use crate::keys::NotSigned;

/// The largest list that is unpacked, in bytes: over sixteen million entries of two bits.
pub const MAX_LIST_BYTES: usize = 4 * 1024 * 1024;

/// How much is unpacked at first.
const FIRST_BYTES: usize = 64 * 1024;

/// Why a list is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum ListError {
    /// Not a list in either form.
    #[error("not a status list")]
    Malformed,
    /// Larger, unpacked, than a list may be.
    #[error("too large a status list")]
    TooLarge,
    /// No trusted key of use *status* has its name and algorithm and was in force.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// It names a key of ours, which did not sign it.
    #[error("the signature is not the key's")]
    SignatureInvalid,
}

impl From<NotSigned> for ListError {
    fn from(refusal: NotSigned) -> Self {
        match refusal {
            NotSigned::UnknownKey => Self::UnknownKey,
            NotSigned::Wrong => Self::SignatureInvalid,
        }
    }
}

impl ListError {
    /// The word it travels as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "MALFORMED",
            Self::TooLarge => "TOO_LARGE",
            Self::UnknownKey => "UNKNOWN_KEY",
            Self::SignatureInvalid => "SIGNATURE_INVALID",
        }
    }
}

/// Entries, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    bits: u8,
    bytes: Vec<u8>,
}

impl StatusList {
    /// A list of at least `size` entries, all 0: whole bytes are filled.
    ///
    /// # Errors
    /// [`ListError::Malformed`] unless `bits` is 1, 2, 4 or 8; [`ListError::TooLarge`].
    pub fn new(bits: u8, size: u32) -> Result<Self, ListError> {
        let per_byte = entries_of_a_byte(bits)?;
        let bytes = usize::try_from(size.div_ceil(per_byte)).map_err(|_| ListError::TooLarge)?;
        if bytes > MAX_LIST_BYTES {
            return Err(ListError::TooLarge);
        }
        Ok(Self { bits, bytes: vec![0; bytes] })
    }

    /// Bits of an entry.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// The entries as they are before compression.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The entry of an index; none beyond the end.
    pub fn get(&self, index: u32) -> Option<u8> {
        let (at, shift) = self.place(index)?;
        Some(self.bytes.get(at)? >> shift & self.mask())
    }

    /// Sets the entry of an index; answers whether the list has it and the value fits.
    #[must_use]
    pub fn set(&mut self, index: u32, value: u8) -> bool {
        let mask = self.mask();
        let Some((at, shift)) = self.place(index) else { return false };
        match self.bytes.get_mut(at) {
            Some(byte) if value <= mask => {
                *byte = *byte & !(mask << shift) | value << shift;
                true
            }
            _ => false,
        }
    }

    /// Where an entry lies: its byte, and by how many bits it is shifted there.
    fn place(&self, index: u32) -> Option<(usize, u32)> {
        let bits = u32::from(self.bits);
        let per_byte = 8 / bits;
        Some((usize::try_from(index / per_byte).ok()?, index % per_byte * bits))
    }

    fn mask(&self) -> u8 {
        u8::MAX >> (8 - self.bits)
    }

    /// Compresses the entries.
    ///
    /// # Errors
    /// [`ListError::Malformed`] if the compressor fails, which it does only for want of memory.
    pub fn compress(&self, level: u32) -> Result<Vec<u8>, ListError> {
        let mut deflate = Compress::new(Compression::new(level), true);
        let mut compressed = Vec::with_capacity(FIRST_BYTES);
        loop {
            let read = position(deflate.total_in())?;
            let rest = self.bytes.get(read..).ok_or(ListError::Malformed)?;
            match deflate.compress_vec(rest, &mut compressed, FlushCompress::Finish) {
                Ok(Status::StreamEnd) => return Ok(compressed),
                Ok(Status::Ok | Status::BufError) => compressed.reserve(FIRST_BYTES),
                Err(_) => return Err(ListError::Malformed),
            }
        }
    }

    /// Unpacks entries; stops at `most` bytes, whatever the archive would become.
    ///
    /// # Errors
    /// [`ListError::TooLarge`]; [`ListError::Malformed`] for bits that are no width of an entry,
    /// for what is no whole zlib stream, and for anything after it.
    pub fn decompress(bits: u8, compressed: &[u8], most: usize) -> Result<Self, ListError> {
        entries_of_a_byte(bits)?;
        let mut inflate = Decompress::new(true);
        let mut bytes = Vec::with_capacity(most.min(FIRST_BYTES) + 1);
        loop {
            let (read, written) = (position(inflate.total_in())?, bytes.len());
            let rest = compressed.get(read..).ok_or(ListError::Malformed)?;
            let status = inflate
                .decompress_vec(rest, &mut bytes, FlushDecompress::None)
                .map_err(|_| ListError::Malformed)?;
            if bytes.len() > most {
                return Err(ListError::TooLarge);
            }
            if status == Status::StreamEnd {
                let whole = position(inflate.total_in())? == compressed.len();
                return if whole { Ok(Self { bits, bytes }) } else { Err(ListError::Malformed) };
            }
            let full = bytes.len() == bytes.capacity();
            if full {
                bytes.reserve_exact(bytes.len().min(most + 1 - bytes.len()));
            } else if position(inflate.total_in())? == read && bytes.len() == written {
                // Neither side moves: the stream breaks off.
                return Err(ListError::Malformed);
            }
        }
    }
}

/// How many entries share a byte.
fn entries_of_a_byte(bits: u8) -> Result<u32, ListError> {
    match bits {
        1 | 2 | 4 | 8 => Ok(8 / u32::from(bits)),
        _ => Err(ListError::Malformed),
    }
}

fn position(total: u64) -> Result<usize, ListError> {
    usize::try_from(total).map_err(|_| ListError::TooLarge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Compressed by the library's other door.
    fn zlib(bytes: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_first_entry_is_in_the_lowest_bits() {
        // Token Status List, section 4.1: the example of two bits, 0xC9 0x44 0xF9.
        let mut list = StatusList::new(2, 12).unwrap();
        for (index, value) in (0..).zip([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]) {
            assert!(list.set(index, value));
        }
        assert_eq!(list.bytes(), [0xc9, 0x44, 0xf9]);
        assert_eq!(list.get(11), Some(3));
        assert_eq!(list.get(12), None);
        assert!(!list.set(12, 0));
        assert!(!list.set(0, 4));
    }

    #[test]
    fn a_stream_that_is_not_whole_is_no_list() {
        let whole = zlib(&[7; 1_000]);
        let read = |bytes: &[u8]| StatusList::decompress(2, bytes, 1_000);
        assert_eq!(read(&whole).unwrap().bytes(), [7; 1_000]);
        for end in 0..whole.len() {
            assert_eq!(read(&whole[..end]), Err(ListError::Malformed), "cut at {end}");
        }
        assert_eq!(read(&[&whole[..], &[0]].concat()), Err(ListError::Malformed));
        let mut wrong_sum = whole.clone();
        *wrong_sum.last_mut().unwrap() ^= 1;
        assert_eq!(read(&wrong_sum), Err(ListError::Malformed));
        for bits in [0, 3, 5, 16, 255] {
            assert_eq!(StatusList::decompress(bits, &whole, 1_000), Err(ListError::Malformed));
            assert_eq!(StatusList::new(bits, 8), Err(ListError::Malformed));
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = zlib(&vec![0; 100 * 1024 * 1024]);
        assert!(bomb.len() < 110 * 1024);
        assert_eq!(StatusList::decompress(1, &bomb, MAX_LIST_BYTES), Err(ListError::TooLarge));
        let most = zlib(&[0; 1_000]);
        assert!(StatusList::decompress(1, &most, 1_000).is_ok());
        assert_eq!(StatusList::decompress(1, &most, 999), Err(ListError::TooLarge));
        assert_eq!(StatusList::new(8, u32::MAX), Err(ListError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_set_is_what_is_read(
            width in 0u32..4, size in 1u32..5_000, seed in any::<u64>(), level in 0u32..10,
        ) {
            let bits = 1u8 << width;
            let mut list = StatusList::new(bits, size).unwrap();
            let value = |index: u32| {
                let mixed = (u64::from(index) ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
                u8::try_from(mixed).unwrap() & (u8::MAX >> (8 - bits))
            };
            for index in 0..size {
                prop_assert!(list.set(index, value(index)));
            }
            let again = StatusList::decompress(bits, &list.compress(level).unwrap(), 5_000).unwrap();
            prop_assert_eq!(&again, &list);
            for index in 0..size {
                prop_assert_eq!(again.get(index), Some(value(index)));
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = StatusList::decompress(2, &bytes, 1_000);
        }
    }
}
