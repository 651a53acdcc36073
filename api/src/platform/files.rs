//! Folders and files that only their owner enters.

use std::fs::File;
use std::path::Path;

/// Makes a folder that only its owner enters.
pub fn make_private_folder(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A file in a folder that has no name there: it is gone when it is closed, also where the process
/// is killed.
pub fn unnamed_file(folder: &Path) -> std::io::Result<File> {
    make_private_folder(folder)?;
    tempfile::tempfile_in(folder)
}
