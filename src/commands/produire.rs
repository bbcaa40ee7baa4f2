//! `bilan produire`: from the spreadsheets to the documents.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rayon::prelude::*;

use super::material::Material;
use super::{Loaded, Outcome, Progress, edition_folder};
use crate::assets::Assets;
use crate::checks::Finding;
use crate::cli::{DocumentFormat, Product, ProduireArguments};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place};
use crate::edition::Edition;
use crate::exports::{
    Anonymised, DatasetInputs, INDICATORS_SCHEMA, MANIFEST, Manifest, WORKBOOK, WorkbookInputs,
    changed_inputs, comparison_resource, comparison_sheet, dataset, findings_csv, findings_json,
    hash_inputs, indicators_json, workbook,
};
use crate::output::Staging;
use crate::register::Register;
use crate::report::{
    Beginning, CONTROL, Compiler, Content, Document, Format, Inputs, Job, NamedPicture, Polish,
    Trace, WorkFiles,
};
use crate::typography::counted;

/// The folder where the compiler says what it read, in the work folder.
const DEPENDENCIES: &str = "dependances";

/// The folder of the pictures of the pages.
const PAGES: &str = "pages";

/// The resolution of the charts for re-use, in dots an inch.
const CHARTS_RESOLUTION: u16 = 160;

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
    let material = Material::read(&folder, &assets)?;
    let loaded = &material.loaded;
    let plan = Plan::new(arguments, &loaded.register)?;
    progress.step("Préparation des documents");
    let mut told = Told { polish: Polish::new(&assets), found: Diagnostics::new() };
    let inputs = material.inputs();
    let brochure = Beginning::gather(&inputs, &mut told.polish, &mut told.found);
    told.stop_at_errors()?;
    let target = target(arguments, &loaded.edition);
    let staging = Staging::begin(&target).map_err(Failure::internal)?;
    let before = staging.previous().and_then(Manifest::read);
    let press = Press {
        edition: &loaded.edition,
        plan: &plan,
        staging: &staging,
        compiler: &compiler,
        before: before.filter(|_| !arguments.refaire),
        progress,
    };
    let run = Run { material: &material, inputs, assets: &assets, press: &press };
    let pool = pool(arguments.jobs)?;
    let made = pool.install(|| run.make_all(brochure, &mut told))?;
    run.close(&made).map_err(Failure::internal)?;
    run.check_inputs()?;
    staging.commit().map_err(Failure::internal)?;
    progress.finish(&summary(&target, &made.documents, start));
    told.found.extend(told.polish.told());
    let mut warnings = material.loaded.warnings;
    warnings.extend(told.found);
    Ok(Outcome { closing: made.closing, ..Outcome::default().with(warnings) })
}

/// What there is to tell of the documents.
struct Told<'a> {
    polish: Polish<'a>,
    found: Diagnostics,
}

impl Told<'_> {
    fn stop_at_errors(&mut self) -> Result<(), Failure> {
        match self.found.has_errors() {
            true => Err(Failure::Input(std::mem::take(&mut self.found))),
            false => Ok(()),
        }
    }
}

/// The threads that documents are made on. The rules run on them too, and need
/// more stack than they usually have.
fn pool(jobs: Option<u16>) -> Result<rayon::ThreadPool, Failure> {
    const STACK: usize = 16 << 20;
    let jobs: usize = jobs.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK).build();
    pool.map_err(|error| Failure::internal(no_threads(&error)))
}

/// « Contrôle : 25 erreurs, 119 alertes, 70 informations (controle.pdf) »
fn closing(findings: &[Finding], plan: &Plan) -> String {
    let counted = super::verifier::summary(findings);
    let seen = match plan.control {
        true => format!("{CONTROL}.pdf"),
        false => "« bilan verifier » les donne".to_string(),
    };
    format!("Contrôle : {counted} ({seen})")
}

/// What is made in this run.
struct Plan {
    brochure: bool,
    /// The slugs of the régions that get a fact sheet.
    regions: Vec<String>,
    charts: bool,
    indicators: bool,
    workbook: bool,
    data: bool,
    /// The report of checks.
    control: bool,
    /// What the documents are made as; as pictures, nothing else is made.
    format: Format,
    /// Whether everything is made, so that nothing of before is kept.
    whole: bool,
}

