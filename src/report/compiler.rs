//! Running the Typst compiler, one process a document.
//!
//! The program is, in order: the one asked for (`--typst`), `$BILAN_TYPST`,
//! else this executable itself, which carries the compiler behind a hidden
//! verb. There is one code path for all three, so that a crash or a runaway
//! template takes down a child and not the run.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::diagnostics::{Diagnostic, Place};

/// The environment variable that names a compiler.
pub const VARIABLE: &str = "BILAN_TYPST";

/// The oldest version that understands the templates.
const OLDEST: (u32, u32) = (0, 15);

/// A document that takes longer is taken for a runaway one.
const PATIENCE: Duration = Duration::from_secs(300);

/// How often a running compiler is looked at.
const PULSE: Duration = Duration::from_millis(4);

/// The flags that every document is compiled with.
pub(super) const FLAGS: [&str; 5] =
    ["--ignore-system-fonts", "--pdf-standard", "ua-1,a-2a", "--diagnostic-format", "short"];

/// Gives templates the header cells of rows (`pdf.header-cell`). The compiler
/// does not promise to keep the flag: it is for the versions that are known to
/// have it, and templates do without where it is missing.
pub(super) const EXTRAS: [&str; 2] = ["--features", "a11y-extras"];
const WITH_EXTRAS: (u32, u32) = (0, 15);

/// A Typst compiler.
#[derive(Debug, Clone)]
pub struct Compiler {
    program: PathBuf,
    /// What stands before `compile`: the hidden verb of this executable.
    verb: Vec<OsString>,
    version: String,
    extras: bool,
}

/// What a document is compiled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One PDF that declares PDF/UA-1 and PDF/A-2a.
    Pdf,
    /// A picture a page, at so many dots an inch; `{0p}` in the name of the
    /// output is the page.
    Png { resolution: u16 },
    /// A drawing a page, named likewise.
    Svg,
}

/// A document to compile. All paths are absolute.
#[derive(Debug, Clone)]
pub struct Job {
    /// The name of the document, for messages.
    pub name: String,
    /// The folder that the template may read.
    pub root: PathBuf,
    pub template: PathBuf,
    /// The data file, from the root: `/donnees/bilan.json`.
    pub data: String,
    pub fonts: PathBuf,
    pub output: PathBuf,
    pub format: Format,
    /// Where the compiler says what it read.
    pub dependencies: PathBuf,
    /// Seconds since 1970.
    pub timestamp: i64,
}

/// What a compilation took.
#[derive(Debug, Clone)]
pub struct Typeset {
    pub duration: Duration,
    /// The files it read, from the root, in order; none where that is not
    /// known, or where one of them stands outside the root.
    pub reads: Option<Vec<String>>,
}

impl Compiler {
    /// The compiler to use: the one asked for, the environment's, or this
    /// executable.
    ///
    /// # Errors
    ///
    /// `typst-introuvable` where the program cannot be run, `typst-trop-ancien`
    /// below version 0.15.
    pub fn locate(asked: Option<&Path>) -> Result<Self, Diagnostic> {
        let from_environment = std::env::var_os(VARIABLE).map(PathBuf::from);
        match asked.map(Path::to_path_buf).or(from_environment) {
            Some(program) => Self::external(program),
            None => Self::own(),
        }
    }

