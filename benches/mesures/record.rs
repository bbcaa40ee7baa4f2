//! The documents of an edition, kept as the compiler got them.
//!
//! `bilan` runs its compiler as a process. Given this program as the compiler,
//! it hands over the folder and the flags of each document; both are kept, so
//! that the same documents can be compiled again with nothing else around.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::process::{Cost, bilan, run};

/// Where what is handed over is kept.
const FOLDER: &str = "BILAN_MESURES_DOSSIER";

/// Whether this process was started as the compiler; it has then done its work.
pub fn acts_as_compiler() -> bool {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return false };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("compile") => keep_and_compile(&folder, &arguments),
        _ => println!("typst 0.15.1"),
    }
    true
}

fn keep_and_compile(folder: &Path, arguments: &[String]) {
    let root = after(arguments, "--root");
    // The brochure is handed over before the data of the others are written: the
    // folder is complete with the last document.
    copy(Path::new(&root), &folder.join("travail"));
    let data = after(arguments, "--input").replace(['/', '='], "_");
    std::fs::write(folder.join(format!("{data}.suite")), arguments.join("\n")).expect("a note");
    let result = bilan().arg("typst").args(arguments).status().expect("the compiler");
    std::process::exit(result.code().unwrap_or(4));
}

fn after(arguments: &[String], flag: &str) -> String {
    let place = arguments.iter().position(|argument| argument == flag).expect("the flag");
    arguments[place + 1].clone()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a kind").is_dir() {
            true => copy(&entry.path(), &target),
            false => std::fs::copy(entry.path(), target).map(|_| ()).expect("a copy"),
        }
    }
}

/// Documents that can be compiled again.
pub struct Record {
    folder: PathBuf,
    /// The arguments of each compilation, the longest first.
    jobs: Vec<Vec<String>>,
}

impl Record {
    /// Makes an edition with this program as its compiler. What was made
    /// before in `output` is kept, as always.
    pub fn of(edition: &Path, output: &Path, folder: &Path) -> Self {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).expect("a folder");
        let own = std::env::current_exe().expect("this program");
        let mut command = bilan();
        command.arg("produire").arg(edition).arg("--sortie").arg(output).arg("-q");
        command.arg("--typst").arg(own).env(FOLDER, folder);
        run(command.stderr(std::process::Stdio::null()));
        let mut record = Self { folder: folder.to_path_buf(), jobs: notes(folder) };
        record.sort();
        record
    }

    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// The folder as the compiler got it.
    pub fn work(&self) -> PathBuf {
        self.folder.join("travail")
    }

    /// The longest first, so that all cores end together.
    fn sort(&mut self) {
        let time = |job: &Vec<String>| self.compile(job, 0).time;
        let mut timed: Vec<_> = self.jobs.iter().map(|job| (time(job), job.clone())).collect();
        timed.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
        self.jobs = timed.into_iter().map(|(_, job)| job).collect();
    }

    /// Compiles all of it, side by side on all cores.
    pub fn compile_all(&self) -> Cost {
        let start = Instant::now();
        let next = AtomicUsize::new(0);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let work = |core: usize| {
            while let Some(job) = self.jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.compile(job, core);
            }
        };
        std::thread::scope(|scope| {
            (0..cores).for_each(|core| drop(scope.spawn(move || work(core))));
        });
        Cost { time: start.elapsed(), memory: 0 }
    }

    fn compile(&self, job: &[String], core: usize) -> Cost {
        let root = after(job, "--root");
        let kept = self.work();
        let pages = self.folder.join(format!("sortie-{core}"));
        std::fs::create_dir_all(&pages).expect("a folder");
        let (output, flags) = job.split_last().expect("an output");
        let name = Path::new(output).file_name().expect("a name");
        let moved = |word: &String| word.replace(&root, &kept.to_string_lossy());
        let mut command = Command::new(env!("CARGO_BIN_EXE_bilan"));
        command.arg("typst").args(flags.iter().map(moved)).arg(pages.join(name));
        run(&mut command)
    }
}

fn notes(folder: &Path) -> Vec<Vec<String>> {
    let files = std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    let notes = files.map(|entry| entry.path()).filter(|path| path.extension().is_some());
    let lines = |path: PathBuf| std::fs::read_to_string(path).expect("a note");
    notes.map(lines).map(|text| text.lines().map(str::to_string).collect()).collect()
}
