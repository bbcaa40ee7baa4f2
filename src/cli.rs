//! The command line: what may be asked, in French.
//!
//! clap speaks English only. Its help is translated word by word in
//! [`french_help`]; its errors are written anew from their kind and context in
//! [`french_error`], with the suggestions it found.

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::diagnostics::{Diagnostic, Failure};
use crate::typography::{alternatives, list, quoted};
use crate::typst_cli::CompileArguments;

const HELP: &str = "{about-with-newline}\nUsage : {usage}\n\n{all-args}{after-help}";

const AFTER_HELP: &str = "\
Codes de sortie : 0 tout va bien, 1 des constats, 2 commande mal écrite, \
3 données illisibles, 4 panne.
Le guide est dans GUIDE.md.";

/// Le bilan national du programme DEFFINOV Tiers-Lieux : des tableurs du
/// questionnaire à la brochure et aux fiches régionales.
#[derive(Debug, Parser)]
#[command(
    name = "bilan",
    version,
    long_version = crate::versions::long(),
    help_template = HELP,
    after_help = AFTER_HELP,
    subcommand_value_name = "COMMANDE",
    subcommand_help_heading = "Commandes",
    next_help_heading = "Options",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    max_term_width = 100,
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,

    /// N’affiche que les erreurs
    #[arg(
        long,
        short,
        global = true,
        visible_alias = "silencieux",
        help_heading = "Options générales"
    )]
    pub quiet: bool,

    /// Affiche cette aide
    #[arg(long = "aide", short = 'h', visible_alias = "help", global = true,
          help_heading = "Options générales", action = clap::ArgAction::Help)]
    help: Option<bool>,

    /// Affiche la version, et celle des composants en toutes lettres
    #[arg(long = "version", short = 'V', help_heading = "Options générales",
          action = clap::ArgAction::Version)]
    version: Option<bool>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Produit la brochure, les fiches régionales et les données d’une édition
    #[command(visible_alias = "build", help_template = HELP)]
    Produire(ProduireArguments),

    /// Cherche tout ce qui ne tient pas : totaux, budgets, lieux, listes, chiffres publiés
    #[command(visible_alias = "check", help_template = HELP)]
    Verifier(VerifierArguments),

    /// Crée le dossier d’une nouvelle édition, prêt à remplir
    #[command(visible_alias = "init", help_template = HELP)]
    Initialiser(InitialiserArguments),

    /// Explique un chiffre : définition, base, calcul, et les cellules qui ont compté
    #[command(visible_alias = "explain", help_template = HELP)]
    Expliquer(ExpliquerArguments),

    /// Affiche le tableau d’une question, avec ses effectifs et sa base
    #[command(visible_alias = "table", help_template = HELP)]
    Tableau(TableauArguments),

    /// Compare les chiffres de deux années, et dit si leurs écarts sont plus que du bruit
    #[command(visible_alias = "compare", help_template = HELP)]
    Comparer(ComparerArguments),

    /// Ébauche le dictionnaire d’un export : ce que veut dire chaque colonne
    #[command(visible_alias = "codebook", help_template = HELP)]
    Dictionnaire(DictionnaireArguments),

    /// Montre les documents dans un navigateur, et les refait à chaque changement
    #[command(visible_alias = "preview", help_template = HELP)]
    Apercu(ApercuArguments),

    /// Affiche de quoi compléter les commandes dans un terminal
    #[command(help_template = HELP)]
    Completions(CompletionsArguments),

    /// Le compilateur Typst intégré
    #[command(hide = true)]
    Typst {
        #[command(subcommand)]
        command: TypstCommand,
    },
}

/// The verbs of the hidden compiler.
#[derive(Debug, Subcommand)]
pub enum TypstCommand {
    Compile(CompileArguments),
}

/// The arguments of `produire`.
#[derive(Debug, Args)]
pub struct ProduireArguments {
    /// Le dossier de l’édition ; sans lui, la plus récente du dossier « inputs »
    #[arg(value_name = "ÉDITION")]
    pub edition: Option<PathBuf>,

    /// Ne fait que la fiche de cette région (répétable)
    #[arg(long, value_name = "RÉGION")]
    pub region: Vec<String>,

    /// Ne fait qu’une partie : bilan, fiches, graphiques, indicateurs, tableaux, donnees ou
    /// controle (répétable)
    #[arg(long, value_name = "PARTIE", value_enum, hide_possible_values = true)]
    pub seulement: Vec<Product>,

    /// Le dossier où écrire ; sans lui, « output » et le nom de l’édition
    #[arg(long, value_name = "DOSSIER")]
    pub sortie: Option<PathBuf>,

