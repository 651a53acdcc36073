//! Reads a ZIP of photos: first the list of its files, of which nothing is unpacked, then the bytes
//! of those that are wanted, one after the other. Nothing is ever written under a name of the ZIP.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use zip::ZipReadOptions;
use zip::read::{Config, ZipFileEntry};
use zip::unstable::read::ZipIterable;

use super::error::PhotosRefusal;
use super::outcome::Outcome;
use super::rules;
use crate::officers::photo::{MAX_UPLOAD_BYTES, PhotoError};

/// The largest ZIP, in bytes.
pub const MOST_BYTES: u64 = 1 << 30;
/// The most files in one; macOS writes two for each photo.
pub const MOST_FILES: usize = 50_000;
/// How many times larger than the ZIP its files may be, once they are large. Pictures are packed
/// already: they hardly become smaller.
const MOST_RATIO: u64 = 20;
/// Below this the ratio says nothing.
const RATIO_MATTERS_FROM: u64 = 32 << 20;
/// Bytes of a file's header in the ZIP, without its name.
const HEADER: u64 = 30;

/// A file of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name with the folders before it.
    pub name: String,
    /// Why it is not read at all, where it is not.
    pub trouble: Option<Outcome>,
}

/// The bytes of a file, or why there are none.
pub type Content = Result<Vec<u8>, Outcome>;

/// An opened ZIP.
pub struct Archive {
    zip: ZipIterable<BufReader<File>>,
    length: u64,
}

impl Archive {
    /// Opens a ZIP. Only its end is read.
    pub fn open(mut file: File) -> Result<Self, PhotosRefusal> {
        let damaged = |_| PhotosRefusal::Damaged;
        let length = file.seek(SeekFrom::End(0)).map_err(damaged)?;
        if length > MOST_BYTES {
            return Err(PhotosRefusal::TooLarge { limit: limit() });
        }
        let mut magic = Vec::new();
        file.rewind().map_err(damaged)?;
        (&file).take(4).read_to_end(&mut magic).map_err(damaged)?;
        if magic != b"PK\x03\x04" && magic != b"PK\x05\x06" {
            return Err(PhotosRefusal::NotAZip);
        }
        let zip = ZipIterable::try_new(BufReader::new(file), Config::default())
            .map_err(|_| PhotosRefusal::Damaged)?;
        if zip.len() > MOST_FILES {
            return Err(PhotosRefusal::TooManyFiles { limit: MOST_FILES });
        }
        Ok(Self { zip, length })
    }

    /// The files in order, folders left out. What is wrong with the ZIP as a whole is refused.
    pub fn list(&mut self) -> Result<Vec<Listed>, PhotosRefusal> {
        let mut files = Vec::with_capacity(self.zip.len());
        let mut places = Vec::with_capacity(self.zip.len());
        let mut unpacked: u64 = 0;
        for entry in self.zip.files().map_err(|_| PhotosRefusal::Damaged)? {
            let entry = entry.map_err(|_| PhotosRefusal::Damaged)?;
            unpacked = unpacked.saturating_add(entry.size());
            let from = entry.header_start();
            places
                .push((from, from.saturating_add(HEADER).saturating_add(entry.compressed_size())));
            let name = name_of(&entry);
            if !is_folder(&name) {
                let trouble = trouble(&name, &entry);
                files.push(Listed { name: rules::shown_name(&name), trouble });
            }
        }
        places.sort_unstable();
        let apart = places.is_sorted_by(|(_, end), (start, _)| end <= start);
        let blown_up =
            unpacked > RATIO_MATTERS_FROM && unpacked > self.length.saturating_mul(MOST_RATIO);
        if !apart || blown_up {
            return Err(PhotosRefusal::Bomb);
        }
        let mut own = files.iter().filter(|f| f.trouble != Some(Outcome::FileIgnored)).peekable();
        if own.peek().is_none() {
            return Err(PhotosRefusal::Empty);
        }
        if own.all(|f| f.trouble == Some(Outcome::Encrypted)) {
            return Err(PhotosRefusal::Encrypted);
        }
        Ok(files)
    }

    /// Reads the files again in the order of [`Self::list`] and gives the bytes of those that are
    /// `wanted`, and nothing for the others, until `give` has had enough.
    pub fn read(
        mut self,
        wanted: &[bool],
        give: &mut dyn FnMut(Option<Content>) -> bool,
    ) -> Result<(), PhotosRefusal> {
        let mut wanted = wanted.iter();
        let files = self.zip.files().map_err(|_| PhotosRefusal::Damaged)?;
        while let Some(entry) = files.next() {
            let entry = entry.map_err(|_| PhotosRefusal::Damaged)?;
            if is_folder(&name_of(&entry)) {
                continue;
            }
            let content = wanted
                .next()
                .is_some_and(|wanted| *wanted)
                .then(|| content(entry, files.reader_mut()));
            if !give(content) {
                break;
            }
        }
        Ok(())
    }
}

/// The largest ZIP in words.
pub fn limit() -> String {
    format!("{} GiB", MOST_BYTES >> 30)
}

/// The most bytes of one file: those of a photo by itself.
fn most_of_one() -> u64 {
    u64::try_from(MAX_UPLOAD_BYTES).unwrap_or(u64::MAX)
}

fn name_of(entry: &ZipFileEntry<'_>) -> String {
    /// The flag by which an entry says that its name is UTF-8 (APPNOTE 4.4.4, bit 11).
    const UTF8: u16 = 1 << 11;
    rules::decode_name(entry.name_raw(), entry.flags().as_u16() & UTF8 != 0)
}

/// Asked of the name as it reads: the bytes of a character may end like a path.
fn is_folder(name: &str) -> bool {
    name.ends_with('/')
}

/// What is wrong with a file by the list alone.
fn trouble(name: &str, entry: &ZipFileEntry<'_>) -> Option<Outcome> {
    if rules::is_of_a_system(name) {
        Some(Outcome::FileIgnored)
    } else if rules::is_unsafe(name) {
        Some(Outcome::NameUnsafe)
    } else if entry.encrypted() {
        Some(Outcome::Encrypted)
    } else if rules::is_archive_by_name(name) {
        Some(Outcome::NestedArchive)
    } else if entry.size() > most_of_one() {
        Some(Outcome::Picture(PhotoError::TooHeavy))
    } else {
        None
    }
}

/// Unpacks one file, as far as the list said and no further: what was judged there is what is read.
fn content(entry: ZipFileEntry<'_>, reader: &mut BufReader<File>) -> Content {
    let size = entry.size();
    let mut bytes = Vec::new();
    let file = entry.with_reader(reader, ZipReadOptions::new()).map_err(|_| Outcome::Unreadable)?;
    file.take(size.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| Outcome::Unreadable)?;
    if u64::try_from(bytes.len()).ok() != Some(size) {
        return Err(Outcome::Unreadable);
    }
    if rules::is_archive(&bytes) {
        return Err(Outcome::NestedArchive);
    }
    Ok(bytes)
}
