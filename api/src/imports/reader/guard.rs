//! Looks at archives before anything reads them: how much they unpack to (counted, the headers
//! are not believed), and what they are.

use super::{FileError, FileErrorCode, Limits};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Below this the ratio says nothing: a short sheet of equal rows packs very well.
const RATIO_MATTERS_FROM: u64 = 32 << 20;

/// Refuses archives that unpack to too much, are damaged or encrypted, or are no workbook.
pub(super) fn check_archive(bytes: &[u8], limits: &Limits) -> Result<(), FileError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > limits.entries {
        return Err(FileError::new(FileErrorCode::ZipBomb));
    }
    let mut workbook = false;
    let mut unpacked = 0;
    let mut buffer = vec![0; 64 << 10];
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    for index in 0..archive.len() {
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(ZipError::UnsupportedArchive(why)) if why == ZipError::PASSWORD_REQUIRED => {
                return Err(FileError::new(FileErrorCode::FileEncrypted));
            }
            Err(_) => return Err(damaged()),
        };
        workbook |= entry.name_raw().eq_ignore_ascii_case(b"xl/workbook.xml");
        loop {
            let count = entry.read(&mut buffer).map_err(|_| damaged())?;
            if count == 0 {
                break;
            }
            unpacked += u64::try_from(count).unwrap_or(u64::MAX);
            let ratio = unpacked > RATIO_MATTERS_FROM
                && unpacked > packed.saturating_mul(limits.unpacked_ratio);
            if unpacked > limits.unpacked_bytes || ratio {
                return Err(FileError::new(FileErrorCode::ZipBomb));
            }
        }
    }
    if workbook { Ok(()) } else { Err(FileError::new(FileErrorCode::FileNotAWorkbook)) }
}

/// Refuses an encrypted workbook, which is an OLE compound file around the archive.
pub(super) fn check_compound(bytes: &[u8]) -> Result<(), FileError> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        return Err(FileError::new(FileErrorCode::FileEncrypted));
    }
    Ok(())
}

fn damaged() -> FileError {
    FileError::new(FileErrorCode::FileDamaged)
}
