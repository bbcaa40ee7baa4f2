//! Which files changed, by their times and sizes.
//!
//! The folders are looked through a few times a second. They hold some hundred
//! files, and the notices of the systems differ in what they tell of a
//! spreadsheet that a program saves through a second file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How long files must have been still before a change counts.
const STILL: Duration = Duration::from_millis(40);

type State = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Watches files and folders.
#[derive(Debug, Default)]
pub struct Watcher {
    roots: Vec<PathBuf>,
    seen: State,
}

impl Watcher {
    /// Watches files, and folders with all that is in them.
    pub fn new(roots: Vec<PathBuf>) -> Self {
        let seen = state(&roots);
        Self { roots, seen }
    }

    /// Watches these from now on; what changes by it is no change.
    pub fn watch(&mut self, roots: Vec<PathBuf>) {
        if roots != self.roots {
            *self = Self::new(roots);
        }
    }

    /// The files that changed, came or went since the last time. Where
    /// something changed, waits until nothing more does.
    pub fn changes(&mut self) -> Vec<PathBuf> {
        let mut now = state(&self.roots);
        if now == self.seen {
            return Vec::new();
        }
        loop {
            std::thread::sleep(STILL);
            let later = state(&self.roots);
            if later == now {
                break;
            }
            now = later;
        }
        let changed = |left: &State, right: &State| -> Vec<PathBuf> {
            let differs = left.iter().filter(|(path, at)| right.get(*path) != Some(at));
            differs.map(|(path, _)| path.clone()).collect()
        };
        let mut paths = [changed(&now, &self.seen), changed(&self.seen, &now)].concat();
        paths.sort();
        paths.dedup();
        self.seen = now;
        paths
    }
}

fn state(roots: &[PathBuf]) -> State {
    let mut state = State::new();
    roots.iter().for_each(|root| collect(root, &mut state));
    state
}

fn collect(path: &Path, state: &mut State) {
    let Ok(metadata) = std::fs::metadata(path) else { return };
    if metadata.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.filter(|entry| !is_passing(&entry.path())).for_each(|e| collect(&e.path(), state));
    } else {
        state.insert(path.to_path_buf(), (metadata.modified().ok(), metadata.len()));
    }
}

/// What editors and spreadsheets leave beside a file while it is open.
fn is_passing(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(['.', '~']) || name.ends_with(['~', '#']) || name.ends_with(".tmp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_comes_or_goes_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("textes")).unwrap();
        std::fs::write(path("textes/a.md"), "a").unwrap();
        std::fs::write(path("b.toml"), "b").unwrap();
        let mut watcher = Watcher::new(vec![folder.path().to_path_buf()]);
        assert!(watcher.changes().is_empty());
        std::fs::write(path("textes/a.md"), "autre").unwrap();
        std::fs::write(path("textes/c.md"), "c").unwrap();
        std::fs::write(path("~$b.toml"), "ouvert").unwrap();
        std::fs::remove_file(path("b.toml")).unwrap();
        assert_eq!(watcher.changes(), [path("b.toml"), path("textes/a.md"), path("textes/c.md")]);
        assert!(watcher.changes().is_empty());
    }
}