    /// Le programme Typst à utiliser ; sans lui, celui que bilan contient
    #[arg(long, value_name = "PROGRAMME")]
    pub typst: Option<PathBuf>,

    /// Le dossier des modèles ; sans lui, « report-templates » s’il existe
    #[arg(long, value_name = "DOSSIER")]
    pub modeles: Option<PathBuf>,

    /// La forme des documents : pdf (par défaut), ou png, une image par page dans « pages »
    #[arg(
        long,
        value_name = "FORME",
        value_enum,
        default_value = "pdf",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: DocumentFormat,

    /// La finesse des images des pages, en points par pouce
    #[arg(long, value_name = "N", default_value = "110", hide_default_value = true,
          value_parser = clap::value_parser!(u16).range(20..=600))]
    pub resolution: u16,

    /// Refait tous les documents, même ceux dont rien n’a changé
    #[arg(long)]
    pub refaire: bool,

    /// Combien de documents composer à la fois ; sans lui, un par cœur
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

/// What documents are made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DocumentFormat {
    /// PDF files.
    Pdf,
    /// A picture a page.
    Png,
}

/// A part of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Product {
    /// The brochure.
    Bilan,
    /// The fact sheets of the régions.
    Fiches,
    /// The charts and maps.
    Graphiques,
    /// The figures as JSON.
    Indicateurs,
    /// The workbook of tables.
    Tableaux,
    /// The data package.
    Donnees,
    /// The report of checks.
    Controle,
}

/// The arguments of `verifier`.
#[derive(Debug, Args)]
pub struct VerifierArguments {
    /// Le dossier de l’édition ; sans lui, la plus récente du dossier « inputs »
    #[arg(value_name = "ÉDITION")]
    pub edition: Option<PathBuf>,

    /// La gravité à partir de laquelle un constat compte : erreur, alerte (par défaut) ou
    /// information
    #[arg(
        long,
        value_name = "GRAVITÉ",
        value_enum,
        default_value = "alerte",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub gravite: Gravity,

    /// Ne garde que cette famille de règles, par sa lettre ou son nom (répétable)
    #[arg(long, value_name = "FAMILLE")]
    pub famille: Vec<String>,

    #[command(flatten)]
    pub form: Form,

    /// Le dossier des modèles et de la géographie ; sans lui, « report-templates » s’il existe
    #[arg(long, value_name = "DOSSIER")]
    pub modeles: Option<PathBuf>,
}

/// A severity, as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Gravity {
    /// Proven faults only.
    Erreur,
    /// Probable faults too.
    Alerte,
    /// Matters of form too.
    Information,
}

/// The arguments of `initialiser`.
#[derive(Debug, Args)]
pub struct InitialiserArguments {
    /// Le dossier à créer, par exemple inputs/2026
    #[arg(value_name = "DOSSIER")]
    pub folder: PathBuf,
}

/// The arguments of `tableau`.
#[derive(Debug, Args)]
pub struct TableauArguments {
    /// Le dossier d’une édition, ou un fichier de réponses
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,

    /// La question : son identifiant, son titre ou le début de son titre
    #[arg(value_name = "QUESTION")]
    pub question: String,

    /// Croise avec une autre question, ou avec « region »
    #[arg(long, value_name = "QUESTION")]
    pub par: Option<String>,

    /// Le dictionnaire des colonnes d’un fichier de réponses ; sans lui, une ébauche
    #[arg(long, value_name = "FICHIER")]
    pub dictionnaire: Option<PathBuf>,

    /// La feuille du classeur, par son nom ou son rang
    #[arg(long, value_name = "FEUILLE")]
    pub feuille: Option<String>,

    /// Ne garde que les lignes où « colonne = valeur » (répétable)
    #[arg(long, value_name = "CONDITION")]
    pub filtre: Vec<String>,

    /// La colonne qui porte le poids des réponses
    #[arg(long, value_name = "COLONNE")]
    pub poids: Option<String>,

    /// Le niveau de confiance des intervalles : 0.95 ; sans lui, celui de l’édition, ou 0.95
    #[arg(long, value_name = "NIVEAU")]
    pub niveau: Option<String>,

    /// La méthode de l’intervalle d’un pourcentage : beta, logit ou wilson ; sans elle, celle de
    /// l’édition, ou beta
    #[arg(long, value_name = "MÉTHODE")]
    pub intervalle: Option<String>,

    #[command(flatten)]
    pub form: Form,
}

