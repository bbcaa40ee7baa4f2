//! A small HTTP server for one reader on this machine.
//!
//! It answers `GET` on a handful of addresses, a thread a connection, and
//! closes each after its answer. A request must name this machine in its
//! `Host`, or another site could read the pages through its own name.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use super::board::Board;

/// How long a request's head may be, in bytes.
const LONGEST_HEAD: u64 = 16 * 1024;

/// How long a reader may take to ask or to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a document may take to be made.
const MAKING: Duration = Duration::from_secs(300);

/// How often a silent channel says that it is still there.
const PULSE: Duration = Duration::from_secs(15);

/// The page around the documents.
const APPLICATION: &str = include_str!("page.html");

/// Answers requests until the process ends.
pub fn serve(listener: TcpListener, board: Arc<Board>) {
    let port = listener.local_addr().map(|address| address.port()).unwrap_or_default();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let board = board.clone();
            std::thread::spawn(move || {
                // A reader that has gone away is not a fault.
                let _ = answer(&stream, port, &board);
            });
        }
    });
}

/// What is sent back.
struct Answer {
    status: &'static str,
    kind: &'static str,
    body: Vec<u8>,
}

impl Answer {
    fn new(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: "200 OK", kind, body: body.into() }
    }

    fn refusal(status: &'static str) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", body: status.into() }
    }
}

fn answer(stream: &TcpStream, port: u16, board: &Board) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let Some(request) = Request::read(stream)? else {
        return send(stream, &Answer::refusal("400 Bad Request"));
    };
    if !request.is_for_this_machine(port) {
        return send(stream, &Answer::refusal("403 Forbidden"));
    }
    if request.method != "GET" {
        return send(stream, &Answer::refusal("405 Method Not Allowed"));
    }
    match request.path.as_str() {
        "/evenements" => tell_changes(stream, board),
        path => send(stream, &route(path, board)),
    }
}

fn route(path: &str, board: &Board) -> Answer {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let found = match parts.as_slice() {
        [""] => Some(Answer::new("text/html; charset=utf-8", APPLICATION)),
        ["etat.json"] => Some(Answer::new("application/json", board.state().to_string())),
        ["document", name] => name.strip_suffix(".json").and_then(|name| {
            let document = board.document(name, MAKING)?;
            Some(Answer::new("application/json", document.to_string()))
        }),
        ["page", name, number] => number.strip_suffix(".svg").and_then(|number| {
            let page = board.page(name, number.parse().ok()?)?;
            Some(Answer::new("image/svg+xml", page.svg.as_slice()))
        }),
        _ => None,
    };
    found.unwrap_or_else(|| Answer::refusal("404 Not Found"))
}

fn send(mut stream: &TcpStream, answer: &Answer) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        answer.status,
        answer.kind,
        answer.body.len()
    )?;
    stream.write_all(&answer.body)?;
    stream.flush()
}

/// Says each change, as server-sent events, until the reader goes away.
fn tell_changes(mut stream: &TcpStream, board: &Board) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n"
    )?;
    stream.flush()?;
    let mut generation = 0;
    loop {
        match board.newer_than(generation, PULSE) {
            Some(newer) => {
                generation = newer;
                write!(stream, "data: {generation}\n\n")?;
            }
            None => write!(stream, ": toujours là\n\n")?,
        }
        stream.flush()?;
    }
}

/// The part of a request that matters.
struct Request {
    method: String,
    /// Without its query.
    path: String,
    host: String,
}

impl Request {
    /// Reads the head of a request; none where it is not one.
    fn read(stream: &TcpStream) -> std::io::Result<Option<Self>> {
        let mut lines = BufReader::new(stream.take(LONGEST_HEAD)).lines();
        let Some(first) = lines.next().transpose()? else { return Ok(None) };
        let mut words = first.split(' ');
        let (Some(method), Some(target), Some(version)) =
            (words.next(), words.next(), words.next())
        else {
            return Ok(None);
        };
        if !version.starts_with("HTTP/1.") {
            return Ok(None);
        }
        let mut host = String::new();
        for line in lines {
            let line = line?;
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("host") => {
                    host = value.trim().to_string();
                }
                None if line.is_empty() => {
                    let path = target.split(['?', '#']).next().unwrap_or_default().to_string();
                    return Ok(Some(Self { method: method.to_string(), path, host }));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn is_for_this_machine(&self, port: u16) -> bool {
        let names = ["127.0.0.1", "localhost"];
        names.iter().any(|name| self.host == format!("{name}:{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preview::{Page, Shown};

    /// A server with a document of one page, and its port.
    fn server() -> u16 {
        let board = Arc::new(Board::default());
        let documents = vec![("bilan".to_string(), "<La brochure>".to_string())];
        board.show(Shown { documents, ..Shown::default() });
        let svg = Arc::new(b"<svg/>".to_vec());
        board.put("bilan", Ok(vec![Page { hash: "abc".to_string(), svg }]));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        serve(listener, board);
        port
    }

    fn say(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        said
    }

    fn get(port: u16, path: &str) -> String {
        say(port, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"))
    }

    #[test]
    fn pages_are_shown_and_nothing_else_is() {
        let port = server();
        assert!(get(port, "/").contains("<html lang=\"fr\""));
        assert!(get(port, "/etat.json").contains("\"titre\":\"<La brochure>\""));
        assert!(get(port, "/document/bilan.json").ends_with(r#"{"pages":["abc"],"erreur":null}"#));
        assert!(get(port, "/page/bilan/1.svg?abc").ends_with("<svg/>"));
        for path in ["/page/bilan/2.svg", "/page/bilan/../1.svg", "/document/autre.json", "/x"] {
            assert!(get(port, path).starts_with("HTTP/1.1 404"), "{path}");
        }
    }

    #[test]
    fn other_names_and_other_verbs_are_refused() {
        let port = server();
        let foreign = say(port, "GET / HTTP/1.1\r\nHost: exemple.fr\r\n\r\n");
        assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
        let post = format!("POST / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        assert!(say(port, &post).starts_with("HTTP/1.1 405"));
        assert!(say(port, "bonjour\r\n\r\n").starts_with("HTTP/1.1 400"));
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(40_000));
        assert!(!say_or_nothing(port, &long).contains("200 OK"));
    }

    /// What is answered to a request that may be cut short.
    fn say_or_nothing(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let _ = stream.write_all(request.as_bytes());
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    }

    #[test]
    fn changes_are_told_as_they_come() {
        let port = server();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        write!(stream, "GET /evenements HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").unwrap();
        let told = BufReader::new(stream).lines().map_while(Result::ok);
        let first = told.into_iter().find(|line| line.starts_with("data: "));
        assert_eq!(first.as_deref(), Some("data: 2"));
    }
}
