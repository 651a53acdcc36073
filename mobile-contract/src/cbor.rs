//! Just enough CBOR (RFC 8949) for what is signed here, and only its deterministic encoding (section
//! 4.2.1).
//!
//! The reader is asked for one item after another and refuses whatever else comes: a longer head
//! than needed, an indefinite length, a float, a key out of order. So a value has exactly one
//! accepted spelling, nothing nests deeper than the format itself, and nothing is allocated while
//! reading.

/// What was read is not the deterministic CBOR that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The three top bits of an item's first byte (RFC 8949, section 3.1).
mod major {
    pub(super) const UINT: u8 = 0;
    pub(super) const NEGATIVE: u8 = 1;
    pub(super) const BYTES: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const ARRAY: u8 = 4;
    pub(super) const MAP: u8 = 5;
    pub(super) const TAG: u8 = 6;
    pub(super) const SIMPLE: u8 = 7;
}

/// The arguments of major type 7 that mean false and true.
const FALSE: u64 = 20;
const TRUE: u64 = 21;

/// Writes items one after another.
#[derive(Debug, Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }

    fn head(mut self, major: u8, argument: u64) -> Self {
        let major = major << 5;
        if let Ok(n) = u8::try_from(argument) {
            if n < 0x18 {
                self.0.push(major | n);
            } else {
                self.0.extend([major | 0x18, n]);
            }
        } else if let Ok(n) = u16::try_from(argument) {
            self.0.push(major | 0x19);
            self.0.extend(n.to_be_bytes());
        } else if let Ok(n) = u32::try_from(argument) {
            self.0.push(major | 0x1a);
            self.0.extend(n.to_be_bytes());
        } else {
            self.0.push(major | 0x1b);
            self.0.extend(argument.to_be_bytes());
        }
        self
    }

    pub(crate) fn uint(self, value: u64) -> Self {
        self.head(major::UINT, value)
    }

    pub(crate) fn int(self, value: i64) -> Self {
        if value < 0 {
            self.head(major::NEGATIVE, (value + 1).unsigned_abs())
        } else {
            self.head(major::UINT, value.unsigned_abs())
        }
    }

    pub(crate) fn bytes(mut self, value: &[u8]) -> Self {
        self = self.head(major::BYTES, length(value));
        self.0.extend(value);
        self
    }

    pub(crate) fn text(mut self, value: &str) -> Self {
        self = self.head(major::TEXT, length(value.as_bytes()));
        self.0.extend(value.as_bytes());
        self
    }

    pub(crate) fn array(self, items: u64) -> Self {
        self.head(major::ARRAY, items)
    }

    /// An array of these items, each written by `item`.
    pub(crate) fn list<T>(self, items: &[T], item: impl Fn(Self, &T) -> Self) -> Self {
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        items.iter().fold(self.array(count), item)
    }

    /// The value, if there is one.
    pub(crate) fn optional<T>(self, value: Option<T>, write: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => write(self, value),
            None => self,
        }
    }

    pub(crate) fn map(self, entries: u64) -> Self {
        self.head(major::MAP, entries)
    }

    pub(crate) fn tag(self, number: u64) -> Self {
        self.head(major::TAG, number)
    }

    pub(crate) fn bool(self, value: bool) -> Self {
        self.head(major::SIMPLE, if value { TRUE } else { FALSE })
    }
}

