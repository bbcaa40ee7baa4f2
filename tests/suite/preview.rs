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

impl Preview {
    fn start(edition: &Edition) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("bilan"))
            .current_dir(edition.folder.path())
            .args(["apercu", "essai", "--port", "0"])
            .env_remove("BILAN_TYPST")
            .env("TMPDIR", edition.folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
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
    preview.wait_for("/etat.json", |state| state["documents"] != Value::Array(Vec::new()));
    let pages = preview.json("/document/bilan.json");
    let good = std::fs::read_to_string(edition.path("textes/carte.md")).unwrap();
    std::fs::write(edition.path("textes/carte.md"), "{{inconnu}}\n").unwrap();
    let says = |state: &Value| state["messages"].to_string().contains("inconnu");
    preview.wait_for("/etat.json", says);
    assert_eq!(preview.json("/document/bilan.json"), pages, "the last good pages stay");
    std::fs::write(edition.path("textes/carte.md"), good).unwrap();
    preview.wait_for("/etat.json", |state| !says(state));
}