    /// The name and the version, for the manifest.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn own() -> Result<Self, Diagnostic> {
        let program = std::env::current_exe().map_err(|error| not_found("bilan", &error))?;
        let version = format!("typst {} (intégré)", crate::typst_cli::VERSION);
        Ok(Self { program, verb: vec!["typst".into()], version, extras: true })
    }

    fn external(program: PathBuf) -> Result<Self, Diagnostic> {
        let name = program.display().to_string();
        let output = Command::new(&program).arg("--version").stdin(Stdio::null()).output();
        let output = output.map_err(|error| not_found(&name, &error))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let number = text.split_whitespace().nth(1).unwrap_or_default().to_string();
        match version_of(&number) {
            Some(version) if version >= OLDEST => {
                let extras = version == WITH_EXTRAS;
                let verb = Vec::new();
                Ok(Self { program, verb, version: format!("typst {number}"), extras })
            }
            Some(_) => Err(too_old(&name, &number)),
            None => Err(not_typst(&name)),
        }
    }

    /// Compiles a document to its format.
    ///
    /// # Errors
    ///
    /// `composition` with what the compiler said, warnings included: a missing
    /// glyph or font is an error here; `composition-trop-longue`.
    pub fn compile(&self, job: &Job) -> Result<Typeset, Diagnostic> {
        let start = Instant::now();
        let child = self.command(job).spawn();
        let mut child = child.map_err(|error| not_found(&self.program_name(), &error))?;
        let reader = drain(&mut child);
        let success = wait(&mut child, start).ok_or_else(|| too_long(job))?;
        let said = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
        if said.contains("failed to write") {
            return Err(unwritten(job, &said));
        }
        if !success || !said.trim().is_empty() {
            return Err(refused(job, &said));
        }
        if job.format == Format::Pdf {
            settle(&job.output).map_err(|error| unsettled(job, &error))?;
        }
        Ok(Typeset { duration: start.elapsed(), reads: reads(job) })
    }

    fn command(&self, job: &Job) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.verb).arg("compile");
        command.arg("--root").arg(&job.root);
        command.arg("--font-path").arg(&job.fonts).args(FLAGS);
        command.args(EXTRAS.iter().filter(|_| self.extras));
        command.arg("--creation-timestamp").arg(job.timestamp.to_string());
        command.arg("--deps").arg(&job.dependencies).arg("--deps-format").arg("json");
        if let Format::Png { resolution } = job.format {
            command.arg("--ppi").arg(resolution.to_string());
        }
        command.arg("--input").arg(format!("donnees={}", job.data));
        command.arg(&job.template).arg(&job.output);
        for variable in ["TYPST_ROOT", "TYPST_FONT_PATHS", "TYPST_FEATURES", "SOURCE_DATE_EPOCH"] {
            command.env_remove(variable);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn program_name(&self) -> String {
        self.program.display().to_string()
    }
}

/// Reads what a child says, beside it, so that it never waits for a reader.
fn drain(child: &mut Child) -> Option<std::thread::JoinHandle<String>> {
    let mut stderr = child.stderr.take()?;
    Some(std::thread::spawn(move || {
        let mut said = Vec::new();
        let _ = stderr.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    }))
}

/// Whether a child succeeded; none where it had to be stopped.
fn wait(child: &mut Child, start: Instant) -> Option<bool> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) if start.elapsed() < PATIENCE => std::thread::sleep(PULSE),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

/// The files that the compiler says it read. Paths are from the current
/// folder or absolute, links resolved; what is not there keeps its name.
fn reads(job: &Job) -> Option<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Dependencies {
        inputs: Vec<String>,
    }
    let text = std::fs::read_to_string(&job.dependencies).ok()?;
    let said: Dependencies = serde_json::from_str(&text).ok()?;
    let here = std::env::current_dir().ok()?;
    let name = |path: &String| {
        let path = here.join(path);
        let path = path.canonicalize().unwrap_or(path);
        let relative = path.strip_prefix(&job.root).ok()?;
        Some(relative.to_string_lossy().replace('\\', "/"))
    };
    let mut names: Vec<String> = said.inputs.iter().map(name).collect::<Option<_>>()?;
    names.sort();
    names.dedup();
    Some(names)
}