/// The form of what a command prints.
#[derive(Debug, Args)]
pub struct Form {
    /// La forme du résultat : texte, csv ou json
    #[arg(
        long,
        value_name = "FORME",
        value_enum,
        default_value = "texte",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: TableFormat,
}

/// The arguments of `comparer`.
#[derive(Debug, Args)]
pub struct ComparerArguments {
    /// Le dossier de l’édition d’une année, par exemple inputs/2024
    #[arg(value_name = "ÉDITION")]
    pub first: PathBuf,

    /// Celui de l’autre année, par exemple inputs/2025
    #[arg(value_name = "ÉDITION")]
    pub second: PathBuf,

    /// Compare dans cette région, par son nom (répétable) ; sans elle, les chiffres nationaux
    #[arg(long, value_name = "RÉGION")]
    pub region: Vec<String>,

    #[command(flatten)]
    pub form: Form,
}

/// The arguments of `expliquer`.
#[derive(Debug, Args)]
pub struct ExpliquerArguments {
    /// L’indicateur, par son nom dans indicateurs.toml : themes.insertion ; avant lui, le dossier
    /// de l’édition, ou rien pour la plus récente du dossier « inputs »
    #[arg(value_name = "[ÉDITION] INDICATEUR", required = true, num_args = 1..)]
    pub words: Vec<String>,

    /// La région, par son nom ; sans elle, le chiffre national
    #[arg(long, value_name = "RÉGION")]
    pub region: Option<String>,

    /// La forme du résultat : texte ou json
    #[arg(
        long,
        value_name = "FORME",
        value_enum,
        default_value = "texte",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: ExplanationFormat,
}

/// How an explanation is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplanationFormat {
    Texte,
    Json,
}

/// The arguments of `dictionnaire`.
#[derive(Debug, Args)]
pub struct DictionnaireArguments {
    /// L’export du questionnaire, ou un formulaire XLSForm
    #[arg(value_name = "FICHIER")]
    pub file: PathBuf,

    /// La feuille du classeur, par son nom ou son rang
    #[arg(long, value_name = "FEUILLE")]
    pub feuille: Option<String>,

    /// Le fichier à écrire ; sans lui, le dictionnaire s’affiche
    #[arg(long, short = 'o', value_name = "FICHIER")]
    pub sortie: Option<PathBuf>,
}

/// The arguments of `apercu`.
#[derive(Debug, Args)]
pub struct ApercuArguments {
    /// Le dossier de l’édition ; sans lui, la plus récente du dossier « inputs »
    #[arg(value_name = "ÉDITION")]
    pub edition: Option<PathBuf>,

    /// Le port de cette machine où montrer les pages ; sans lui, 8025 ou un autre
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,

    /// Le programme Typst à utiliser ; sans lui, celui que bilan contient
    #[arg(long, value_name = "PROGRAMME")]
    pub typst: Option<PathBuf>,

    /// Le dossier des modèles ; sans lui, « report-templates » s’il existe
    #[arg(long, value_name = "DOSSIER")]
    pub modeles: Option<PathBuf>,
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// Le terminal : bash, zsh, fish, powershell ou elvish
    #[arg(value_name = "TERMINAL", value_enum, hide_possible_values = true)]
    pub shell: clap_complete::Shell,
}

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Texte,
    Csv,
    Json,
}

/// What the command line asks for.
pub enum Asked {
    /// To run a command.
    Run(Box<Arguments>),
    /// To print a text (help, version) and stop.
    Print(String),
}

/// Reads the command line.
///
/// # Errors
///
/// A wrong use, told in French.
pub fn parse(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Asked, Failure> {
    let matches = Arguments::command().try_get_matches_from(arguments);
    let parsed = matches.and_then(|matches| Arguments::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => Ok(Asked::Run(Box::new(arguments))),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Ok(Asked::Print(french_help(&error.render().to_string())))
            }
            ErrorKind::DisplayVersion => Ok(Asked::Print(error.render().to_string())),
            _ => Err(Failure::usage(french_error(&error))),
        },
    }
}

/// The help with clap's own words in French.
fn french_help(text: &str) -> String {
    const WORDS: [(&str, &str); 8] = [
        ("[aliases:", "[alias :"),
        ("[alias:", "[alias :"),
        ("[default: ", "[par défaut : "),
        ("[possible values: ", "[valeurs : "),
        ("[env: ", "[variable : "),
        ("Arguments:", "Arguments :"),
        ("Options:", "Options :"),
        ("Options générales:", "Options générales :"),
    ];
    let text = text.replace("Commandes:", "Commandes :");
    WORDS.iter().fold(text, |text, (english, french)| text.replace(english, french))
}