impl Plan {
    /// Reads what was asked. `--region` alone asks for fact sheets.
    fn new(arguments: &ProduireArguments, register: &Register) -> Result<Self, Failure> {
        let mut found = Diagnostics::new();
        let named = |name: &str| register.named_region(name, Place::file("--region"));
        let asked: Vec<String> =
            arguments.region.iter().filter_map(|name| found.take(named(name))).collect();
        if found.has_errors() {
            return Err(Failure::Usage(found));
        }
        let only = |product: Product| arguments.seulement.contains(&product);
        let everything = arguments.seulement.is_empty() && arguments.region.is_empty();
        let sheets = everything || only(Product::Fiches) || !arguments.region.is_empty();
        let all = || register.regions.iter().map(|region| region.slug.clone()).collect();
        let format = match arguments.format {
            DocumentFormat::Pdf => Format::Pdf,
            DocumentFormat::Png => Format::Png { resolution: arguments.resolution },
        };
        let beside = |product: Product| format == Format::Pdf && (everything || only(product));
        Ok(Self {
            brochure: everything || only(Product::Bilan),
            regions: match (sheets, asked.is_empty()) {
                (false, _) => Vec::new(),
                (true, true) => all(),
                (true, false) => asked,
            },
            charts: beside(Product::Graphiques),
            indicators: beside(Product::Indicateurs),
            workbook: beside(Product::Tableaux),
            data: beside(Product::Donnees),
            control: everything || only(Product::Controle),
            whole: everything && format == Format::Pdf,
            format,
        })
    }

    /// How many documents are made.
    fn count(&self) -> usize {
        usize::from(self.brochure) + self.regions.len() + usize::from(self.control)
    }

    fn wants(&self, document: &Document) -> bool {
        match document.name.as_str() {
            "bilan" => self.brochure,
            CONTROL => self.control,
            region => self.regions.iter().any(|slug| slug == region),
        }
    }
}

fn target(arguments: &ProduireArguments, edition: &Edition) -> PathBuf {
    let default = || Path::new(OUTPUT).join(edition.name());
    arguments.sortie.clone().unwrap_or_else(default)
}

/// Makes the documents, one by one.
struct Press<'a> {
    edition: &'a Edition,
    plan: &'a Plan,
    staging: &'a Staging,
    compiler: &'a Compiler,
    /// The manifest of the last good output, where what did not change may be
    /// kept from it.
    before: Option<Manifest>,
    progress: &'a Progress,
}

/// A document of this run.
struct Made {
    /// None where it is not known what it was made from.
    trace: Option<Trace>,
    /// Whether it is the one of before, because nothing that it is made from
    /// has changed.
    kept: bool,
}

/// What a run made.
struct AllMade {
    content: Content,
    documents: Vec<Made>,
    /// The last line of the run.
    closing: String,
}

/// What came of what follows the brochure.
struct Rest {
    content: Content,
    documents: Vec<Result<Made, Diagnostic>>,
    /// Whether the tables and the charts for re-use were written.
    tables: Result<(), Diagnostic>,
    closing: String,
}

/// A run under way.
struct Run<'a> {
    material: &'a Material,
    inputs: Inputs<'a>,
    assets: &'a Assets,
    press: &'a Press<'a>,
}