/// Settles the ends of the streams of a PDF, in place.
///
/// The writer ends a stream with a line feed. Where the last byte of the data
/// happens to be a carriage return, readers that look backwards from
/// `endstream` take the pair for one end of line and find the stream a byte
/// short, which PDF/A (ISO 19005-2, 6.1.7.1) forbids. A carriage return is an
/// end of line too: written in the place of the line feed, it leaves one
/// reading only, and no byte moves.
fn settle(path: &Path) -> std::io::Result<()> {
    const AMBIGUOUS: &[u8] = b"\r\nendstream\nendobj";
    let mut bytes = std::fs::read(path)?;
    let ends: Vec<usize> =
        memchr::memmem::find_iter(&bytes, AMBIGUOUS).map(|start| start + 1).collect();
    if ends.is_empty() {
        return Ok(());
    }
    for end in ends {
        if let Some(byte) = bytes.get_mut(end) {
            *byte = b'\r';
        }
    }
    std::fs::write(path, bytes)
}

fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn not_found(program: &str, error: &std::io::Error) -> Diagnostic {
    let message = format!("le compilateur Typst ne peut pas être lancé ({error})");
    Diagnostic::error("typst-introuvable", message)
        .at(Place::file(program))
        .help(format!("vérifiez --typst et {VARIABLE}, ou retirez-les : bilan a le sien"))
}

fn not_typst(program: &str) -> Diagnostic {
    Diagnostic::error("typst-introuvable", "ce programme n’est pas le compilateur Typst")
        .at(Place::file(program))
        .help(format!("vérifiez --typst et {VARIABLE}, ou retirez-les : bilan a le sien"))
}

fn too_old(program: &str, version: &str) -> Diagnostic {
    let (major, minor) = OLDEST;
    let message =
        format!("Typst {version} est trop ancien : il faut {major}.{minor} ou plus récent");
    Diagnostic::error("typst-trop-ancien", message)
        .at(Place::file(program))
        .help("mettez Typst à jour, ou retirez --typst : bilan a son propre compilateur")
}

fn refused(job: &Job, said: &str) -> Diagnostic {
    let lines: Vec<&str> = said.lines().take(12).collect();
    let message =
        format!("la composition de « {} » a échoué :\n    {}", job.name, lines.join("\n    "));
    Diagnostic::error("composition", message)
        .at(Place::file(job.template.display().to_string()))
        .help("si vous avez changé un modèle, corrigez-le ; sinon, signalez cette erreur")
}

fn unwritten(job: &Job, said: &str) -> Diagnostic {
    Diagnostic::error(
        "sortie-impossible",
        format!("le document ne peut pas être écrit ({})", said.trim()),
    )
    .at(Place::file(job.output.display().to_string()))
    .help("faites de la place sur le disque et vérifiez les droits, puis relancez")
}

fn unsettled(job: &Job, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("sortie-impossible", format!("le document ne peut pas être relu ({error})"))
        .at(Place::file(job.output.display().to_string()))
        .help("vérifiez les droits et la place du disque")
}

fn too_long(job: &Job) -> Diagnostic {
    let message = format!(
        "la composition de « {} » a été arrêtée au bout de {} minutes",
        job.name,
        PATIENCE.as_secs() / 60
    );
    Diagnostic::error("composition-trop-longue", message)
        .at(Place::file(job.template.display().to_string()))
        .help("si vous avez changé un modèle, cherchez-y une boucle sans fin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version_of("0.15.1").unwrap() >= OLDEST);
        assert!(version_of("0.9.0").unwrap() < OLDEST);
        assert!(version_of("1.0").unwrap() >= OLDEST);
        assert_eq!(version_of("abc"), None);
    }

    #[test]
    fn a_stream_that_ends_with_a_carriage_return_has_one_reading() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        let pdf = b"stream\nab\r\nendstream\nendobj stream\ncd\nendstream\nendobj";
        std::fs::write(&path, pdf).unwrap();
        settle(&path).unwrap();
        let settled = b"stream\nab\r\rendstream\nendobj stream\ncd\nendstream\nendobj";
        assert_eq!(std::fs::read(&path).unwrap(), settled);
    }

    #[test]
    fn a_program_that_is_not_there_is_told() {
        let error = Compiler::locate(Some(Path::new("/nulle/part/typst"))).unwrap_err();
        assert_eq!(error.code, "typst-introuvable");
    }
}
