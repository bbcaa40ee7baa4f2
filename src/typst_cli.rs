//! The Typst compiler behind the hidden verb `bilan typst compile`.
//!
//! It takes the flags of the genuine `typst compile` that the pipeline uses
//! (same names, same meaning), so that the two are interchangeable. The
//! pipeline runs it as a process and never calls it. Packages need the network
//! and are refused.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rayon::prelude::*;
use typst::diag::{FileError, FileResult, PackageError, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Features, Library, LibraryExt, World};
use typst_kit::diagnostics::{DiagnosticFormat, DiagnosticWorld, termcolor};
use typst_kit::files::{FileLoader, FileStore, FsRoot};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::assets::compiler_fonts;

/// The version of the compiler, the one of the crates in `Cargo.lock`.
pub const VERSION: &str = "0.15.1";

/// The arguments of `typst compile`.
#[derive(Debug, Clone, clap::Args)]
pub struct CompileArguments {
    /// The template.
    pub input: PathBuf,
    /// The document: .pdf, or .png with {p} for the page.
    pub output: PathBuf,
    #[arg(long)]
    pub root: Option<PathBuf>,
    #[arg(long = "input", value_name = "clé=valeur", value_parser = pair)]
    pub inputs: Vec<(String, String)>,
    #[arg(long = "font-path")]
    pub font_paths: Vec<PathBuf>,
    #[arg(long)]
    pub ignore_system_fonts: bool,
    #[arg(long)]
    pub ignore_embedded_fonts: bool,
    #[arg(long)]
    pub creation_timestamp: Option<i64>,
    #[arg(long, value_delimiter = ',')]
    pub pdf_standard: Vec<String>,
    /// What of the compiler is not settled yet: only `a11y-extras` changes
    /// anything here.
    #[arg(long, value_delimiter = ',')]
    pub features: Vec<String>,
    #[arg(long, default_value = "human")]
    pub diagnostic_format: String,
    #[arg(long, default_value_t = 144.0)]
    pub ppi: f64,
    #[arg(long, short)]
    pub jobs: Option<usize>,
    /// Where to say which files the document was made from.
    #[arg(long)]
    pub deps: Option<PathBuf>,
    #[arg(long, default_value = "json", value_parser = ["json"])]
    pub deps_format: String,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("clé=valeur attendu")?;
    Ok((key.trim().to_string(), value.to_string()))
}

/// Compiles a document. Diagnostics go to the standard error, as the genuine
/// compiler writes them; the exit code is 1 where there was an error.
pub fn compile(arguments: &CompileArguments) -> ExitCode {
    match try_compile(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(1)
        }
    }
}

/// Whether the document was written; diagnostics are printed either way.
fn try_compile(arguments: &CompileArguments) -> Result<bool, String> {
    if let Some(jobs) = arguments.jobs {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let mut world = ProjectWorld::new(arguments)?;
    let (document, diagnostics) = compiled(&world, arguments)?;
    print(&world, diagnostics.iter(), arguments)?;
    if let Some(path) = &arguments.deps {
        write(path, world.dependencies().to_string().as_bytes())?;
    }
    Ok(document.is_some())
}

/// Compiles a document as [`compile`] does, and gives its pages, for who wants
/// to look at them: none where there was an error. The messages are those that
/// [`compile`] prints.
///
/// # Errors
///
/// What cannot be read or written.
pub fn pages(arguments: &CompileArguments) -> Result<(Option<PagedDocument>, Vec<String>), String> {
    let world = ProjectWorld::new(arguments)?;
    let (document, diagnostics) = compiled(&world, arguments)?;
    let message = |diagnostic: &SourceDiagnostic| diagnostic.message.to_string();
    Ok((document, diagnostics.iter().map(message).collect()))
}

/// The pages of a document, where it could be made, and what there is to say.
fn compiled(
    world: &ProjectWorld,
    arguments: &CompileArguments,
) -> Result<(Option<PagedDocument>, Vec<SourceDiagnostic>), String> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
    let (document, errors) = match output {
        Ok(document) => match export(&document, arguments)? {
            Ok(()) => (Some(document), Vec::new()),
            Err(errors) => (None, errors),
        },
        Err(errors) => (None, errors.to_vec()),
    };
    Ok((document, errors.into_iter().chain(warnings).collect()))
}