impl Run<'_> {
    /// Makes everything. The brochure, the longest to typeset, begins before
    /// the rules run; tables and charts for re-use are written while documents
    /// are typeset. All that fail are told.
    fn make_all(&self, brochure: Beginning, told: &mut Told<'_>) -> Result<AllMade, Failure> {
        let press = self.press;
        let mut work = WorkFiles::default();
        self.write_templates(&mut work).map_err(Failure::internal)?;
        self.write_work(&brochure.content, &mut work).map_err(Failure::internal)?;
        press.progress.step("Composition");
        press.progress.count(press.plan.count());
        let (mut first, early) = (Vec::new(), work.clone());
        let rest = rayon::scope(|threads| {
            threads.spawn(|_| first = press.make_wanted(&brochure.content.documents, &early));
            self.make_rest(&brochure, work, told)
        });
        let rest = rest?;
        let mut failures = Diagnostics::new();
        failures.extend(rest.tables.err());
        let results = first.into_iter().chain(rest.documents);
        let documents = results.filter_map(|result| failures.take(result)).collect();
        if !failures.is_empty() {
            return Err(Failure::Internal(failures));
        }
        let content = brochure.content.and(rest.content);
        Ok(AllMade { content, documents, closing: rest.closing })
    }

    /// Makes what comes after the brochure: the other documents, whose content
    /// is given with the last line of the run.
    fn make_rest(
        &self,
        brochure: &Beginning,
        mut work: WorkFiles,
        told: &mut Told<'_>,
    ) -> Result<Rest, Failure> {
        let (findings, unused) = self.material.findings();
        let findings = self.material.in_files(&findings);
        told.found.extend(unused);
        let rest = brochure.rest(&self.inputs, &findings, &mut told.polish, &mut told.found);
        told.stop_at_errors()?;
        self.write_work(&rest, &mut work).map_err(Failure::internal)?;
        let pictures: Vec<&NamedPicture> =
            brochure.content.pictures.iter().chain(&rest.pictures).collect();
        let answers = self.loaded().anonymised();
        told.found.extend(answers.iter().flat_map(|answers| self.loaded().left_out(answers)));
        let tables = || {
            self.write_tables(&findings, answers.as_ref(), &pictures)?;
            if self.press.plan.charts { self.rasterise(&pictures) } else { Ok(()) }
        };
        let documents = || self.press.make_wanted(&rest.documents, &work);
        let (documents, tables) = rayon::join(documents, tables);
        let closing = closing(&findings, self.press.plan);
        Ok(Rest { content: rest, documents, tables, closing })
    }

    fn loaded(&self) -> &Loaded {
        &self.material.loaded
    }

    /// Writes what all documents are made with.
    fn write_templates(&self, work: &mut WorkFiles) -> Result<(), Diagnostic> {
        for name in self.assets.template_names() {
            let bytes = self.assets.read(&name)?;
            work.add(&name, &bytes);
            self.press.staging.write_work(&name, &bytes)?;
        }
        Ok(())
    }

    /// Writes what the compiler reads of a content.
    fn write_work(&self, content: &Content, work: &mut WorkFiles) -> Result<(), Diagnostic> {
        let mut write = |name: &str, bytes: &[u8]| {
            work.add(name, bytes);
            self.press.staging.write_work(name, bytes)
        };
        for picture in &content.pictures {
            write(&picture.file(), picture.picture.svg.as_bytes())?;
        }
        for document in self.press.wanted(&content.documents) {
            let data = format!("{:#}\n", document.data);
            write(&data_file(document), data.as_bytes())?;
        }
        Ok(())
    }

    /// Writes the files that need no compiler.
    fn write_tables(
        &self,
        findings: &[Finding],
        answers: Option<&Anonymised>,
        pictures: &[&NamedPicture],
    ) -> Result<(), Diagnostic> {
        let (plan, staging) = (self.press.plan, self.press.staging);
        if plan.charts {
            let mut reusable = pictures.iter().filter(|picture| picture.reusable);
            reusable.try_for_each(|picture| self.write_for_re_use(picture))?;
        }
        if plan.indicators {
            let loaded = self.loaded();
            let json = indicators_json(&loaded.edition, &loaded.published_figures);
            staging.write("indicateurs.json", json.as_bytes())?;
            let schema = self.assets.read("schemas/indicateurs.json")?;
            staging.write(INDICATORS_SCHEMA, &schema)?;
        }
        if plan.control && plan.format == Format::Pdf {
            let (csv, json) = (findings_csv(findings), findings_json(findings));
            staging.write(&format!("{CONTROL}.csv"), csv.as_bytes())?;
            staging.write(&format!("{CONTROL}.json"), json.as_bytes())?;
        }
        if plan.workbook {
            staging.write(WORKBOOK, &self.workbook()?)?;
        }
        if plan.data {
            let files = self.dataset(answers);
            files.iter().try_for_each(|(name, bytes)| staging.write(name, bytes))?;
        }
        Ok(())
    }

    /// A picture for other documents, with its words and its data beside it.
    fn write_for_re_use(&self, picture: &NamedPicture) -> Result<(), Diagnostic> {
        let words = picture.words(&self.loaded().edition.sources.survey_origin);
        let staging = self.press.staging;
        staging.write(&picture.file_as("svg"), picture.svg().as_bytes())?;
        staging.write(&picture.file_as("csv"), picture.csv().as_bytes())?;
        staging.write(&picture.file_as("txt"), words.as_bytes())
    }

    fn workbook(&self) -> Result<Vec<u8>, Diagnostic> {
        let loaded = self.loaded();
        workbook(&WorkbookInputs {
            edition: &loaded.edition,
            register: &loaded.register,
            codebook: &loaded.survey.codebook,
            figures: &loaded.published_figures,
            plan: &loaded.plan,
            quality: &self.material.quality,
            more: self.material.comparison.as_ref().map(comparison_sheet).into_iter().collect(),
        })
    }

    /// The files of the data package.
    fn dataset(&self, answers: Option<&Anonymised>) -> Vec<(String, Vec<u8>)> {
        let loaded = self.loaded();
        dataset(&DatasetInputs {
            edition: &loaded.edition,
            register: &loaded.register,
            codebook: &loaded.survey.codebook,
            figures: &loaded.published_figures,
            answers: answers.cloned(),
            more: self.material.comparison.as_ref().map(comparison_resource).into_iter().collect(),
        })
    }

    /// Makes pixels of the pictures for re-use whose drawing has changed.
    fn rasterise(&self, pictures: &[&NamedPicture]) -> Result<(), Diagnostic> {
        let staging = self.press.staging;
        let pictures = pictures.iter().copied().filter(|picture| picture.reusable);
        let (kept, new): (Vec<&NamedPicture>, Vec<&NamedPicture>) =
            pictures.partition(|picture| self.is_drawn_already(picture));
        kept.iter().try_for_each(|picture| staging.keep(&picture.file_as("png")))?;
        if new.is_empty() {
            return Ok(());
        }
        let images: Vec<_> = new.iter().map(|picture| picture.image()).collect();
        let data = serde_json::json!({ "images": images });
        staging.write_work("donnees/graphiques.json", data.to_string().as_bytes())?;
        let root = absolute(staging.work())?;
        let pixels = root.join("pixels");
        std::fs::create_dir_all(&pixels).map_err(|error| no_folder(&pixels, &error))?;
        self.press.compiler.compile(&Job {
            name: "graphiques".to_string(),
            template: root.join("graphiques.typ"),
            fonts: root.join("polices"),
            data: "/donnees/graphiques.json".to_string(),
            dependencies: pixels.join("dependances.json"),
            format: Format::Png { resolution: CHARTS_RESOLUTION },
            output: pixels.join("{p}.png"),
            timestamp: self.loaded().edition.timestamp(),
            root,
        })?;
        for (rank, picture) in new.iter().enumerate() {
            let page = pixels.join(format!("{}.png", rank + 1));
            let bytes = std::fs::read(&page).map_err(|error| no_folder(&page, &error))?;
            staging.write(&picture.file_as("png"), &bytes)?;
        }
        Ok(())
    }

    /// Whether the last good output holds the same drawing and its pixels.
    fn is_drawn_already(&self, picture: &NamedPicture) -> bool {
        let before = self.press.before.as_ref().and(self.press.staging.previous());
        let Some(before) = before else { return false };
        let same = std::fs::read(before.join(picture.file_as("svg")))
            .is_ok_and(|bytes| bytes == picture.svg().as_bytes());
        same && before.join(picture.file_as("png")).is_file()
    }

    /// Takes over what this run did not make, and writes the manifest.
    fn close(&self, made: &AllMade) -> Result<(), Diagnostic> {
        let Press { plan, staging, compiler, .. } = *self.press;
        let documents = &made.content.documents;
        let before = staging.previous().and_then(Manifest::read);
        let ours = |name: &str| before.as_ref().is_some_and(|manifest| manifest.made(name));
        let stale =
            |name: &str| plan.whole && ours(name) || self.press.is_old_page(name, documents);
        staging.carry_over(|name| name != MANIFEST && !stale(name))?;
        let traces = made.documents.iter().filter_map(|made| made.trace.clone());
        let mut traces: Vec<Trace> = traces.collect();
        let documents = self.press.wanted(documents).into_iter();
        let documents = documents.filter(|_| plan.format == Format::Pdf);
        let made: Vec<&str> = documents.map(|document| document.output.as_str()).collect();
        let others = before.iter().flat_map(|manifest| &manifest.documents);
        traces.extend(others.filter(|trace| !made.contains(&trace.output.as_str())).cloned());
        traces.retain(|trace| staging.folder().join(&trace.output).is_file());
        traces.sort_by(|a, b| a.output.cmp(&b.output));
        let (edition, version) = (&self.loaded().edition, compiler.version());
        let inputs = self.loaded().inputs.clone();
        let manifest = Manifest::of(edition, inputs, version, staging.folder(), traces)?;
        staging.write(MANIFEST, manifest.to_json().as_bytes())
    }

    /// Checks that the inputs are still those that were read.
    fn check_inputs(&self) -> Result<(), Failure> {
        let edition = &self.loaded().edition;
        let now = hash_inputs(edition).map_err(Failure::input)?;
        let changed = changed_inputs(&self.loaded().inputs, &now);
        if changed.is_empty() { Ok(()) } else { Err(Failure::input(moved(edition, &changed))) }
    }
}

