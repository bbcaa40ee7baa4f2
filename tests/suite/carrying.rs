//! What a person does with the program before any edition: install it, ask for
//! its version, complete its commands.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{bilan, project};

fn printed(arguments: &[&str]) -> String {
    let assert = bilan(&project()).args(arguments).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[test]
fn the_version_names_the_compiler() {
    let long = printed(&["--version"]);
    assert!(long.starts_with("bilan "), "{long}");
    assert!(long.contains(&format!("typst {}", bilan::typst_cli::VERSION)), "{long}");
    assert_eq!(printed(&["-V"]).lines().count(), 1);
}

#[test]
fn every_shell_has_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = printed(&["completions", shell]);
        for word in ["produire", "verifier", "seulement"] {
            assert!(script.contains(word), "{word} for {shell}");
        }
    }
    let assert = bilan(&project()).args(["completions", "tcsh"]).assert().code(2);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.contains("valeur-invalide"), "{said}");
}

/// The shell itself reads the script, where there is one.
#[test]
fn the_shell_accepts_its_completions() {
    let script = printed(&["completions", "bash"]);
    let child = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("bash is not installed: its completions were not tried");
        return;
    };
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}
