//! Telling a person how far the work is.

use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};

/// Where progress is told: a moving line on a terminal, plain lines elsewhere,
/// nowhere when asked to be quiet.
pub struct Progress {
    mode: Mode,
}

enum Mode {
    Quiet,
    Lines,
    Terminal(Mutex<ProgressBar>),
}

impl Progress {
    /// Tells progress on the standard error.
    pub fn new(quiet: bool) -> Self {
        let mode = match () {
            () if quiet => Mode::Quiet,
            () if std::io::stderr().is_terminal() => Mode::Terminal(Mutex::new(spinner())),
            () => Mode::Lines,
        };
        Self { mode }
    }

    /// Says what begins.
    pub fn step(&self, message: &str) {
        match &self.mode {
            Mode::Quiet => {}
            Mode::Lines => eprintln!("{message}"),
            Mode::Terminal(bar) => with(bar, |bar| {
                bar.set_message(message.to_string());
                bar.tick();
            }),
        }
    }

    /// Begins to count documents.
    pub fn count(&self, total: usize) {
        if let Mode::Terminal(bar) = &self.mode {
            with(bar, |bar| {
                bar.set_style(counting());
                bar.set_length(total as u64);
                bar.set_position(0);
            });
        }
    }

    /// Says that a document is done, or kept as it was.
    pub fn done(&self, name: &str, kept: bool) {
        match &self.mode {
            Mode::Quiet => {}
            Mode::Lines if kept => eprintln!("  {name} (inchangé)"),
            Mode::Lines => eprintln!("  {name}"),
            Mode::Terminal(bar) => with(bar, |bar| {
                bar.set_message(name.to_string());
                bar.inc(1);
            }),
        }
    }

    /// Says what was achieved, and ends.
    pub fn finish(&self, message: &str) {
        match &self.mode {
            Mode::Quiet => {}
            Mode::Lines => eprintln!("{message}"),
            Mode::Terminal(bar) => {
                with(bar, |bar| bar.finish_and_clear());
                eprintln!("{message}");
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Mode::Terminal(bar) = &self.mode {
            with(bar, |bar| bar.finish_and_clear());
        }
    }
}

fn with(bar: &Mutex<ProgressBar>, act: impl FnOnce(&ProgressBar)) {
    if let Ok(bar) = bar.lock() {
        act(&bar);
    }
}

fn spinner() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

fn counting() -> ProgressStyle {
    ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
