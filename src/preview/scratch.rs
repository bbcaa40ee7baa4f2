//! A folder among the system's temporary ones, for as long as the program runs.

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A temporary folder that nobody else may read. It goes with the value; one
/// whose program was killed goes when the next one is made.
#[derive(Debug)]
pub struct Scratch {
    /// Held while the folder is in use. Given back first: some systems keep a
    /// folder in which a file is open.
    _lock: File,
    folder: TempDir,
}

/// The beginning of the folders' names.
const PREFIX: &str = "bilan-apercu-";

/// The file that is locked while a folder is in use.
const LOCK: &str = "verrou";

impl Scratch {
    /// Makes a folder, and clears those that programs which were killed left.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn new() -> std::io::Result<Self> {
        Self::below(&std::env::temp_dir().canonicalize()?)
    }

    fn below(parent: &Path) -> std::io::Result<Self> {
        abandoned(parent)?.into_iter().for_each(|path| {
            let _ = std::fs::remove_dir_all(path);
        });
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        // Locked before it has its name, so that another program that begins at
        // this moment does not take the folder for an abandoned one.
        let unnamed = folder.path().join("verrou-en-cours");
        let lock = File::create(&unnamed)?;
        lock.lock()?;
        std::fs::rename(unnamed, folder.path().join(LOCK))?;
        Ok(Self { _lock: lock, folder })
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The folders whose lock nobody holds.
fn abandoned(parent: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(parent)?.flatten();
    let ours = entries.filter(|e| e.file_name().to_string_lossy().starts_with(PREFIX));
    let free =
        |folder: &PathBuf| File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok());
    Ok(ours.map(|entry| entry.path()).filter(free).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_its_program_or_with_the_next() {
        let parent = tempfile::tempdir().unwrap();
        let killed = parent.path().join(format!("{PREFIX}0"));
        std::fs::create_dir(&killed).unwrap();
        std::fs::write(killed.join(LOCK), "").unwrap();
        let scratch = Scratch::below(parent.path()).unwrap();
        assert!(!killed.exists());
        let other = Scratch::below(parent.path()).unwrap();
        assert!(scratch.path().is_dir() && scratch.path() != other.path());
        drop((scratch, other));
        assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
