//! `bilan apercu`: the documents in a browser, as they are written.
//!
//! A document is made when somebody looks at it, and again when something it is
//! made from changes. Nothing is written in the output folder.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::material::Material;
use super::produire::data_file;
use super::{Loaded, Outcome, edition_folder, load, verifier};
use crate::assets::Assets;
use crate::checks::Finding;
use crate::cli::ApercuArguments;
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place};
use crate::hash::sha256;
use crate::preview::{Board, Page, Scratch, Shown, Stop, Watcher, serve};
use crate::report::{CONTROL, Compiler, Content, Document, Format, Job, Trace, WorkFiles};
use crate::typography::{decimal, list};

/// How often the files are looked at.
const TICK: Duration = Duration::from_millis(100);

/// The port where the pages are shown, where it is free.
const PORT: u16 = 8025;

/// Runs the command, until the program is told to stop.
///
/// # Errors
///
/// An edition that is not there; a port that is taken; a compiler that is not
/// one. Faults of the inputs are shown beside the pages, and stop nothing.
pub fn run(arguments: &ApercuArguments) -> Result<Outcome, Failure> {
    let compiler = Compiler::locate(arguments.typst.as_deref()).map_err(Failure::usage)?;
    let assets = Assets::locate(arguments.modeles.as_deref()).map_err(Failure::usage)?;
    let folder = edition_folder(arguments.edition.as_deref())?;
    if !folder.join(crate::edition::FILE).is_file() {
        return load(&folder).map(|_| Outcome::default());
    }
    let listener = listen(arguments.port).map_err(Failure::usage)?;
    let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
    let stop = Stop::listen();
    let scratch = Scratch::new().map_err(|error| Failure::internal(no_scratch(&error)))?;
    let board = Arc::new(Board::default());
    serve(listener, board.clone());
    let address = format!("http://127.0.0.1:{port}/");
    say(&format!("Aperçu de {} : {address} (Ctrl-C pour arrêter)", folder.display()));
    let workshop = Workshop { folder, compiler, assets, scratch, board };
    workshop.watch(&stop);
    Ok(Outcome::default())
}

fn listen(asked: Option<u16>) -> Result<TcpListener, Diagnostic> {
    let bind = |port: u16| TcpListener::bind(("127.0.0.1", port));
    match asked {
        Some(port) => bind(port).map_err(|error| taken(port, &error)),
        None => bind(PORT).or_else(|_| bind(0)).map_err(|error| taken(0, &error)),
    }
}

/// Where documents are made.
struct Workshop {
    folder: PathBuf,
    compiler: Compiler,
    assets: Assets,
    scratch: Scratch,
    board: Arc<Board>,
}

/// The edition as it stands, ready to be typeset.
struct Ready {
    content: Content,
    work: WorkFiles,
    timestamp: i64,
    shown: Shown,
    findings: BTreeMap<String, String>,
    roots: Vec<PathBuf>,
}

/// What was made from what.
type Traces = BTreeMap<String, Trace>;

impl Workshop {
    /// Makes what is looked at, again at each change, until it is told to stop.
    fn watch(&self, stop: &Stop) {
        let mut watcher = Watcher::new(self.roots(None));
        let mut traces = Traces::new();
        let mut material = None;
        let mut ready = self.prepare(&mut material, None);
        self.show(&ready);
        while !stop.is_told() {
            if let Some(wanted) = self.board.wait_for_want(TICK)
                && let Ok(ready) = &ready
            {
                self.make(&wanted, ready, &mut traces);
            }
            if let Ok(ready) = &ready {
                watcher.watch(ready.roots.clone());
            }
            let changes = watcher.changes();
            if !changes.is_empty() {
                let start = Instant::now();
                let next = self.prepare(&mut material, ready.as_ref().ok());
                self.show(&next);
                let made = next.as_ref().map(|next| self.make_wanted(next, &mut traces));
                self.tell(&changes, &made.unwrap_or_default(), &next, start);
                // What was shown last stays until the faults are mended.
                if next.is_ok() || ready.is_err() {
                    ready = next;
                }
            }
        }
    }

