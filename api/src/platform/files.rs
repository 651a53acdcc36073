//! Folders and files that only their owner enters.

use std::fs::File;
use std::io::Write;
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

/// Writes a file that only its owner reads and that is not there yet.
pub fn write_private(path: &Path, content: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent()
        && !folder.as_os_str().is_empty()
    {
        make_private_folder(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}

/// A file in a folder that has no name there: it is gone when it is closed, also where the process
/// is killed.
pub fn unnamed_file(folder: &Path) -> std::io::Result<File> {
    make_private_folder(folder)?;
    tempfile::tempfile_in(folder)
}
