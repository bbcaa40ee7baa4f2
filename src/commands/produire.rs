//! `bilan produire`: from the spreadsheets to the documents.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;

use super::{Loaded, Outcome, Progress, edition_folder, load};
use crate::assets::Assets;
use crate::cli::{Product, ProduireArguments};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place};
use crate::edition::Edition;
use crate::exports::{MANIFEST, Manifest, WORKBOOK, WorkbookInputs, indicators_json, workbook};
use crate::geography::Geography;
use crate::output::Staging;
use crate::register::{Register, unknown_region};
use crate::report::{Compiler, Content, Document, Inputs, Job};
use crate::typography::counted;

/// The folder of the outputs.
const OUTPUT: &str = "output";

/// Runs the command.
///
/// # Errors
///
/// Faults of the inputs, all at once, with nothing written; faults of the
/// machine, with the last good output as it was.
pub fn run(arguments: &ProduireArguments, progress: &Progress) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let compiler = Compiler::locate(arguments.typst.as_deref()).map_err(Failure::usage)?;
    let assets = Assets::locate(arguments.modeles.as_deref()).map_err(Failure::usage)?;
    progress.step("Lecture des données");
    let folder = edition_folder(arguments.edition.as_deref())?;
    let loaded = load(&folder)?;
    let plan = Plan::new(arguments, &loaded.register)?;
    progress.step("Préparation des documents");
    let content = gather(&loaded, &assets)?;
    let target = target(arguments, &loaded.edition);
    let staging = Staging::begin(&target).map_err(Failure::internal)?;
    let made = Production { loaded: &loaded, content: &content, plan: &plan, staging: &staging };
    made.write(&assets).map_err(Failure::internal)?;
    progress.step("Composition");
    made.typeset(&compiler, arguments.jobs, progress)?;
    made.close(&compiler).map_err(Failure::internal)?;
    let documents = made.documents().len();
    staging.commit().map_err(Failure::internal)?;
    progress.finish(&summary(&target, documents, start));
    Ok(Outcome::default().with(loaded.warnings))
}

/// What is made in this run.
struct Plan {
    brochure: bool,
    /// The slugs of the régions that get a fact sheet.
    regions: Vec<String>,
    charts: bool,
    indicators: bool,
    workbook: bool,
    /// Whether everything is made, so that nothing of before is kept.
    whole: bool,
}

impl Plan {
    /// Reads what was asked. `--region` alone asks for fact sheets.
    fn new(arguments: &ProduireArguments, register: &Register) -> Result<Self, Failure> {
        let mut found = Diagnostics::new();
        let asked: Vec<String> =
            arguments.region.iter().filter_map(|name| slug(name, register, &mut found)).collect();
        if found.has_errors() {
            return Err(Failure::Usage(found));
        }
        let only = |product: Product| arguments.seulement.contains(&product);
        let everything = arguments.seulement.is_empty() && arguments.region.is_empty();
        let sheets = everything || only(Product::Fiches) || !arguments.region.is_empty();
        let all = || register.regions.iter().map(|region| region.slug.clone()).collect();
        Ok(Self {
            brochure: everything || only(Product::Bilan),
            regions: match (sheets, asked.is_empty()) {
                (false, _) => Vec::new(),
                (true, true) => all(),
                (true, false) => asked,
            },
            charts: everything || only(Product::Graphiques),
            indicators: everything || only(Product::Indicateurs),
            workbook: everything || only(Product::Tableaux),
            whole: everything,
        })
    }

    fn wants(&self, document: &Document) -> bool {
        if document.name == "bilan" { self.brochure } else { self.regions.contains(&document.name) }
    }
}

/// The région that a person names by its name or its slug.
fn slug(name: &str, register: &Register, found: &mut Diagnostics) -> Option<String> {
    let slug = crate::matching::slug(name);
    if register.region(&slug).is_some() {
        return Some(slug);
    }
    let known: Vec<String> = register.regions.iter().map(|region| region.name.clone()).collect();
    found.push(unknown_region(name, &known, Place::file("--region")));
    None
}

fn gather(loaded: &Loaded, assets: &Assets) -> Result<Content, Failure> {
    let geography = Geography::load(assets).map_err(Failure::input)?;
    let inputs = Inputs {
        edition: &loaded.edition,
        register: &loaded.register,
        figures: &loaded.figures,
        geography: &geography,
    };
    let mut found = Diagnostics::new();
    let content = Content::gather(&inputs, &mut found);
    if found.has_errors() { Err(Failure::Input(found)) } else { Ok(content) }
}

