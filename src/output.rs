//! Writing an output folder so that the last good one stays whole.
//!
//! Results are built in a folder beside the target and moved into place in
//! one step, once all are there. A run killed at any moment leaves the target
//! as it was; the next run clears what it left. Two runs on one target exclude
//! each other. A run's folders bear its number: compilers that outlive a
//! killed run write where nobody looks any more.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::diagnostics::{Diagnostic, Place};

/// A folder being built beside its target.
pub struct Staging {
    target: PathBuf,
    folder: PathBuf,
    work: PathBuf,
    lock: Lock,
}

impl Staging {
    /// Prepares to build a target folder.
    ///
    /// # Errors
    ///
    /// `sortie-occupee` where another run builds the same target,
    /// `sortie-impossible` where it cannot be written.
    pub fn begin(target: &Path) -> Result<Self, Diagnostic> {
        let parent =
            target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent).map_err(|error| impossible(parent, &error))?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| not_a_folder(target))?;
        if target.exists() && !target.is_dir() {
            return Err(not_a_folder(target));
        }
        let lock = Lock::take(&parent.join(format!(".{name}.verrou")), target)?;
        let prefixes = [format!(".{name}.en-cours"), format!(".{name}.travail")];
        clear_leftovers(parent, &prefixes, target)?;
        let run = std::process::id();
        let [folder, work] = prefixes.map(|prefix| parent.join(format!("{prefix}-{run}")));
        for folder in [&folder, &work] {
            std::fs::create_dir_all(folder).map_err(|error| impossible(folder, &error))?;
        }
        Ok(Self { target: target.to_path_buf(), folder, work, lock })
    }

    /// The folder that will become the target.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A folder for what is needed on the way, thrown away at the end.
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// Writes a file of the target; `name` is its path from the root.
    ///
    /// # Errors
    ///
    /// `sortie-impossible`: a full disk, a missing right.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        write(&self.folder.join(name), bytes)
    }

    /// Writes a file of the work folder; `name` is its path from the root.
    ///
    /// # Errors
    ///
    /// As [`Staging::write`].
    pub fn write_work(&self, name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
        write(&self.work.join(name), bytes)
    }

    /// The folder as it stood before, if there was one.
    pub fn previous(&self) -> Option<&Path> {
        self.target.is_dir().then_some(self.target.as_path())
    }

    /// Takes over from the folder as it stood the files that `keep` accepts and
    /// that were not made anew. Names are paths from the root.
    ///
    /// # Errors
    ///
    /// As [`Staging::write`].
    pub fn carry_over(&self, keep: impl Fn(&str) -> bool) -> Result<(), Diagnostic> {
        let names = files(&self.target);
        let mut kept = names.iter().filter(|name| keep(name) && !self.folder.join(name).exists());
        kept.try_for_each(|name| self.keep(name))
    }

    /// Takes over a file from the folder as it stood.
    ///
    /// # Errors
    ///
    /// As [`Staging::write`].
    pub fn keep(&self, name: &str) -> Result<(), Diagnostic> {
        let (source, destination) = (self.target.join(name), self.folder.join(name));
        make_parent(&destination).map_err(|_| in_the_way(&source))?;
        let linked = std::fs::hard_link(&source, &destination);
        let copied = linked.or_else(|_| std::fs::copy(&source, &destination).map(|_| ()));
        copied.map_err(|error| impossible(&source, &error))
    }

    /// Puts the folder in the place of the target.
    ///
    /// # Errors
    ///
    /// `sortie-impossible`, with the target as it was.
    pub fn commit(self) -> Result<(), Diagnostic> {
        replace(&self.folder, &self.target).map_err(|error| impossible(&self.target, &error))?;
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let remove = |folder: &Path| {
            let _ = std::fs::remove_dir_all(folder);
        };
        rayon::join(|| remove(&self.work), || remove(&self.folder));
        self.lock.release();
    }
}

/// The files of a folder, as paths from its root with `/`, in order.
pub fn files(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    collect(folder, folder, &mut names);
    names.sort();
    names
}

fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            collect(root, &path, names);
        } else if let Ok(relative) = path.strip_prefix(root) {
            names.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    make_parent(path)?;
    std::fs::write(path, bytes).map_err(|error| impossible(path, &error))
}

fn make_parent(path: &Path) -> Result<(), Diagnostic> {
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(|error| impossible(parent, &error))
}

/// Clears what runs that were killed left beside the target.
fn clear_leftovers(parent: &Path, prefixes: &[String], target: &Path) -> Result<(), Diagnostic> {
    let entries = std::fs::read_dir(parent).map_err(|error| impossible(parent, &error))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if prefixes.iter().any(|prefix| name.starts_with(prefix)) {
            recover_or_clear(&path, &name, target).map_err(|error| impossible(&path, &error))?;
        }
    }
    Ok(())
}