impl Press<'_> {
    /// The documents of this run, the longest to typeset first.
    fn wanted<'d>(&self, documents: &'d [Document]) -> Vec<&'d Document> {
        documents.iter().filter(|document| self.plan.wants(document)).collect()
    }

    /// Typesets side by side the documents that changed.
    fn make_wanted(
        &self,
        documents: &[Document],
        work: &WorkFiles,
    ) -> Vec<Result<Made, Diagnostic>> {
        let make = |document: &&Document| {
            let made = self.make(document, work);
            let kept = made.as_ref().is_ok_and(|made| made.kept);
            self.progress.done(&document.output, kept);
            made
        };
        self.wanted(documents).par_iter().map(make).collect()
    }

    /// Makes a document, or keeps it where nothing that it is made from has
    /// changed.
    fn make(&self, document: &Document, work: &WorkFiles) -> Result<Made, Diagnostic> {
        let (job, compiler) = (self.job(document)?, self.compiler);
        if self.plan.format != Format::Pdf {
            compiler.compile(&job)?;
            return Ok(Made { trace: None, kept: false });
        }
        if let Some(trace) = self.trace_before(document)
            && work.confirms(trace, compiler, &job)
        {
            self.staging.keep(&document.output)?;
            return Ok(Made { trace: Some(trace.clone()), kept: true });
        }
        let typeset = compiler.compile(&job)?;
        let reads = typeset.reads;
        let trace = reads.map(|reads| work.trace(compiler, &job, &document.output, &reads));
        Ok(Made { trace, kept: false })
    }

    /// What the document was made from last time, if it is still there.
    fn trace_before(&self, document: &Document) -> Option<&Trace> {
        self.before.as_ref()?.trace_of(&document.output, self.staging.previous()?)
    }

    fn job(&self, document: &Document) -> Result<Job, Diagnostic> {
        let root = absolute(self.staging.work())?;
        let output = absolute(self.staging.folder())?.join(self.output(document));
        if let Some(parent) = output.parent() {
            std::fs::create_dir_all(parent).map_err(|error| no_folder(parent, &error))?;
        }
        let notes = root.join(DEPENDENCIES);
        std::fs::create_dir_all(&notes).map_err(|error| no_folder(&notes, &error))?;
        let dependencies = notes.join(format!("{}.json", document.name));
        Ok(Job {
            name: document.name.clone(),
            dependencies,
            template: root.join(document.template),
            fonts: root.join("polices"),
            data: format!("/{}", data_file(document)),
            root,
            output,
            format: self.plan.format,
            timestamp: self.edition.timestamp(),
        })
    }

    /// The file of a document, or the pattern of the pictures of its pages.
    fn output(&self, document: &Document) -> String {
        match self.plan.format {
            Format::Pdf => document.output.clone(),
            Format::Png { .. } => format!("{PAGES}/{}-{{0p}}.png", document.name),
            Format::Svg => format!("{PAGES}/{}-{{0p}}.svg", document.name),
        }
    }

    /// Whether a file of before is a page of a document whose pages are made
    /// anew.
    fn is_old_page(&self, name: &str, documents: &[Document]) -> bool {
        let page_of = |document: &&Document| {
            let rest = name.strip_prefix(PAGES).and_then(|name| name.strip_prefix('/'));
            let rest = rest.and_then(|name| name.strip_prefix(document.name.as_str()));
            rest.is_some_and(|rest| rest.starts_with('-'))
        };
        self.plan.format != Format::Pdf && self.wanted(documents).iter().any(page_of)
    }
}

/// Some inputs changed while documents were made from them.
fn moved(edition: &Edition, files: &[String]) -> Diagnostic {
    let message = "des fichiers ont changé pendant la production : rien n’a été remplacé";
    let place = |file: &String| Place::file(edition.folder.join(file).display().to_string());
    let diagnostic = Diagnostic::error("entree-modifiee", message)
        .help("enregistrez et fermez les fichiers, puis relancez");
    files.iter().fold(diagnostic, |diagnostic, file| diagnostic.at(place(file)))
}

/// The data file of a document, in the work folder.
pub(super) fn data_file(document: &Document) -> String {
    format!("donnees/{}.json", document.name)
}

fn summary(target: &Path, made: &[Made], start: Instant) -> String {
    let kept = made.iter().filter(|made| made.kept).count();
    let unchanged = match kept {
        0 => String::new(),
        1 => ", dont 1 inchangé".to_string(),
        several => format!(", dont {several} inchangés"),
    };
    format!(
        "{}{unchanged} dans {} ({} s)",
        counted(made.len(), "document"),
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
