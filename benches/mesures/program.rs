//! The program itself: its size, and how long it takes to start.

use std::path::Path;

use crate::Scale;
use crate::process::{bilan, median, run, seconds};
use crate::table::{Row, Table, at_most};

/// The largest that the executable may be, in MB.
const LARGEST: f64 = 80.0;

/// The longest that `--help` may take, in milliseconds.
const LONGEST: f64 = 50.0;

pub fn measure(_: Scale) -> Table {
    let mut table = Table::default();
    let help = median((0..21).map(|_| run(bilan().arg("--help"))).collect());
    table.push(Row {
        what: "start: `bilan --help`, median of 21".to_string(),
        own: seconds(help.seconds()),
        other: String::new(),
        result: format!("{:.0} ms", help.seconds() * 1000.0),
        target: at_most(help.seconds() * 1000.0, LONGEST),
    });
    table.push(size());
    table
}

/// The executable that is shipped, where `cargo build --profile dist` was run.
fn size() -> Row {
    let own = Path::new(env!("CARGO_BIN_EXE_bilan"));
    let target = own.parent().and_then(Path::parent).expect("the build folder");
    let shipped = target.join("dist").join(own.file_name().expect("a name"));
    let megabytes = |file: &Path| std::fs::metadata(file).ok().map(|it| it.len() as f64 / 1e6);
    let release = megabytes(own).expect("the executable");
    let own = format!("{release:.0} MB in the profile `release`");
    match megabytes(&shipped) {
        Some(size) => Row {
            what: "size of the executable that is shipped".to_string(),
            own,
            other: String::new(),
            result: format!("{size:.0} MB"),
            target: at_most(size, LARGEST),
        },
        None => Row {
            what: "size of the executable that is shipped".to_string(),
            own,
            other: "`cargo build --profile dist` was not run".to_string(),
            result: "—".to_string(),
            target: format!("≤ {LARGEST} MB"),
        },
    }
}