/// Puts back the old folder where a run was killed between its two moves;
/// removes anything else.
fn recover_or_clear(leftover: &Path, name: &str, target: &Path) -> std::io::Result<()> {
    if name.ends_with(ASIDE) && !target.exists() {
        return std::fs::rename(leftover, target);
    }
    // A compiler that outlived its run may still write there.
    const TRIES: usize = 20;
    for _ in 0..TRIES {
        match std::fs::remove_dir_all(leftover) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            result => return result,
        }
    }
    std::fs::remove_dir_all(leftover)
}

/// Exchanges two folders in one step where the system can; otherwise moves the
/// old one away first.
fn replace(new: &Path, target: &Path) -> std::io::Result<()> {
    if !target.exists() {
        return std::fs::rename(new, target);
    }
    if exchange(new, target).is_ok() {
        return Ok(());
    }
    replace_in_two_moves(new, target)
}

/// Moves the old folder away, then the new one in; puts the old one back where
/// that fails.
fn replace_in_two_moves(new: &Path, target: &Path) -> std::io::Result<()> {
    let old = set_aside(new);
    let _ = std::fs::remove_dir_all(&old);
    std::fs::rename(target, &old)?;
    let moved = std::fs::rename(new, target);
    if moved.is_err() {
        std::fs::rename(&old, target)?;
    }
    let _ = std::fs::remove_dir_all(&old);
    moved
}

/// The end of the name of the old folder while the new one takes its place.
const ASIDE: &str = ".ancien";