    /// Reads what changed of the edition and writes what the compiler reads.
    fn prepare(
        &self,
        material: &mut Option<Material>,
        before: Option<&Ready>,
    ) -> Result<Ready, Failure> {
        let read = match material.take() {
            Some(read) => read.renewed(&self.folder, &self.assets),
            None => Material::read(&self.folder, &self.assets),
        };
        let material = material.insert(read?);
        let loaded = &material.loaded;
        let (findings, _) = material.findings();
        let (content, told) = gather(material, &material.in_files(&findings), &self.assets)?;
        let work = self.write(&content, before.map(|before| &before.work));
        let work = work.map_err(Failure::internal)?;
        let mut messages: Vec<String> = told.iter().map(ToString::to_string).collect();
        messages.extend(loaded.warnings.iter().map(ToString::to_string));
        let summary = format!("Contrôle : {}", verifier::summary(&findings));
        let findings = by_fingerprint(&findings);
        let news = before.map(|before| news(&before.findings, &findings)).unwrap_or_default();
        let shown = Shown {
            title: format!("{} {}", loaded.edition.programme, loaded.edition.year),
            documents: titles(&content, loaded),
            messages,
            findings: summary,
            news,
        };
        let timestamp = loaded.edition.timestamp();
        let roots = self.roots(Some(loaded));
        Ok(Ready { content, work, timestamp, shown, findings, roots })
    }

    /// The files and folders that the documents depend on.
    fn roots(&self, loaded: Option<&Loaded>) -> Vec<PathBuf> {
        let mut roots = vec![self.folder.clone()];
        roots.extend(self.assets.folder().map(Path::to_path_buf));
        let files = loaded.map(|loaded| loaded.edition.files()).unwrap_or_default();
        roots.extend(files.into_iter().filter(|file| !file.starts_with(&self.folder)));
        roots
    }

    /// Writes what the compiler reads, but for what is there as it is.
    fn write(
        &self,
        content: &Content,
        before: Option<&WorkFiles>,
    ) -> Result<WorkFiles, Diagnostic> {
        let mut work = WorkFiles::default();
        let mut write = |name: &str, bytes: &[u8]| {
            work.add(name, bytes);
            let path = self.scratch.path().join(name);
            if before.is_some_and(|before| work.agree(before, name)) && path.is_file() {
                return Ok(());
            }
            let parent = path.parent().unwrap_or(Path::new(".")).to_path_buf();
            std::fs::create_dir_all(parent)
                .and_then(|()| std::fs::write(&path, bytes))
                .map_err(|error| no_scratch(&error))
        };
        for name in self.assets.template_names() {
            write(&name, &self.assets.read(&name)?)?;
        }
        for picture in &content.pictures {
            write(&picture.file(), picture.picture.svg.as_bytes())?;
        }
        for document in &content.documents {
            write(&data_file(document), document.data.to_string().as_bytes())?;
        }
        Ok(work)
    }

    fn show(&self, ready: &Result<Ready, Failure>) {
        let shown = match ready {
            Ok(ready) => ready.shown.clone(),
            Err(failure) => {
                let messages = failure.diagnostics().iter().map(ToString::to_string).collect();
                Shown { messages, ..self.board.shown() }
            }
        };
        self.board.show(shown);
    }

    /// Makes again the documents that somebody looks at and that changed; their
    /// names.
    fn make_wanted(&self, ready: &Ready, traces: &mut Traces) -> Vec<String> {
        let wanted = self.board.wanted();
        wanted.into_iter().filter(|name| self.make(name, ready, traces)).collect()
    }

    /// Makes a document, unless it is made already; whether it was.
    fn make(&self, name: &str, ready: &Ready, traces: &mut Traces) -> bool {
        let document = ready.content.documents.iter().find(|document| document.name == name);
        let Some(document) = document else {
            self.board.put(name, Err("ce document n’est plus dans l’édition".to_string()));
            return false;
        };
        let job = self.job(document, ready);
        let before = traces.get(name);
        if before.is_some_and(|trace| ready.work.confirms(trace, &self.compiler, &job)) {
            return false;
        }
        let pages = self.pages(&job);
        traces.remove(name);
        if let Ok((_, Some(reads))) = &pages {
            let trace = ready.work.trace(&self.compiler, &job, &document.output, reads);
            traces.insert(name.to_string(), trace);
        }
        let pages = pages.map(|(pages, _)| pages);
        self.board.put(name, pages.map_err(|diagnostic| diagnostic.to_string()));
        true
    }