type Exported = Result<(), Vec<SourceDiagnostic>>;

fn export(document: &PagedDocument, arguments: &CompileArguments) -> Result<Exported, String> {
    let extension = arguments.output.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str() {
        Some("png") => export_png(document, arguments),
        Some("svg") => export_svg(document, arguments),
        _ => export_pdf(document, arguments),
    }
}

fn export_pdf(document: &PagedDocument, arguments: &CompileArguments) -> Result<Exported, String> {
    let options = PdfOptions {
        standards: standards(&arguments.pdf_standard)?,
        timestamp: arguments.creation_timestamp.and_then(datetime).map(Timestamp::new_utc),
        ..PdfOptions::default()
    };
    match typst_pdf::pdf(document, &options) {
        Ok(bytes) => write(&arguments.output, &bytes).map(Ok),
        Err(errors) => Ok(Err(errors.to_vec())),
    }
}

/// Writes a picture a page.
fn export_png(document: &PagedDocument, arguments: &CompileArguments) -> Result<Exported, String> {
    let options = typst_render::RenderOptions {
        pixel_per_pt: (arguments.ppi / 72.0).into(),
        ..typst_render::RenderOptions::default()
    };
    let pages = document.pages();
    pages.par_iter().enumerate().try_for_each(|(rank, page)| {
        let picture = typst_render::render(page, &options);
        let bytes = picture.encode_png().map_err(|error| error.to_string())?;
        write(&page_file(&arguments.output, rank, pages.len()), &bytes)
    })?;
    Ok(Ok(()))
}

/// Writes a drawing a page.
fn export_svg(document: &PagedDocument, arguments: &CompileArguments) -> Result<Exported, String> {
    let options = typst_svg::SvgOptions::default();
    let pages = document.pages();
    pages.par_iter().enumerate().try_for_each(|(rank, page)| {
        let drawing = typst_svg::svg(page, &options);
        write(&page_file(&arguments.output, rank, pages.len()), drawing.as_bytes())
    })?;
    Ok(Ok(()))
}

/// The file of a page, from 0: `{p}` and `{0p}` in the pattern are its number,
/// `{t}` how many there are.
fn page_file(pattern: &Path, rank: usize, pages: usize) -> PathBuf {
    let number = (rank + 1).to_string();
    let width = pages.to_string().len();
    let name = pattern
        .to_string_lossy()
        .replace("{p}", &number)
        .replace("{0p}", &format!("{number:0>width$}"))
        .replace("{t}", &pages.to_string());
    PathBuf::from(name)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(path, bytes)
        .map_err(|error| format!("failed to write {}: {error}", path.display()))
}

fn standards(names: &[String]) -> Result<PdfStandards, String> {
    let known: HashMap<&str, PdfStandard> = HashMap::from([
        ("1.7", PdfStandard::V_1_7),
        ("a-2a", PdfStandard::A_2a),
        ("a-2b", PdfStandard::A_2b),
        ("a-2u", PdfStandard::A_2u),
        ("a-3a", PdfStandard::A_3a),
        ("ua-1", PdfStandard::Ua_1),
    ]);
    let standard = |name: &String| {
        known.get(name.as_str()).copied().ok_or(format!("unknown PDF standard: {name}"))
    };
    let standards: Vec<PdfStandard> = names.iter().map(standard).collect::<Result<_, String>>()?;
    PdfStandards::new(&standards).map_err(|error| error.message().to_string())
}