/// The message for a wrong use, from clap's kind and context.
fn french_error(error: &clap::Error) -> Diagnostic {
    let context = |kind: ContextKind| error.get(kind).map(texts).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let (code, message) = match error.kind() {
        ErrorKind::UnknownArgument => {
            ("argument-inconnu", format!("l’option {} n’existe pas ici", all(&argument)))
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            ("commande-inconnue", format!("la commande {} n’existe pas", all(&name)))
        }
        ErrorKind::MissingSubcommand => ("commande-absente", "il manque une commande".to_string()),
        ErrorKind::MissingRequiredArgument => {
            ("argument-absent", format!("il manque {}", list(&argument)))
        }
        ErrorKind::InvalidValue if value.iter().all(String::is_empty) => {
            ("valeur-absente", format!("il manque une valeur après {}", all(&argument)))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => (
            "valeur-invalide",
            format!("{} n’est pas une valeur possible de {}", all(&value), all(&argument)),
        ),
        ErrorKind::ArgumentConflict => {
            ("options-incompatibles", format!("{} ne se dit qu’une fois", all(&argument)))
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            ("valeur-invalide", format!("{} n’a pas le bon nombre de valeurs", all(&argument)))
        }
        ErrorKind::InvalidUtf8 => {
            ("valeur-invalide", "un argument n’est pas du texte lisible".to_string())
        }
        _ => ("commande-invalide", "cette commande n’est pas comprise".to_string()),
    };
    Diagnostic::error(code, message).help(way_out(error))
}

/// What to write instead: clap's suggestions, else the possible values, else
/// where the help is.
fn way_out(error: &clap::Error) -> String {
    let suggested: Vec<String> =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
            .into_iter()
            .flat_map(|kind| error.get(kind).map(texts).unwrap_or_default())
            .collect();
    let possible = error.get(ContextKind::ValidValue).map(texts).unwrap_or_default();
    match (suggested.as_slice(), possible.as_slice()) {
        ([], []) if wants_number(error) => "écrivez un nombre entier, à partir de 1".to_string(),
        ([], []) => {
            "« bilan --aide » et « bilan COMMANDE --aide » disent ce qui est possible".to_string()
        }
        ([], _) => format!("les valeurs possibles sont {}", all(&possible)),
        _ => format!("vouliez-vous dire {} ?", all(&suggested)),
    }
}

/// Whether the value in question is a number: its placeholder is N.
fn wants_number(error: &clap::Error) -> bool {
    let argument = error.get(ContextKind::InvalidArg).map(texts).unwrap_or_default();
    argument.iter().any(|name| name.ends_with("<N>"))
}

fn texts(value: &ContextValue) -> Vec<String> {
    match value {
        ContextValue::String(text) => vec![text.clone()],
        ContextValue::Strings(texts) => texts.clone(),
        ContextValue::StyledStr(text) => vec![text.to_string()],
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn all(names: &[String]) -> String {
    alternatives(&names.iter().map(|name| quoted(name)).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &str) -> Result<Asked, Failure> {
        parse(std::iter::once("bilan").chain(words.split_whitespace()).map(Into::into))
    }

    fn printed(words: &str) -> String {
        match parse_words(words) {
            Ok(Asked::Print(text)) => text,
            _ => panic!("{words} prints nothing"),
        }
    }

    #[test]
    fn the_command_line_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_help_is_french() {
        insta::assert_snapshot!(printed("--aide"));
        insta::assert_snapshot!(printed("produire -h"));
        insta::assert_snapshot!(printed("tableau --help"));
        assert!(printed("").contains("Commandes"));
    }

    #[test]
    fn wrong_uses_are_told_in_french() {
        let uses = [
            "produir",
            "produire --regin Bretagne",
            "produire --seulement tout",
            "produire --jobs 0",
            "produire --jobs",
            "tableau",
            "tableau a b --format xml",
            "produire a b",
        ];
        let messages: Vec<String> = uses
            .iter()
            .map(|words| match parse_words(words) {
                Err(failure) => {
                    assert_eq!(failure.exit_code(), 2);
                    let messages = failure.diagnostics().iter().map(ToString::to_string);
                    format!("bilan {words}\n{}", messages.collect::<Vec<_>>().join("\n"))
                }
                Ok(_) => panic!("{words} is accepted"),
            })
            .collect();
        insta::assert_snapshot!(messages.join("\n\n"));
    }

    #[test]
    fn the_english_names_work_too() {
        for words in ["build --quiet", "init x", "table a b"] {
            assert!(matches!(parse_words(words), Ok(Asked::Run(_))), "{words}");
        }
    }
}
