//! What the program is built with, for `--version` and for those who write to
//! us about a fault.

/// The program's own version.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// The components whose version may matter to a result, as in `Cargo.lock`.
pub const COMPONENTS: [(&str, &str); 5] = [
    ("typst", crate::typst_cli::VERSION),
    ("polars", "0.55.2"),
    ("calamine", "0.38.0"),
    ("rust_xlsxwriter", "0.102.0"),
    ("plotters", "0.3.7"),
];

/// The program's version, then a line a component.
pub fn long() -> String {
    let component = |(name, version): &(&str, &str)| format!("  {name} {version}");
    let lines: Vec<String> = COMPONENTS.iter().map(component).collect();
    format!("{PROGRAM}\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_those_of_the_lock_file() {
        let lock = include_str!("../Cargo.lock");
        for (name, version) in COMPONENTS {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(lock.contains(&entry), "{name} is not {version}");
        }
    }
}