fn target(arguments: &ProduireArguments, edition: &Edition) -> PathBuf {
    let default = || Path::new(OUTPUT).join(edition.name());
    arguments.sortie.clone().unwrap_or_else(default)
}

/// A run under way.
struct Production<'a> {
    loaded: &'a Loaded,
    content: &'a Content,
    plan: &'a Plan,
    staging: &'a Staging,
}

impl Production<'_> {
    /// The documents of this run, the longest to typeset first.
    fn documents(&self) -> Vec<&Document> {
        self.content.documents.iter().filter(|document| self.plan.wants(document)).collect()
    }

    /// Writes what the compiler reads, and the files that need no compiler.
    fn write(&self, assets: &Assets) -> Result<(), Diagnostic> {
        for name in assets.template_names() {
            self.staging.write_work(&name, &assets.read(&name)?)?;
        }
        for picture in &self.content.pictures {
            let svg = picture.picture.svg.as_bytes();
            self.staging.write_work(&picture.file(), svg)?;
            if self.plan.charts {
                self.staging.write(&picture.file(), svg)?;
            }
        }
        for document in self.documents() {
            let data = format!("{:#}\n", document.data);
            self.staging.write_work(&data_file(document), data.as_bytes())?;
        }
        if self.plan.indicators {
            let json = indicators_json(&self.loaded.edition, &self.loaded.figures);
            self.staging.write("indicateurs.json", json.as_bytes())?;
        }
        if self.plan.workbook {
            let loaded = self.loaded;
            let inputs = WorkbookInputs {
                edition: &loaded.edition,
                register: &loaded.register,
                codebook: &loaded.survey.codebook,
                figures: &loaded.figures,
                more: Vec::new(),
            };
            self.staging.write(WORKBOOK, &workbook(&inputs)?)?;
        }
        Ok(())
    }

    /// Typesets the documents side by side; all that fail are told.
    fn typeset(
        &self,
        compiler: &Compiler,
        jobs: Option<u16>,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let documents = self.documents();
        progress.count(documents.len());
        let jobs: usize = jobs.map_or(0, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|error| Failure::internal(no_threads(&error)))?;
        let compile = |document: &&Document| {
            let result = self.job(document).and_then(|job| compiler.compile(&job));
            progress.done(&document.output);
            result.err()
        };
        let failures: Diagnostics = pool
            .install(|| documents.par_iter().filter_map(compile).collect::<Vec<_>>())
            .into_iter()
            .collect();
        if failures.is_empty() { Ok(()) } else { Err(Failure::Internal(failures)) }
    }

    fn job(&self, document: &Document) -> Result<Job, Diagnostic> {
        let root = absolute(self.staging.work())?;
        let output = absolute(self.staging.folder())?.join(&document.output);
        if let Some(parent) = output.parent() {
            std::fs::create_dir_all(parent).map_err(|error| no_folder(parent, &error))?;
        }
        Ok(Job {
            name: document.name.clone(),
            template: root.join(document.template),
            fonts: root.join("polices"),
            data: format!("/{}", data_file(document)),
            root,
            output,
            timestamp: self.loaded.edition.timestamp(),
        })
    }

    /// Takes over what this run did not make, and writes the manifest.
    fn close(&self, compiler: &Compiler) -> Result<(), Diagnostic> {
        let before = self.staging.previous().and_then(Manifest::read);
        let ours = |name: &str| before.as_ref().is_some_and(|manifest| manifest.made(name));
        self.staging.carry_over(|name| name != MANIFEST && !(self.plan.whole && ours(name)))?;
        let manifest =
            Manifest::of(&self.loaded.edition, compiler.version(), self.staging.folder())?;
        self.staging.write(MANIFEST, manifest.to_json().as_bytes())
    }
}

fn data_file(document: &Document) -> String {
    format!("donnees/{}.json", document.name)
}

fn summary(target: &Path, documents: usize, start: Instant) -> String {
    format!(
        "{} dans {} ({} s)",
        counted(documents, "document"),
        target.display(),
        crate::typography::decimal(start.elapsed().as_secs_f64(), 1)
    )
}

fn absolute(path: &Path) -> Result<PathBuf, Diagnostic> {
    path.canonicalize().map_err(|error| no_folder(path, &error))
}

fn no_folder(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("sortie-impossible", format!("ce dossier ne peut pas être ouvert ({error})"))
        .at(Place::file(path.display().to_string()))
        .help("vérifiez les droits, ou écrivez ailleurs avec --sortie")
}

fn no_threads(error: &rayon::ThreadPoolBuildError) -> Diagnostic {
    Diagnostic::error(
        "memoire",
        format!("les fils d’exécution ne peuvent pas être créés ({error})"),
    )
    .help("relancez avec --jobs 1")
}
