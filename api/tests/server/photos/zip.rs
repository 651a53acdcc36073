//! A ZIP written byte by byte, so that it can say what no honest program would.

/// A file of a ZIP. What it says of itself is what the test wants it to say.
#[derive(Clone)]
pub struct Entry {
    name: Vec<u8>,
    flags: u16,
    bytes: Vec<u8>,
    crc: u32,
    size: u32,
}

impl Entry {
    /// An honest one with its name in UTF-8.
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        let (crc, size) = (crc32(&bytes), u32::try_from(bytes.len()).unwrap());
        Self { name: name.as_bytes().to_vec(), flags: 1 << 11, bytes, crc, size }
    }

    /// Its name in GBK and without the flag, as Windows writes it.
    pub fn in_gbk(name: &str, bytes: Vec<u8>) -> Self {
        let name_in_gbk = encoding_rs::GB18030.encode(name).0.into_owned();
        Self { name: name_in_gbk, flags: 0, ..Self::new(name, bytes) }
    }

    /// Under a password, as far as its flag says.
    pub fn encrypted(self) -> Self {
        Self { flags: self.flags | 1, ..self }
    }

    /// Its checksum is another.
    pub fn damaged(self) -> Self {
        Self { crc: !self.crc, ..self }
    }

    /// It says that it is so large when it is unpacked.
    pub fn of_size(self, size: u32) -> Self {
        Self { size, ..self }
    }

    fn common(&self) -> Vec<u8> {
        let packed = u32::try_from(self.bytes.len()).unwrap();
        let mut common = Vec::new();
        common.extend(20_u16.to_le_bytes());
        common.extend(self.flags.to_le_bytes());
        // Stored as it is; 1 January 2026.
        common.extend([0, 0, 0, 0, 0x21, 0x5c]);
        for number in [self.crc, packed, self.size] {
            common.extend(number.to_le_bytes());
        }
        common.extend(u16::try_from(self.name.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        common
    }
}

/// The bytes of a ZIP.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let places: Vec<usize> = entries
        .iter()
        .map(|entry| {
            let place = bytes.len();
            bytes.extend(b"PK\x03\x04");
            bytes.extend(entry.common());
            bytes.extend(&entry.name);
            bytes.extend(&entry.bytes);
            place
        })
        .collect();
    finish(bytes, entries, &places)
}

/// A ZIP whose list names its one file so many times.
pub fn repeated(entry: &Entry, times: usize) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(entry.common());
    bytes.extend(&entry.name);
    bytes.extend(&entry.bytes);
    finish(bytes, &vec![entry.clone(); times], &vec![0; times])
}

fn finish(mut bytes: Vec<u8>, entries: &[Entry], places: &[usize]) -> Vec<u8> {
    let start = bytes.len();
    for (entry, place) in entries.iter().zip(places) {
        bytes.extend(b"PK\x01\x02\x14\0");
        bytes.extend(entry.common());
        bytes.extend([0; 10]);
        bytes.extend(u32::try_from(*place).unwrap().to_le_bytes());
        bytes.extend(&entry.name);
    }
    let size = bytes.len() - start;
    // Above 65,535 files the number stands elsewhere; these tests stay below.
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend(u32::try_from(size).unwrap().to_le_bytes());
    bytes.extend(u32::try_from(start).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// The checksum of ZIP and PNG (ISO 3309).
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}
