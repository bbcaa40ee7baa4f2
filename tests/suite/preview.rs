//! `bilan apercu`: real requests to the running program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::Edition;

/// The running program; it is stopped with the test.
struct Preview {
    child: Child,
    output: BufReader<ChildStdout>,
    port: u16,
}

/// The command, whose temporary folders stand in the edition's own.
fn command(edition: &Edition, port: u16) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("bilan"));
    command
        .current_dir(edition.folder.path())
        .args(["apercu", "essai", "--port", &port.to_string()])
        .env_remove("BILAN_TYPST")
        .env("TMPDIR", edition.folder.path());
    command
}

/// How many temporary folders there are.
fn scratches(edition: &Edition) -> usize {
    let entries = std::fs::read_dir(edition.folder.path()).unwrap().flatten();
    entries.filter(|e| e.file_name().to_string_lossy().starts_with("bilan-apercu-")).count()
}

impl Preview {
    fn start(edition: &Edition) -> Self {
        Self::start_at(edition, 0)
    }

    fn start_at(edition: &Edition, port: u16) -> Self {
        let mut child = command(edition, port).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let port = line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next());
        let port = port.unwrap().parse().unwrap();
        Self { child, output, port }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
        body.to_string()
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path)).unwrap()
    }

    /// Waits until there are documents.
    fn wait_for_documents(&self) {
        self.wait_for("/etat.json", |state| state["documents"] != Value::Array(Vec::new()));
    }

    /// Waits until an answer is as it should be.
    fn wait_for(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let answer = self.json(path);
            if is_so(&answer) {
                return answer;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{path}: {answer}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_text_that_changes_changes_its_page() {
    let edition = Edition::new();
    let mut preview = Preview::start(&edition);
    assert!(preview.get("/").contains("EventSource"));
    preview.wait_for("/etat.json", |state| {
        state["documents"].as_array().is_some_and(|documents| documents.len() >= 2)
    });
    let before = preview.json("/document/bretagne.json");
    assert_eq!(before["erreur"], Value::Null);
    assert!(preview.get("/page/bretagne/1.svg").starts_with("<svg"));

    let text = edition.path("textes/regions/bretagne.md");
    std::fs::create_dir_all(text.parent().unwrap()).unwrap();
    std::fs::write(text, "Un texte de plus, avec {{laureats}} projets.\n").unwrap();
    let after = preview.wait_for("/document/bretagne.json", |now| now["pages"] != before["pages"]);
    assert_eq!(after["erreur"], Value::Null);
    let mut line = String::new();
    preview.output.read_line(&mut line).unwrap();
    assert!(line.contains("bretagne.md") && line.contains("bretagne ("), "{line}");
    assert!(!edition.folder.path().join("output").exists(), "nothing is written in the output");
}

#[test]
fn a_fault_is_shown_and_then_mended() {
    let edition = Edition::new();
    let preview = Preview::start(&edition);
    preview.wait_for_documents();
    let pages = preview.json("/document/bilan.json");
    let good = std::fs::read_to_string(edition.path("textes/carte.md")).unwrap();
    std::fs::write(edition.path("textes/carte.md"), "{{inconnu}}\n").unwrap();
    let says = |state: &Value| state["messages"].to_string().contains("inconnu");
    preview.wait_for("/etat.json", says);
    assert_eq!(preview.json("/document/bilan.json"), pages, "the last good pages stay");
    std::fs::write(edition.path("textes/carte.md"), good).unwrap();
    preview.wait_for("/etat.json", |state| !says(state));
}

/// Sends a signal to a program, and gives its exit code.
#[cfg(unix)]
fn end(preview: &mut Preview, signal: &str) -> Option<i32> {
    let number = preview.child.id().to_string();
    assert!(Command::new("kill").args(["-s", signal, &number]).status().unwrap().success());
    preview.child.wait().unwrap().code()
}

#[test]
#[cfg(unix)]
fn stopped_it_leaves_nothing() {
    let edition = Edition::new();
    for signal in ["INT", "TERM", "HUP"] {
        let mut preview = Preview::start(&edition);
        preview.wait_for_documents();
        preview.json("/document/bretagne.json");
        assert_eq!(scratches(&edition), 1);
        assert_eq!(end(&mut preview, signal), Some(0), "{signal}");
        assert_eq!(scratches(&edition), 0, "{signal}");
    }
}

#[test]
#[cfg(unix)]
fn killed_it_starts_again_at_its_port_and_clears_what_was_left() {
    let edition = Edition::new();
    let mut killed = Preview::start(&edition);
    killed.wait_for_documents();
    assert_eq!(end(&mut killed, "KILL"), None);
    assert_eq!(scratches(&edition), 1);
    let again = Preview::start_at(&edition, killed.port);
    assert_eq!(scratches(&edition), 1);
    assert!(again.get("/").contains("EventSource"));
}

#[test]
fn two_at_once_have_folders_of_their_own_and_a_port_is_taken_once() {
    let edition = Edition::new();
    let (first, second) = (Preview::start(&edition), Preview::start(&edition));
    for preview in [&first, &second] {
        preview.wait_for_documents();
        assert_eq!(preview.json("/document/bretagne.json")["erreur"], Value::Null);
    }
    assert_eq!(scratches(&edition), 2);
    let third = command(&edition, first.port).output().unwrap();
    assert_eq!(third.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&third.stderr).contains("port-pris"));
    assert_eq!(scratches(&edition), 2);
}