/// No slice is longer than a `u64` can say.
fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Reads items one after another from borrowed bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Succeeds only if nothing is left over.
    pub(crate) fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// The next item's argument, if the item is of this major type and its head as short as can be.
    fn head(&mut self, major: u8) -> Result<u64, Malformed> {
        let [first] = self.take()?;
        if first >> 5 != major {
            return Err(Malformed);
        }
        let (argument, least) = match first & 0x1f {
            small @ 0..0x18 => (u64::from(small), 0),
            0x18 => (u64::from(u8::from_be_bytes(self.take()?)), 24),
            0x19 => (u64::from(u16::from_be_bytes(self.take()?)), 1 << 8),
            0x1a => (u64::from(u32::from_be_bytes(self.take()?)), 1 << 16),
            0x1b => (u64::from_be_bytes(self.take()?), 1 << 32),
            _ => return Err(Malformed),
        };
        if argument < least { Err(Malformed) } else { Ok(argument) }
    }

    fn expect(&mut self, major: u8, argument: u64) -> Result<(), Malformed> {
        if self.head(major)? == argument { Ok(()) } else { Err(Malformed) }
    }

    pub(crate) fn uint(&mut self) -> Result<u64, Malformed> {
        self.head(major::UINT)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Malformed> {
        u32::try_from(self.uint()?).map_err(|_| Malformed)
    }

    pub(crate) fn int(&mut self) -> Result<i64, Malformed> {
        let negative = self.0.first().is_some_and(|b| b >> 5 == major::NEGATIVE);
        if negative {
            let n = i64::try_from(self.head(major::NEGATIVE)?).map_err(|_| Malformed)?;
            Ok(-1 - n)
        } else {
            i64::try_from(self.uint()?).map_err(|_| Malformed)
        }
    }

    /// Reads the integer `value`, as a map's key or a constant.
    pub(crate) fn exactly(&mut self, value: i64) -> Result<(), Malformed> {
        if self.int()? == value { Ok(()) } else { Err(Malformed) }
    }

    /// What stands under the key `label` of a map, which comes next.
    pub(crate) fn at(&mut self, label: i64) -> Result<&mut Self, Malformed> {
        self.exactly(label)?;
        Ok(self)
    }

    fn string(&mut self, major: u8) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(self.head(major)?).map_err(|_| Malformed)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        self.string(major::BYTES)
    }

    /// A byte string of exactly `N` bytes.
    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.bytes()?.try_into().map_err(|_| Malformed)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.string(major::TEXT)?).map_err(|_| Malformed)
    }

    pub(crate) fn array_length(&mut self) -> Result<u64, Malformed> {
        self.head(major::ARRAY)
    }

    pub(crate) fn array(&mut self, items: u64) -> Result<(), Malformed> {
        self.expect(major::ARRAY, items)
    }

    /// An array of at most so many items, each read by `item`.
    pub(crate) fn list<T>(
        &mut self,
        most: u64,
        mut item: impl FnMut(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let items = self.array_length()?;
        if items > most {
            return Err(Malformed);
        }
        (0..items).map(|_| item(self)).collect()
    }

    pub(crate) fn map_length(&mut self) -> Result<u64, Malformed> {
        self.head(major::MAP)
    }

    pub(crate) fn map(&mut self, entries: u64) -> Result<(), Malformed> {
        self.expect(major::MAP, entries)
    }

    pub(crate) fn tag(&mut self, number: u64) -> Result<(), Malformed> {
        self.expect(major::TAG, number)
    }

    /// Passes over one item of any kind but those of indefinite length, with all that is in it.
    pub(crate) fn skip(&mut self) -> Result<(), Malformed> {
        // Items that are still to be passed over. Each takes a byte at least, so this ends.
        let mut items = 1_u64;
        while items > 0 {
            let major = self.0.first().ok_or(Malformed)? >> 5;
            let within = match major {
                major::BYTES | major::TEXT => {
                    self.string(major)?;
                    0
                }
                major::ARRAY => self.head(major)?,
                major::MAP => self.head(major)?.checked_mul(2).ok_or(Malformed)?,
                major::TAG => {
                    self.head(major)?;
                    1
                }
                major::SIMPLE => {
                    self.simple()?;
                    0
                }
                _ => {
                    self.head(major)?;
                    0
                }
            };
            items = (items - 1).checked_add(within).ok_or(Malformed)?;
        }
        Ok(())
    }

    /// Passes over a simple value or a float.
    fn simple(&mut self) -> Result<(), Malformed> {
        let [first] = self.take()?;
        match first & 0x1f {
            0..0x18 => Ok(()),
            0x18 => self.take::<1>().map(|_| ()),
            0x19 => self.take::<2>().map(|_| ()),
            0x1a => self.take::<4>().map(|_| ()),
            0x1b => self.take::<8>().map(|_| ()),
            _ => Err(Malformed),
        }
    }

    pub(crate) fn bool(&mut self) -> Result<bool, Malformed> {
        let [byte] = self.take()?;
        match byte {
            0xf4 => Ok(false),
            0xf5 => Ok(true),
            _ => Err(Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use ciborium::Value;
    use proptest::prelude::*;

    use super::*;

    fn by_ciborium(value: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        ciborium::into_writer(value, &mut bytes).unwrap();
        bytes
    }

    proptest! {
        #[test]
        fn integers_are_written_as_others_write_them(n in any::<i64>(), shift in 0u32..64) {
            let n = n >> shift;
            let bytes = Writer::default().int(n).finish();
            prop_assert_eq!(&bytes, &by_ciborium(&Value::Integer(n.into())));
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.int(), Ok(n));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn strings_are_written_as_others_write_them(
            b in prop::collection::vec(any::<u8>(), 0..300), t in ".{0,40}",
        ) {
            let bytes = Writer::default().array(3).bytes(&b).text(&t).bool(true).finish();
            let items = vec![Value::Bytes(b.clone()), Value::Text(t.clone()), Value::Bool(true)];
            let value = Value::Array(items);
            prop_assert_eq!(&bytes, &by_ciborium(&value));
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.array(3), Ok(()));
            prop_assert_eq!(reader.bytes(), Ok(b.as_slice()));
            prop_assert_eq!(reader.text(), Ok(t.as_str()));
            prop_assert_eq!(reader.bool(), Ok(true));
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn another_spelling_of_a_number_is_refused() {
        for hex in
            ["1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1c", "1f", "18", "", "20"]
        {
            let bytes = hex::decode(hex).unwrap();
            assert_eq!(Reader::new(&bytes).uint(), Err(Malformed), "{hex}");
        }
        // Beyond an i64, and negative beyond it.
        for hex in ["1bffffffffffffffff", "3bffffffffffffffff"] {
            let bytes = hex::decode(hex).unwrap();
            assert_eq!(Reader::new(&bytes).int(), Err(Malformed), "{hex}");
        }
        // Indefinite length, a length beyond the bytes, an enormous length.
        for hex in ["5f40ff", "4301", "5bffffffffffffffff"] {
            let bytes = hex::decode(hex).unwrap();
            assert_eq!(Reader::new(&bytes).bytes(), Err(Malformed), "{hex}");
        }
    }
}
