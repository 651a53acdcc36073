//! A small demo province, loaded once for all tests and copied for each.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::server::{Server, binary, run};
use crate::session::Session;

/// Officers of the demo in these tests.
pub const OFFICERS: &str = "300";

/// A data folder of its own with the demo in it.
pub struct Demo {
    folder: TempDir,
    passwords: HashMap<String, String>,
}

impl Demo {
    /// Copies the demo.
    pub async fn copy() -> Self {
        let from = loaded().await;
        let folder = tempfile::tempdir().unwrap();
        for file in fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        let passwords = passwords(folder.path());
        Self { folder, passwords }
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Signs an account of the demo in.
    pub async fn sign_in(&self, server: &Server, login: &str) -> Session {
        Session::sign_in(server, login, &self.passwords[login]).await
    }
}

/// Sign-in names and passwords of a data folder.
pub fn passwords(data: &Path) -> HashMap<String, String> {
    let text = fs::read_to_string(data.join("passwords.txt")).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.to_owned(), words.next()?.to_owned()))
        })
        .collect()
}

/// The folder where this build of the server has loaded the demo. Whichever test comes first loads
/// it; the others, in other processes, wait for the lock.
async fn loaded() -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acceptance");
    fs::create_dir_all(&base).unwrap();
    let lock = fs::File::create(base.join("lock")).unwrap();
    lock.lock().unwrap();
    let built = fs::metadata(binary()).expect("the built server").modified().unwrap();
    let built = built.duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    let folder = base.join(format!("demo-{built}"));
    if !folder.exists() {
        for old in fs::read_dir(&base).unwrap() {
            let old = old.unwrap();
            if old.file_type().unwrap().is_dir() {
                fs::remove_dir_all(old.path()).unwrap();
            }
        }
        let making = base.join("making");
        let answer = run(&making, &["demo", "--officers", OFFICERS]).await;
        assert_eq!(answer.status, 0, "{answer:?}");
        fs::rename(making, &folder).unwrap();
    }
    folder
}
