//! A folder among the system's temporary ones, for as long as the program runs.

use std::fs::File;
use std::path::{Path, PathBuf};

/// A temporary folder. It goes with the value; one whose program was stopped
/// goes when the next one is made.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    /// Held while the folder is in use.
    _lock: File,
}

/// The beginning of the folders' names.
const PREFIX: &str = "bilan-apercu-";

/// The file that is locked while a folder is in use.
const LOCK: &str = "verrou";

impl Scratch {
    /// Makes a folder, and clears those that programs which were stopped left.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn new() -> std::io::Result<Self> {
        Self::below(&std::env::temp_dir())
    }

    fn below(parent: &Path) -> std::io::Result<Self> {
        for entry in std::fs::read_dir(parent)?.flatten() {
            let path = entry.path();
            let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            if ours && is_abandoned(&path) {
                let _ = std::fs::remove_dir_all(path);
            }
        }
        let folder = parent.join(format!("{PREFIX}{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let folder = folder.canonicalize()?;
        let lock = File::create(folder.join(LOCK))?;
        lock.lock()?;
        Ok(Self { folder, _lock: lock })
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_abandoned(folder: &Path) -> bool {
    File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_its_program_or_with_the_next() {
        let parent = tempfile::tempdir().unwrap();
        let abandoned = parent.path().join(format!("{PREFIX}0"));
        std::fs::create_dir(&abandoned).unwrap();
        std::fs::write(abandoned.join(LOCK), "").unwrap();
        let scratch = Scratch::below(parent.path()).unwrap();
        assert!(!abandoned.exists());
        let path = scratch.path().to_path_buf();
        assert!(path.is_dir());
        drop(scratch);
        assert!(!path.exists());
    }
}