    /// The pages of a document, and the files it was made from.
    fn pages(&self, job: &Job) -> Result<(Vec<Page>, Option<Vec<String>>), Diagnostic> {
        let folder = job.output.parent().unwrap_or(Path::new(".")).to_path_buf();
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|error| no_scratch(&error))?;
        let typeset = self.compiler.compile(job)?;
        let names = crate::output::files(&folder);
        let page = |name: &String| {
            let svg = std::fs::read(folder.join(name)).map_err(|error| no_scratch(&error))?;
            Ok(Page { hash: sha256(&svg), svg: Arc::new(svg) })
        };
        let svgs = names.iter().filter(|name| name.ends_with(".svg"));
        Ok((svgs.map(page).collect::<Result<_, _>>()?, typeset.reads))
    }

    fn job(&self, document: &Document, ready: &Ready) -> Job {
        let root = self.scratch.path();
        let pages = root.join("pages").join(&document.name);
        Job {
            name: document.name.clone(),
            template: root.join(document.template),
            fonts: root.join("polices"),
            data: format!("/{}", data_file(document)),
            dependencies: pages.join("dependances.json"),
            output: pages.join("{0p}.svg"),
            root: root.to_path_buf(),
            format: Format::Svg,
            timestamp: ready.timestamp,
        }
    }

    /// Says in the terminal what changed and what came of it.
    fn tell(
        &self,
        changes: &[PathBuf],
        made: &[String],
        ready: &Result<Ready, Failure>,
        start: Instant,
    ) {
        let name =
            |path: &PathBuf| path.strip_prefix(&self.folder).unwrap_or(path).display().to_string();
        let changed = list(&changes.iter().map(name).collect::<Vec<_>>());
        let took = decimal(start.elapsed().as_secs_f64(), 2);
        match ready {
            Ok(_) if made.is_empty() => say(&format!("{changed} : rien à refaire ({took} s)")),
            Ok(_) => say(&format!("{changed} : {} ({took} s)", list(made))),
            Err(failure) => {
                say(&format!("{changed} :"));
                failure.diagnostics().iter().for_each(|message| say(&format!("{message}\n")));
            }
        }
        let news = ready.as_ref().map(|ready| ready.shown.news.as_slice()).unwrap_or_default();
        news.iter().for_each(|line| say(&format!("  {line}")));
    }
}

/// Prints a line. A reader that has gone away is not a fault.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// What each document shows.
///
/// # Errors
///
/// The indicators that a page or a text names and that are not there.
fn gather(
    material: &Material,
    findings: &[Finding],
    assets: &Assets,
) -> Result<(Content, Diagnostics), Failure> {
    let mut found = Diagnostics::new();
    let content = Content::gather(&material.inputs(), findings, assets, &mut found);
    if found.has_errors() {
        return Err(Failure::Input(found));
    }
    Ok((content, found))
}

/// The names and the titles of the documents.
fn titles(content: &Content, loaded: &Loaded) -> Vec<(String, String)> {
    let title = |name: &str| match name {
        "bilan" => "La brochure".to_string(),
        CONTROL => "Le contrôle".to_string(),
        slug => loaded.register.region(slug).map_or(slug, |region| &region.name).to_string(),
    };
    let documents = content.documents.iter();
    documents.map(|document| (document.name.clone(), title(&document.name))).collect()
}

fn by_fingerprint(findings: &[Finding]) -> BTreeMap<String, String> {
    let line = |finding: &Finding| {
        format!("{} [{}] {}", finding.severity.word(), finding.code, finding.message)
    };
    findings.iter().map(|finding| (finding.fingerprint(), line(finding))).collect()
}

/// The findings that appeared, then those that went.
fn news(before: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let only = |left: &BTreeMap<String, String>, right: &BTreeMap<String, String>, sign: &str| {
        let missing = left.iter().filter(|(fingerprint, _)| !right.contains_key(*fingerprint));
        missing.map(|(_, line)| format!("{sign} {line}")).collect::<Vec<_>>()
    };
    [only(now, before, "nouveau :"), only(before, now, "réglé :")].concat()
}

fn taken(port: u16, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("port-pris", format!("le port {port} ne peut pas être pris ({error})"))
        .at(Place::file("--port"))
        .help("donnez un autre port, ou retirez --port pour en prendre un qui est libre")
}

fn no_scratch(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "sortie-impossible",
        format!("le dossier de travail ne peut pas être écrit ({error})"),
    )
    .at(Place::file(std::env::temp_dir().display().to_string()))
    .help("faites de la place sur le disque et vérifiez les droits")
}