/// Where the old folder waits.
fn set_aside(new: &Path) -> PathBuf {
    let mut old = new.as_os_str().to_owned();
    old.push(ASIDE);
    PathBuf::from(old)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(left: &Path, right: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, left, CWD, right, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_left: &Path, _right: &Path) -> std::io::Result<()> {
    Err(std::io::Error::from(std::io::ErrorKind::Unsupported))
}

/// The exclusive right to build a target.
struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    fn take(path: &Path, target: &Path) -> Result<Self, Diagnostic> {
        let file = File::options().create(true).truncate(false).write(true).open(path);
        let file = file.map_err(|error| impossible(path, &error))?;
        match file.try_lock() {
            // A run that ended in between took the file's name away: what was
            // locked is a file without a name, and the lock says nothing.
            Ok(()) if path.exists() => Ok(Self { path: path.to_path_buf(), file }),
            Ok(()) | Err(TryLockError::WouldBlock) => Err(busy(target)),
            Err(TryLockError::Error(error)) => Err(impossible(path, &error)),
        }
    }

    fn release(&self) {
        let _ = std::fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

fn busy(target: &Path) -> Diagnostic {
    Diagnostic::error("sortie-occupee", "un autre « bilan » écrit déjà dans ce dossier")
        .at(Place::file(target.display().to_string()))
        .help("attendez qu’il ait fini, ou écrivez ailleurs avec --sortie")
}

fn not_a_folder(target: &Path) -> Diagnostic {
    Diagnostic::error("sortie-impossible", "la sortie n’est pas un dossier")
        .at(Place::file(target.display().to_string()))
        .help("donnez un dossier à --sortie")
}

/// A file of the output that stands where this run makes a folder, or the
/// reverse.
fn in_the_way(path: &Path) -> Diagnostic {
    Diagnostic::error(
        "sortie-impossible",
        "ce fichier est à la place d’un autre que ce passage écrit",
    )
    .at(Place::file(path.display().to_string()))
    .help("déplacez-le hors du dossier de sortie, puis relancez")
}

const IN_USE: &str = "un autre programme s’en sert";
const CLOSE: &str = "fermez les fichiers de ce dossier, ou écrivez ailleurs avec --sortie";

/// What Windows says of a file that another program has open.
const SHARING_VIOLATION: i32 = 32;

fn impossible(path: &Path, error: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;
    let shared = cfg!(windows) && error.raw_os_error() == Some(SHARING_VIOLATION);
    let (message, help) = match error.kind() {
        _ if shared => (IN_USE, CLOSE),
        ErrorKind::ResourceBusy => (IN_USE, CLOSE),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            ("le disque est plein", "faites de la place, puis relancez")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            ("l’écriture est refusée", CLOSE)
        }
        _ => ("l’écriture a échoué", "vérifiez le disque, ou écrivez ailleurs avec --sortie"),
    };
    Diagnostic::error("sortie-impossible", format!("{message} ({error})"))
        .at(Place::file(path.display().to_string()))
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("2025");
        (folder, target)
    }

    #[test]
    fn results_come_into_place_at_once_and_leave_nothing_behind() {
        let (parent, target) = target();
        for content in ["un", "deux"] {
            let staging = Staging::begin(&target).unwrap();
            staging.write("fiches/a.pdf", content.as_bytes()).unwrap();
            staging.write_work("x", b"x").unwrap();
            staging.commit().unwrap();
            assert_eq!(std::fs::read_to_string(target.join("fiches/a.pdf")).unwrap(), content);
        }
        assert_eq!(files(parent.path()), ["2025/fiches/a.pdf"]);
    }

    #[test]
    fn a_run_that_stops_leaves_the_last_good_output() {
        let (parent, target) = target();
        let staging = Staging::begin(&target).unwrap();
        staging.write("bilan.pdf", b"bon").unwrap();
        staging.commit().unwrap();
        let staging = Staging::begin(&target).unwrap();
        staging.write("bilan.pdf", b"inachev\xc3\xa9").unwrap();
        // As a kill would: no destructor runs, the lock falls with the process.
        staging.lock.file.unlock().unwrap();
        std::mem::forget(staging);
        assert_eq!(std::fs::read(target.join("bilan.pdf")).unwrap(), b"bon");
        drop(Staging::begin(&target).unwrap());
        assert_eq!(files(parent.path()), ["2025/bilan.pdf"]);
    }

    #[test]
    fn a_run_killed_between_two_moves_is_mended() {
        let (parent, target) = target();
        let aside = parent.path().join(".2025.en-cours-7.ancien");
        std::fs::create_dir(&aside).unwrap();
        std::fs::write(aside.join("bilan.pdf"), b"bon").unwrap();
        drop(Staging::begin(&target).unwrap());
        assert_eq!(files(parent.path()), ["2025/bilan.pdf"]);
    }

    /// Where the system has no exchange: both moves, and back where the second
    /// one fails.
    #[test]
    fn two_moves_leave_one_whole_folder() {
        let (parent, target) = target();
        let new = parent.path().join(".2025.en-cours-7");
        for folder in [&target, &new] {
            std::fs::create_dir(folder).unwrap();
        }
        std::fs::write(target.join("bilan.pdf"), b"ancien").unwrap();
        std::fs::write(new.join("bilan.pdf"), b"neuf").unwrap();
        replace_in_two_moves(&new, &target).unwrap();
        assert_eq!(std::fs::read(target.join("bilan.pdf")).unwrap(), b"neuf");
        assert_eq!(files(parent.path()), ["2025/bilan.pdf"]);
        assert!(replace_in_two_moves(&new, &target).is_err(), "there is nothing to put in");
        assert_eq!(files(parent.path()), ["2025/bilan.pdf"]);
    }

    /// Something of the reader's stands where a file of the run goes: told by
    /// its name, and left where it is.
    #[test]
    fn what_is_in_the_way_is_named() {
        let (_parent, target) = target();
        std::fs::create_dir_all(target.join("bilan.pdf")).unwrap();
        std::fs::write(target.join("bilan.pdf/note.txt"), b"mienne").unwrap();
        let staging = Staging::begin(&target).unwrap();
        staging.write("bilan.pdf", b"neuf").unwrap();
        let told = staging.carry_over(|_| true).err().unwrap();
        assert_eq!(told.code, "sortie-impossible");
        assert!(told.to_string().contains("note.txt"), "{told}");
        drop(staging);
        assert_eq!(files(&target), ["bilan.pdf/note.txt"]);
    }

    /// A folder where the lock would be is none of ours.
    #[test]
    fn a_lock_that_cannot_be_taken_is_told() {
        let (parent, target) = target();
        std::fs::create_dir(parent.path().join(".2025.verrou")).unwrap();
        assert_eq!(Staging::begin(&target).err().unwrap().code, "sortie-impossible");
    }

    #[test]
    fn two_runs_exclude_each_other() {
        let (_parent, target) = target();
        let first = Staging::begin(&target).unwrap();
        assert_eq!(Staging::begin(&target).err().unwrap().code, "sortie-occupee");
        drop(first);
        assert!(Staging::begin(&target).is_ok());
    }

    #[test]
    fn what_is_not_made_anew_is_carried_over_where_asked() {
        let (_parent, target) = target();
        let staging = Staging::begin(&target).unwrap();
        for name in ["bilan.pdf", "notes.txt", "fiches/a.pdf"] {
            staging.write(name, b"avant").unwrap();
        }
        staging.commit().unwrap();
        let staging = Staging::begin(&target).unwrap();
        staging.write("bilan.pdf", b"neuf").unwrap();
        staging.carry_over(|name| name != "fiches/a.pdf").unwrap();
        staging.commit().unwrap();
        assert_eq!(files(&target), ["bilan.pdf", "notes.txt"]);
        assert_eq!(std::fs::read(target.join("bilan.pdf")).unwrap(), b"neuf");
    }

    #[test]
    fn a_target_that_cannot_be_written_is_told() {
        let (parent, _) = target();
        let file = parent.path().join("fichier");
        std::fs::write(&file, b"x").unwrap();
        assert_eq!(Staging::begin(&file).err().unwrap().code, "sortie-impossible");
        let below = file.join("2025");
        assert_eq!(Staging::begin(&below).err().unwrap().code, "sortie-impossible");
    }
}
