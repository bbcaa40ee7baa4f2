//! The `bilan` program: parse, dispatch, print what went wrong.

use std::io::Write;
use std::process::ExitCode;

use bilan::cli::{self, Arguments, Asked, Command, TypstCommand};
use bilan::commands::{
    Outcome, Progress, apercu, comparer, completions, dictionnaire, expliquer, initialiser,
    produire, tableau, verifier,
};
use bilan::diagnostics::{Diagnostics, Failure};
use bilan::typst_cli;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(Asked::Run(arguments)) => dispatch(&arguments),
        Ok(Asked::Print(text)) => print(&text),
        Err(failure) => fail(&failure),
    }
}

fn dispatch(arguments: &Arguments) -> ExitCode {
    let progress = || Progress::new(arguments.quiet);
    let result = match &arguments.command {
        Command::Produire(arguments) => produire::run(arguments, &progress()),
        Command::Verifier(arguments) => verifier::run(arguments),
        Command::Initialiser(arguments) => initialiser::run(arguments, &progress()),
        Command::Expliquer(arguments) => expliquer::run(arguments),
        Command::Tableau(arguments) => tableau::run(arguments),
        Command::Comparer(arguments) => comparer::run(arguments),
        Command::Dictionnaire(arguments) => dictionnaire::run(arguments),
        Command::Apercu(arguments) => apercu::run(arguments),
        Command::Completions(arguments) => Ok(completions::run(arguments)),
        Command::Typst { command: TypstCommand::Compile(arguments) } => {
            return typst_cli::compile(arguments);
        }
    };
    match result {
        Ok(outcome) => end(&outcome, arguments.quiet),
        Err(failure) => fail(&failure),
    }
}

fn end(outcome: &Outcome, quiet: bool) -> ExitCode {
    print(&outcome.text);
    if !quiet {
        tell(&outcome.warnings);
        if !outcome.closing.is_empty() {
            eprintln!("{}", outcome.closing);
        }
    }
    ExitCode::from(outcome.exit_code())
}

fn fail(failure: &Failure) -> ExitCode {
    tell(failure.diagnostics());
    ExitCode::from(failure.exit_code())
}

/// Prints messages on the standard error, the gravest last, where the eye is.
fn tell(diagnostics: &Diagnostics) {
    let mut ordered: Vec<_> = diagnostics.iter().collect();
    ordered.sort_by_key(|diagnostic| diagnostic.severity);
    for diagnostic in ordered {
        eprintln!("{diagnostic}\n");
    }
}

/// Prints a result. A reader that has gone away is not a fault.
fn print(text: &str) -> ExitCode {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    ExitCode::SUCCESS
}
