//! What goes wrong outside the inputs: a message, the last good output whole,
//! and nothing left behind by the next run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Edition, bilan};

type Contents = BTreeMap<String, Vec<u8>>;

/// The files of a folder with their contents.
fn contents(folder: &Path) -> Contents {
    let names = bilan::output::files(folder);
    names
        .into_iter()
        .map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap()))
        .collect()
}

/// An edition that was produced once, and then got another text.
fn produced() -> (Edition, Contents) {
    let edition = Edition::new();
    edition.produce().success();
    let good = contents(&edition.output());
    std::fs::write(edition.path("textes/carte.md"), "# La carte\n\nUn autre texte.\n").unwrap();
    (edition, good)
}

/// After a fault, the last good output is whole; the next run succeeds and
/// leaves nothing but the output.
fn assert_whole_then_mended(edition: &Edition, good: &Contents) {
    assert!(contents(&edition.output()) == *good, "the last good output is not whole");
    edition.produce().success();
    let all = bilan::output::files(&edition.folder.path().join("output"));
    let strangers: Vec<&String> = all.iter().filter(|name| !name.starts_with("essai/")).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    assert!(contents(&edition.output()) != *good, "the next run made the new documents");
}

fn said(assert: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

/// A stand-in for the compiler that does something of its own first.
#[cfg(unix)]
fn compiler(edition: &Edition, action: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let program = assert_cmd::cargo::cargo_bin("bilan");
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo typst 0.15.1; exit 0; fi\n\
         {action}\nexec {} typst \"$@\"\n",
        program.display()
    );
    let path = edition.folder.path().join("typst");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Starts `produire` with a compiler.
#[cfg(unix)]
fn start(edition: &Edition, compiler: &Path) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("bilan"))
        .current_dir(edition.folder.path())
        .args(["produire", "essai", "--quiet", "--refaire", "--typst"])
        .arg(compiler)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until something is so, or half a minute has passed.