/// A moment from its seconds since 1970.
fn datetime(timestamp: i64) -> Option<Datetime> {
    use chrono::{Datelike, Timelike};
    let moment = chrono::DateTime::from_timestamp(timestamp, 0)?;
    let small = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        moment.year(),
        small(moment.month())?,
        small(moment.day())?,
        small(moment.hour())?,
        small(moment.minute())?,
        small(moment.second())?,
    )
}

fn print<'a>(
    world: &ProjectWorld,
    diagnostics: impl Iterator<Item = &'a SourceDiagnostic>,
    arguments: &CompileArguments,
) -> Result<(), String> {
    let format = match arguments.diagnostic_format.as_str() {
        "short" => DiagnosticFormat::Short,
        _ => DiagnosticFormat::Human,
    };
    let mut stderr = termcolor::StandardStream::stderr(termcolor::ColorChoice::Never);
    typst_kit::diagnostics::emit(&mut stderr, world, diagnostics, format)
        .map_err(|error| format!("failed to print diagnostics: {error}"))
}

/// What the compiler sees: the files below a root, a few fonts, a fixed date.
struct ProjectWorld {
    library: LazyHash<Library>,
    fonts: FontStore,
    files: FileStore<ProjectFiles>,
    main: FileId,
    today: Option<Datetime>,
}

struct ProjectFiles(FsRoot);

impl FileLoader for ProjectFiles {
    fn load(&self, id: FileId) -> FileResult<Bytes> {
        match id.root() {
            VirtualRoot::Project => self.0.load(id.vpath()),
            VirtualRoot::Package(package) => {
                Err(FileError::Package(PackageError::NotFound(package.clone())))
            }
        }
    }
}

impl ProjectWorld {
    fn new(arguments: &CompileArguments) -> Result<Self, String> {
        let input = canonical(&arguments.input)?;
        let parent = input.parent().unwrap_or(Path::new(".")).to_path_buf();
        let root = arguments.root.as_deref().map_or(Ok(parent), canonical)?;
        let path = VirtualPath::virtualize(&root, &input)
            .map_err(|_| "source file must be contained in project root".to_string())?;
        let pairs = arguments.inputs.iter();
        let inputs: Dict =
            pairs.map(|(key, value)| (key.as_str().into(), value.as_str().into_value())).collect();
        Ok(Self {
            library: LazyHash::new(
                Library::builder()
                    .with_inputs(inputs)
                    .with_features(features(&arguments.features))
                    .build(),
            ),
            fonts: fonts(arguments),
            files: FileStore::new(ProjectFiles(FsRoot::new(root))),
            main: RootedPath::new(VirtualRoot::Project, path).intern(),
            today: arguments.creation_timestamp.and_then(datetime),
        })
    }

    /// The files that were read, found or not, in order.
    fn dependencies(&mut self) -> serde_json::Value {
        let (files, read) = self.files.dependencies();
        let mut paths: Vec<String> = read
            .filter_map(|id| files.0.resolve(id.vpath()).ok())
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        paths.sort();
        serde_json::json!({ "inputs": paths })
    }
}

fn features(asked: &[String]) -> Features {
    let extras = asked.iter().any(|feature| feature == "a11y-extras");
    extras.then_some(Feature::A11yExtras).into_iter().collect()
}

fn canonical(path: &Path) -> Result<PathBuf, String> {
    path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))
}

fn fonts(arguments: &CompileArguments) -> FontStore {
    let mut fonts = FontStore::new();
    for path in &arguments.font_paths {
        fonts.extend(typst_kit::fonts::scan(path));
    }
    if !arguments.ignore_system_fonts {
        fonts.extend(typst_kit::fonts::system());
    }
    if !arguments.ignore_embedded_fonts {
        fonts.extend(compiler_fonts());
    }
    fonts
}

impl World for ProjectWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.files.source(id)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.file(id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

impl DiagnosticWorld for ProjectWorld {
    fn name(&self, id: FileId) -> String {
        id.vpath().get_without_slash().to_string()
    }
}
