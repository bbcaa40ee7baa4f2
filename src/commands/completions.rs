//! `bilan completions`: what a shell needs to complete commands and options.

use clap::CommandFactory;

use super::Outcome;
use crate::cli::{Arguments, CompletionsArguments};

/// Runs the command: the script to load into the shell.
pub fn run(arguments: &CompletionsArguments) -> Outcome {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "bilan", &mut script);
    Outcome::text(String::from_utf8_lossy(&script).into_owned())
}