fn wait_until(mut is_so: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(30) {
        if is_so() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    false
}

#[test]
#[cfg(unix)]
fn an_input_that_changes_during_the_run() {
    let (edition, good) = produced();
    let text = edition.path("textes/programme.md");
    let slow = compiler(&edition, &format!("echo ' ' >> {}", text.display()));
    let assert = bilan(edition.folder.path())
        .args(["produire", "essai", "--quiet", "--typst"])
        .arg(slow)
        .assert()
        .code(3);
    let said = said(&assert);
    assert!(said.contains("entree-modifiee"), "{said}");
    assert!(said.contains("textes/programme.md") && !said.contains("carte.md"), "{said}");
    assert_whole_then_mended(&edition, &good);
}

#[test]
#[cfg(unix)]
fn two_runs_at_once() {
    let (edition, _) = produced();
    let gate = edition.folder.path().join("ouvert");
    let (started, gate_path) = (edition.folder.path().join("parti"), gate.display().to_string());
    let action =
        format!("touch {}; while [ ! -e {gate_path} ]; do sleep 0.05; done", started.display());
    let mut first = start(&edition, &compiler(&edition, &action));
    assert!(wait_until(|| started.exists()), "the first run compiles");
    let second = edition.produce().code(4);
    assert!(said(&second).contains("sortie-occupee"), "{}", said(&second));
    std::fs::write(&gate, "").unwrap();
    assert!(first.wait().unwrap().success());
    edition.produce().success();
}

/// Killed while a compiler runs, which then goes on alone: it must not write
/// into the next run.
#[test]
#[cfg(unix)]
fn killed_while_a_compiler_runs() {
    let (edition, good) = produced();
    let started = edition.folder.path().join("parti");
    let done = edition.folder.path().join("fini");
    let action = format!(
        "touch {}; sleep 0.4; {} typst \"$@\" 2>/dev/null; touch {}; exit 0",
        started.display(),
        assert_cmd::cargo::cargo_bin("bilan").display(),
        done.display()
    );
    let mut run = start(&edition, &compiler(&edition, &action));
    assert!(wait_until(|| started.exists()), "the run compiles");
    run.kill().unwrap();
    run.wait().unwrap();
    assert_whole_then_mended(&edition, &good);
    let mended = contents(&edition.output());
    assert!(wait_until(|| done.exists()), "the orphan ends");
    assert!(contents(&edition.output()) == mended);
    let parent = edition.folder.path().join("output");
    assert!(std::fs::read_dir(parent).unwrap().count() == 1, "the orphan wrote beside the output");
}

/// Killed as soon as each kind of file appears beside the output (when the
/// work begins, when the first files are written, when documents come, when
/// the manifest does), and at moments in between.
#[test]
fn killed_at_each_step() {
    let (edition, good) = produced();
    let parent = edition.folder.path().join("output");
    let steps = ["travail", "polices", "graphiques", "indicateurs.json", "bilan.pdf", "manifeste"];
    let kill_when = |is_time: &dyn Fn() -> bool| {
        let mut run = Command::new(assert_cmd::cargo::cargo_bin("bilan"))
            .current_dir(edition.folder.path())
            .args(["produire", "essai", "--quiet", "--refaire"])
            .env_remove("BILAN_TYPST")
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_until(|| run.try_wait().unwrap().is_some() || is_time());
        run.kill().unwrap();
        run.wait().unwrap();
        contents(&edition.output())
    };
    let mut outputs = Vec::new();
    for step in steps {
        let appeared = || {
            let files = bilan::output::files(&parent);
            files.iter().any(|name| name.starts_with(".essai.") && name.contains(step))
        };
        outputs.push((step.to_string(), kill_when(&appeared)));
    }
    for milliseconds in (0..400).step_by(80) {
        let start = Instant::now();
        let moment = Duration::from_millis(milliseconds);
        outputs.push((format!("{milliseconds} ms"), kill_when(&|| start.elapsed() >= moment)));
    }
    edition.produce().success();
    assert_eq!(std::fs::read_dir(&parent).unwrap().count(), 1, "something is left");
    let new = contents(&edition.output());
    assert!(new != good);
    for (when, output) in outputs {
        // A run that was faster than the kill has put its output in place.
        assert!(output == good || output == new, "killed at {when}: the output is not whole");
    }
}

/// A document that somebody reads stays readable to them, and the new one comes
/// in its place.
#[test]
fn an_output_file_open_elsewhere() {
    use std::io::Read;
    let (edition, good) = produced();
    let mut reader = std::fs::File::open(edition.output().join("bilan.pdf")).unwrap();
    let assert = edition.produce();
    if cfg!(windows) {
        // Windows does not let go of a file in use: told, and left as it was.
        assert!(said(&assert.code(4)).contains("sortie-impossible"));
        drop(reader);
        return assert_whole_then_mended(&edition, &good);
    }
    assert.success();
    let mut read = Vec::new();
    reader.read_to_end(&mut read).unwrap();
    assert!(read == good["bilan.pdf"], "the reader has the old document, whole");
    assert!(std::fs::read(edition.output().join("bilan.pdf")).unwrap() != read);
}

/// As Windows has it while a file of the folder is open: the folder cannot be
/// moved. A folder that something is mounted on cannot either.
#[test]
#[cfg(target_os = "linux")]
fn an_output_folder_that_cannot_be_moved() {
    let (edition, good) = produced();
    let script = r#"
        cp -r output/essai copie
        mount -t tmpfs aucun output/essai 2>/dev/null || exit 99
        cp -r copie/. output/essai
        "$1" produire essai --quiet 2>message
        echo "code $?"; cat message
        diff -r copie output/essai && echo whole
        umount output/essai; rm -r copie message; ls -A output
    "#;
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", script, "sh"])
        .arg(assert_cmd::cargo::cargo_bin("bilan"))
        .current_dir(edition.folder.path())
        .env_remove("BILAN_TYPST")
        .output();
    match output {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(text.contains("code 4\n") && text.contains("sortie-impossible"), "{text}");
            assert!(text.contains("s’en sert") && text.contains("fermez"), "{text}");
            assert!(text.ends_with("whole\nessai\n"), "{text}");
        }
        _ => {
            eprintln!("nothing can be mounted here");
            let _ = std::fs::remove_dir_all(edition.folder.path().join("copie"));
        }
    }
    assert_whole_then_mended(&edition, &good);
}

#[test]
fn a_file_in_the_place_of_the_folder() {
    let (edition, good) = produced();
    let file = edition.folder.path().join("fichier");
    std::fs::write(&file, "à moi").unwrap();
    for target in [file.clone(), file.join("2025")] {
        let assert = bilan(edition.folder.path())
            .args(["produire", "essai", "--quiet", "--sortie"])
            .arg(&target)
            .assert()
            .code(4);
        assert!(said(&assert).contains("sortie-impossible"), "{}", said(&assert));
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "à moi");
    assert_whole_then_mended(&edition, &good);
}

/// The superuser may write where modes forbid it, but not in the system's own
/// tree; others may do neither.
#[test]
#[cfg(target_os = "linux")]
fn a_folder_without_the_right_to_write() {
    let (edition, _) = produced();
    let assert = bilan(edition.folder.path())
        .args(["produire", "essai", "--quiet", "--sortie", "/sys/bilan-essai/2025"])
        .assert()
        .code(4);
    let said = said(&assert);
    assert!(said.contains("l’écriture est refusée") && said.contains("--sortie"), "{said}");
}

/// A disk with room for less and less: every run says that it is full, and the
/// last good output stays whole. The disk is a small memory file system, where
/// the machine lets a test make one; elsewhere, files of a limited size.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk() {
    let (edition, good) = produced();
    let disk = edition.folder.path().join("disque");
    std::fs::create_dir(&disk).unwrap();
    let script = r#"
        mount -t tmpfs -o size=24m aucun "$1" 2>/dev/null || exit 99
        cp -r output/essai "$1/essai"
        whole() { (cd "$1/essai" && find . -type f -exec sha256sum {} + | sort) | sha256sum; }
        before=$(whole "$1")
        for left in 0 40 600 1500; do
            free=$(df -k --output=avail "$1" | tail -1)
            dd if=/dev/zero of="$1/plein" bs=1k count=$((free - left)) 2>/dev/null
            "$2" produire essai --quiet --refaire --sortie "$1/essai" 2>"message"
            echo "$left: code $? $(grep -o 'sortie-impossible' message | sort -u)"
            [ "$(whole "$1")" = "$before" ] && echo "$left: whole"
            grep -m1 'place' message
            rm "$1/plein"
        done
        "$2" produire essai --quiet --sortie "$1/essai" && echo mended
        ls -A "$1"
    "#;
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", script, "sh"])
        .arg(&disk)
        .arg(assert_cmd::cargo::cargo_bin("bilan"))
        .current_dir(edition.folder.path())
        .env_remove("BILAN_TYPST")
        .output();
    let text = output.as_ref().map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    match (output.as_ref().map(|out| out.status.code()), text) {
        (Ok(Some(0)), Ok(text)) => {
            for left in [0, 40, 600, 1500] {
                assert!(text.contains(&format!("{left}: code 4 sortie-impossible")), "{text}");
                assert!(text.contains(&format!("{left}: whole")), "{text}");
            }
            assert!(text.contains("mended\nessai\n"), "{text}");
        }
        _ => eprintln!("no file system can be mounted here: only the size of files is limited"),
    }
    limited_files(&edition);
    assert_whole_then_mended(&edition, &good);
}

/// Every write of a larger file fails.
#[cfg(target_os = "linux")]
fn limited_files(edition: &Edition) {
    let script = r#"trap '' XFSZ; ulimit -f 40; exec "$1" produire essai --quiet --refaire"#;
    let output = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(assert_cmd::cargo::cargo_bin("bilan"))
        .current_dir(edition.folder.path())
        .env_remove("BILAN_TYPST")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("sortie-impossible"), "{said}");
}
